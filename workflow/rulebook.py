"""The procedures there are: finds the files, lays a regional one over the one it extends, and checks the whole.

In a file that extends another, a stage, step or parameter of the same name is merged key by key: a key that is given
replaces what was there, lists and tables included. `from_add`, `documents_add`, `fields_add`, `reasons_add` and
`guards_add` append to the list instead. Nothing in a file is evaluated as code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from domain.errors import Misused
from domain.guards import GUARDS
from domain.procedure import Employment, FourEyes, Label, Parameter, Procedure, Stage, Step
from domain.text import text
from workflow.procedure_checks import EMPLOYED, OPEN, Content, content_faults, unknown
from workflow.procedure_file import (
    FILE,
    FILE_NAME,
    LISTS,
    Fault,
    Source,
    Table,
    read_source,
    shape_faults,
    written_source,
)
from workflow.procedure_graph import graph_faults
from workflow.procedure_lines import Path as Keys

BUILT_IN = Path(__file__).parent / "procedures"


class _Known(NamedTuple):
    """tables: the file over all that it extends, as written, for those that extend it in turn."""

    procedure: Procedure
    tables: Table


class Rulebook:
    """The procedures of one folder, and those that a register keeps; each file is read and checked once.

    guards: the names that steps may ask for. adopted: asked for the files of the register, by reference, only where
    the folder has none. All that is wrong with a file is told at once, in one Misused.
    """

    def __init__(
        self,
        folder: Path | None = None,
        guards: Collection[str] = GUARDS,
        adopted: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.folder = folder or BUILT_IN
        self.guards = guards
        self.adopted = adopted
        self._known: dict[str, _Known] = {}

    def names(self) -> list[str]:
        """References of the procedures there are, by name, oldest version first."""
        return sorted({*self._in_folder(), *self.adopted()}, key=_name_and_version)

    def _in_folder(self) -> list[str]:
        return [path.stem for path in self.folder.glob("*@*.toml") if FILE_NAME.fullmatch(path.stem)]

    def load(self, reference: str) -> Procedure:
        """The procedure `name@version`, or the latest version of `name`; Misused if there is none."""
        if reference in self._known:
            return self._known[reference].procedure
        if reference in self._in_folder():
            return self._load(reference, ()).procedure
        there = self.names()
        versions = [name for name in there if name.partition("@")[0] == reference]
        wanted = versions[-1] if versions else reference
        if wanted not in there:
            raise self._no_procedure(reference, there)
        return self._load(wanted, ()).procedure

    def read(self, path: Path) -> Procedure:
        """The procedure in a file anywhere; what it extends is looked up among those there are."""
        return self._study(read_source(path), path.stem, ()).procedure

    def written(self, reference: str) -> str | None:
        """The text of the file of a reference; None if there is none."""
        path = self.folder / f"{reference}.toml"
        return read_source(path).written if path.is_file() else self.adopted().get(reference)

    def brings(self, reference: str, written: str) -> bool:
        """Whether the folder has exactly this file."""
        return reference in self._in_folder() and self.written(reference) == written

    def _no_procedure(self, reference: str, there: list[str]) -> Misused:
        sentence = unknown(
            reference,
            [*there, *{name.partition("@")[0] for name in there}],
            text("there is no procedure {reference}", reference=reference),
        )
        return Misused(text("{sentence}. There are: {names}.", sentence=sentence, names=", ".join(there) or "-"))

    def _load(self, reference: str, chain: tuple[str, ...]) -> _Known:
        if reference not in self._known:
            path = self.folder / f"{reference}.toml"
            kept = None if path.is_file() else self.adopted().get(reference)
            source = read_source(path) if kept is None else written_source(reference, kept)
            self._known[reference] = self._study(source, reference, chain)
        return self._known[reference]

    def _study(self, source: Source, stem: str, chain: tuple[str, ...]) -> _Known:
        chain = (*chain, stem)
        faults = [*shape_faults(source.tables, FILE), *_identity_faults(source, stem)]
        extends_faults = self._extends_faults(source.tables.get("extends"), chain)
        if extends_faults:  # without its base the rest of the file would look wrong as well
            raise source.refusal(faults + extends_faults)
        base = source.tables.get("extends")
        extended = self._load(base, chain) if isinstance(base, str) else None
        spoiled = {fault.path[:3] for fault in faults}
        own = _without(source.tables, spoiled)
        tables = _overlay(extended.tables if extended else {}, own)
        content = Content(tables, spoiled, self.guards)
        faults += (_as_written(fault, own, tables) for fault in content_faults(content))
        if faults:
            raise source.refusal(faults)
        procedure = _procedure(tables)
        if traps := list(graph_faults(procedure, extended.procedure if extended else None)):
            raise source.refusal(traps)
        return _Known(procedure, tables)

    def _extends_faults(self, extends: Any, chain: tuple[str, ...]) -> list[Fault]:
        at = ("extends",)
        there = self.names()
        if not isinstance(extends, str):
            return []
        if not FILE_NAME.fullmatch(extends):
            return [Fault(at, text("`extends` takes name@version, never a path"))]
        if extends in chain:
            cycle = " > ".join([*chain, extends])
            return [Fault(at, text("the files extend each other in a circle: {cycle}", cycle=cycle))]
        if extends not in there:
            return [Fault(at, unknown(extends, there, text("there is no procedure {reference}", reference=extends)))]
        return []


def _name_and_version(reference: str) -> tuple[str, list[int]]:
    name, _, version = reference.partition("@")
    return name, [int(part) for part in version.split(".")]


def _identity_faults(source: Source, stem: str) -> Iterable[Fault]:
    tables = source.tables
    for key in ("name", "version", "title"):
        if key not in tables:
            yield Fault((), text("`{key}` is missing", key=key))
    name, version = tables.get("name"), tables.get("version")
    if (
        isinstance(name, str)
        and isinstance(version, str)
        and (stem != f"{name}@{version}" or not FILE_NAME.fullmatch(stem))
    ):
        yield Fault(
            ("name",),
            text(
                "name and version say {said}.toml, the file is called {file}",
                said=f"{name}@{version}",
                file=source.file,
            ),
        )


def _without(tables: Table, spoiled: Collection[Keys], path: Keys = ()) -> Table:
    """The tables without the keys in `spoiled`, three levels deep."""
    kept: Table = {}
    for key, value in tables.items():
        here = (*path, key)
        if here not in spoiled:
            kept[key] = _without(value, spoiled, here) if isinstance(value, dict) and len(here) < 3 else value
    return kept


def _overlay(base: Table, own: Table) -> Table:
    """A file over the one it extends; neither is changed."""
    merged = {**base, **own}
    for section in ("stages", "steps", "parameters"):
        inherited, given = base.get(section, {}), own.get(section, {})
        merged[section] = {
            name: _merge(inherited.get(name, {}), given.get(name, {})) for name in {**inherited, **given}
        }
    return merged


def _merge(base: Table, own: Table) -> Table:
    merged = {**base, **own}
    for name in LISTS:
        if more := merged.pop(f"{name}_add", None):
            merged[name] = [*merged.get(name, []), *more]
    return merged


def _as_written(fault: Fault, own: Table, merged: Table) -> Fault:
    """The fault at `<list>_add` of its step, if it is about an item that the file appended."""
    if len(fault.path) < 4 or fault.path[0] != "steps":
        return fault
    step, key, number = fault.path[1:4]
    added = own.get("steps", {}).get(step, {}).get(f"{key}_add", ())
    place = int(number) - (len(merged["steps"][step][key]) - len(added)) if added else -1
    return Fault(("steps", step, f"{key}_add", str(place), *fault.path[4:]), fault.message) if place >= 0 else fault


def _procedure(tables: Table) -> Procedure:
    stages = msgspec.convert(tables["stages"], dict[str, Stage])
    groups = {
        OPEN: [code for code, stage in stages.items() if not stage.ended],
        EMPLOYED: [code for code, stage in stages.items() if stage.employment is Employment.FORMATION],
    }
    steps = {}
    for name, table in tables["steps"].items():
        named = [groups.get(stage, [stage]) for stage in table["from"]]
        sources = list(dict.fromkeys(stage for group in named for stage in group))
        written = {"to": None, **table, "name": name, "sources": sources}
        steps[name] = msgspec.convert({key: value for key, value in written.items() if key != "from"}, Step)
    return Procedure(
        name=tables["name"],
        version=tables["version"],
        title=msgspec.convert(tables["title"], Label),
        stages=stages,
        steps=steps,
        parameters=msgspec.convert(tables["parameters"], dict[str, Parameter]),
        extends=tables.get("extends"),
        four_eyes=msgspec.convert(tables["four_eyes"], FourEyes) if "four_eyes" in tables else None,
    )
