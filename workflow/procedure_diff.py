"""What one procedure says otherwise than another, change by change, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from domain.procedure import Deadline, DocumentRule, FieldRule, FourEyes, Label, Procedure, Reason, Stage, Step
from domain.procedure_words import EMPLOYMENT, limit_words, target_words
from domain.text import Text, text


class Change(NamedTuple):
    """what: a code for programs. where: the stage, step or parameter. before, after: None where there was nothing."""

    what: str
    where: str
    before: Any
    after: Any
    sentence: Text


class _Words(NamedTuple):
    """How it is told that a part of a step was added, taken away, or is otherwise now."""

    added: Text
    removed: Text
    changed: Text


_DOCUMENT = _Words(
    text("{where}: the document {name} is asked for now"),
    text("{where}: the document {name} is no longer asked for"),
    text("{where}: the document {name} is otherwise now: {before} → {after}"),
)
_FIELD = _Words(
    text("{where}: the field {name} is new"),
    text("{where}: the field {name} is gone"),
    text("{where}: the field {name} is otherwise now: {before} → {after}"),
)
_REASON = _Words(
    text("{where}: the reason {name} is new"),
    text("{where}: the reason {name} is gone"),
    text("{where}: the reason {name} is otherwise now: {before} → {after}"),
)
_VALUE = _Words(
    text("{where}: a value since {name} is new: {after}"),
    text("{where}: the value since {name} is gone: {before}"),
    text("{where}: the value since {name} is {after}, no longer {before}"),
)


def changes(first: Procedure, second: Procedure) -> list[Change]:
    """What the second says otherwise than the first: stages, then steps, then parameters, as the files order them."""
    return [
        *_each(first.stages, second.stages, "stage", _stage),
        *_each(first.steps, second.steps, "step", _step),
        *_each(first.parameters, second.parameters, "parameter", _parameter),
        *_four_eyes(first, second),
    ]


def change_row(change: Change, say: Callable[[Text], str] = str) -> dict[str, Any]:
    """A change for programs."""
    return {**change._asdict(), "sentence": say(change.sentence)}


_NEW = {
    "stage": text("the stage {where} is new"),
    "step": text("the step {where} is new"),
    "parameter": text("the parameter {where} is new"),
}
_GONE = {
    "stage": text("the stage {where} is gone"),
    "step": text("the step {where} is gone"),
    "parameter": text("the parameter {where} is gone"),
}


def _each(
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    what: str,
    compared: Callable[[str, Any, Any], Iterator[Change]],
) -> Iterator[Change]:
    for name in {**first, **second}:
        if name not in first:
            yield Change(f"{what}-added", name, None, _plain(second[name]), _of(_NEW[what], where=name))
        elif name not in second:
            yield Change(f"{what}-removed", name, _plain(first[name]), None, _of(_GONE[what], where=name))
        else:
            yield from compared(name, first[name], second[name])


def _stage(name: str, first: Stage, second: Stage) -> Iterator[Change]:
    yield from _label(name, first.label, second.label)
    if first.employment is not second.employment:
        before, after = EMPLOYMENT[first.employment], EMPLOYMENT[second.employment]
        sentence = text("{where} means another employment: {before} → {after}", where=name, before=before, after=after)
        yield Change("employment", name, first.employment.value, second.employment.value, sentence)
    if first.ended != second.ended:
        ends, goes_on = text("{where} ends the case now", where=name), text("{where} ends no case any more", where=name)
        yield Change("ended", name, first.ended, second.ended, ends if second.ended else goes_on)


def _step(name: str, first: Step, second: Step) -> Iterator[Change]:
    if first.enabled != second.enabled:
        on, off = text("{where} is switched on", where=name), text("{where} is switched off", where=name)
        yield Change("enabled", name, first.enabled, second.enabled, on if second.enabled else off)
    yield from _label(name, first.label, second.label)
    yield from _sources(name, first, second)
    if first.to != second.to:
        sentence = text(
            "{where} leads elsewhere: {before} → {after}",
            where=name,
            before=target_words(first),
            after=target_words(second),
        )
        yield Change("to", name, first.to, second.to, sentence)
    yield from _attributes(name, first, second)
    yield from _parts("documents", name, _by_key(first.documents), _by_key(second.documents), _DOCUMENT)
    yield from _parts("fields", name, _by_key(first.fields), _by_key(second.fields), _FIELD)
    yield from _parts("reasons", name, _by_key(first.reasons), _by_key(second.reasons), _REASON)
    if first.reason_required != second.reason_required:
        must, may = text("{where}: a reason must be given now"), text("{where}: a reason may be left out now")
        sentence = _of(must if second.reason_required else may, where=name)
        yield Change("reason_required", name, first.reason_required, second.reason_required, sentence)
    if first.four_eyes != second.four_eyes:
        two = text("{where}: somebody else has to confirm it now", where=name)
        one = text("{where}: nobody else has to confirm it any more", where=name)
        yield Change("four_eyes", name, first.four_eyes, second.four_eyes, two if second.four_eyes else one)
    yield from _guards(name, first.guards, second.guards)
    yield from _limits(name, first.limits, second.limits)


def _four_eyes(first: Procedure, second: Procedure) -> Iterator[Change]:
    before, after = first.four_eyes or FourEyes(), second.four_eyes or FourEyes()
    if before != after:
        sentence = text("what somebody else has to confirm is otherwise now: {before} → {after}",
                        before=_said(before, after), after=_said(after, before))  # fmt: skip
        yield Change("four_eyes", "", _plain(before), _plain(after), sentence)


def _label(name: str, first: Label, second: Label) -> Iterator[Change]:
    for language in ("en", "id"):
        before, after = first.in_language(language), second.in_language(language)
        if before != after:
            sentence = text("{where} is called otherwise: {before} → {after}", where=name, before=before, after=after)
            yield Change(f"label-{language}", name, before, after, sentence)


def _sources(name: str, first: Step, second: Step) -> Iterator[Change]:
    added = [stage for stage in second.sources if stage not in first.sources]
    removed = [stage for stage in first.sources if stage not in second.sources]
    if added:
        sentence = text("{where} may start from {stages} too", where=name, stages=", ".join(added))
        yield Change("from-added", name, None, added, sentence)
    if removed:
        sentence = text("{where} may no longer start from {stages}", where=name, stages=", ".join(removed))
        yield Change("from-removed", name, removed, None, sentence)


_ATTRIBUTES = {
    "event": text("{where} records another kind of event: {before} → {after}"),
    "authority": text("{where} is the act of another authority: {before} → {after}"),
    "role": text("{where} is recorded by another role: {before} → {after}"),
    "legal_basis": text("{where} has another legal basis: {before} → {after}"),
    "constants": text("{where} gives other facts by itself: {before} → {after}"),
    "opens": text("{where} opens a linked case otherwise: {before} → {after}"),
}


def _attributes(name: str, first: Step, second: Step) -> Iterator[Change]:
    for key, words in _ATTRIBUTES.items():
        before, after = getattr(first, key), getattr(second, key)
        if before != after:
            yield Change(key, name, before, after, _of(words, where=name, before=_said(before), after=_said(after)))


def _guards(name: str, first: tuple[str, ...], second: tuple[str, ...]) -> Iterator[Change]:
    for guard in second:
        if guard not in first:
            yield Change(
                "guards", name, None, guard, text("{where}: the rule {name} is asked now", where=name, name=guard)
            )
    for guard in first:
        if guard not in second:
            sentence = text("{where}: the rule {name} is no longer asked", where=name, name=guard)
            yield Change("guards", name, guard, None, sentence)


def _limits(name: str, first: tuple[Deadline, ...], second: tuple[Deadline, ...]) -> Iterator[Change]:
    for limit in first:
        if limit not in second:
            sentence = text("{where}: this time limit is gone: {limit}", where=name, limit=limit_words(limit))
            yield Change("deadlines", name, _plain(limit), None, sentence)
    for limit in second:
        if limit not in first:
            sentence = text("{where}: this time limit is new: {limit}", where=name, limit=limit_words(limit))
            yield Change("deadlines", name, None, _plain(limit), sentence)


def _parameter(name: str, first: Any, second: Any) -> Iterator[Change]:
    if first.basis != second.basis:
        sentence = text("{where} has another legal basis: {before} → {after}", where=name, before=first.basis,
                        after=second.basis)  # fmt: skip
        yield Change("basis", name, first.basis, second.basis, sentence)
    before = {dated.since.isoformat(): dated.value for dated in first.values}
    after = {dated.since.isoformat(): dated.value for dated in second.values}
    yield from _parts("values", name, before, after, _VALUE)


def _parts(
    what: str, where: str, first: Mapping[str, Any], second: Mapping[str, Any], words: _Words
) -> Iterator[Change]:
    for name in {**first, **second}:
        before, after = first.get(name), second.get(name)
        if before != after:
            sentence = words.added if name not in first else words.removed if name not in second else words.changed
            told = _of(sentence, where=where, name=name, before=_said(before, after), after=_said(after, before))
            yield Change(what, where, _plain(before), _plain(after), told)


def _by_key(rules: Iterable[DocumentRule | FieldRule | Reason]) -> dict[str, Any]:
    keys = {DocumentRule: "kind", FieldRule: "name", Reason: "code"}
    return {getattr(rule, keys[type(rule)]): rule for rule in rules}


def _of(words: Text, **values: Any) -> Text:
    return Text(words.template, values)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _said(value: Any, other: Any = None) -> str:
    """A value in a sentence; of two shapes of one kind only what differs."""
    plain, beside = _plain(value), _plain(other)
    if isinstance(plain, dict):
        shown = {key: item for key, item in plain.items() if not isinstance(beside, dict) or beside.get(key) != item}
        return ", ".join(f"{key} {_said(item)}" for key, item in shown.items()) or "-"
    if isinstance(plain, list):
        return ", ".join(map(_said, plain)) or "-"
    return "-" if plain in (None, "") else str(plain)
