"""Rosters, totals, units and the state of the views, as answers. Tables for people show what fits a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.log import ALWAYS
from domain.text import Text, text
from projections.asked import Times
from projections.export.shape import Answer, Column
from projections.roster import COLUMNS
from projections.views import Status

_FOR_PEOPLE = ("case", "name", "unit", "stage", "status", "since", "document")


def roster_answer(
    rows: Iterable[Mapping[str, Any]], times: Times, form: str, footer: list[Text] | None = None
) -> Answer:
    """The roster: all columns for programs, the telling ones for people."""
    columns = [column for column in COLUMNS if form != "table" or column.key in _FOR_PEOPLE]
    footer = [] if footer is None else footer
    return Answer(columns, _counted(rows, footer, times), title=_title(times), footer=footer)


def _counted(rows: Iterable[Mapping[str, Any]], footer: list[Text], times: Times) -> Iterable[Mapping[str, Any]]:
    count = 0
    for row in rows:
        count += 1
        yield row
    footer.insert(0, text("{count:,} cases as of {day}.", count=count, day=times.as_of))


def _title(times: Times) -> Text | None:
    return None if times.known_at == ALWAYS else text("As known at an earlier moment.")


def count_answer(
    rows: Sequence[Mapping[str, Any]], fields: Sequence[str], times: Times, footer: Sequence[Text] = ()
) -> Answer:
    """Totals, with the sum below for people."""
    headings = {column.key: column for column in COLUMNS}
    columns = [*(headings[field] for field in fields), Column("n", text("Number"), right=True)]
    total = sum(row["n"] for row in rows)
    counted = text("{count:,} cases as of {day}.", count=total, day=times.as_of)
    return Answer(columns, rows, title=_title(times), footer=[counted, *footer])


def units_answer(rows: Sequence[Mapping[str, Any]]) -> Answer:
    """The units with their aliases."""
    columns = (
        Column("name", text("Unit")),
        Column("code", text("Code")),
        Column("listed", text("Listed")),
        Column("aliases", text("Aliases")),
    )
    return Answer(columns, rows)


def users_answer(rows: Iterable[Mapping[str, Any]]) -> Answer:
    """Who has which role for which units, since when and by whom."""
    columns = (
        Column("name", text("User")),
        Column("role", text("Role")),
        Column("units", text("Units")),
        Column("since", text("Since")),
        Column("by", text("By")),
    )
    return Answer(columns, rows)


def status_answer(status: Status, position: int) -> Answer:
    """The views: rows by table, the position they follow and their fingerprint."""
    columns = (
        Column("position", text("Log position")),
        Column("rows", text("Rows")),
        Column("fingerprint", text("Fingerprint")),
    )
    row = {"position": position, "rows": status.rows, "fingerprint": status.fingerprint}
    return Answer(columns, [row], single=True)
