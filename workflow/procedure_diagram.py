"""A procedure as a graph to be drawn: the table of its machine, without what would make a picture illegible.

Steps between the same two stages share an arrow. A step that starts from many stages is one arrow from a group of
them, and a step that leaves the stage as it is stands in the stage's own box.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

from domain.errors import Misused
from domain.procedure import Employment, Procedure, Step
from domain.procedure_words import sources_words
from domain.text import Text, text
from workflow.machine import machine_for
from workflow.procedure_checks import unknown

MANY = 5
"""A step that starts from so many stages is drawn from a group."""


class Box(NamedTuple):
    """A stage. lines: its label, its code, and how many cases stand there if asked. stays: steps that stay there."""

    code: str
    lines: tuple[str, ...]
    stays: tuple[str, ...]
    employment: Employment
    ended: bool


class Arrow(NamedTuple):
    """steps: labels of all steps from the one to the other. source: a stage, a group, or "" for no case yet."""

    source: str
    target: str
    steps: tuple[str, ...]


class Diagram(NamedTuple):
    """groups: by code the words for stages that an arrow leaves together, and the steps that stay in all of them."""

    title: str
    boxes: list[Box]
    groups: dict[str, tuple[str, tuple[str, ...]]]
    arrows: list[Arrow]


def diagram(
    procedure: Procedure,
    language: str,
    say: Callable[[Text], str] = str,
    *,
    part: Collection[str] | None = None,
    counts: Mapping[str, int] | None = None,
    as_of: date | None = None,
) -> Diagram:
    """The steps that are switched on, in the order of the file. part: only between these stages. counts: by stage,
    as of a day that the title names.

    A stage that no step leads to in this procedure is left out, unless cases stand there.
    """
    reached = _reached(procedure) | {*(counts or ())}
    shown = [code for code in procedure.stages if code in reached and (part is None or code in part)]
    between = _between(procedure, language, shown)
    boxes = []
    for code in shown:
        stage = procedure.stages[code]
        label = stage.label.in_language(language)
        count = [say(text("{count:,} cases", count=counts.get(code, 0)))] if counts is not None else []
        stays = tuple(between.pop((code, code), ()))
        boxes.append(Box(code, (label, code, *count), stays, stage.employment, stage.ended))
    groups = {}
    for source in dict.fromkeys(source for source, _ in between if source.startswith("@")):
        step = next(step for step in procedure.steps.values() if step.enabled and _group(step, shown) == source)
        groups[source] = say(sources_words(step, procedure)), tuple(between.pop((source, source), ()))
    arrows = [Arrow(source, target, tuple(labels)) for (source, target), labels in between.items()]
    title = text("{name}: {title}", name=procedure.reference, title=procedure.title.in_language(language))
    if as_of is not None:
        title = text("{title}, as of {day}", title=title, day=as_of)
    return Diagram(say(title), boxes, groups, arrows)


def _between(procedure: Procedure, language: str, shown: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """Labels of steps by where they start, a stage or a group, and where they lead; the same twice if they stay."""
    between: dict[tuple[str, str], list[str]] = {}
    for (stage, name), target in machine_for(procedure).routes.items():
        step = procedure.steps[name]
        source = _group(step, shown) or stage or ""
        if target in shown and (source in shown or not source or source.startswith("@")):
            labels = between.setdefault((source, source if step.to is None else target), [])
            label = step.label.in_language(language)
            labels += [] if label in labels else [label]
    return between


def _reached(procedure: Procedure) -> set[str | None]:
    reached: set[str | None] = {None}
    routes, before = machine_for(procedure).routes, 0
    while len(reached) != before:
        before = len(reached)
        reached |= {target for (stage, _), target in routes.items() if stage in reached}
    return reached | {step.opens for step in procedure.steps.values()}


def _group(step: Step, shown: Collection[str]) -> str | None:
    """The code of the group that a step starts from; None if that is a few stages, or none of those shown."""
    if len(step.sources) < MANY or not set(step.sources) & set(shown):
        return None
    return "@" + " ".join(step.sources)


def around(procedure: Procedure, named: Collection[str], steps: int) -> set[str]:
    """The stages that are so many steps from one of those named, either way; an employment status names all of its own.

    Steps that start from many stages do not count, they would connect everything. Raises Misused for an unknown name.
    """
    beside: dict[str, set[str]] = {}
    for (source, name), target in machine_for(procedure).routes.items():
        if source is not None and len(procedure.steps[name].sources) < MANY:
            beside.setdefault(source, set()).add(target)
            beside.setdefault(target, set()).add(source)
    near = dict.fromkeys((stage for name in named for stage in _stages(procedure, name)), 0)
    waiting = deque(near)
    while waiting:
        here = waiting.popleft()
        for other in beside.get(here, ()):
            if other not in near and near[here] < steps:
                near[other] = near[here] + 1
                waiting.append(other)
    return set(near)


def _stages(procedure: Procedure, name: str) -> list[str]:
    if name in procedure.stages:
        return [name]
    if name in list(Employment):
        return [code for code, stage in procedure.stages.items() if stage.employment == name]
    known = [*procedure.stages, *Employment]
    sentence = unknown(name, known, text("There is no stage {stage}", stage=name))
    raise Misused(text("{sentence}.", sentence=sentence))
