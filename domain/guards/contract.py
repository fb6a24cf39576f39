"""Under contract: how long it runs, what it follows, how it is extended, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from domain.draft import Draft
from domain.findings import Finding, Severity
from domain.guards.guard import Guard, strictness
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text

_DAY = timedelta(days=1)


def contract_dates(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    start, end = draft.values.get("contract_start"), draft.values.get("contract_end")
    if start and end and end < start:
        yield Finding(
            "contract-ends-before-start",
            text("the contract ends on {end}, before it starts on {start}", end=end, start=start),
            text("Give contract_end on or after contract_start."),
            rule="PP 49/2018 art. 37",
        )


def contract_one_year(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Diktum 13: one year at a time, for part-timers. Tapin gave five, so it warns and does not refuse."""
    start, end = draft.values.get("contract_start"), draft.values.get("contract_end")
    if standing.formation != "pppk-pw" or not start or not end or end < start:
        return
    if (end - start).days + 1 not in (365, 366):
        yield Finding(
            "contract-not-one-year",
            text("the contract runs for {days} days and not for one year", days=(end - start).days + 1),
            text("Check the contract's dates."),
            "KepmenPANRB 16/2025 diktum 13",
            Severity.WARNING,
        )


def contract_at_least_one_year(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """PP 49/2018 art. 37, which is about full-timers; what diktum 13 says of part-timers is a rule of its own."""
    start, end = draft.values.get("contract_start"), draft.values.get("contract_end")
    if standing.formation != "pppk" or not start or not end or end < start:
        return
    if end + _DAY < _a_year_after(start):
        yield Finding(
            "contract-under-one-year",
            text("the contract runs for {days} days; a full-timer has at least one year", days=(end - start).days + 1),
            text("Give a contract_end that is at least one year after contract_start."),
            rule="PP 49/2018 art. 37",
        )


def contract_follows(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Import check 11: a gap or an overlap between two contracts is shown."""
    start, before = draft.values.get("contract_start"), standing.contract_end
    if not start or not before or start == before + _DAY:
        return
    words = {"start": start, "before": before}
    gap = start > before
    yield Finding(
        "contract-gap" if gap else "contract-overlap",
        text("the new contract starts on {start}; the old one ends on {before}, so days are left out", **words)
        if gap
        else text("the new contract starts on {start}, while the old one runs until {before}", **words),
        text("Check the dates of both contracts; if they are right, nothing need be done."),
        "import check 11",
        Severity.WARNING,
    )


def evaluated_for_extension(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """An extension rests on the yearly evaluation of the contract that runs, and that is not a poor one."""
    ended_on, predicate = standing.evaluated.get("year", (None, ""))
    rule = "PP 49/2018 art. 37; KepmenPANRB 16/2025 diktum 18"
    severity = strictness(procedure, "extension_without_evaluation", draft.on)
    if ended_on is None or (standing.contract_start is not None and ended_on < standing.contract_start):
        yield Finding(
            "no-year-evaluation",
            text("no yearly evaluation of the contract that runs is on record"),
            text("Record it with evaluate, scope year."),
            rule,
            severity,
        )
    elif predicate in (procedure.parameter("poor_predicates", draft.on) or ()):
        yield Finding(
            "evaluation-poor",
            text("the last yearly evaluation says {predicate}", predicate=predicate),
            text("Extend only if the decree says why; else let the contract end with expire."),
            rule,
            severity,
        )


def contract_runs(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Kapuas' contract: who is cleared is reinstated while the contract still runs."""
    end = standing.contract_end
    if end is not None and draft.on > end:
        yield Finding(
            "contract-ran-out",
            text("the contract ended on {end}, so nobody can be reinstated on {on}", end=end, on=draft.on),
            text("Use expire, with the day after the contract's last one or a later day."),
            rule="UU 20/2023 art. 53; PP 49/2018 art. 37",
        )


def contract_over(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """The contract's last day counts in full: an ending with the contract holds from the day after on."""
    end, rule = standing.contract_end, "PP 49/2018 art. 53, 65"
    if end is None:
        yield Finding(
            "no-contract",
            text("there is no contract that could end"),
            text("Record the contract with start-duty, or use cancel-appointment."),
            rule=rule,
        )
    elif draft.on <= end:
        yield Finding(
            "contract-not-over",
            text("the contract runs until {end}, that day included", end=end),
            text("Give {first} or a later day; an earlier ending is another step.", first=end + _DAY),
            rule=rule,
        )


def period_over(_standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    ended_on = draft.values.get("ended_on")
    if ended_on is not None and ended_on > draft.on:
        yield Finding(
            "period-not-over",
            text("the evaluation of {on} is about a period that ends on {ended_on}", on=draft.on, ended_on=ended_on),
            text("Check both dates; if both are right, nothing need be done."),
            "KepmenPANRB 16/2025 diktum 17",
            Severity.WARNING,
        )


def _a_year_after(start: date) -> date:
    """The first day that is not in the year from `start` on."""
    try:
        return start.replace(year=start.year + 1)
    except ValueError:
        return date(start.year + 1, 3, 1)


GUARDS = {
    "contract-dates": Guard(text("the contract ends after it starts"), contract_dates, suppliable=True, who="PPK"),
    "contract-one-year": Guard(
        text("a part-timer's contract runs for one year"), contract_one_year, suppliable=True, who="PPK"
    ),
    "contract-at-least-one-year": Guard(
        text("a full-timer's contract runs for at least one year"),
        contract_at_least_one_year,
        suppliable=True,
        who="PPK",
    ),
    "contract-follows": Guard(
        text("the new contract follows the old one without a gap"), contract_follows, suppliable=True, who="PPK"
    ),
    "evaluated-for-extension": Guard(
        text("a yearly evaluation carries the extension"),
        evaluated_for_extension,
        who="superior",
        parameters=("extension_without_evaluation", "poor_predicates"),
    ),
    "contract-runs": Guard(text("the contract still runs"), contract_runs, who="PPK"),
    "contract-over": Guard(text("the contract's last day is past"), contract_over, who="PPK"),
    "period-over": Guard(text("the period that is evaluated is over"), period_over, suppliable=True, who="superior"),
}
