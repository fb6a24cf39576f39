"""Measure the register on PostgreSQL beside the stock library there, and write benchmarks/results-postgresql.md.

python -m benchmarks.on_postgres [--runs 5] [--people 5140] [--advanced 3794] [--commands 200]

The server is the tests' own, with fsync and synchronous commit on, on the same machine.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from benchmarks import registers
from benchmarks.measure import interleaved, timed
from benchmarks.rivals import Stock
from benchmarks.run import ROOT, Part, section
from domain.document import Document
from domain.draft import Request
from tests.postgres import Server
from workflow.advance import Order, advance
from workflow.demo.people import people
from workflow.demo.workbooks import write_workers_xlsx
from workflow.register import Register
from workflow.whom import Who

DURABLE = ("fsync=on", "synchronous_commit=on", "shared_buffers=256MB", "max_wal_size=4GB")


@contextmanager
def copied(server: Server, template: str) -> Iterator[Register]:
    """A register that is a copy of another; it goes when it was used."""
    mark = len(server.made)
    with registers.desk_at(server.url(server.create(template))).register() as register:
        with register.datastore.read():  # the connection is there
            pass
        yield register
    server.drop_since(mark)


@contextmanager
def stock(server: Server, number: int) -> Iterator[Stock]:
    """`eventsourcing.postgres` as it comes, with as many aggregates as are to be moved."""
    mark = len(server.made)
    url = sa.make_url(server.url(server.create()))
    library = Stock(
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": url.database or "",
            "POSTGRES_HOST": url.host or "",
            "POSTGRES_PORT": str(url.port),
            "POSTGRES_USER": url.username or "",
            "POSTGRES_PASSWORD": "none",
        },
        number,
    )
    yield library
    library.close()
    server.drop_since(mark)


def single(server: Server, appointed: str, commands: int) -> Part:
    def ours(_folder: Path) -> float:
        with copied(server, appointed) as register:
            return timed(lambda: [_swear_in(register, number) for number in range(1, commands + 1)])

    def theirs(_folder: Path, parts: slice) -> float:
        with stock(server, commands) as library:
            return sum(sum(library.swear_in([number])[parts]) for number in range(commands))

    return Part(
        f"{commands} guarded commands, one after the other, each durable",
        {
            "advance swear-in of one case: load, judge, record, keep the views": ours,
            "stock eventsourcing: get, trigger and save": lambda folder: theirs(folder, slice(0, 3)),
            "stock eventsourcing: save only": lambda folder: theirs(folder, slice(2, 3)),
        },
        commands,
        "One transaction with one commit for each command. Ours looks the case up, judges the step by the procedure, "
        "writes command, event and paper, and keeps three views; stock loads one aggregate, and saves one event.",
    )


def bulk(server: Server, appointed: str, advanced: int) -> Part:
    def ours(_folder: Path) -> float:
        with copied(server, appointed) as register:
            return timed(lambda: registers.recorded(registers.swear_in(register, advanced), advanced))

    def theirs(_folder: Path, parts: slice) -> float:
        with stock(server, advanced) as library:
            return sum(library.swear_in()[parts])

    return Part(
        f"advance swear-in for {advanced:,} people in one transaction",
        {
            "advance: load, judge, record, keep the views": ours,
            "stock eventsourcing: get, trigger and save": lambda folder: theirs(folder, slice(0, 3)),
            "stock eventsourcing: trigger and save": lambda folder: theirs(folder, slice(1, 3)),
            "stock eventsourcing: save only": lambda folder: theirs(folder, slice(2, 3)),
        },
        advanced,
        "Stock is one `save` of as many aggregates, one event each; it neither judges nor keeps views, and *save only* "
        "counts neither the loading of the aggregates nor the construction of their events.",
    )


def _swear_in(register: Register, number: int) -> None:
    on = registers.SWORN_IN
    request = Request("swear-in", on, (Document("berita-acara", f"BA/{number}/2025", on),))
    order = Order(request, [Who(register.settings.case_number(number))])
    registers.recorded(advance(register, order, registers.CLERK), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--people", type=int, default=5140)
    parser.add_argument("--advanced", type=int, default=3794)
    parser.add_argument("--commands", type=int, default=200)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results-postgresql.md")
    asked = parser.parse_args()
    server = Server(*DURABLE)
    with tempfile.TemporaryDirectory() as scratch:
        persons = list(people(asked.people))
        workbook = Path(scratch, "w.xlsx")
        write_workers_xlsx(workbook, persons)
        appointed = server.create()
        registers.appointed_register(server.url(appointed), workbook, persons, asked.advanced)
        [[said]] = server.ask("SHOW server_version")
        lines = _heading(asked, str(said))
        for at, part in enumerate((single(server, appointed, asked.commands), bulk(server, appointed, asked.advanced))):
            folder = Path(scratch, f"part-{at}")
            folder.mkdir()
            lines += section(part, interleaved(part.alternatives, asked.runs, folder))
            print(part.title, flush=True)
    asked.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _heading(asked: argparse.Namespace, server_version: str) -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "psycopg", "eventsourcing"))
    return [
        "# Measured on PostgreSQL",
        "",
        f"`python -m benchmarks.on_postgres --runs {asked.runs} --people {asked.people} --advanced {asked.advanced} "
        f"--commands {asked.commands}`",
        "",
        f"Python {platform.python_version()}, PostgreSQL {server_version}, {libraries}; {platform.machine()}.",
        f"Server on the same machine, over TCP: {', '.join(DURABLE)}. A fresh database for each run.",
        f"One round to warm up, then {asked.runs} rounds; in each round every alternative runs once, one after the "
        "other. A ratio is taken within its round. The machine was shared: read the ratios and not the milliseconds.",
    ]


if __name__ == "__main__":
    main()
