"""What becomes of a case when its past changes: by an act before others, a correction, a rescission or a replacement.

The timeline that results is walked once. What is new or corrected is judged in full, as of its own date. An act
that stood already is judged again only where its start changed: on the stage it starts from, and on its guards,
each under the version it recorded. What cannot stand falls, and what comes after is judged without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from domain.draft import Draft
from domain.events import Act, Registered
from domain.findings import Finding, Severity, refusing
from domain.guards import GUARDS
from domain.layers import Rescinded
from domain.procedure import Procedure, Step
from domain.rules import Rules, RulesFor
from domain.standing import Entry, Standing
from domain.text import text
from domain.timeline import Timeline

_ENVELOPE = frozenset(Act.__struct_fields__)


class Revision(NamedTuple):
    """findings: against what is new or corrected. fallen: acts that could no longer stand, in order.

    after: the timeline that this leads to. starts: where the case stands on it before each act, by seq.
    """

    findings: tuple[Finding, ...]
    fallen: tuple[Entry, ...]
    after: Timeline
    starts: Mapping[int, Standing]


def revise(
    before: Timeline, new: Sequence[Entry], changed: Collection[int], judged: Collection[int], rules_for: RulesFor
) -> Revision:
    """Judge the timeline that `new` events lead to.

    changed: seqs of acts to be judged in full. judged: seqs of acts that were, and stand.
    """
    stood = {entry.seq: (entry, start) for entry, start in _starts(before)}
    fallen: list[Entry] = []
    while True:
        after = Timeline([*before.recorded, *new, *taking_back(before.last.version + len(new), fallen)])
        findings: list[Finding] = []
        falls: list[Entry] = []
        starts = dict[int, Standing]()
        standing = Standing()
        for entry in after.entries:
            starts[entry.seq] = msgspec.structs.replace(standing)
            rules = rules_for(entry.act.procedure)
            if isinstance(entry.fact, Registered) or entry.seq in judged:
                pass
            elif entry.seq in changed:
                findings += _in_full(entry, standing, rules, after)
            elif not _stands(entry, standing, stood.get(entry.seq), rules, after):
                falls.append(entry)
                if entry.act.replaces is not None:  # what it replaced is back, perhaps at an earlier place
                    break
                continue
            standing.evolve(entry)
        if not falls:
            return Revision(tuple(findings), tuple(fallen), after, starts)
        fallen += falls


def taking_back(version: int, entries: Sequence[Entry]) -> list[Entry]:
    """The rescissions that take acts back, as events after the one numbered `version`."""
    return [
        Entry(version + at, Rescinded(effective_on=entry.act.effective_on, target=entry.seq, number=1))
        for at, entry in enumerate(entries, 1)
    ]


def _starts(timeline: Timeline) -> Iterator[tuple[Entry, Standing]]:
    """Each act, and where the case stood before it."""
    standing = Standing()
    for entry in timeline.entries:
        yield entry, msgspec.structs.replace(standing)
        standing.evolve(entry)


def _in_full(entry: Entry, standing: Standing, rules: Rules, after: Timeline) -> list[Finding]:
    step = rules.procedure.steps.get(entry.act.step)
    if step is None or not _may_start(entry, standing, rules, after):
        first = after.entries[0].act.effective_on
        return [_too_early(entry, first) if entry.act.effective_on < first else cannot_stand(entry, standing, step)]
    return _guarded(entry, standing, step, rules.procedure)


def _stands(
    entry: Entry, standing: Standing, stood: tuple[Entry, Standing] | None, rules: Rules, after: Timeline
) -> bool:
    """Whether an act may stand: it says what it said and starts where it did, or it would be allowed here too.

    An act that comes back, because what took it back is taken back, did not stand: nothing is forgiven it.
    """
    if stood is not None and stood[0].fact == entry.fact and _same_start(stood[1], standing):
        return True
    step = rules.procedure.steps.get(entry.act.step)
    if step is None or not _may_start(entry, standing, rules, after):
        return False
    was = refusing(_guarded(*stood, step, rules.procedure)) if stood is not None else []
    now = refusing(_guarded(entry, standing, step, rules.procedure))
    return {finding.code for finding in now} <= {finding.code for finding in was}


def _same_start(stood: Standing, standing: Standing) -> bool:
    """Only what is counted and not said may differ: the version, the last day, and when steps were taken."""
    return _said_by(stood) == _said_by(standing)


def _said_by(standing: Standing) -> Standing:
    return msgspec.structs.replace(standing, version=0, last_on=0, taken={})


def _may_start(entry: Entry, standing: Standing, rules: Rules, after: Timeline) -> bool:
    registered_on = after.entries[0].act.effective_on
    return entry.act.effective_on >= registered_on and rules.lead(standing.stage, entry.act.step) is not None


def _guarded(entry: Entry, standing: Standing, step: Step, procedure: Procedure) -> list[Finding]:
    drafted = draft_of(entry, step)
    return [finding for name in step.guards for finding in GUARDS[name].check(standing, drafted, procedure)]


def draft_of(entry: Entry, step: Step) -> Draft:
    """An act read back as the draft it came from."""
    act = entry.act
    own = {name: value for name, value in msgspec.structs.asdict(act).items() if name not in _ENVELOPE}
    return Draft(step, act.effective_on, act.documents, own, dict(entry.values or {}), act.reason, ())


def cannot_stand(entry: Entry, standing: Standing, step: Step | None) -> Finding:
    """The finding about an act that could not be taken where it would stand."""
    act = entry.act
    return Finding(
        "act-illegal",
        text(
            "{step} of {on} (event {seq}) cannot be taken while the case is {stage}",
            step=act.step,
            on=act.effective_on,
            seq=entry.seq,
            stage=standing.stage or "-",
        ),
        text("It starts from: {sources}.", sources=", ".join(step.sources) if step else "-"),
        rule=step.legal_basis if step else "",
    )


def _too_early(entry: Entry, first: date) -> Finding:
    act = entry.act
    return Finding(
        "before-register",
        text(
            "{step} of {on} (event {seq}) would be before the case was registered on {first}",
            step=act.step,
            on=act.effective_on,
            seq=entry.seq,
            first=first,
        ),
        text("Give a later date, or move the registration with lantik correct CASE 1 --on."),
        rule="register: two times",
    )


def would_fall(entry: Entry) -> Finding:
    """The finding about an act that stood and would be taken back along."""
    act = entry.act
    return Finding(
        "later-act-illegal",
        text(
            "{step} of {on} (event {seq}) could not stand any more", step=act.step, on=act.effective_on, seq=entry.seq
        ),
        text("With --cascade it is taken back too."),
        rule="register: two times",
    )


def taken_along(entry: Entry) -> Finding:
    """What a preview of a cascade says of one act."""
    act = entry.act
    return Finding(
        "taken-along",
        text("{step} of {on} (event {seq}) is taken back too", step=act.step, on=act.effective_on, seq=entry.seq),
        rule="register: two times",
        severity=Severity.WARNING,
    )
