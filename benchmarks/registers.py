"""Registers to measure on: made once through the same code as the commands, then copied for each run."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cli import Desk
from domain.document import Document
from domain.draft import Request
from domain.outcome import Outcome
from workflow.advance import Order, advance
from workflow.demo.people import Person
from workflow.intake.workers import read_workers
from workflow.register import Actor, Register
from workflow.registration import Intake, register_workers
from workflow.whom import Who

CLERK = Actor("benchmark", "stated")
NAMED = date(2025, 8, 7)
SWORN_IN = date(2025, 10, 23)


def desk_at(place: Path | str, day: int = 31) -> Desk:
    """A desk in October, whose clock moves a second with each look and whose chance repeats."""
    moments = itertools.count()
    drawn = itertools.count()
    begin = datetime(2025, 10, day, 2, tzinfo=UTC)

    def entropy(size: int) -> bytes:
        return hashlib.shake_128(b"%d %d" % (day, next(drawn))).digest(size)

    desk = Desk(lambda: begin + timedelta(seconds=next(moments)), entropy)
    desk.db = str(place)
    return desk


def empty_register(place: Path | str) -> Desk:
    """A register without cases or units."""
    desk = desk_at(place, day=30)
    desk.create("BKPSDM Kota Serang", "36.73", "kota-serang", "Asia/Jakarta")
    return desk


def take_in(register: Register, workbook: Path) -> Outcome:
    """What `lantik import` does: read, judge, record."""
    workers = read_workers(workbook, encoding=None, sheet=None, on=NAMED)
    return register_workers(register, Intake(workers.rows, NAMED), CLERK)


def appointed_register(place: Path | str, workbook: Path, people: Sequence[Person], number: int) -> None:
    """All people registered, the first `number` of them with their SK: the day before the oath."""
    desk = empty_register(place)
    with desk.register() as register:
        take_in(register, workbook)
        for step, on, papers, fields in _path():
            given = [{name: value(person) for name, value in fields.items()} for person in people[:number]]
            workers = [Who(register.settings.case_number(at), at, own) for at, own in enumerate(given, 1)]
            recorded(advance(register, Order(Request(step, on, papers), workers), CLERK), number)


def swear_in(register: Register, number: int) -> Outcome:
    """What `lantik advance swear-in --from FILE` does once the file is read."""
    request = Request("swear-in", SWORN_IN, (Document("berita-acara", "BA/1/2025", SWORN_IN),))
    workers = [Who(register.settings.case_number(at)) for at in range(1, number + 1)]
    return advance(register, Order(request, workers), CLERK)


def recorded(outcome: Outcome, number: int) -> None:
    """Stop a measurement that measures refusals."""
    done = sum(row.verdict.value == "recorded" for row in outcome.rows)
    if done != number:
        raise SystemExit(f"{done} of {number} rows were recorded: the figures would mean nothing.")


def stored_events(file: Path) -> list[tuple[Any, ...]]:
    """The rows of the table `event`, in order."""
    with sqlite3.connect(file) as connection:
        return connection.execute("SELECT * FROM event ORDER BY position").fetchall()


def copy_register(file: Path, to: Path) -> Path:
    """A register that nobody has open, as one file."""
    with sqlite3.connect(file) as source, sqlite3.connect(to) as target:
        source.backup(target)
    target.execute("PRAGMA journal_mode = WAL")
    return to


Fields = Mapping[str, Callable[[Person], str]]


def _path() -> list[tuple[str, date, tuple[Document, ...], Fields]]:
    """The steps from the list of names to the SK, with the papers they rest on."""

    def paper(kind: str, on: date) -> Document:
        return Document(kind, f"{kind}/1/2025", on)

    verified, proposed, approved = date(2025, 8, 12), date(2025, 8, 18), date(2025, 9, 8)
    announced, asked, assigned, appointed = (
        date(2025, 9, 10),
        date(2025, 9, 22),
        date(2025, 9, 30),
        date(2025, 10, 1),
    )
    return [
        ("verify", verified, (paper("sptjm-opd", verified),), {}),
        ("propose", proposed, (paper("surat-usulan", proposed), paper("sptjm-ppk", proposed)), {}),
        ("approve", approved, (paper("keputusan-menpan", approved),), {}),
        ("announce", announced, (paper("pengumuman", announced),), {}),
        ("propose-ni", asked, (paper("surat-usul-ni", asked),), {"drh_complete": lambda _person: "ya"}),
        ("assign-ni", assigned, (paper("pertek", assigned),), {"ni": lambda person: person.ni}),
        ("appoint", appointed, (paper("sk", appointed),), {"wage": lambda person: str(person.wage_sk)}),
    ]
