"""The views as the register keeps them: created with it, followed in each transaction, rebuilt when asked.

A rebuild is made aside while others read and write, then takes the place of the kept tables under the
write lock. The fingerprint says whether two builds hold the same rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import sqlalchemy as sa

from domain.dialect import dialect_of
from domain.log import Change, Log, Wanted
from domain.standing import Standing
from projections import intervals, reading, scope
from projections.national import SHARED
from projections.standings import standings
from projections.tables import KEPT, SUFFIX_ASIDE, Tables

CASES_AT_ONCE = 2000

Scope = Callable[[], AbstractContextManager[sa.Connection]]
"""A transaction: of the datastore's `read` or `write`."""


class Status(NamedTuple):
    """rows by table, and the fingerprint over all of them."""

    rows: dict[str, int]
    fingerprint: str


class KeptViews:
    """Implements `domain.log.Views`."""

    @property
    def tables(self) -> Sequence[sa.Table]:
        return KEPT.all

    def create(self, connection: sa.Connection) -> None:
        """Make the tables and their indexes."""
        KEPT.metadata.create_all(connection)

    def standings(self, connection: sa.Connection, cases: Iterable[int]) -> dict[int, Standing]:
        """Where each case stands after its last act, without personal values."""
        return standings(connection, cases)

    def follow(self, connection: sa.Connection, moment: int, changes: Iterable[Change]) -> None:
        """Take over what a command did, recorded at `moment`."""
        intervals.follow(connection, KEPT, moment, changes)

    def numbers(self, units: Collection[str], schema: str) -> sa.Select[tuple[int]]:
        """A query for the cases that have one of these units now, or had it last."""
        return scope.numbers(units, schema)

    def units_of(self, connection: sa.Connection, cases: Iterable[int]) -> dict[int, str]:
        """The unit that each case has now, or had last."""
        return scope.units_of(connection, cases)


def status(connection: sa.Connection, tables: Tables = KEPT) -> Status:
    """How many rows each table holds, and the SHA-256 over all rows in the order of their keys."""
    digest = hashlib.sha256()
    rows = {}
    for table in tables.all:
        count = 0
        for row in reading.rows(connection, sa.select(table).order_by(*table.primary_key)):
            digest.update(repr(row).encode())
            count += 1
        rows[table.name.removesuffix(SUFFIX_ASIDE)] = count
    return Status(rows, digest.hexdigest())


def discard_unfit(connection: sa.Connection) -> bool:
    """Drop the views if one of them is missing or has other columns than this version keeps; whether it was so."""
    inspected = sa.inspect(connection)
    there = set(inspected.get_table_names())
    fit = KEPT.metadata.tables.keys() <= there and all(
        {column["name"] for column in inspected.get_columns(table.name)} == set(table.columns.keys())
        for table in KEPT.all
    )
    if not fit:
        if connection.dialect.name == "postgresql":  # it is laid over the views, and made again with the rights
            connection.execute(sa.text(f"DROP VIEW IF EXISTS {SHARED}"))
        KEPT.metadata.drop_all(connection)
    return not fit


def rebuild(
    read: Scope, write: Scope, log: Log, last_case: Callable[[], int], progress: Callable[[int, int], None]
) -> tuple[Status, Status]:
    """Build the views anew from the log; how they were kept (empty if a table was gone), and how they were rebuilt."""
    aside = Tables(SUFFIX_ASIDE)
    with write() as connection:
        aside.metadata.drop_all(connection)
        aside.metadata.create_all(connection)
    with read() as connection:
        built_at, cases = log.head(), last_case()
    for first in range(1, cases + 1, CASES_AT_ONCE):
        rows = _replayed(log, range(first, first + CASES_AT_ONCE), built_at)
        with write() as connection:
            for table, of_table in zip(aside.all, rows, strict=True):
                dialect_of(connection).insert(connection, table, of_table)
        progress(min(first + CASES_AT_ONCE - 1, cases), cases)
    with write() as connection:
        _catch_up(connection, aside, log, built_at)
        there = sa.inspect(connection).get_table_names()
        whole = all(table.name in there for table in KEPT.all)
        kept, rebuilt = status(connection) if whole else Status({}, ""), status(connection, aside)
        for old, new in zip(aside.all, KEPT.all, strict=True):
            dialect_of(connection).supplant(connection, new, old)
    return kept, rebuilt


def _replayed(log: Log, cases: range, until: int) -> list[list[tuple[object, ...]]]:
    rows: list[list[tuple[object, ...]]] = [[], [], [], []]
    for _, stream in log.streams(cases):
        known = [recorded for recorded in stream if recorded.position <= until]
        if known:
            for of_table, more in zip(rows, intervals.replay(known), strict=True):
                of_table.extend(more)
    return rows


def _catch_up(connection: sa.Connection, aside: Tables, log: Log, built_at: int) -> None:
    """Replay the cases that moved while the rebuild was made; nobody writes now."""
    moved = sorted({recorded.case for recorded in log.events(Wanted(after=built_at))})
    for case in moved:
        rows = _replayed(log, range(case, case + 1), log.head())
        for table, of_table in zip(aside.all, rows, strict=True):
            connection.execute(table.delete().where(table.c.number == case))
            dialect_of(connection).insert(connection, table, of_table)
