"""Rows as the driver gives them, for questions whose answers are many and need no conversion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa


def rows(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows one by one, as plain tuples."""
    cursor = connection.execute(query).cursor
    assert cursor is not None
    return iter(cursor.fetchone, None)
