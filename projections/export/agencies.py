"""Registers of several agencies, and copies of one, as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from domain.text import Text, text
from projections.export.shape import Answer, Column
from projections.national import COLUMNS, Agencies


class Compared(Protocol):
    """A table of a register and of its copy."""

    @property
    def table(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def equal(self) -> bool: ...


def copy_answer(compared: Iterable[Compared], form: str) -> Answer:
    """What was copied, table by table: its rows, the SHA-256 over them, and whether both sides have the same."""
    columns = (
        Column("table", text("Table")),
        Column("rows", text("Rows"), right=True),
        Column("equal", text("Equal")),
        Column("sha256", text("SHA-256")),
    )
    shown = 16 if form == "table" else None
    rows = [
        {"table": one.table, "rows": one.rows, "equal": one.equal, "sha256": one.sha256[:shown]} for one in compared
    ]
    return Answer(columns, rows)


class Told(Protocol):
    """A tuple whose fields have names."""

    def _asdict(self) -> dict[str, object]: ...


def agencies_answer(agencies: Iterable[Told]) -> Answer:
    """The registers of a database."""
    columns = (
        Column("code", text("Code")),
        Column("agency", text("Agency")),
        Column("procedure", text("Procedure")),
        Column("timezone", text("Time zone")),
        Column("schema", text("Schema")),
        Column("state", text("State")),
    )
    return Answer(columns, [one._asdict() for one in agencies])


def shares_answer(shares: Iterable[Told]) -> Answer:
    """Who outside may read an agency's part of the national roster."""
    columns = (Column("login", text("Login")), Column("since", text("Since")), Column("by", text("By")))
    return Answer(columns, [one._asdict() for one in shares])


def national_answer(rows: Iterable[Mapping[str, Any]], fields: Sequence[str], asked: Agencies, day: date) -> Answer:
    """Rows of the national roster, or totals by fields; for people, the agencies that answered below.

    fields: those of totals; none for the roster.
    """
    headings = {column.key: column for column in COLUMNS}
    columns = [*(headings[field] for field in fields), Column("n", text("Number"), right=True)] if fields else COLUMNS
    footer: list[Text] = []
    return Answer(columns, _counted(rows, footer, asked, day), footer=footer)


def _counted(
    rows: Iterable[Mapping[str, Any]], footer: list[Text], asked: Agencies, day: date
) -> Iterable[Mapping[str, Any]]:
    count = 0
    for row in rows:
        count += row.get("n", 1)
        yield row
    footer.append(text("{count:,} cases as of {day}.", count=count, day=day))
    footer += answered(asked)


def answered(asked: Agencies) -> list[Text]:
    """Which agencies answered, and which are in the database and share nothing with this login."""
    said = [text("Answered by {count:,} agencies: {codes}.", count=len(asked.answer), codes=", ".join(asked.answer))]
    if asked.others:
        said.append(text("Not shared with this login: {codes}.", codes=", ".join(asked.others)))
    return said
