"""What differs between the databases that a register can lie on, where many rows are read or written at once.

`workflow.store` implements `Dialect` for each database and lays it into every connection; whoever has many rows
asks the connection for it. Connections, tables and columns are SQLAlchemy's, which this layer does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

KEY = "dialect"
"""Under which it lies in `connection.info`."""


class Dialect(Protocol):
    """Statements over many rows; their number never depends on the number of rows."""

    def among(self, column: Any, values: Iterable[Any]) -> Any:
        """The condition that a column of integers or bytes has one of the values, however many."""
        ...

    def insert(self, connection: Any, table: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows in the order of the table's columns."""
        ...

    def replace(self, connection: Any, table: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows, or put them in the place of those with the same key; of several with one key the last."""
        ...

    def each(self, connection: Any, statement: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Do a statement for each row, in no order that can be relied on.

        `{0}`, `{1}` … are the values of the row, of these SQL types. `{from_rows}` or `{and_rows}` stands where a
        database that takes all rows at once has to name them: as the FROM clause, or as one more table in it.
        """
        ...

    def supplant(self, connection: Any, table: Any, aside: Any) -> None:
        """Let the rows of a table made aside take the place of those in the kept one, which readers never miss."""
        ...


def dialect_of(connection: Any) -> Dialect:
    """The dialect of a connection that the register's datastore made."""
    dialect: Dialect = connection.info[KEY]
    return dialect
