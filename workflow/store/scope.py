"""What a reader with a scope sees: temporary views that lie over the tables which name cases, on one connection.

They have the names of the tables, so every question that is asked on the connection meets only the cases in scope.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from workflow.store.tables import docket, imported, personal

_SQLITE = "main"
"""What SQLite calls the schema of a file."""


class Scope(NamedTuple):
    """Cases by their units. numbers: those of cases of the units, from the tables of a schema.

    tables: of the views, each with a column `number`.
    """

    units: frozenset[str]
    numbers: Callable[[frozenset[str], str], sa.Select[tuple[int]]]
    tables: Sequence[sa.Table]

    def lay_over(self, connection: sa.Connection) -> None:
        """Make the views on a connection; its tables stay where they are."""
        schema = _schema(connection)
        numbers = self.numbers(self.units, schema)
        there = {
            table.name: table.to_metadata(sa.MetaData(), schema=schema)
            for table in (docket, imported, personal, *self.tables)
        }
        cases = there[docket.name]
        ids = sa.select(cases.c.case_id).where(cases.c.number.in_(numbers))
        for name, table in there.items():
            within = table.c.originator_id.in_(ids) if name == personal.name else table.c.number.in_(numbers)
            if name == docket.name and schema == _SQLITE:  # else it tries each number in scope for each event of a log
                within = (table.c.number + 0).in_(numbers)
            written = sa.select(table).where(within).compile(connection, compile_kwargs={"literal_binds": True})
            # a view has no parameters: its values are written into it, quoted as the dialect quotes them
            connection.exec_driver_sql(f"CREATE TEMPORARY VIEW {name} AS {written}")


def _schema(connection: sa.Connection) -> str:
    if connection.dialect.name == "sqlite":
        return _SQLITE
    schema: str = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
    return schema
