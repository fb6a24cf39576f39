"""given(steps).when(step).then(event) or .refused(codes): a case with no store."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from domain.case import Case, Judgement, act_of
from domain.document import Document
from domain.draft import Draft, Request, draft
from domain.events import Act
from domain.findings import Finding
from domain.procedure import Step
from domain.timeline import Timeline
from workflow.machine import StepMachine, machine_for
from workflow.rulebook import Rulebook

FIRST = date(2025, 8, 1)
"""The day of the first fact; each further one is a day later, unless it says otherwise."""
TODAY = date(2026, 2, 1)
NOTHING: dict[str, Any] = {}
CASE, PERSON = UUID(int=1), UUID(int=2)
ELIGIBLE = {"in_bkn_database": True, "pppk_2024": True}

NATIONAL_WAYS = {
    "registered": "register",
    "verified": "register verify",
    "not-eligible": "register classify-out",
    "not-proposed": "register verify leave-out",
    "proposed": "register verify propose",
    "proposal-returned": "register verify propose return-proposal",
    "rejected": "register classify-out propose-late reject",
    "need-approved": "register verify propose approve",
    "drh-filling": "register verify propose approve announce",
    "ni-proposed": "register verify propose approve announce propose-ni",
    "ni-returned": "register verify propose approve announce propose-ni return-ni",
    "ni-refused": "register verify propose approve announce propose-ni refuse-ni",
    "withdrawn": "register verify propose approve announce withdraw",
    "ni-assigned": "register verify propose approve announce propose-ni assign-ni",
    "appointed": "register verify propose approve announce propose-ni assign-ni appoint",
    "sworn-in": "register verify propose approve announce propose-ni assign-ni appoint swear-in",
    "active": "register verify propose approve announce propose-ni assign-ni appoint swear-in start-duty",
    "policy-review": "register classify-out review",
    "deceased": "register record-death",
}
NATIONAL_WAYS |= {
    stage: f"{NATIONAL_WAYS['active']} {steps}"
    for stage, steps in {
        "coaching": "coach",
        "suspended": "suspend",
        "exit-requested": "request-exit",
        "upgrade-proposed": "propose-full-time set-full-time-need request-conversion",
        "upgraded": "propose-full-time set-full-time-need request-conversion upgrade",
        "contract-ended": "expire",
        "resigned": "request-exit grant-exit",
        "retired": "retire",
        "dismissed-honourably": "dismiss-honourably",
        "dismissed-involuntarily": "dismiss-involuntarily",
        "dismissed-dishonourably": "dismiss-dishonourably",
        "appointment-cancelled": "cancel-appointment",
    }.items()
}
OUTSOURCED = "register classify-out review return-to-opd outsource"
KEPT_ON = "register classify-out review keep-on"
WAYS = {
    "nasional": NATIONAL_WAYS,
    "kota-serang": NATIONAL_WAYS
    | {
        "returned-to-opd": "register classify-out review return-to-opd",
        "outsourced": OUTSOURCED,
        "outsourcing-ended": f"{OUTSOURCED} end-outsourcing",
    },
    "kota-metro": NATIONAL_WAYS | {"not-renewed": "register classify-out review not-renew"},
    "kab-lebak": NATIONAL_WAYS
    | {
        "kept-without-pay": KEPT_ON,
        "outsourced": f"{KEPT_ON} outsource",
        "outsourcing-ended": f"{KEPT_ON} outsource end-outsourcing",
    },
}
"""A legal way to each stage that can be reached in a region."""
NOT_BEFORE = {"expire": date(2026, 11, 1)}
"""Steps that are legal from a day on: the examples have a contract that runs until 2026-10-31."""
USUAL_REASON = {"dismiss-involuntarily": "prison"}
"""A reason that asks for nothing on record, where the first one of the step does."""


def way_to(stage: str, under: str = "kota-serang") -> list[str]:
    return WAYS[under][stage].split()


@cache
def rules_of(reference: str) -> StepMachine:
    return machine_for(_RULEBOOK.load(reference))


_RULEBOOK = Rulebook()


def paper(kind: str, dated: date | None = None, number: str | None = None) -> Document:
    return Document(kind, number or f"800/{kind}/2025", dated)


def papers_for(step: Step, on: date) -> tuple[Document, ...]:
    return tuple(paper(rule.kind, on) for rule in step.documents)


def fields_for(step: Step) -> dict[str, str]:
    return {rule.name: rule.example for rule in step.fields}


def whole(step: Step, on: date, **instead: Any) -> Request:
    """A request with every document, field and reason that the step knows; `fields` are laid over the examples."""
    fields = fields_for(step) | instead.pop("fields", {})
    asked = {
        "documents": papers_for(step, on),
        "fields": {name: value for name, value in fields.items() if value is not None},
        "reason": USUAL_REASON.get(step.name, step.reasons[0].code) if step.reasons else None,
    }
    return Request(step.name, on, **(asked | instead))


def _day_for(step: str, last: date) -> date:
    """The day after the last act, or the first on which the step is legal."""
    return max(last + timedelta(days=1), NOT_BEFORE.get(step, last))


Fact = str | tuple[str, date | None] | tuple[str, date | None, dict[str, Any]]
"""A step; its day, None for the next one; what is said otherwise than in the examples."""


def full_time(stage: str, under: str = "kota-serang") -> list[Fact]:
    """The way to a stage of a worker who was proposed for a full-time post."""
    instead: Fact = ("propose", None, {"fields": {"formation": "pppk"}})
    return [instead if step == "propose" else step for step in way_to(stage, under)]


class given:  # noqa: N801  reads as a sentence in the tests
    """A case that took these steps, each with all it needs; `about` are facts of the registration."""

    def __init__(
        self, *facts: Fact, under: str = "kota-serang", values: dict[str, Any] | None = None, **about: Any
    ) -> None:
        self.rules = rules_of(under)
        self.case = Case(CASE, Timeline([]))
        self.judged: Judgement | None = None
        self.recorded: Act | None = None
        self.asked: Draft | None = None
        on = FIRST - timedelta(days=1)
        for fact in facts:
            step, day, *instead = (fact, None) if isinstance(fact, str) else fact
            on = day or _day_for(step, on)
            self._happen(step, on, values, about, *instead)
        self.case.collect_events()

    def _happen(
        self,
        name: str,
        on: date,
        values: dict[str, Any] | None,
        about: dict[str, Any],
        instead: dict[str, Any] = NOTHING,
    ) -> None:
        step = self.rules.procedure.steps[name]
        if name == "register":
            asked, facts = draft(step, Request(name, on), TODAY), ELIGIBLE | {"unit": "Dinas Kesehatan"} | about
            self.case.record(act_of(asked, self.rules, number=1, person=PERSON, **facts), values)
            return
        self.when(name, on, **instead).accepted()

    def when(self, name: str, on: date | None = None, *, today: date = TODAY, **instead: Any) -> given:
        """Ask for a step with all it needs, but for what is said otherwise; the day after the last act."""
        self.case.collect_events()
        step = self.rules.procedure.steps[name]
        on = on or _day_for(name, self.case.timeline.entries[-1].act.effective_on)
        self.asked = draft(step, whole(step, on, **instead), today)
        self.judged = self.case.decide(self.asked, self.rules, rules_of)
        self.recorded = None
        if not self.judged.refused:
            assert self.judged.leads_to is not None
            self.recorded = act_of(self.asked, self.rules)
            self.case.record(self.recorded, self.asked.personal or None)
        return self

    def accepted(self) -> given:
        assert self.judged is not None
        assert self.recorded is not None, [str(finding.message) for finding in self.judged.findings]
        return self

    def then(self, kind: type[Act], **about: Any) -> given:
        """One event of this kind is pending and says this."""
        self.accepted()
        [event] = self.case.collect_events()
        assert type(event.fact) is kind
        assert {name: getattr(event.fact, name) for name in about} == about
        return self

    def stands(self, stage: str, on: date | None = None) -> given:
        standing = self.case.timeline.as_of(on) if on else self.case.last
        assert standing.stage == stage
        return self

    def refused(self, *codes: str) -> list[Finding]:
        """Exactly these findings stand in the way, and the case is as it was."""
        assert self.judged is not None
        assert not self.case.collect_events(), "a refused step left an event"
        against = [finding for finding in self.judged.findings if finding.refuses]
        assert sorted(finding.code for finding in against) == sorted(codes)
        return against

    def warned(self, *codes: str) -> list[Finding]:
        """The step was accepted, with exactly these warnings."""
        self.accepted()
        assert self.judged is not None
        assert sorted(finding.code for finding in self.judged.findings) == sorted(codes)
        return list(self.judged.findings)
