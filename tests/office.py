"""An office at work: a register in a folder of its own, and the commands as a clerk types them.

The clock is handed in and moves only when a test says so; chance is seeded. Nothing of ours is replaced.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import CliRunner, Result

import cli
from tests import databases
from workflow.demo.people import Person
from workflow.demo.workbooks import write_fields_csv, write_workers_csv

JAKARTA = ZoneInfo("Asia/Jakarta")
START = datetime(2025, 8, 7, 9, 0, tzinfo=JAKARTA)


def morning(day: str) -> datetime:
    """Nine o'clock on an ISO day, where the agency is."""
    return datetime.combine(date.fromisoformat(day), time(9), JAKARTA)


class Office:
    """Gives commands about one register. `place` is where it lies; `now` is what the clock says."""

    def __init__(
        self,
        folder: Path,
        *,
        now: datetime = START,
        seed: int = 1,
        name: str = "lantik.db",
        place: databases.Place | None = None,
    ) -> None:
        self.folder, self.place, self.now = folder, place or folder / name, now
        self.language, self.actor, self.busy_timeout = "en", "clerk", 0.2
        self.patience = 0.0
        self._chance = Random(seed)

    def copy(self, folder: Path, *, seed: int = 2) -> Office:
        """The same register in another folder, at the same moment; its ids will be others."""
        return Office(folder, now=self.now, seed=seed, place=databases.copied(self.place, folder))

    @property
    def db(self) -> Path:
        """The register's file, where it lies in one."""
        assert isinstance(self.place, Path)
        return self.place

    # --- commands

    def run(self, *words: object, at: datetime | str | None = None) -> Result:
        """Give one command. at: moves the clock first; a day means its morning."""
        if at is not None:
            self.now = morning(at) if isinstance(at, str) else at
        desk = cli.Desk(lambda: self.now, self._chance.randbytes, self.busy_timeout, self.patience)
        told = ["--db", str(self.place), "--actor", self.actor, "--lang", self.language, *map(str, words)]
        return CliRunner().invoke(cli.lantik, told, obj=desk, catch_exceptions=False)

    def ok(self, *words: object, at: datetime | str | None = None) -> Result:
        """Give a command that is to be done without a refusal."""
        result = self.run(*words, at=at)
        assert result.exit_code == 0, result.stderr
        return result

    def json(self, *words: object, at: datetime | str | None = None, code: int = 0) -> Any:
        """What a command answers to programs; `code` is its exit code."""
        result = self.run(*words, "--format", "json", at=at)
        assert result.exit_code == code, result.stderr
        return json.loads(result.stdout)

    def refused(self, *words: object, code: int = 1, at: datetime | str | None = None) -> str:
        """What standard error says of a command that leaves with `code` and records nothing."""
        before = self.stored()
        result = self.run(*words, at=at)
        assert result.exit_code == code, (result.exit_code, result.stderr)
        assert self.stored() == before
        assert result.stderr.strip()
        assert "Traceback" not in result.stderr
        return result.stderr

    def init(self, procedure: str = "kota-serang", code: str = "36.73") -> Office:
        self.ok("init", "--agency", "BKPSDM Kota Contoh", "--code", code, "--procedure", procedure)
        return self

    # --- files

    def workers(self, people: Iterable[Person], name: str = "workers.csv") -> Path:
        """The list of workers as an office would send it."""
        path = self.folder / name
        write_workers_csv(path, people)
        return path

    def fields(self, people: Iterable[Person], name: str = "fields.csv", **fields: Any) -> Path:
        """Facts of one step for each worker, as `advance --from` takes them."""
        path = self.folder / name
        write_fields_csv(path, people, **fields)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    # --- what is there

    def count(self, by: str, *words: object) -> dict[Any, int]:
        """Totals by one field, or by several as tuples."""
        rows = self.json("count", "--by", by, *words)
        keys = by.split(",")
        return {row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys): row["n"] for row in rows}

    def total(self, *words: object) -> int:
        return sum(self.count("status", *words).values())

    def stored(self) -> tuple[int, ...]:
        """How much is recorded: rows of the tables that only ever grow. Zeros where there is no register."""
        tables = ("event", "command", "personal", "claim", "imported", "unit", "unit_alias")
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        try:
            return databases.rows(self.place, f"SELECT {counts}")[0]
        except databases.FAULTS:
            return (0,)

    def edit(self, statement: str, *values: object) -> None:
        """Change the register behind the product's back, as a fault or another program would."""
        databases.edit(self.place, statement, *values)
