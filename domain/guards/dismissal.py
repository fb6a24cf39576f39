"""Dismissals: what must be on record or on the table before a worker loses the contract."""

from __future__ import annotations

from collections.abc import Iterator

from domain.draft import Draft
from domain.findings import Finding, Severity
from domain.guards.guard import Guard
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text

_PERFORMANCE_RULE = "PP 49/2018 art. 53; KepmenPANRB 16/2025 diktum 24"
_LAWS = "UU 20/2023 art. 52; PP 49/2018 art. 53"


def performance_on_record(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """Poor performance needs what the region says: a yearly evaluation that is poor, and coaching. Sources disagree."""
    if draft.reason != "performance":
        return
    needs = procedure.parameter("performance_dismissal_needs", draft.on) or ()
    if "year-evaluation" in needs:
        yield from _poor_year(standing, draft, procedure)
    if "coaching" in needs and standing.coached is None:
        yield Finding(
            "no-coaching",
            text("poor performance calls for coaching first, and none is on record"),
            text("Use coach, and evaluate again."),
            rule=_PERFORMANCE_RULE,
        )


def _poor_year(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    evaluated = standing.evaluated.get("year")
    if evaluated is None:
        yield Finding(
            "no-year-evaluation",
            text("poor performance is judged by the yearly evaluation, and none is on record"),
            text("Record it with evaluate, scope year."),
            rule=_PERFORMANCE_RULE,
        )
    elif evaluated[1] not in (procedure.parameter("poor_predicates", draft.on) or ()):
        yield Finding(
            "evaluation-not-poor",
            text("the last yearly evaluation says {predicate}", predicate=evaluated[1]),
            text("A dismissal for poor performance needs a poor one."),
            rule=_PERFORMANCE_RULE,
        )


def verdict_or_decree(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if draft.document("putusan") is None and draft.document("sk-hukuman") is None:
        yield Finding(
            "no-verdict-or-decree",
            text("a dishonourable dismissal needs a final verdict or a disciplinary decree"),
            text('Add --document "putusan NUMBER DATE" or --document "sk-hukuman NUMBER DATE".'),
            rule=_LAWS,
        )


def not_before_verdict(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """T29: the dismissal holds from the day of the verdict on."""
    verdict = draft.document("putusan")
    if verdict is not None and verdict.dated is not None and draft.on < verdict.dated:
        yield Finding(
            "before-verdict",
            text("the dismissal of {on} is before the verdict of {dated}", on=draft.on, dated=verdict.dated),
            text("Give {dated} or a later day; until then suspend.", dated=verdict.dated),
            rule=_LAWS,
        )


def disputed_ground(_standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """Two laws put some grounds in different classes, so the decision has to say which one it follows."""
    if draft.reason in (procedure.parameter("disputed_grounds", draft.on) or ()):
        yield Finding(
            "ground-disputed",
            text("UU 20/2023 and PP 49/2018 put {ground} in different classes of dismissal", ground=draft.reason),
            text("Check that the decision cites the law whose class it follows."),
            _LAWS,
            Severity.WARNING,
        )


GUARDS = {
    "performance-on-record": Guard(
        text("poor performance is on record"),
        performance_on_record,
        who="superior",
        parameters=("performance_dismissal_needs", "poor_predicates"),
    ),
    "verdict-or-decree": Guard(
        text("a final verdict or a disciplinary decree is there"), verdict_or_decree, suppliable=True, who="PPK"
    ),
    "not-before-verdict": Guard(
        text("the dismissal is not before the verdict"), not_before_verdict, suppliable=True, who="PPK"
    ),
    "disputed-ground": Guard(
        text("the law names one class for the ground"),
        disputed_ground,
        suppliable=True,
        who="PPK",
        parameters=("disputed_grounds",),
    ),
}
