"""Answers as a workbook: sheet Data with the keys as header, true dates and numbers, all else text that nothing runs.

Title and footer stand on a second sheet, Info, so that Data can be sorted, summed and imported again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from domain.errors import Refused
from domain.text import Text, text
from projections.export.plain import compact_json, plain
from projections.export.shape import Answer

_ALWAYS_TEXT = frozenset({"nik", "ni", "case"})
_MOST_ROWS = 1_048_575  # below the header
_EXACT = 10**15  # a workbook keeps 15 digits of a number
_FIRST_DAY = date(1900, 3, 1)  # before it, programs differ: one counts a 29 February 1900
_NO_CLOCK = datetime(1980, 1, 1)  # noqa: DTZ001  the workbook's "created": the same rows give the same bytes


def write_xlsx(answer: Answer, path: Path, translate: Callable[[Text], str]) -> None:
    """Write the workbook to `path`, whose folder also takes the rows until they are packed.

    Raises Refused if there are more rows than a sheet holds.
    """
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        with closing(book):
            book.set_properties({"created": _NO_CLOCK})
            data = _Sheet(book, [column.key for column in answer.columns])
            for row in answer.rows:
                data.add([row.get(column.key) for column in answer.columns])
            data.finish()
            notes = [*([answer.title] if answer.title else []), *answer.footer, *data.notes()]
            _write_info(book, [translate(note) for note in notes])
    except FileCreateError as error:
        raise OSError(*_reason(error)) from error
    finally:
        for sheet in book.worksheets():
            sheet.row_data_fh.close()  # left open when the disk is full, and its folder could not go


def _reason(error: FileCreateError) -> tuple[object, ...]:
    """What the disk said, which xlsxwriter wraps."""
    inner = error.args[0]
    return inner.args if isinstance(inner, OSError) else (None, str(inner))


class _Sheet:
    """The sheet Data while it grows; rows go to the disk one by one."""

    def __init__(self, book: Any, keys: Sequence[str]) -> None:
        self.keys = keys
        self.rows, self.cut = 0, 0
        self.bold, self.day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        self.plain = book.add_format()
        self.sheet = book.add_worksheet("Data")
        self.sheet.set_column(0, len(keys) - 1, 20)
        self.sheet.freeze_panes(1, 0)
        for place, key in enumerate(keys):
            self.sheet.write_string(0, place, key, self.bold)

    def add(self, values: Sequence[Any]) -> None:
        if self.rows == _MOST_ROWS:
            raise Refused(
                text("A workbook holds {most} rows, and this answer has more. Use --format csv.", most=_MOST_ROWS)
            )
        self.rows += 1
        for place, (key, value) in enumerate(zip(self.keys, values, strict=True)):
            self._cell(place, plain(value), always_text=key in _ALWAYS_TEXT)

    def _cell(self, place: int, value: Any, *, always_text: bool) -> None:
        match value:
            case None | "":
                pass
            case str():
                self._text(place, value)
            case bool():
                self.sheet.write_boolean(self.rows, place, value)
            case int() | float() | Decimal() if not always_text and -_EXACT < value < _EXACT:
                self.sheet.write_number(self.rows, place, value)
            case date() if value >= _FIRST_DAY:
                self.sheet.write_datetime(self.rows, place, value, self.day)
            case dict() | list():
                self._text(place, compact_json(value))
            case _:
                self._text(place, str(value))

    def _text(self, place: int, words: str) -> None:
        if words.startswith("<r>") and words.endswith("</r>"):
            # in constant memory, xlsxwriter takes such a text for markup and copies it into the file as it is
            written = self.sheet.write_rich_string(self.rows, place, words[:1], self.plain, words[1:])
        else:
            written = self.sheet.write_string(self.rows, place, words)
        self.cut += written == -2

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, self.rows, len(self.keys) - 1)

    def notes(self) -> list[Text]:
        """What the reader must know of the sheet: cells that a workbook cannot hold whole."""
        if not self.cut:
            return []
        return [text("Cells longer than a workbook allows and therefore cut: {n}. Use --format json.", n=self.cut)]


def _write_info(book: Any, notes: Sequence[str]) -> None:
    if not notes:
        return
    sheet = book.add_worksheet("Info")
    sheet.set_column(0, 0, 100)
    for place, note in enumerate(notes):
        sheet.write_string(place, 0, note)
