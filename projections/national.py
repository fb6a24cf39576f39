"""The roster over all agencies of a database: a query of the views that each of them shares, without personal values.

Which views a login may read, the catalog says. What is answered is what is known now, in one statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.text import text
from projections.export.shape import Column

SHARED = "shared_roster"

COLUMNS = (
    Column("agency", text("Agency")),
    Column("case", text("Case")),
    Column("unit", text("Unit")),
    Column("stage", text("Stage")),
    Column("status", text("Status")),
    Column("category", text("Category")),
    Column("formation", text("Formation")),
    Column("position", text("Position")),
    Column("valid_from", text("From")),
    Column("valid_to", text("Until before")),
)

COUNTED = ("agency", "stage", "status", "unit", "category", "formation", "position")
"""The fields that totals can be given by."""

_IN_VIEW = {"case": "case_number"}
"""Where the view calls a column otherwise, because SQL has a use for the word."""

_SCHEMAS = sa.text(
    "SELECT nspname, coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), false) "
    "FROM pg_namespace AS n LEFT JOIN pg_class AS c ON relnamespace = n.oid AND relname = :view AND relkind = 'v' "
    "WHERE nspname ~ '^agency_[0-9]{2}(_[0-9]{2})?$' ORDER BY nspname"
)


class Agencies(NamedTuple):
    """The codes of the agencies of a database: of those whose roster a login may read, and of the others."""

    answer: list[str]
    others: list[str]


def agencies(connection: sa.Connection) -> Agencies:
    """Which agencies share their roster with whoever is connected."""
    found = Agencies([], [])
    for schema, may in connection.execute(_SCHEMAS, {"view": SHARED}):
        (found.answer if may else found.others).append(schema.removeprefix("agency_").replace("_", "."))
    return found


def roster(connection: sa.Connection, codes: Sequence[str], as_of: date) -> Iterator[dict[str, Any]]:
    """One row for each case that there is on a day, with the keys of `COLUMNS`, by agency and case number; streams."""
    shared = _shared(codes, as_of)
    ordered = sa.select(shared).order_by(shared.c.agency, sa.func.length(shared.c.case), shared.c.case)
    for row in connection.execute(ordered, execution_options={"yield_per": 2000}).mappings():
        yield dict(row)


def count(connection: sa.Connection, codes: Sequence[str], as_of: date, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Totals of the same rows by fields, ordered by them; a row has the fields and `n`."""
    shared = _shared(codes, as_of)
    columns = [shared.c[field] for field in fields]
    query = sa.select(*columns, sa.func.count().label("n")).group_by(*columns)
    ordered = query.order_by(*(sa.collate(column, "C").nulls_first() for column in columns))
    return [dict(row) for row in connection.execute(ordered).mappings()]


def _shared(codes: Sequence[str], as_of: date) -> sa.Subquery:
    """What the agencies share, each once, on a day."""
    each = []
    for code in codes:
        named: list[sa.ColumnClause[Any]] = [sa.column(_IN_VIEW.get(one.key, one.key)) for one in COLUMNS]
        view = sa.table(SHARED, *named, schema="agency_" + code.replace(".", "_"))
        holds = (view.c.valid_from <= as_of) & (view.c.valid_to.is_(None) | (view.c.valid_to > as_of))
        columns = [view.c[_IN_VIEW.get(one.key, one.key)].label(one.key) for one in COLUMNS]
        each.append(sa.select(*columns).where(holds))
    return sa.union_all(*each).subquery("shared")
