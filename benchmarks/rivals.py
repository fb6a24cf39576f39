"""What the register is measured against: the stock library, and SQLite with nothing around it."""

from __future__ import annotations

import csv
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class StockCase(Aggregate):
    """The case as the documentation of `eventsourcing` would write it; it judges nothing."""

    @event("Registered")
    def __init__(self, number: int, unit: str) -> None:
        self.number, self.unit, self.stage = number, unit, "appointed"

    @event("SwornIn")
    def swear_in(
        self, step: str, effective_on: str, procedure: str, stage: str, employment: str, documents: list[dict[str, str]]
    ) -> None:
        self.stage = stage


class Stock:
    """`eventsourcing` on one of its own modules, with as many aggregates as are to be moved."""

    def __init__(self, environment: dict[str, str], number: int) -> None:
        self._app = Application[UUID](env=environment)
        cases = [StockCase(number=at, unit="Dinas Pendidikan dan Kebudayaan") for at in range(number)]
        self._app.save(*cases)
        self._ids = [case.id for case in cases]

    @classmethod
    def on_sqlite(cls, file: Path, number: int) -> Stock:
        environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)}
        return cls({**environment, "SQLITE_LOCK_TIMEOUT": "30"}, number)

    def swear_in(self, which: Sequence[int] | None = None) -> tuple[float, float, float]:
        """Seconds to load the aggregates one by one, to trigger the events, and to save them in one call."""
        ids = self._ids if which is None else [self._ids[at] for at in which]
        began = time.perf_counter()
        cases: list[StockCase] = [self._app.repository.get(case_id) for case_id in ids]
        loaded = time.perf_counter()
        paper = {"kind": "berita-acara", "number": "BA/1/2025", "dated": "2025-10-23"}
        for case in cases:
            case.swear_in("swear-in", "2025-10-23", "kota-serang@2025.1", "sworn-in", "formation", [paper])
        triggered = time.perf_counter()
        self._app.save(*cases)
        return loaded - began, triggered - loaded, time.perf_counter() - triggered

    def close(self) -> None:
        self._app.close()


def bare_log(file: Path, rows: Sequence[tuple[Any, ...]]) -> sqlite3.Connection:
    """The table `event` and its unique index, without trigger or foreign key, holding `rows`."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE event (position INTEGER PRIMARY KEY, originator_id BLOB NOT NULL, originator_version INTEGER "
        "NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, command_id BLOB, "
        "UNIQUE (originator_id, originator_version))"
    )
    append(connection, rows)
    return connection


def append(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """One transaction, one `executemany`."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")


def flat_table(rows: Sequence[dict[str, Any]]) -> sqlite3.Connection:
    """One plain table in memory with the values of a roster, to be read back by one SELECT."""
    connection = sqlite3.connect(":memory:")
    names = [f'"{name}"' for name in rows[0]]
    connection.execute(f"CREATE TABLE flat ({', '.join(names)})")
    marks = ", ".join("?" * len(names))
    connection.executemany(
        f"INSERT INTO flat VALUES ({marks})",
        ([str(value) if value is not None else None for value in row.values()] for row in rows),
    )
    connection.commit()
    return connection


def only_read(workbook: Path) -> int:
    """Read every cell of a file with the library that reads it, and nothing else."""
    if workbook.suffix == ".csv":
        with workbook.open(encoding="utf-8-sig", newline="") as file:
            return sum(len(row) for row in csv.reader(file, delimiter=";"))
    book = openpyxl.load_workbook(workbook, read_only=True)
    cells = sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return cells
