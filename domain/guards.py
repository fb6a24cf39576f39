"""The named rules that procedures ask for. Each looks at the case and the draft, and returns findings.

All guards of a step run, so that a clerk sees every reason at once. Sentences never hold a NIK, NI or name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from domain.draft import Draft
from domain.findings import Finding, Severity
from domain.identity import ni_birth_date
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import Text, text

Check = Callable[[Standing, Draft, Procedure], Iterator[Finding]]


class Guard(NamedTuple):
    """about: what it asks, for people who read a procedure. needs_person: it looks at personal values.

    suppliable: what it asks for is given with the step itself, as a paper or a field; else the case must have it.
    who: the authority that can supply it.
    """

    about: str
    check: Check
    needs_person: bool = False
    suppliable: bool = False
    who: str = ""


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


def ni_fits_person(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Import check 5: the NI begins with the birth date, and tells the sex; digits 13-14 are 21 so far."""
    ni = draft.personal.get("ni")
    if not ni:
        return
    if ni[12:14] != "21":
        yield _ni_warning("ni-digits", text("digits 13 and 14 of the NI are not 21"))
    sex = standing.values.get("sex")
    if sex and ni[14] != {"L": "1", "P": "2"}.get(sex):
        yield _ni_warning("ni-sex", text("the NI says another sex than the register"))
    born = standing.values.get("birth_date")
    if born and ni_birth_date(ni) != born:
        yield _ni_warning("ni-birth-date", text("the NI begins with another birth date than the register has"))


def _ni_warning(code: str, sentence: Text) -> Finding:
    remedy = text("Compare with the pertek; a wrong NI is corrected by BKN.")
    return Finding(code, sentence, remedy, "import check 5", Severity.WARNING)


def wage_floor(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """Diktum 19: at least the last pay as non-ASN, or the regional minimum wage."""
    wage, before = draft.values.get("wage"), standing.previous_wage
    minimum = procedure.parameter("minimum_wage", draft.on)
    if wage is None or before is None or standing.formation != "pppk-pw":
        return
    if wage < before and (minimum is None or wage < minimum):
        yield Finding(
            "wage-below-floor",
            text("the wage {wage} is below the last pay {before}", wage=wage, before=before),
            text("Give a wage of at least the last pay or the regional minimum wage."),
            rule="KepmenPANRB 16/2025 diktum 19",
        )


def oath_after_decree(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Import check 10: normal in some regions, but shown."""
    if standing.decree and standing.decree.dated and draft.on < standing.decree.dated:
        yield Finding(
            "oath-before-decree",
            text("the oath of {on} is before the decree of {dated}", on=draft.on, dated=standing.decree.dated),
            text("Check both dates; if both are right, nothing need be done."),
            "import check 10",
            Severity.WARNING,
        )


def contract_dates(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    start, end = draft.values.get("contract_start"), draft.values.get("contract_end")
    if start and end and end < start:
        yield Finding(
            "contract-ends-before-start",
            text("the contract ends on {end}, before it starts on {start}", end=end, start=start),
            text("Give contract_end on or after contract_start."),
            rule="PP 49/2018 art. 37",
        )


def contract_one_year(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Diktum 13: one year at a time. Tapin gave five, so it warns and does not refuse."""
    start, end = draft.values.get("contract_start"), draft.values.get("contract_end")
    if start and end and end >= start and (end - start).days + 1 not in (365, 366):
        yield Finding(
            "contract-not-one-year",
            text("the contract runs for {days} days and not for one year", days=(end - start).days + 1),
            text("Check the contract's dates."),
            "KepmenPANRB 16/2025 diktum 13",
            Severity.WARNING,
        )


def verdict_or_decree(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if draft.document("putusan") is None and draft.document("sk-hukuman") is None:
        yield Finding(
            "no-verdict-or-decree",
            text("a dishonourable dismissal needs a final verdict or a disciplinary decree"),
            text('Add --document "putusan NUMBER DATE" or --document "sk-hukuman NUMBER DATE".'),
            rule="UU 20/2023 art. 52; PP 49/2018 art. 53",
        )


GUARDS: dict[str, Guard] = {
    "eligible": Guard("meets one of the three criteria for a proposal", eligible, who="KemenPANRB"),
    "drh-complete": Guard("the DRH set is complete", drh_complete, suppliable=True, who="worker"),
    "withdrawal-letter": Guard(
        "a letter, unless the DRH was not filed in time", withdrawal_letter, suppliable=True, who="worker"
    ),
    "ni-fits-person": Guard(
        "the NI fits birth date and sex", ni_fits_person, needs_person=True, suppliable=True, who="BKN"
    ),
    "wage-floor": Guard(
        "the wage is at least the last pay or the minimum wage", wage_floor, suppliable=True, who="PPK"
    ),
    "oath-after-decree": Guard("the oath follows the decree", oath_after_decree, suppliable=True, who="mayor"),
    "contract-dates": Guard("the contract ends after it starts", contract_dates, suppliable=True, who="PPK"),
    "contract-one-year": Guard("the contract runs for one year", contract_one_year, suppliable=True, who="PPK"),
    "verdict-or-decree": Guard(
        "a final verdict or a disciplinary decree is there", verdict_or_decree, suppliable=True, who="PPK"
    ),
}
