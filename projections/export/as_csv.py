"""Answers as CSV: UTF-8, comma, keys as header, ISO dates, lists as JSON, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from typing import Any, TextIO

from projections.export.plain import compact_json, plain
from projections.export.shape import Answer

_GUARDED = re.compile(r"[=+\-@\t\r＝＋－＠']")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")


class _PlainLineEnds:
    """Ends rows in a bare newline. Told to do so itself, `csv` would leave a carriage return in a cell unquoted."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, line: str) -> None:
        self.out.write(line.removesuffix("\r\n") + "\n")


def write_csv(answer: Answer, out: TextIO) -> None:
    """A header of keys and a line for each row."""
    rows = csv.writer(_PlainLineEnds(out), lineterminator="\r\n")
    keys = [column.key for column in answer.columns]
    rows.writerow(keys)
    for row in answer.rows:
        rows.writerow([cell(row.get(key)) for key in keys])


def cell(value: Any) -> str:
    """The value as one cell; None is empty."""
    match plain(value):
        case None:
            return ""
        case bool() | dict() | list() as nested:
            return compact_json(nested)
        case str() as words:
            return guarded(words)
        case other:
            return str(other)


def guarded(words: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would take it for a formula; plain numbers stay.

    A cell that begins with an apostrophe gets another, since an import drops one.
    """
    if _GUARDED.match(words) and not _NUMBER.fullmatch(words):
        return f"'{words}"
    return words
