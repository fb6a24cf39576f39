"""What rests on a paper: the acts that name it, and those that could not stand without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.log import ALWAYS, Wanted
from domain.revision import revise, taking_back
from domain.standing import Entry
from domain.timeline import Timeline
from workflow.register import Register


def cases_resting_on(register: Register, number: str, day: date, known_at: int = ALWAYS) -> set[int]:
    """The cases with an act, effective by `day` and known then, that rests on the document of this number."""
    return {
        case
        for case, acts in acts_resting_on(register, number, known_at)
        if any(one.act.effective_on <= day for one in acts)
    }


def acts_resting_on(register: Register, number: str, known_at: int = ALWAYS) -> Iterator[tuple[int, list[Entry]]]:
    """By case, the acts that stand and rest on the document of this number, as known then."""
    log = register.log_of_events
    mentioned = {one.case for one in log.events(Wanted(until=known_at, document=number))}
    for case, stream in log.streams(mentioned):
        known = Timeline(one.entry for one in stream if one.command.recorded_at <= known_at)
        acts = [one for one in known.entries if any(paper.number == number for paper in one.act.documents)]
        if acts:
            yield case, acts


def resting_on(register: Register, number: str, day: date, known_at: int) -> Iterator[dict[str, Any]]:
    """One row an act, by case and seq. rests: `document` if it names the document, `act` if it depends on such."""
    resting = dict(acts_resting_on(register, number, known_at))
    for case, stream in register.log_of_events.streams(resting.keys()):
        timeline = Timeline(one.entry for one in stream if one.command.recorded_at <= known_at)
        acts = [act for act in resting[case] if act.act.effective_on <= day]
        fallen = revise(timeline, taking_back(timeline.last.version, acts), (), (), register.rules).fallen
        named = {act.seq for act in acts}
        for entry in sorted([*acts, *(one for one in fallen if one.seq not in named)], key=lambda one: one.seq):
            yield {
                "case": register.settings.case_number(case),
                "seq": entry.seq,
                "step": entry.act.step,
                "stage": entry.act.stage,
                "effective_on": entry.act.effective_on,
                "rests": "document" if entry.seq in named else "act",
            }
