"""From the rows below a header to named cells: totals, footers and cells under no heading are told and left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from domain.findings import Finding, Severity
from domain.text import Text, text
from workflow.intake.cells import CONTROL, SourceRow, Value, as_text, tidy, was_disguised
from workflow.intake.columns import Columns, Layout

_TOTAL = re.compile(r"(?:(?:sub|grand)[ -]?)?(?:jumlah|total)\b.*", re.IGNORECASE)
_ORDINAL = re.compile(r"\(?([0-9]{1,3})\)?")
_SHOWN = 10
_RULE = "import of tables"

_LEFT_OUT = {
    "total-row-skipped": text("Rows that add up others were not read: {rows} ({count} in all)."),
    "ordinal-row-skipped": text("The row that numbers the columns was not read: {rows} ({count} in all)."),
    "footer-skipped": text(
        "Text below the list, such as place, date and signature, was not read: rows {rows} ({count} in all)."
    ),
}
_KEEP = text("If one of them is a record, fill in its missing cells.")
_STRAY = text("Cells in column {column} stand under no heading and were not read, first in row {row}.")
_HEADING = text("If they are meant to be read, give the column a heading.")
_DISGUISED = text("Invisible characters, hard spaces or leading apostrophes were removed from {count} cells.")
_NOTHING_TO_DO = text("Nothing needs to be done.")

FIELD_COUNT = Finding(
    "field-count",
    text("The row has {fields} fields where the header has {expected}."),
    text("Put text that holds the delimiter between quotation marks, or fill in the missing fields."),
    "import of tables, CSV",
)


class TableRow(NamedTuple):
    """number: as a person sees it in the spreadsheet or editor, from 1. cells: by canonical name, or unknown heading.

    Every column of the table is in `cells`, an empty cell as None. findings: what is wrong with the row or one cell.
    """

    number: int
    cells: dict[str, Value]
    findings: tuple[Finding, ...] = ()


class Reader:
    """Names the cells of the rows below one header. width: how many fields each row must have; None for any.

    What it left out or changed on the way is told by `findings`, once for the file.
    """

    def __init__(self, columns: Columns, layout: Layout, width: int | None) -> None:
        self._layout = layout
        self._width = width
        self._keys = [name for name in columns.keys if name in layout.headings]
        self._required = columns.required
        self._named = [(position, name) for position, name in enumerate(layout.names) if name is not None]
        self._left_out: dict[str, list[int]] = {}
        self._strays: dict[str, int] = {}
        self._disguised: dict[str, int] = {}

    def read(self, rows: Iterable[SourceRow]) -> list[TableRow]:
        """The rows that are records, in the order of the file."""
        named: list[TableRow] = []
        for row in rows:
            cells, findings = self._cells(row)
            if not findings and all(value is None for value in cells.values()):
                continue
            if self._is_total(cells):
                self._leave_out("total-row-skipped", row.number)
            elif not named and self._names_someone(cells) and _counts_columns(cells):
                self._leave_out("ordinal-row-skipped", row.number)
            else:
                named.append(TableRow(row.number, cells, (*row.findings, *findings)))
        return self._without_footers(named)

    def findings(self) -> tuple[Finding, ...]:
        """Warnings about what was left out or changed in the rows read so far."""
        told = [
            _warning(
                code,
                "import check 23",
                _LEFT_OUT[code],
                _KEEP,
                rows=", ".join(map(str, sorted(numbers)[:_SHOWN])),
                count=len(numbers),
            )
            for code, numbers in self._left_out.items()
        ]
        told += [
            _warning("cells-without-heading", _RULE, _STRAY, _HEADING, column=column, row=row)
            for column, row in self._strays.items()
        ]
        told += [
            _warning("cells-normalised", _RULE, _DISGUISED, _NOTHING_TO_DO, count=count)._replace(column=heading)
            for heading, count in self._disguised.items()
        ]
        return tuple(told)

    def _cells(self, row: SourceRow) -> tuple[dict[str, Value], list[Finding]]:
        values, width = row.values, len(row.values)
        findings: list[Finding] = []
        cells: dict[str, Value] = {}
        for position, name in self._named:
            raw = values[position] if position < width else None
            if isinstance(raw, str):
                cells[name] = self._text(raw, name, findings) or None
            elif isinstance(raw, Finding):
                findings.append(raw._replace(column=self._layout.headings[name]))
                cells[name] = None
            else:
                cells[name] = raw
        if width != self._width:
            self._judge_width(row, cells, findings)
        elif self._layout.blank:
            self._note_strays(row)
        return cells, findings

    def _text(self, raw: str, name: str, findings: list[Finding]) -> str:
        tidied = tidy(raw)
        if not tidied.isprintable():
            findings.append(CONTROL._replace(column=self._layout.headings[name]))
        if tidied != raw and was_disguised(raw):
            heading = self._layout.headings[name]
            self._disguised[heading] = self._disguised.get(heading, 0) + 1
        return tidied

    def _judge_width(self, row: SourceRow, cells: dict[str, Value], findings: list[Finding]) -> None:
        if self._width is None:
            self._note_strays(row)
            return
        width, filled = len(row.values), any(value is not None for value in cells.values())
        if (width < self._width and filled) or any(row.values[self._width :]):
            counts = {"fields": width, "expected": self._width}
            findings.append(FIELD_COUNT._replace(message=FIELD_COUNT.message._replace(values=counts)))

    def _note_strays(self, row: SourceRow) -> None:
        beyond = range(len(self._layout.names), len(row.values))
        for position in (*self._layout.blank, *beyond):
            if position < len(row.values) and row.values[position] not in {None, ""}:
                self._strays.setdefault(get_column_letter(position + 1), row.number)

    def _leave_out(self, code: str, number: int) -> None:
        self._left_out.setdefault(code, []).append(number)

    def _is_total(self, cells: dict[str, Value]) -> bool:
        """Whether the row adds up others: it says so in its first text, and names nobody."""
        keys = [cells[name] for name in self._keys if cells[name] is not None]
        if keys and not (isinstance(keys[0], str) and keys[0][:1].isalpha()):
            return False
        label = next((value for value in cells.values() if isinstance(value, str)), "")
        return bool(_TOTAL.fullmatch(label)) and (not keys or keys == [label]) and self._required_filled(cells) < 2

    def _names_someone(self, cells: dict[str, Value]) -> bool:
        return any(cells[name] is not None for name in self._keys)

    def _required_filled(self, cells: dict[str, Value]) -> int:
        """How many of the required columns hold words; a bare figure is no name of anything."""
        values = (cells[name] for name in self._required)
        return sum(isinstance(value, str) and any(map(str.isalpha, value)) for value in values)

    def _without_footers(self, rows: list[TableRow]) -> list[TableRow]:
        """The rows up to the last record; below it stand place, date and signature, in one or two cells.

        A row right after it that has most of what is required is a record that lacks its key.
        """
        end = len(rows)
        while end and self._is_footer(rows[end - 1]):
            end -= 1
        if end == 0:
            return rows
        while end < len(rows) and self._required_filled(rows[end].cells) > 1:
            end += 1
        for row in rows[end:]:
            self._leave_out("footer-skipped", row.number)
        return rows[:end]

    def _is_footer(self, row: TableRow) -> bool:
        headings = {self._layout.headings[name] for name in self._keys}
        return (
            all(row.cells[name] is None for name in self._keys)
            and sum(value is not None for value in row.cells.values()) <= 2
            and not any(finding.column in headings for finding in row.findings)
        )


def _counts_columns(cells: dict[str, Value]) -> bool:
    """Whether the row only numbers the columns, as printed forms do below the header: (1) (2) (3)."""
    numbers = []
    for value in cells.values():
        if value is None:
            continue
        match = _ORDINAL.fullmatch(as_text(value))
        if not match:
            return False
        numbers.append(int(match[1]))
    return len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _warning(code: str, rule: str, message: Text, remedy: Text, **values: object) -> Finding:
    return Finding(code, message._replace(values=values), remedy, rule, Severity.WARNING)
