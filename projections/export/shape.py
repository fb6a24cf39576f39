"""What an answer is before it has a format: columns with a key for programs and a heading for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.text import Text


class Column(NamedTuple):
    """key: stable, of the row and of every format but the table. width: of the table, else as the cells need."""

    key: str
    heading: Text
    width: int | None = None
    right: bool = False


class Answer(NamedTuple):
    """Rows as they come, a generator too; title and footer are for people.

    The footer is read after the last row, so a list that the generator fills will do.
    single: exactly one row, which is one object in JSON and a list of headings and values as a table.
    """

    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]
    title: Text | None = None
    footer: Sequence[Text] = ()
    single: bool = False


def the_row(answer: Answer) -> Mapping[str, Any]:
    """The one row of a single answer; ValueError if there is another or none."""
    (row,) = answer.rows
    return row
