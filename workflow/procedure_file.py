"""One procedure file as it is written: read within limits, its keys and types checked, its faults shown with lines.

What the file means, alone or over the file it extends, is judged in `workflow.procedure_checks`.
"""

from __future__ import annotations

import functools
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from pathlib import Path as FilePath
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from domain.errors import Misused
from domain.files import reason_of
from domain.procedure import DatedValue, Deadline, DocumentRule, Employment, FieldRule, FourEyes, Label, Reason
from domain.text import Text, text
from workflow.procedure_limits import MOST_BYTES, excess, harmless, overlong_lines
from workflow.procedure_lines import Path, lines_of, nearest_line

MOST_FAULTS = 50
"""How many faults of one file are told."""
FILE_NAME = re.compile(r"(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)@(?P<version>[0-9]{1,9}(?:\.[0-9]{1,9})*)")

Table = dict[str, Any]

fields_of = functools.cache(msgspec.structs.fields)
"""The fields of a shape; working them out costs more than reading a file."""


class Each(NamedTuple):
    """The shape of a table whose keys are free: what is under each of them."""

    shape: Any


LISTS: dict[str, Any] = {
    "from": tuple[str, ...],
    "documents": tuple[DocumentRule, ...],
    "fields": tuple[FieldRule, ...],
    "reasons": tuple[Reason, ...],
    "guards": tuple[str, ...],
    "deadlines": tuple[Deadline, ...],
}
"""The lists of a step; in a file that extends another, `<name>_add` appends to the one it found."""

STEP: Table = {
    **LISTS,
    **{f"{name}_add": shape for name, shape in LISTS.items()},
    "to": str,
    "event": str,
    "label": Label,
    "authority": str,
    "role": str,
    "legal_basis": str,
    "reason_required": bool,
    "deadline": Deadline,
    "opens": str,
    "constants": Each(Any),
    "enabled": bool,
    "four_eyes": bool,
}
PARAMETER: Table = {"basis": str, "values": tuple[DatedValue, ...]}
STAGE: Table = {"label": Label, "employment": Employment, "ended": bool}


FILE: Table = {
    "name": str,
    "version": str,
    "title": Label,
    "extends": str,
    "stages": Each(STAGE),
    "steps": Each(STEP),
    "parameters": Each(PARAMETER),
    "four_eyes": FourEyes,
}


class Fault(NamedTuple):
    """What is wrong, and the keys that lead to it."""

    path: Path
    message: Text


class Problems(tuple[Text, ...]):
    """Sentences, one a line; each can be translated by itself."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self)


class Source(NamedTuple):
    """A file's name, its text, and what it says."""

    file: str
    written: str
    tables: Table

    def refusal(self, faults: Iterable[Fault]) -> Misused:
        """All faults in the order of the file, each with its line."""
        return refusal(self.file, self.placed(faults))

    def placed(self, faults: Iterable[Fault]) -> list[tuple[int, Text]]:
        """The faults with their lines, in the order of the file; of what is inherited, the line that says whence."""
        lines = lines_of(self.written)

        def line(path: Path) -> int:
            inherited = len(path) > 1 and path[:2] not in lines
            return nearest_line(lines, ("extends",) if inherited else path)

        return sorted(((line(fault.path), fault.message) for fault in faults), key=lambda at: at[0])


def refusal(file: str, placed: Iterable[tuple[int, Text]]) -> Misused:
    """The error that names a file's faults with their lines, each once."""
    problems = [text("{file}, line {line}: {fault}", file=file, line=line, fault=fault) for line, fault in placed]
    distinct = list({str(problem): problem for problem in problems}.values())
    if len(distinct) > MOST_FAULTS:
        distinct[MOST_FAULTS:] = [text("And there are more.")]
    return Misused(text("The procedure {file} cannot be used.\n{problems}", file=file, problems=Problems(distinct)))


def written_source(reference: str, written: str) -> Source:
    """A file that a register keeps, by the name it had."""
    file = f"{reference}.toml"
    return Source(file, written, _parse(file, written))


def read_source(path: FilePath) -> Source:
    """The file as TOML, at most MOST_BYTES long; Misused if it cannot be read so."""
    name = harmless(path.name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for a writer, a device never end
            raise Misused(text("{file} is no plain file.", file=name))
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Misused(text("{file} cannot be read: {why}.", file=name, why=reason_of(error))) from None
    if len(raw) > MOST_BYTES:
        raise refusal(name, [(1, text("the file is longer than {most} bytes", most=MOST_BYTES))])
    try:
        written = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refusal(name, [(line, text("the file is not UTF-8"))]) from None
    return Source(name, written, _parse(name, written))


def _parse(file: str, written: str) -> Table:
    if overlong := list(overlong_lines(written)):
        raise refusal(file, overlong)
    tables = _read(file, written)
    if (found := excess(tables)) is not None:
        path, fault = found
        raise refusal(file, [(nearest_line(lines_of(written), path) if path else 1, fault)])
    return tables


def _read(file: str, written: str) -> Table:
    try:
        return tomllib.loads(written)
    except RecursionError:
        raise refusal(file, [(1, text("brackets are nested too deeply"))]) from None
    except ValueError as error:  # beside its own, tomllib lets through that of a number with 5,000 digits
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else written.count("\n") + 1
        raise refusal(file, [(line, text("this is not TOML: {detail}", detail=harmless(str(error))))]) from None


def shape_faults(value: Any, shape: Any, path: Path = ()) -> Iterator[Fault]:
    """Every key that is unknown or missing and every value of a wrong type, at any depth.

    A dict as shape names keys that may be there; a struct also those that must be.
    """
    shape = without_none(shape)
    if isinstance(shape, dict):
        yield from _table_faults(value, shape, set(), path)
    elif isinstance(shape, Each):
        yield from _each_fault(value, dict, shape.shape, path)
    elif get_origin(shape) is tuple:
        yield from _each_fault(value, list, get_args(shape)[0], path)
    elif isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        known = fields_of(shape)
        required = {field.encode_name for field in known if field.required}
        yield from _table_faults(value, {field.encode_name: field.type for field in known}, required, path)
    elif shape is not Any and (not isinstance(value, _accepted(shape)) or _confused(value, shape)):
        yield Fault(path, _expected(path, shape))
    elif isinstance(shape, type) and issubclass(shape, Enum) and value not in _codes(shape):
        yield Fault(path, text("`{key}` must be one of: {codes}", key=path[-1], codes=", ".join(_codes(shape))))


def without_none(shape: Any) -> Any:
    """The type in `type | None`; any other type as it is."""
    if isinstance(shape, UnionType):
        return next(part for part in get_args(shape) if part is not NoneType)
    return shape


def _each_fault(value: Any, container: type, shape: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(value, container):
        yield Fault(path, _expected(path, container))
        return
    items: Any = value
    for key, item in items.items() if container is dict else enumerate(items):
        yield from shape_faults(item, shape, (*path, str(key)))


def _table_faults(value: Any, known: Table, required: set[str], path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(path, _expected(path, dict))
        return
    for key, item in value.items():
        if key in known:
            yield from shape_faults(item, known[key], (*path, key))
        else:
            yield Fault(
                (*path, key), text("`{key}` is no key here; there are: {known}", key=key, known=", ".join(known))
            )
    for key in sorted(required - value.keys()):
        yield Fault(path, _missing(path, key))


def _missing(path: Path, key: str) -> Text:
    if path and path[-1] in ("label", "title"):
        return text("`{name}` has no words in the language `{key}`", name=path[-1], key=key)
    return text("`{key}` is missing", key=key)


def _codes(shape: type[Enum]) -> list[str]:
    return [str(member.value) for member in shape]


def _accepted(shape: type) -> type:
    return str if issubclass(shape, Enum) else shape


def _confused(value: Any, shape: type) -> bool:
    """Python takes true for a number and a moment for a date; a file does not."""
    return (shape is int and isinstance(value, bool)) or (shape is date and isinstance(value, datetime))


def _expected(path: Path, shape: type) -> Text:
    key = path[-1]
    if shape is bool:
        return text("`{key}` must be true or false", key=key)
    if shape is int:
        return text("`{key}` must be a whole number", key=key)
    if shape is date:
        return text("`{key}` must be a date such as 2025-12-31, without quotes", key=key)
    if shape is list:
        return text("`{key}` must be a list in square brackets", key=key)
    if shape is dict:
        return text("`{key}` must be a table", key=key)
    return text("`{key}` must be a text in quotes", key=key)
