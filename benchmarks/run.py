"""Measure everything in one run and write benchmarks/results.md.

python -m benchmarks.run [--runs 5] [--people 5140] [--advanced 3794] [--output benchmarks/results.md]
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from benchmarks import registers, rivals
from benchmarks.measure import Alternative, Series, as_table, interleaved, timed
from domain.kinds import KINDS
from projections.asked import Selection, Times
from projections.history import history
from projections.roster import roster
from projections.views import rebuild
from workflow.demo.people import people
from workflow.demo.workbooks import write_workers_csv, write_workers_xlsx
from workflow.register import Register

ROOT = Path(__file__).parent.parent
TIMES = Times(registers.SWORN_IN)


class Given(NamedTuple):
    """What every part measures on. appointed: the register on the day before the oath; sworn: on that evening."""

    people: int
    advanced: int
    csv: Path
    xlsx: Path
    appointed: Path
    sworn: Path
    before: list[tuple[object, ...]]
    new: list[tuple[object, ...]]


class Part(NamedTuple):
    """A heading, what is compared (ours first), of how many rows, and what must be known to read it."""

    title: str
    alternatives: dict[str, Alternative]
    rows: int
    notes: str


def prepare(folder: Path, number: int, advanced: int) -> Given:
    """The files and registers; not measured."""
    persons = list(people(number))
    csv, xlsx, appointed, sworn = (folder / name for name in ("w.csv", "w.xlsx", "appointed.db", "sworn.db"))
    write_workers_csv(csv, persons)
    write_workers_xlsx(xlsx, persons)
    registers.appointed_register(appointed, xlsx, persons, advanced)
    registers.copy_register(appointed, sworn)
    with registers.desk_at(sworn).register() as register:
        registers.recorded(registers.swear_in(register, advanced), advanced)
    before, after = registers.stored_events(appointed), registers.stored_events(sworn)
    return Given(number, advanced, csv, xlsx, appointed, sworn, before, after[len(before) :])


@contextmanager
def opened(file: Path, *, read_only: bool = False) -> Iterator[Register]:
    with registers.desk_at(file).register(read_only=read_only) as register:
        yield register


def importing(given: Given, workbook: Path) -> Part:
    def ours(folder: Path) -> float:
        with registers.empty_register(folder / "lantik.db").register() as register:
            return timed(lambda: registers.recorded(registers.take_in(register, workbook), given.people))

    kind = workbook.suffix[1:].upper()
    return Part(
        f"Import of {given.people:,} people from {kind}",
        {"import: read, judge, record, keep the views": ours, f"only read the {kind}": lambda _: _only_read(workbook)},
        given.people,
        "The lower line reads every cell with the same library (`csv`, or `openpyxl` in read-only mode) and no more.",
    )


def _only_read(workbook: Path) -> float:
    return timed(lambda: rivals.only_read(workbook))


def advancing(given: Given) -> Part:
    def ours(folder: Path) -> float:
        file = registers.copy_register(given.appointed, folder / "lantik.db")
        with opened(file) as register:
            return timed(lambda: registers.recorded(registers.swear_in(register, given.advanced), given.advanced))

    def stock(folder: Path, parts: slice) -> float:
        library = rivals.Stock.on_sqlite(folder / "stock.db", given.advanced)
        seconds = library.swear_in()
        library.close()
        return sum(seconds[parts])

    def bare(folder: Path) -> float:
        connection = rivals.bare_log(folder / "bare.db", given.before)
        seconds = timed(lambda: rivals.append(connection, given.new))
        connection.close()
        return seconds

    return Part(
        f"advance swear-in for {given.advanced:,} of {given.people:,} people",
        {
            "advance: load, judge, record, keep the views": ours,
            "stock eventsourcing: save only": lambda folder: stock(folder, slice(2, 3)),
            "stock eventsourcing: trigger and save": lambda folder: stock(folder, slice(1, 3)),
            "stock eventsourcing: get, trigger and save": lambda folder: stock(folder, slice(0, 3)),
            "bare sqlite3: executemany of the same bytes": bare,
        },
        given.advanced,
        "Ours is the whole step on an open register, one transaction. Stock is `eventsourcing.sqlite` with one `save` "
        "of as many aggregates, one event each; it neither judges nor keeps views. *Save only* counts neither the "
        "loading of the aggregates nor the construction of their events. Bare is one `executemany` into a table "
        "`event` with the same unique index, which already holds the events before.",
    )


def listing(given: Given) -> Part:
    with opened(given.sworn, read_only=True) as register, register.datastore.read() as connection:
        rows = list(roster(connection, TIMES, Selection(), register.settings.case_number))
    flat = rivals.flat_table(rows)

    def ours(_folder: Path) -> float:
        with opened(given.sworn, read_only=True) as register, register.datastore.read() as connection:
            return timed(lambda: list(roster(connection, TIMES, Selection(), register.settings.case_number)))

    return Part(
        f"Roster of all {len(rows):,} cases, inside the process",
        {
            "roster at a day, as known now": ours,
            "plain SELECT of as many rows": lambda _: timed(flat.execute("SELECT * FROM flat").fetchall),
        },
        len(rows),
        "The plain table lies in memory and has the same thirteen columns; its rows stay tuples.",
    )


def replaying(given: Given) -> Part:
    [case] = [one for one in (1,) if one <= given.people]
    id_of_case = given.before[case - 1][1]

    def ours(_folder: Path) -> float:
        with opened(given.sworn, read_only=True) as register, register.datastore.read():
            zone, load = register.settings.zone, register.rulebook.load
            return timed(lambda: history(register.log_of_events.stream(case), TIMES, zone, load))

    def bare(_folder: Path) -> float:
        with sqlite3.connect(given.sworn) as connection:
            query = "SELECT * FROM event WHERE originator_id = ? ORDER BY originator_version"
            return timed(connection.execute(query, (id_of_case,)).fetchall)

    events = sum(row[1] == id_of_case for row in [*given.before, *given.new])
    return Part(
        f"One worker's history of {events} events",
        {"history: decode, replay, before and after": ours, "plain SELECT of the events": bare},
        events,
        "First question on a register that was just opened; `rows/s` are events.",
    )


def rebuilding(given: Given) -> Part:
    decoders = {topic: msgspec.json.Decoder(kind).decode for topic, kind in KINDS.items()}

    def ours(folder: Path) -> float:
        with opened(registers.copy_register(given.sworn, folder / "lantik.db")) as register:
            store, log = register.datastore, register.log_of_events
            return timed(lambda: rebuild(store.read, store.write, log, register.last_case, lambda _done, _of: None))

    def decoding(_folder: Path) -> float:
        with sqlite3.connect(given.sworn) as connection:
            query = "SELECT topic, state FROM event ORDER BY position"
            return timed(lambda: [decoders[topic](state) for topic, state in connection.execute(query)])

    events = len(given.before) + len(given.new)
    return Part(
        f"Rebuild of the views from {events:,} events",
        {"rebuild: replay, write aside, compare, swap": ours, "plain SELECT and decode of all events": decoding},
        events,
        "",
    )


def starting() -> Part:
    def process(*arguments: str) -> Alternative:
        command = [sys.executable, *arguments]
        return lambda _: timed(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))

    return Part(
        "Cold start, as a process",
        {
            "python cli.py --version": process("cli.py", "--version"),
            'python -c "import click"': process("-c", "import click"),
            "python -c pass": process("-c", "pass"),
        },
        1,
        "",
    )


def heading(given: Given, runs: int) -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "eventsourcing", "msgspec", "openpyxl"))
    with opened(given.sworn) as register, register.datastore.read() as connection:
        pragmas = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    return [
        "# Measured",
        "",
        f"`python -m benchmarks.run --runs {runs} --people {given.people} --advanced {given.advanced}`",
        "",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}; {platform.machine()}.",
        f"Registers: journal_mode {pragmas['journal_mode']}, synchronous {pragmas['synchronous']} (2 is FULL: an fsync "
        "at each commit); the stock library and the bare tables the same, a file each.",
        f"One round to warm up, then {runs} rounds; in each round every alternative runs once, one after the other. A "
        "ratio is taken within its round. The machine was shared, so read the ratios and not the milliseconds.",
    ]


def section(part: Part, series: list[Series]) -> list[str]:
    notes = ["", part.notes] if part.notes else []
    return ["", f"## {part.title}", "", *as_table(series, part.rows), *notes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--people", type=int, default=5140)
    parser.add_argument("--advanced", type=int, default=3794)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        given = prepare(Path(scratch), asked.people, asked.advanced)
        lines = heading(given, asked.runs)
        parts = [importing(given, given.csv), importing(given, given.xlsx), advancing(given), listing(given)]
        for at, part in enumerate([*parts, replaying(given), rebuilding(given), starting()]):
            folder = Path(scratch, f"part-{at}")
            folder.mkdir()
            lines += section(part, interleaved(part.alternatives, asked.runs, folder))
            print(part.title, flush=True)
    asked.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
