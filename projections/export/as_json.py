"""Answers as JSON: a list with one row a line, or an object a line (jsonl). Streamed, never held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from projections.export.plain import compact_json
from projections.export.shape import Answer, Column, the_row


def write_json(answer: Answer, out: TextIO) -> None:
    """A list of objects, one a line; one object if the answer is single."""
    if answer.single:
        out.write(line(answer.columns, the_row(answer)) + "\n")
        return
    before = "[\n"  # written with the first row: a question that fails at once prints nothing
    for row in answer.rows:
        out.write(before + line(answer.columns, row))
        before = ",\n"
    out.write("[\n]\n" if before == "[\n" else "\n]\n")


def write_jsonl(answer: Answer, out: TextIO) -> None:
    """An object a line, each of them sent at once so that a reader can follow."""
    for row in answer.rows:
        out.write(line(answer.columns, row) + "\n")
        out.flush()


def line(columns: Sequence[Column], row: Mapping[str, Any]) -> str:
    """The row in the order of the columns, None where it has no such key, then what else it holds."""
    return compact_json({**{column.key: row.get(column.key) for column in columns}, **row})
