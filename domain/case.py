"""One worker's case: decided against a procedure, evolved without judgement.

`Case.decide` asks whether a step may be taken and says every reason against it; nothing changes.
`Case.record` takes an event over as it is. So a case decided under a rule that has since been replaced
still loads, and loads the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.draft import Draft
from domain.events import KINDS, Act, CaseEvent
from domain.findings import Finding, refusing
from domain.guards import GUARDS
from domain.procedure import Procedure
from domain.text import text
from domain.timeline import Entry, Standing, Timeline


class Rules(Protocol):
    """What a decision asks of the rulebook; `workflow.machine` runs it on `transitions`."""

    procedure: Procedure

    def lead(self, stage: str | None, step: str) -> str | None:
        """The stage that `step` leads to from `stage`; None if it may not be taken there."""
        ...

    def open_steps(self, stage: str | None) -> list[str]:
        """The steps that may be taken from `stage`."""
        ...


RulesFor = Callable[[str], Rules]
"""Rules by the reference `name@version` that an act was judged under."""


class Judgement(NamedTuple):
    """findings: all of them, warnings too. standing: where the case was when it was asked."""

    findings: tuple[Finding, ...]
    standing: Standing
    leads_to: str | None

    @property
    def refused(self) -> bool:
        return bool(refusing(self.findings))


class Case:
    """A stream of acts with what they make of one worker; `version` is the seq of the last event.

    Made from its whole timeline, or resumed from where it stood.
    """

    __slots__ = ("_pending", "id", "timeline")

    def __init__(self, id: UUID, timeline: Timeline) -> None:  # noqa: A002  the library's name
        self.id = id
        self.timeline = timeline
        self._pending: list[CaseEvent] = []

    @property
    def version(self) -> int:
        return self.timeline.last.version

    @property
    def last(self) -> Standing:
        """The standing after the last act, planned ones included."""
        return self.timeline.last

    @property
    def procedure(self) -> str:
        """The reference that the case is pinned to: that of its first event."""
        return self.last.procedure

    def decide(self, draft: Draft, rules: Rules, rules_for: RulesFor) -> Judgement:
        """Judge one more act at its place in the timeline, as of its own date.

        Acts that stood already and come after it are judged again on the stage they start from.
        """
        standing = self.timeline.as_of(draft.on)
        leads_to = rules.lead(standing.stage, draft.step.name)
        findings = list(draft.findings)
        if leads_to is None:
            findings.append(self._wrong_stage(draft, standing, rules))
        else:
            for name in draft.step.guards:
                findings += GUARDS[name].check(standing, draft, rules.procedure)
            if not self.timeline.appends(draft.on):
                findings += self._displaced(draft, leads_to, rules_for)
        return Judgement(tuple(findings), standing, leads_to)

    def record(self, act: Act, values: dict[str, Any] | None = None) -> Entry:
        """Take one act over; it is pending until it is collected."""
        entry = Entry(self.version + 1, act, values)
        self.timeline.add(entry)
        self._pending.append(CaseEvent(self.id, entry.seq, act))
        return entry

    def collect_events(self) -> Sequence[CaseEvent]:
        """The events that are not stored yet; asks once."""
        pending, self._pending = self._pending, []
        return pending

    def _wrong_stage(self, draft: Draft, standing: Standing, rules: Rules) -> Finding:
        step = draft.step
        if not step.enabled:
            return Finding(
                "step-not-available",
                text("transition not available in {procedure}: {step}", procedure=rules.procedure.name, step=step.name),
                text("See lantik procedure show {procedure}.", procedure=rules.procedure.name),
                rule=step.legal_basis,
            )
        first = self.timeline.entries[0].act.effective_on if self.timeline.entries else None
        if standing.stage is None and first is not None:
            return Finding(
                "before-register",
                text("{on} is before the case was registered on {first}", on=draft.on, first=first),
                text("Give a date on or after {first}.", first=first),
            )
        if standing.ended:
            sentence = text("the case ended: it is {stage}", stage=standing.stage)
        else:
            sentence = text("{step} cannot be taken while the case is {stage}", step=step.name, stage=standing.stage)
        sources = ", ".join(step.sources) or "-"
        return Finding(
            "wrong-stage", sentence, text("It starts from: {sources}.", sources=sources), rule=step.legal_basis
        )

    def _displaced(self, draft: Draft, leads_to: str, rules_for: RulesFor) -> Iterable[Finding]:
        """Acts after the new one that could no longer be taken where they would stand."""
        stage = leads_to
        for entry in self.timeline.after(draft.on):
            act = entry.act
            led = rules_for(act.procedure).lead(stage, act.step)
            if led is None:
                yield Finding(
                    "later-act-illegal",
                    text(
                        "{step} of {on} (event {seq}) could not follow from {stage}",
                        step=act.step,
                        on=act.effective_on,
                        seq=entry.seq,
                        stage=stage,
                    ),
                    text("Give a date after {on}.", on=act.effective_on),
                    rule="design: Two times",
                )
            else:
                stage = act.stage or stage


def act_of(draft: Draft, rules: Rules, leads_to: str, *, commitment: str | None = None, **values: Any) -> Act:
    """The event that a draft becomes when it is recorded; `values` are fields beyond the draft's."""
    step, procedure = draft.step, rules.procedure
    stage = procedure.stages[leads_to] if step.to is not None else None
    kind = KINDS[f"{step.event}.1"]
    return kind(
        step=step.name,
        effective_on=draft.on,
        procedure=procedure.reference,
        stage=step.to,
        employment=stage.employment.value if stage else None,
        ends=bool(stage and stage.ended),
        documents=draft.documents,
        reason=draft.reason,
        commitment=commitment,
        **draft.values,
        **values,
    )
