"""The units (OPDs) of the agency: a register of their own, with the other names that offices write."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import sqlalchemy as sa

from domain.access import Role
from domain.errors import Refused
from domain.findings import Finding, Severity
from domain.text import text
from workflow.access import permit
from workflow.intake.units import UnitRow
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.store.tables import unit, unit_alias
from workflow.transaction import Transaction

_APART = re.compile(r"[^0-9a-z]+")


class UnitEntry(NamedTuple):
    """listed: from a unit list, and not only seen in an import."""

    name: str
    code: str | None
    listed: bool
    aliases: list[str]


def key_of(name: str) -> str:
    """What two spellings of one unit have in common: letters and digits, case folded."""
    return _APART.sub(" ", name.casefold()).strip()


class UnitBook:
    """The units as one command sees them; new ones are remembered until they are stored."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._new: dict[str, str] = {}

    @cached_property
    def _listed(self) -> dict[str, tuple[str, bool]]:
        """Name by key, and whether a list names it."""
        rows = self._transaction.connection.execute(sa.select(unit.c.key, unit.c.name, unit.c.listed))
        return {row.key: (row.name, row.listed) for row in rows}

    @cached_property
    def _names(self) -> dict[str, str]:
        """The units' own names by all keys that mean them; read when first asked for, as few steps name a unit."""
        names = {key: name for key, (name, _) in self._listed.items()}
        aliases = self._transaction.connection.execute(sa.select(unit_alias.c.key, unit_alias.c.unit))
        return names | {alias: names[key] for alias, key in aliases}

    @property
    def closed(self) -> bool:
        """Whether a list of units was loaded: then no other is taken."""
        return any(listed for _, listed in self._listed.values())

    def resolve(self, written: str) -> tuple[str | None, Finding | None]:
        """The unit's own name for what an office wrote; a finding if it is new (warning) or unknown (error)."""
        key = key_of(written)
        if key in self._names:
            return self._names[key], None
        if self.closed:
            return None, self._unknown(written)
        self._names[key] = self._new[key] = written
        return written, None

    def has(self, key: str) -> bool:
        """Whether a unit or an alias has this key."""
        return key in self._names

    @property
    def has_any(self) -> bool:
        return bool(self._names)

    @property
    def new_names(self) -> list[str]:
        return list(self._new.values())

    def store_new(self, command_id: bytes, *, only: Iterable[str]) -> None:
        """Store those of the new units that rows were recorded for."""
        wanted = set(only)
        rows = [(key, name, None, False, command_id) for key, name in self._new.items() if name in wanted]
        self._transaction.many.insert(self._transaction.connection, unit, rows)

    def nearest(self, written: str) -> str:
        """The names of the three units that are written most alike."""
        near = difflib.get_close_matches(key_of(written), self._names, n=len(self._names) or 1, cutoff=0.0)
        return "; ".join(list(dict.fromkeys(self._names[key] for key in near))[:3])

    def _unknown(self, written: str) -> Finding:
        names = self.nearest(written)
        return Finding(
            "unknown-unit",
            text("the unit is not in the list of units"),
            text("The nearest are: {names}. Mend the row, or add the spelling with lantik unit alias.", names=names),
            rule="import check 16",
            column="unit",
        )


def other_kind(written: str, code: str) -> Finding | None:
    """A city and the regency of the same name are different agencies: warn where a unit names the other kind."""
    words = key_of(written).split()
    is_city = code.partition(".")[2] >= "71"
    if not {"kab", "kabupaten"}.isdisjoint(words) if is_city else "kota" in words:
        return Finding(
            "other-agency",
            text("the unit names a city where the agency is a regency, or the other way round"),
            text("Check that the worker belongs to this agency."),
            "import check 16",
            Severity.WARNING,
            "unit",
        )
    return None


def warned_new(names: Iterable[str]) -> Finding | None:
    """One warning that names the units an import made."""
    listed = sorted(names)
    if not listed:
        return None
    return Finding(
        "new-units",
        text("{count} units are new and were taken as written: {names}", count=len(listed), names="; ".join(listed)),
        text("Load the agency's list with lantik unit import, so that misspellings are refused."),
        "import check 16",
        Severity.WARNING,
        "unit",
    )


@patiently
def import_units(register: Register, rows: Iterable[UnitRow], by: Actor) -> tuple[int, list[tuple[int, Finding]]]:
    """Add a list of units with their aliases: how many were new, and what is wrong row by row. All or nothing."""
    listed = list(rows)
    with register.transaction() as transaction:
        keeper = permit(register, by, [Role.KEEPER], "unit-import").by
        command_id = transaction.new_id()
        known, findings, units, aliases = UnitBook(transaction), [], {}, {}
        for row in listed:
            findings += [(row.number, finding) for finding in row.findings]
            key = key_of(row.name)
            if key in units:
                findings.append(
                    (row.number, Finding("named-twice", text("the unit is in the file twice"), column="name"))
                )
            units[key] = (key, row.name, row.code, True, command_id.bytes)
            for alias in row.aliases:
                aliases[key_of(alias)] = (key_of(alias), alias, key, command_id.bytes)
        if any(finding.refuses for _, finding in findings):
            return 0, findings
        fresh = [row for key, row in units.items() if not known.has(key)]
        fresh_aliases = [row for key, row in aliases.items() if not known.has(key) and key not in units]
        if fresh or fresh_aliases:
            digest = transaction.digest(["unit import", sorted(units), sorted(aliases)])
            transaction.begin_command(command_id, "unit-import", keeper, digest)
            transaction.many.insert(transaction.connection, unit, fresh)
            transaction.many.insert(transaction.connection, unit_alias, fresh_aliases)
    return len(fresh), findings


@patiently
def add_alias(register: Register, alias: str, name: str, by: Actor) -> str:
    """Let `alias` mean the unit `name`; its full name. Raises Refused for an unknown unit or a taken alias."""
    with register.transaction() as transaction:
        keeper = permit(register, by, [Role.KEEPER], "unit-alias").by
        book = UnitBook(transaction)
        if not book.has(key_of(name)):
            raise Refused(text("There is no unit {name}. See lantik unit list.", name=name))
        if book.has(key_of(alias)):
            raise Refused(text("{alias} already names a unit; nothing was changed.", alias=alias))
        resolved, _ = book.resolve(name)
        assert resolved is not None
        command_id = transaction.new_id()
        transaction.begin_command(command_id, "unit-alias", keeper, transaction.digest(["unit alias", alias, name]))
        transaction.many.insert(
            transaction.connection, unit_alias, [(key_of(alias), alias, key_of(resolved), command_id.bytes)]
        )
    return resolved


def unit_names(register: Register, written: Iterable[str]) -> tuple[str, ...]:
    """The units' own names for what somebody typed. Raises Refused for one that is not known."""
    wanted = list(written)
    if not wanted:
        return ()
    with register.transaction(dry_run=True) as transaction:
        book = UnitBook(transaction)
        for name in wanted:
            if not book.has(key_of(name)) and not book.has_any:
                raise Refused(
                    text("There is no unit {name}, nor any other: load them with lantik unit import.", name=name)
                )
            if not book.has(key_of(name)):
                raise Refused(
                    text("There is no unit {name}. The nearest are: {near}.", name=name, near=book.nearest(name))
                )
        return tuple(resolved for name in wanted if (resolved := book.resolve(name)[0]) is not None)


def list_units(register: Register) -> list[UnitEntry]:
    """All units by name, with their aliases."""
    with register.datastore.read() as connection:
        aliases: dict[str, list[str]] = {}
        for key, alias in connection.execute(
            sa.select(unit_alias.c.unit, unit_alias.c.alias).order_by(unit_alias.c.alias)
        ):
            aliases.setdefault(key, []).append(alias)
        rows = connection.execute(sa.select(unit).order_by(unit.c.name)).all()
        return [UnitEntry(row.name, row.code, row.listed, aliases.get(row.key, [])) for row in rows]
