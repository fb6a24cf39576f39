"""From part time to full time: who may be proposed, and what comes before what."""

from __future__ import annotations

from collections.abc import Iterator

from domain.draft import Draft
from domain.findings import Finding
from domain.guards.guard import Guard, strictness
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text

_RULE = "KepmenPANRB 16/2025 diktum 28"


def part_time(standing: Standing, _draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if standing.formation != "pppk-pw":
        yield Finding(
            "not-part-time",
            text("the worker is employed full time already"),
            text("Only part-timers are proposed for full time."),
            rule=_RULE,
        )


def evaluated_for_upgrade(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """Diktum 28: the PPK weighs the evaluation, so one should be there, and the last one should not be poor."""
    last = max(standing.evaluated.values(), default=None)
    poor = procedure.parameter("poor_predicates", draft.on) or ()
    if last is None or last[1] in poor:
        yield Finding(
            "no-good-evaluation",
            text("no evaluation is on record")
            if last is None
            else text("the last evaluation says {predicate}", predicate=last[1]),
            text("Record the evaluation that carries the proposal with evaluate."),
            _RULE,
            strictness(procedure, "upgrade_without_evaluation", draft.on),
        )


def need_set(standing: Standing, _draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if not standing.need_set:
        yield Finding(
            "need-not-set",
            text("the minister has not set the need for the full-time post"),
            text("Record the decision first with set-full-time-need."),
            rule=_RULE,
        )


def conversion_asked(standing: Standing, _draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if not standing.conversion_asked:
        yield Finding(
            "conversion-not-asked",
            text("BKN was not asked for the change of status"),
            text("Record the letter first with request-conversion."),
            rule=_RULE,
        )


GUARDS = {
    "part-time": Guard(text("the worker is a part-timer"), part_time, who="PPK"),
    "evaluated-for-upgrade": Guard(
        text("an evaluation carries the proposal"),
        evaluated_for_upgrade,
        who="superior",
        parameters=("upgrade_without_evaluation", "poor_predicates"),
    ),
    "need-set": Guard(text("the minister set the need for full time"), need_set, who="KemenPANRB"),
    "conversion-asked": Guard(text("BKN was asked for the change of status"), conversion_asked, who="PPK"),
}
