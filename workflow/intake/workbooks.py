"""Workbooks (.xlsx): the one sheet that holds the list, with formulas, hidden rows and merged cells made visible.

openpyxl reads row by row and does not say in that mode which rows are hidden or merged; that is taken from
the sheet's own XML.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

import openpyxl
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeXml
from openpyxl.utils.exceptions import InvalidFileException

from domain.errors import Misused, Refused
from domain.findings import Finding, Severity
from domain.text import text
from workflow.intake.archives import open_archive, refused
from workflow.intake.cells import Raw, Source, SourceRow
from workflow.intake.columns import Columns
from workflow.intake.csv_files import HEADER_WITHIN

MOST_SHEET_ROWS = 1_048_576
_RULE = "import of tables, workbooks"
_ROWS = re.compile(r"\$?[A-Z]{1,3}\$?([0-9]{1,7}):\$?[A-Z]{1,3}\$?([0-9]{1,7})")
# What openpyxl and the archive raise over damaged content; neither has an error of its own for it.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    SafeXml.ParseError,
    InvalidFileException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
)
_UNREADABLE = text("{file} is damaged: its workbook cannot be read. Open it, save it again and retry.")
_ENTITIES = text(
    "{file} declares XML entities, which no spreadsheet writes; it was not opened. "
    "Copy the rows into a new workbook and save that."
)

FORMULA = Finding(
    "formula",
    text("The cell holds a formula; what it shows depends on the computer that opens it."),
    text("Copy the column and paste it as values."),
    _RULE,
)
ERROR_VALUE = Finding(
    "cell-error",
    text("The cell shows an error of the spreadsheet instead of a value."),
    text("Enter the value, or leave the cell empty."),
    _RULE,
)
HIDDEN = Finding(
    "row-hidden",
    text("The row is hidden, by hand or by a filter."),
    text("Show all rows, then keep the row or delete it."),
    _RULE,
)
MERGED = Finding(
    "row-merged",
    text("The row has merged cells, so it cannot be told which row a value belongs to."),
    text("Unmerge the cells and fill in each row."),
    _RULE,
)


class Shape(NamedTuple):
    """What the XML of a sheet says about its rows. merged: ranges of rows, first and last."""

    hidden: frozenset[int]
    merged: tuple[tuple[int, int], ...]

    def findings(self, row: int) -> tuple[Finding, ...]:
        """What is wrong with the form of a row."""
        if not self.hidden and not self.merged:
            return ()
        found = [HIDDEN] if row in self.hidden else []
        if any(first <= row <= last for first, last in self.merged):
            found.append(MERGED)
        return tuple(found)


def read_workbook(data: bytes, file: str, columns: Columns, sheet: str | None) -> Source:
    """The rows of the named sheet, or of the only visible one with data. Raises Refused if it cannot be read."""
    with open_archive(data, file) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which are not ours to judge
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            chosen = _choose(book, file, sheet)
            shape = _shape(archive.read(_part(chosen)))
            rows = [row._replace(findings=shape.findings(row.number)) for row in _rows(chosen, file)]
            return Source(rows, fixed_width=False, findings=() if sheet else _hidden_lists(book, file, columns))
        except _DAMAGED as error:
            raise refused(_ENTITIES if _forbidden(error) else _UNREADABLE, file) from error


def _forbidden(error: BaseException | None) -> bool:
    """Whether the cause was XML that may not be expanded; openpyxl wraps that error in one of its own."""
    return isinstance(error, DefusedXmlException) or (error is not None and _forbidden(error.__cause__))


TEMPLATE_SHEET = "Data"
"""The sheet that our own templates and exports are filled in on; their other sheets are lists and examples."""


def _choose(book: Any, file: str, sheet: str | None) -> Any:
    if sheet is not None:
        for candidate in book.worksheets:
            if candidate.title.casefold() == sheet.casefold():
                return candidate
        titles = ", ".join(candidate.title for candidate in book.worksheets)
        raise Misused(text("{file} has no sheet {sheet}. It has: {titles}.", file=file, sheet=sheet, titles=titles))
    filled = [
        candidate
        for candidate in book.worksheets
        if candidate.sheet_state == "visible" and next(_rows(candidate, file), None)
    ]
    if not filled:
        raise Refused(text("{file} is empty: no visible sheet holds data.", file=file))
    if len(filled) > 1:
        for candidate in filled:
            if candidate.title == TEMPLATE_SHEET:
                return candidate
        titles = ", ".join(candidate.title for candidate in filled)
        raise Refused(
            text("{file} has more than one sheet with data: {titles}. Name one with --sheet.", file=file, titles=titles)
        )
    return filled[0]


def _hidden_lists(book: Any, file: str, columns: Columns) -> tuple[Finding, ...]:
    """A warning for each hidden sheet that holds such a list too."""
    found = []
    for candidate in book.worksheets:
        if candidate.sheet_state == "visible":
            continue
        for position, row in enumerate(_rows(candidate, file)):
            if position >= HEADER_WITHIN:
                break
            if not columns.missing_from(columns.known_in(row.values)):
                found.append(
                    Finding(
                        "sheet-hidden",
                        text("The hidden sheet {sheet} holds such a list too and was not read.", sheet=candidate.title),
                        text("If it belongs to the import, show it and import it with --sheet."),
                        _RULE,
                        Severity.WARNING,
                    )
                )
                break
    return tuple(found)


def _rows(sheet: Any, file: str) -> Iterator[SourceRow]:
    """The rows of a sheet that hold anything, as the sheet numbers them."""
    sheet.reset_dimensions()  # a wrong <dimension> would cut rows off in silence
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > MOST_SHEET_ROWS:
            raise Refused(text("{file} numbers its rows beyond {most}.", file=file, most=MOST_SHEET_ROWS))
        values = [_value(cell) for cell in cells]
        if any(value is not None for value in values):
            yield SourceRow(number, values)


def _value(cell: Any) -> Raw:
    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return ERROR_VALUE
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(" ")
    return value if isinstance(value, str | bool | int | float | date) else str(value)


def _part(sheet: Any) -> str:
    """The part of the archive that holds a sheet; openpyxl has resolved it already, and keeps it to itself."""
    return str(sheet._worksheet_path)  # noqa: SLF001


def _shape(xml: bytes) -> Shape:
    wide = xml[:2] in {b"\xff\xfe", b"\xfe\xff"}  # UTF-16, where the words below look different
    if not wide and b"hidden" not in xml and b"mergeCell" not in xml:
        return Shape(frozenset(), ())
    hidden, merged, number = set(), [], 0
    for _, element in SafeXml.iterparse(io.BytesIO(xml)):
        name = element.tag.rpartition("}")[2]
        if name == "row":
            number = int(element.get("r", number + 1))
            if element.get("hidden") in {"1", "true"}:
                hidden.add(number)
            element.clear()
        elif name == "mergeCell" and (match := _ROWS.fullmatch(element.get("ref", ""))):
            merged.append((int(match[1]), int(match[2])))
    return Shape(frozenset(hidden), _joined(merged))


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges of rows in order, those that touch made one, so that few remain to be compared."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
