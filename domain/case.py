"""One worker's case: decided against a procedure, evolved without judgement.

`Case.decide` asks whether a step may be taken and says every reason against it; nothing changes.
`Case.record` takes an event over as it is. So a case decided under a rule that has since been replaced
still loads, and loads the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.document import Document
from domain.draft import Draft
from domain.events import Act, Fact, Registered
from domain.findings import Finding, refusing
from domain.guards import GUARDS
from domain.kinds import KINDS, CaseEvent
from domain.layers import Corrected, Layer, Rescinded
from domain.person import Values
from domain.revision import revise, would_fall
from domain.rules import Rules, RulesFor
from domain.standing import Entry, Standing
from domain.text import text
from domain.timeline import Timeline, taken_back, targets

VOID, MERGED = 0, 1
"""What a case that was taken back as a whole, or merged, has for the day it ended on: there is nothing to wait for."""


class Judgement(NamedTuple):
    """findings: all of them, warnings too. standing: where the case was when it was asked.

    fallen: acts that stood and could not stand any more. after: the timeline it leads to, None if the act comes last.
    """

    findings: tuple[Finding, ...]
    standing: Standing
    leads_to: str | None
    fallen: tuple[Entry, ...] = ()
    after: Timeline | None = None

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
    def person(self) -> UUID:
        """Whose case it is, a void one too."""
        assert self.last.person is not None
        return self.last.person

    @property
    def closed(self) -> bool:
        """Whether it frees the person for another case: it ended, is void, or was merged into another."""
        return self.closed_on is not None

    @property
    def closed_on(self) -> int | None:
        """The day ordinal from which another case may start, `VOID` or `MERGED` for any day; None while it is open."""
        return closing(self.timeline)

    @property
    def procedure(self) -> str:
        """The reference that the case is pinned to: that of its first event, or of its last migration."""
        return self.last.procedure

    def decide(
        self, draft: Draft, rules: Rules, rules_for: RulesFor, *, replaces: int | None = None, cascade: bool = False
    ) -> Judgement:
        """Judge one more act at its place in the timeline, as of its own date.

        Acts that stood already and come after it are judged again; with `cascade` those that cannot stand fall.
        """
        if replaces is None and self.timeline.appends(draft.on):
            return self._judged(draft, rules, self.timeline.as_of(draft.on))
        if replaces is not None and (finding := self._not_replaceable(replaces)) is not None:
            return Judgement((*draft.findings, finding), self.last, None)
        if (finding := self._too_early(draft)) is not None:
            return Judgement((*draft.findings, finding), Standing(), None)
        # what lacks a field or a paper is no act yet, but where it leads is known
        act = Act(**_said(draft, rules)) if refusing(draft.findings) else act_of(draft, rules)
        act = msgspec.structs.replace(act, replaces=replaces)
        entry = Entry(self.version + 1, act, draft.personal or None)
        revision = revise(self.timeline, [entry], (), {entry.seq}, rules_for)
        judged = self._judged(draft, rules, revision.starts[entry.seq])
        if judged.leads_to is None:
            return judged
        findings = judged.findings if cascade else (*judged.findings, *map(would_fall, revision.fallen))
        return judged._replace(findings=findings, fallen=revision.fallen, after=revision.after)

    def _judged(self, draft: Draft, rules: Rules, standing: Standing) -> Judgement:
        leads_to = rules.lead(standing.stage, draft.step.name)
        findings = list(draft.findings)
        if leads_to is None:
            findings.append(self._wrong_stage(draft, standing, rules))
        else:
            for name in draft.step.guards:
                findings += GUARDS[name].check(standing, draft, rules.procedure)
        return Judgement(tuple(findings), standing, leads_to)

    def _too_early(self, draft: Draft) -> Finding | None:
        first = self.timeline.entries[0].act.effective_on if self.timeline.entries else draft.on
        if draft.on >= first:
            return None
        return Finding(
            "before-register",
            text("{on} is before the case was registered on {first}", on=draft.on, first=first),
            text("Give a later date, or move the registration with lantik correct CASE 1 --on."),
            rule="register: two times",
        )

    def _not_replaceable(self, seq: int) -> Finding | None:
        if any(entry.seq == seq and not isinstance(entry.fact, Registered) for entry in self.timeline.entries):
            return None
        return Finding(
            "not-an-act",
            text("event {seq} is no act that stands and could be replaced", seq=seq),
            text("See lantik history for the events of the case."),
            rule="register: two times",
        )

    def decide_layers(
        self, layers: Sequence[tuple[Layer, Values | None]], rules_for: RulesFor, *, cascade: bool
    ) -> Judgement:
        """Judge corrections and rescissions together, on the timeline they lead to."""
        new = [Entry(self.version + at, fact, values) for at, (fact, values) in enumerate(layers, 1)]
        changed = {self.timeline.root(fact.target) for fact, _ in layers if isinstance(fact, Corrected)}
        revision = revise(self.timeline, new, changed, (), rules_for)
        findings = revision.findings if cascade else (*revision.findings, *map(would_fall, revision.fallen))
        return Judgement(findings, self.last, None, revision.fallen, revision.after)

    def layer_number(self, target: int, kind: type[Layer]) -> int:
        """The how-manieth layer of this kind over an event the next one is."""
        return 1 + sum(isinstance(one.fact, kind) and targets(one) == target for one in self.timeline.recorded)

    def take_back(self, fallen: Iterable[Entry], documents: tuple[Document, ...] = ()) -> None:
        """Record that acts fell along with another event."""
        for entry in fallen:
            number = self.layer_number(entry.seq, Rescinded)
            fact = Rescinded(
                effective_on=entry.act.effective_on, documents=documents, target=entry.seq, number=number, cascade=True
            )
            self.record(fact)

    def record(self, fact: Fact, values: Values | None = None) -> Entry:
        """Take one event over; it is pending until it is collected."""
        entry = Entry(self.version + 1, fact, values)
        self.timeline.add(entry)
        self._pending.append(CaseEvent(self.id, entry.seq, fact))
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
        if standing.stage is None and self.closed:
            return Finding(
                "case-void",
                text("the case was taken back as a whole, or merged into another"),
                text("See lantik history for why."),
                rule="register: two times",
            )
        if standing.ended:
            sentence = text("the case ended: it is {stage}", stage=standing.stage)
        else:
            sentence = text("{step} cannot be taken while the case is {stage}", step=step.name, stage=standing.stage)
        sources = ", ".join(step.sources) or "-"
        return Finding(
            "wrong-stage", sentence, text("It starts from: {sources}.", sources=sources), rule=step.legal_basis
        )


def closing(timeline: Timeline) -> int | None:
    """The day ordinal from which another case of the person may start; None while this one is open."""
    last = timeline.last
    if last.version == 0 or (last.stage is not None and not last.ended):
        return None
    if last.since is not None:
        return last.since.toordinal()
    taken = taken_back(timeline.recorded)
    void = any(isinstance(entry.fact, Registered) and entry.seq in taken for entry in timeline.recorded)
    return VOID if void else MERGED


def act_of(draft: Draft, rules: Rules, **values: Any) -> Act:
    """The event that a draft becomes when it is recorded; `values` are fields beyond the draft's."""
    kind = KINDS[f"{draft.step.event}.1"]
    assert issubclass(kind, Act)
    return kind(**_said(draft, rules), **draft.values, **values)


def _said(draft: Draft, rules: Rules) -> dict[str, Any]:
    """What every act says, of one that a draft becomes."""
    step, procedure = draft.step, rules.procedure
    stage = procedure.stages[step.to] if step.to is not None else None
    return {
        "step": step.name,
        "effective_on": draft.on,
        "procedure": procedure.reference,
        "stage": step.to,
        "employment": stage.employment.value if stage else None,
        "ends": bool(stage and stage.ended),
        "documents": draft.documents,
        "reason": draft.reason,
    }
