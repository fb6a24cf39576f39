"""What rests on a paper: the acts that name it, and those that could not stand without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.revision import revise, taking_back
from domain.timeline import Timeline
from workflow.register import Register


def resting_on(register: Register, number: str, day: date, known_at: int) -> Iterator[dict[str, Any]]:
    """One row an act, by case and seq. rests: `document` if it names the document, `act` if it depends on such."""
    resting = dict(register.acts_resting_on(number, known_at))
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
