"""From the list to BKN: who may be proposed, with which papers, and whether the worker's own set is there."""

from __future__ import annotations

from collections.abc import Iterator

from domain.draft import Draft
from domain.findings import Finding
from domain.guards.guard import Guard, strictness
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text


def eligible(standing: Standing, _draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Diktum 4-5: in the database and took CPNS or PPPK 2024; letter B/3832: all PPPK stages, or PPG (R5)."""
    took_selection = standing.cpns_2024 or standing.pppk_2024
    if (standing.in_bkn_database and took_selection) or standing.pppk_2024 or standing.category == "R5":
        return
    yield Finding(
        "not-eligible",
        text(
            "the worker meets none of the criteria: in the BKN database and a 2024 selection; all PPPK 2024 stages; PPG"
        ),
        text("Use classify-out; a supplementary proposal is propose-late."),
        rule="KepmenPANRB 16/2025 diktum 4-5; B/3832/M.SM.01.00/2025",
    )


def sptjm(_standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """Import check 21: a proposal rests on the statement of responsibility of the PPK."""
    if draft.document("sptjm-ppk") is None:
        yield Finding(
            "no-sptjm",
            text("the proposal has no statement of responsibility (SPTJM) of the PPK"),
            text('Add --document "{kind} NUMBER DATE".', kind="sptjm-ppk"),
            "B/3832/M.SM.01.00/2025; import check 21",
            strictness(procedure, "late_proposal_without_sptjm", draft.on),
        )


def drh_complete(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if draft.values.get("drh_complete") is False:
        yield Finding(
            "drh-incomplete",
            text("the DRH set is not complete"),
            text("Let the worker complete it, or use withdraw with reason drh-not-filed."),
            rule="BKN SE 6/2025",
        )


def withdrawal_letter(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if draft.reason != "drh-not-filed" and draft.document("surat-pengunduran-diri") is None:
        yield Finding(
            "no-withdrawal-letter",
            text("a withdrawal at one's own request needs the letter"),
            text('Add --document "surat-pengunduran-diri NUMBER DATE", or use --reason drh-not-filed.'),
            rule="T12",
        )


GUARDS = {
    "eligible": Guard(text("meets one of the three criteria for a proposal"), eligible, who="KemenPANRB"),
    "sptjm": Guard(
        text("the PPK's statement of responsibility is there"),
        sptjm,
        suppliable=True,
        who="PPK",
        parameters=("late_proposal_without_sptjm",),
    ),
    "drh-complete": Guard(text("the DRH set is complete"), drh_complete, suppliable=True, who="worker"),
    "withdrawal-letter": Guard(
        text("a letter, unless the DRH was not filed in time"), withdrawal_letter, suppliable=True, who="worker"
    ),
}
