"""A table as an office sends it, CSV or workbook: read whole, its header found, its rows named by column.

What a file really is decides how it is read, not its name. A file that cannot be read is refused in one
sentence; what is wrong with single rows is found and left to the caller.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from domain.errors import EnvironmentFailed, Misused, Refused
from domain.files import reason_of
from domain.findings import Finding, Severity
from domain.text import Text, text
from workflow.intake.archives import MOST_BYTES, is_archive, refuse_other_kinds
from workflow.intake.cells import Raw, Source, SourceRow, Value, tidy
from workflow.intake.columns import Columns
from workflow.intake.csv_files import HEADER_WITHIN, MOST_ROWS, known_encoding, read_csv, too_many_rows
from workflow.intake.rows import Reader, TableRow
from workflow.intake.workbooks import read_workbook

__all__ = ["Columns", "Table", "TableRow", "Value", "read_table", "unknown_columns"]


class Table(NamedTuple):
    """columns: canonical names found. unknown: headings we do not know. headings: as the file writes them, by name.

    sha256: hex digest of the file. findings: warnings about the file as a whole.
    """

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: list[TableRow]
    sha256: str
    findings: tuple[Finding, ...] = ()
    headings: dict[str, str] = {}  # noqa: RUF012  NamedTuple default, never changed

    def heading(self, name: str) -> str:
        """The heading of a column as the file writes it; the canonical name if the file has no such column."""
        return self.headings.get(name, name)


def read_table(path: Path, columns: Columns, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """The rows of a CSV file or of one sheet of a workbook, by the names in `columns`.

    encoding: of a CSV file that is not Unicode. sheet: which sheet, where more than one holds data.
    Raises Refused for a file that cannot be read at all, Misused for a path, encoding or sheet that is not there.
    """
    if encoding is not None:
        known_encoding(encoding)
    data = _bytes_of(path)
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise Refused(text("{file} is empty.", file=path.name))
    table = _table(_source(data, path.name, columns, encoding, sheet), path.name, columns, data)
    if hashlib.sha256(_bytes_of(path)).hexdigest() != table.sha256:
        raise Refused(
            text(
                "{file} changed while it was being read. Wait until it is saved, then import it again.", file=path.name
            )
        )
    return table


def unknown_columns(names: tuple[str, ...], message: Text) -> tuple[Finding, ...]:
    """One warning that names columns without a known heading; `message` has the one hole `columns`."""
    if not names:
        return ()
    return (
        Finding(
            "columns-unknown",
            message._replace(values={"columns": ", ".join(names)}),
            text("If one of them is meant to be read, give it the heading of the template."),
            "import of tables, headings",
            Severity.WARNING,
        ),
    )


def _bytes_of(path: Path) -> bytes:
    if not path.exists():
        raise Misused(text("There is no file {file}.", file=path.name))
    if not path.is_file():
        raise Misused(text("{file} is not a file. Name a CSV file or a workbook (.xlsx).", file=path.name))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(
                text(
                    "{file} is larger than {megabytes} MB. Divide the list into several files.",
                    file=path.name,
                    megabytes=MOST_BYTES // 1_000_000,
                )
            )
        return path.read_bytes()
    except PermissionError as error:
        raise Misused(text("You may not read {file}. Ask its owner for access.", file=path.name)) from error
    except OSError as error:
        raise EnvironmentFailed(
            text("{file} cannot be read: {reason}.", file=path.name, reason=reason_of(error))
        ) from error


def _source(data: bytes, file: str, columns: Columns, encoding: str | None, sheet: str | None) -> Source:
    if is_archive(data):
        return read_workbook(data, file, columns, sheet)
    refuse_other_kinds(data, file)
    if sheet is not None:
        raise Misused(text("{file} is a CSV file and has no sheets. Leave out --sheet.", file=file))
    return read_csv(data, file, columns, encoding)


def _table(source: Source, file: str, columns: Columns, data: bytes) -> Table:
    header_at = _header(source.rows, file, columns)
    layout = columns.layout(_tidied(source.rows[header_at]))
    if len(source.rows) - header_at - 1 > MOST_ROWS:
        raise too_many_rows(file)
    reader = Reader(columns, layout, len(source.rows[header_at].values) if source.fixed_width else None)
    rows = reader.read(source.rows[header_at + 1 :])
    if not rows:
        raise Refused(text("{file} has a header and 0 rows below it. Fill in the list and import again.", file=file))
    known = tuple(name for name in layout.names if name is not None and name not in layout.unknown)
    return Table(
        known,
        layout.unknown,
        rows,
        hashlib.sha256(data).hexdigest(),
        source.findings + reader.findings(),
        layout.headings,
    )


def _header(rows: list[SourceRow], file: str, columns: Columns) -> int:
    """The position of the header: the first of the first rows that has every required heading."""
    closest: set[str] = set()
    for position, row in enumerate(rows[:HEADER_WITHIN]):
        known = columns.known_in(_tidied(row))
        if not columns.missing_from(known):
            return position
        closest = max(closest, known, key=len)
    raise Refused(
        text(
            "{file} has no header: none of its first {first} rows has the heading {missing}. "
            "Give the columns the headings of the template, in any order.",
            file=file,
            first=HEADER_WITHIN,
            missing=", ".join(columns.missing_from(closest)),
        )
    )


def _tidied(row: SourceRow) -> list[Raw]:
    return [tidy(value) if isinstance(value, str) else value for value in row.values]
