"""Whether a procedure makes sense: names, fields that events can hold, words, deadlines and figures."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from domain.draft import PERSONAL_FIELDS
from domain.events import Act
from domain.kinds import KINDS
from domain.limits import DAYS_OF_A_CASE
from domain.procedure import FieldType
from domain.service import Evaluated
from domain.text import Text, text
from workflow.procedure_file import MOST_FAULTS, Fault, Table, fields_of, without_none
from workflow.procedure_lines import Path

OPEN = "@open"
"""In `from`: every stage that is not ended."""
EMPLOYED = "@employed"
"""In `from`: every stage in which the worker has the formation as employment status."""

MOST_WITHIN = 3660
"""Days, working days or months: nothing that an office owes is further away."""

_CHOICES = {
    "unit": ("working-days", "days", "months"),
    "every": ("quarter", "year"),
    "formation": ("pppk-pw", "pppk"),
}
_FORMS = ({"by"}, {"within", "after"}, {"within", "before"}, {"within", "every"})

MOST_COMPARED = 300
LONGEST_NAME = 40
"""Names beyond these are not compared to find the nearest: each comparison takes the square of the length."""

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KINDS: dict[str, type[Act]] = {kind.__name__: kind for kind in KINDS.values() if issubclass(kind, Act)}
_OF_EVERY_ACT = {field.name for field in fields_of(Act)}
_HELD_AS = {FieldType.DATE: date, FieldType.INTEGER: int, FieldType.MONEY: int, FieldType.BOOLEAN: bool}
_NEEDED = {
    "stages": ("label", "employment"),
    "steps": ("from", "event", "label", "authority", "role", "legal_basis"),
    "parameters": ("basis", "values"),
}
_NAMED_BY = {"documents": "kind", "fields": "name", "reasons": "code"}


class Content(NamedTuple):
    """tables: a file over what it extends, without the keys in `spoiled`, whose values have a wrong shape."""

    tables: Table
    spoiled: Collection[Path]
    guards: Collection[str]

    @property
    def stages(self) -> Table:
        return dict(self.tables.get("stages", {}))

    @property
    def steps(self) -> Table:
        return dict(self.tables.get("steps", {}))


def content_faults(content: Content) -> Iterator[Fault]:
    """What is wrong with names, words and figures, as far as the shapes allow to look; no more than will be told."""
    return islice(_content_faults(content), MOST_FAULTS + 1)


def _content_faults(content: Content) -> Iterator[Fault]:
    yield from _blank_faults(content.tables, ())
    for section, needed in _NEEDED.items():
        for name, table in content.tables.get(section, {}).items():
            yield from _name_and_keys(content, (section, name), table, needed)
    for name, step in content.steps.items():
        path = ("steps", name)
        yield from _graph_names(content, path, step)
        yield from _list_faults(path, step)
        yield from _limit_faults(content, path, step)
        kind = _KINDS.get(step.get("event", ""))
        if kind:
            yield from _field_faults(path, step, kind)
            if not {(*path, "fields"), (*path, "constants")} & set(content.spoiled):
                yield from _ungiven(path, step, kind)
    for name, parameter in content.tables.get("parameters", {}).items():
        yield from _parameter_faults(("parameters", name), parameter)
    above = content.tables.get("four_eyes", {}).get("above")
    if above is not None and above < 0:
        yield Fault(("four_eyes", "above"), text("`above` must be 0 or more"))


def unknown(word: str, known: Iterable[str], sentence: Text) -> Text:
    """`sentence` as it is, or with the nearest of the known names, where it does not take long to find."""
    alike = [name for name in islice(known, MOST_COMPARED) if len(name) <= LONGEST_NAME]
    near = difflib.get_close_matches(word, alike, 1) if len(word) <= LONGEST_NAME else ()
    return text("{sentence}; the nearest is `{near}`", sentence=sentence, near=near[0]) if near else sentence


def _blank_faults(value: Any, path: Path) -> Iterator[Fault]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _blank_faults(item, (*path, str(key)))
    elif isinstance(value, str) and not value.strip():
        yield Fault(path, text("`{key}` is empty", key=path[-1]))


def _name_and_keys(content: Content, path: Path, table: Table, needed: Iterable[str]) -> Iterator[Fault]:
    if path[0] != "parameters" and not _CODE.fullmatch(path[1]):
        yield Fault(path, text("`{name}` must be lower-case words joined by hyphens", name=path[1]))
    for key in needed:
        if key not in table and (*path, key) not in content.spoiled:
            yield Fault(path, text("`{name}` lacks `{key}`", name=path[1], key=key))


def _graph_names(content: Content, path: Path, step: Table) -> Iterator[Fault]:
    stages = content.stages
    named = [
        ((*path, "from", str(i)), stage)
        for i, stage in enumerate(step.get("from", ()))
        if stage not in (OPEN, EMPLOYED)
    ]
    named += [((*path, key), step[key]) for key in ("to", "opens") if key in step]
    for where, stage in named:
        if stage not in stages:
            yield Fault(where, unknown(stage, stages, text("there is no stage `{stage}`", stage=stage)))
    event = step.get("event")
    if event is not None and event not in _KINDS:
        yield Fault((*path, "event"), unknown(event, _KINDS, text("there is no event kind `{event}`", event=event)))
    for i, guard in enumerate(step.get("guards", ())):
        if guard not in content.guards:
            sentence = text("there is no guard `{guard}`", guard=guard)
            yield Fault((*path, "guards", str(i)), unknown(guard, content.guards, sentence))


def _list_faults(path: Path, step: Table) -> Iterator[Fault]:
    for name in ("from", "guards", "documents", "fields", "reasons"):
        key = _NAMED_BY.get(name)
        codes = [item[key] if key else item for item in step.get(name, ())]
        for code, times in Counter(codes).items():
            if times > 1:
                last = len(codes) - 1 - codes[::-1].index(code)
                yield Fault((*path, name, str(last)), text("`{code}` stands twice in `{list}`", code=code, list=name))
    known = {rule["kind"] for rule in step.get("documents", ())}
    for at, reason in enumerate(step.get("reasons", ())):
        for kind in (kind for one_of in reason.get("documents", ()) for kind in one_of.split("|")):
            if kind not in known:
                sentence = text("`documents` of the step names no `{kind}`", kind=kind)
                yield Fault((*path, "reasons", str(at)), unknown(kind, known, sentence))
    if step.get("reason_required") and not step.get("reasons"):
        yield Fault((*path, "reason_required"), text("a reason is required, but `reasons` names none"))


def _field_faults(path: Path, step: Table, kind: type[Act]) -> Iterator[Fault]:
    held = _held_by(kind)
    for i, field in enumerate(step.get("fields", ())):
        where, name, field_type = (*path, "fields", str(i)), field["name"], FieldType(field["type"])
        if name not in held and name not in PERSONAL_FIELDS:
            sentence = text("the event `{event}` has no field `{field}`", event=kind.__name__, field=name)
            yield Fault(where, unknown(name, held, sentence))
        elif name in held and without_none(held[name].type) is not _HELD_AS.get(field_type, str):
            yield Fault(where, text("the event does not hold `{field}` as `{type}`", field=name, type=field_type.value))
        if (field_type is FieldType.CHOICE) != bool(field.get("choices")):
            yield Fault(where, text("`{field}`: the type `choice` and a list of `choices` belong together", field=name))
    for name, value in step.get("constants", {}).items():
        yield from _constant_faults((*path, "constants", name), value, held.get(name))


def _constant_faults(path: Path, value: Any, held: msgspec.structs.FieldInfo | None) -> Iterator[Fault]:
    if held is None:
        yield Fault(path, text("the event of this step has no field `{field}`", field=path[-1]))
        return
    try:
        msgspec.convert(value, held.type)
    except msgspec.ValidationError:
        yield Fault(path, text("the event cannot hold this value in `{field}`", field=path[-1]))


def _ungiven(path: Path, step: Table, kind: type[Act]) -> Iterator[Fault]:
    """Facts that the kind requires and nobody would be asked for; what opens a case comes from the register."""
    if not step.get("from", True):
        return
    asked = {field["name"] for field in step.get("fields", ()) if field.get("required")} | set(
        step.get("constants", ())
    )
    for name, held in _held_by(kind).items():
        if held.required and name not in asked:
            yield Fault(
                path,
                text(
                    "the event `{event}` needs `{field}`: no required field and no constant gives it",
                    event=kind.__name__,
                    field=name,
                ),
            )


def _held_by(kind: type[Act]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.name: field for field in fields_of(kind) if field.name not in _OF_EVERY_ACT}


def _limit_faults(content: Content, path: Path, step: Table) -> Iterator[Fault]:
    """What is wrong with the time limits of a step, each for itself, and with two letters of one day."""
    single = [((*path, "deadline"), step["deadline"])] if "deadline" in step else []
    listed = [((*path, "deadlines", str(at)), limit) for at, limit in enumerate(step.get("deadlines", ()))]
    letters: set[tuple[Any, ...]] = set()
    for where, limit in (*single, *listed):
        yield from _deadline_faults(content, where, limit)
        if limit.get("every") is not None and step.get("event") not in (None, Evaluated.__name__):
            yield Fault(where, text("`every` is for a step that records `{event}`", event=Evaluated.__name__))
        letter = limit.get("since"), limit.get("formation"), limit.get("window", False), limit.get("field")
        dates = [field["name"] for field in step.get("fields", ()) if field["type"] == FieldType.DATE.value]
        if limit.get("field") is not None and not (limit.get("window") and limit["field"] in dates):
            yield Fault(where, text("`field` of a deadline is a date that the step takes, and is for a `window`"))
        if limit.get("by") is not None and letter in letters:
            yield Fault(where, text("two letters of the same day `since` set the last day"))
        letters |= {letter} if limit.get("by") is not None else set()


def _deadline_faults(content: Content, path: Path, limit: Table) -> Iterator[Fault]:
    given = {key for key in ("by", "within", "after", "before", "every") if limit.get(key) is not None}
    if given not in _FORMS:
        yield Fault(path, text("a deadline is `by` a date, or `within` so many `unit` `after`, `before` or of `every`"))
    within, least = limit.get("within"), 0 if "before" in given else 1
    if within is not None and not least <= within <= MOST_WITHIN:
        yield Fault(path, text("`within` must be from {least} to {most}", least=least, most=MOST_WITHIN))
    if limit.get("since") is not None and "by" not in given:
        yield Fault(path, text("`since` is the day of a letter that sets `by`"))
    after, before = limit.get("after"), limit.get("before")
    if after is not None and after not in content.steps and after not in DAYS_OF_A_CASE:
        known = (*content.steps, *DAYS_OF_A_CASE)
        yield Fault(path, unknown(after, known, text("there is no step and no day of a case `{name}`", name=after)))
    if before is not None and before not in DAYS_OF_A_CASE:
        yield Fault(path, unknown(before, DAYS_OF_A_CASE, text("there is no day of a case `{name}`", name=before)))
    for key, codes in _CHOICES.items():
        if limit.get(key) is not None and limit[key] not in codes:
            yield Fault(path, text("`{key}` must be one of: {codes}", key=key, codes=", ".join(codes)))


def _parameter_faults(path: Path, parameter: Table) -> Iterator[Fault]:
    if "values" not in parameter:
        return
    values = parameter["values"]
    since = [value["since"] for value in values]
    if not since or since != sorted(set(since)):
        yield Fault(
            (*path, "values"), text("`{name}` needs values, each `since` later than the one before", name=path[1])
        )
    for i, dated in enumerate(values):
        items = dated["value"] if isinstance(dated["value"], list) else [dated["value"]]
        if not all(isinstance(item, str | int | date) and not isinstance(item, datetime) for item in items):
            yield Fault(
                (*path, "values", str(i)),
                text("a value is a text, a whole number, true, false, a date, or a list of these"),
            )
