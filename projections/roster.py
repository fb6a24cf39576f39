"""Who stands where: one row for each case at a day, as known at a moment; and totals of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.identity import mask, mask_name
from domain.text import text
from projections import reading
from projections.asked import Selection, Times, chosen, holds
from projections.export.shape import Column
from projections.tables import KEPT

CaseNumber = Callable[[int], str]

COLUMNS = (
    Column("case", text("Case")),
    Column("nik", text("NIK")),
    Column("ni", text("NI")),
    Column("name", text("Name")),
    Column("unit", text("Unit")),
    Column("position", text("Position")),
    Column("category", text("Category")),
    Column("formation", text("Formation")),
    Column("stage", text("Stage")),
    Column("status", text("Status")),
    Column("since", text("Since")),
    Column("step", text("Step")),
    Column("document", text("Document")),
)

COUNTED = {
    "stage": KEPT.stage.c.stage,
    "status": KEPT.stage.c.status,
    "formation": KEPT.stage.c.formation,
    "unit": KEPT.post.c.unit,
    "category": KEPT.post.c.category,
    "position": KEPT.post.c.position,
}
"""The fields that totals can be given by."""


def roster(
    connection: sa.Connection, times: Times, selection: Selection, case_number: CaseNumber, *, masked: bool = False
) -> Iterator[dict[str, Any]]:
    """The roster's rows by case number, with the keys of `COLUMNS`; streams."""
    stage, post, person = KEPT.stage, KEPT.post, KEPT.person
    query = (
        sa.select(
            stage.c.number, person.c.nik, person.c.ni, person.c.name, post.c.unit, post.c.position, post.c.category,
            stage.c.formation, stage.c.stage, stage.c.status, stage.c.since, stage.c.step, stage.c.document,
        )
        .select_from(_joined(times).outerjoin(person, (person.c.number == stage.c.number) & holds(person, times)))
        .where(holds(stage, times), *chosen(connection, selection))
        .order_by(stage.c.number)
    )  # fmt: skip
    keys = [column.key for column in COLUMNS]
    for row in reading.rows(connection, query):
        shown = dict(zip(keys, row, strict=True))
        shown["case"], shown["since"] = case_number(row[0]), date.fromordinal(row[10])
        if masked:
            shown |= {"nik": mask(row[1]), "ni": mask(row[2]), "name": mask_name(row[3])}
        yield shown


def numbers(connection: sa.Connection, times: Times, selection: Selection) -> list[int]:
    """The numbers of the cases that a selection means, ascending."""
    stage = KEPT.stage
    query = (
        sa.select(stage.c.number)
        .select_from(_joined(times))
        .where(holds(stage, times), *chosen(connection, selection))
        .order_by(stage.c.number)
    )
    return list(connection.execute(query).scalars())


def count(connection: sa.Connection, times: Times, selection: Selection, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Totals by fields, ordered by them; a row has the fields and `n`."""
    columns = [COUNTED[field].label(field) for field in fields]
    needs_post = any(column.table is KEPT.post for column in (COUNTED[field] for field in fields))
    needs_post = needs_post or bool(selection.unit or selection.category)
    query = (
        sa.select(*columns, sa.func.count().label("n"))
        .select_from(_joined(times) if needs_post else KEPT.stage)
        .where(holds(KEPT.stage, times), *chosen(connection, selection))
        .group_by(*columns)
        .order_by(*(column.nulls_first() for column in columns))
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _joined(times: Times) -> sa.Join:
    same = (KEPT.post.c.number == KEPT.stage.c.number) & holds(KEPT.post, times)
    return KEPT.stage.join(KEPT.post, same)
