"""CSV files: which bytes are text, which character divides the fields, and where each record begins."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from domain.errors import Misused, Refused
from domain.findings import Finding
from domain.text import text
from workflow.intake.cells import Source, SourceRow, tidy
from workflow.intake.columns import Columns

HEADER_WITHIN = 20
MOST_ROWS = 1_000_000
_DELIMITERS = (",", ";", "\t")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Not every codec of Python is an encoding of text that an office could have saved.
_ENCODINGS = frozenset(
    {
        "ascii",
        "utf-8",
        "utf-16-le",
        "utf-16-be",
        "cp1250",
        "cp1252",
        "cp437",
        "cp850",
        "iso8859-1",
        "iso8859-15",
        "mac-roman",
    }
)


def read_csv(data: bytes, file: str, columns: Columns, encoding: str | None) -> Source:
    """The records of a CSV file, each with the line it begins on. Raises Refused if the file is not text in rows.

    The encoding is UTF-8, or what the mark at the start of the file says, or `encoding`; it is never guessed.
    """
    content = _decode(data, file, encoding)
    if "\0" in content:
        line = content.count("\n", 0, content.index("\0")) + 1
        raise Refused(
            text(
                "{file}, row {row} holds a NUL byte, which no text has. Save the list again as CSV UTF-8.",
                file=file,
                row=line,
            )
        )
    delimiter = _delimiter(content, columns)
    return Source(list(_records(content, delimiter, file)), fixed_width=True)


def known_encoding(name: str) -> str:
    """The codec that `--encoding` names. Raises Misused for an unknown one."""
    try:
        codec = codecs.lookup(name).name if name.isascii() and name.isprintable() else ""
    except LookupError:
        codec = ""
    if codec not in _ENCODINGS:
        raise Misused(
            text("There is no encoding {name}. Known are: {known}.", name=name, known=", ".join(sorted(_ENCODINGS)))
        )
    return codec


def _decode(data: bytes, file: str, encoding: str | None) -> str:
    codec, start = known_encoding(encoding) if encoding else "utf-8", 0
    for mark, marked in _MARKS:
        if data.startswith(mark):  # a mark is proof, whatever the option says
            codec, start = marked, len(mark)
    try:
        return data[start:].decode(codec)
    except UnicodeDecodeError as error:
        offset = start + error.start
        raise Refused(
            text(
                "{file} is not {encoding}: row {row}, byte {offset} of the file cannot be read. "
                "Save it as CSV UTF-8, or, if it comes from an older Excel, say --encoding cp1252.",
                file=file,
                encoding=codec,
                row=data.count(b"\n", 0, offset) + 1,
                offset=offset,
            )
        ) from error


def _delimiter(content: str, columns: Columns) -> str:
    """The delimiter under which the first rows show the most of the known headings."""
    return max(_DELIMITERS, key=lambda delimiter: _headings_seen(content, delimiter, columns))


def _headings_seen(content: str, delimiter: str, columns: Columns) -> int:
    most = 0
    try:
        for record in islice(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter), HEADER_WITHIN):
            most = max(most, len(columns.known_in(map(tidy, record))))
    except csv.Error:
        pass  # reading it for good will say what is wrong, and where
    return most


def _records(content: str, delimiter: str, file: str) -> Iterator[SourceRow]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    line, count = 1, 0
    try:
        for record in reader:
            if any(record):
                count += 1
                if count > MOST_ROWS + HEADER_WITHIN:  # before they fill the memory
                    raise too_many_rows(file)
                findings = _across_lines(record, line, reader.line_num, delimiter)
                yield SourceRow(line, record, findings)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(str(error), file, line) from error


def too_many_rows(file: str) -> Refused:
    """The refusal of a file with more rows than any agency has workers."""
    return Refused(
        text("{file} has more than {most} rows. Divide the list into several files.", file=file, most=MOST_ROWS)
    )


def _across_lines(record: list[str], first: int, last: int, delimiter: str) -> tuple[Finding, ...]:
    """A finding if a field seems to have swallowed a further record, as two forgotten quotation marks make it."""
    if first == last or not any("\n" in field and delimiter in field.split("\n", 1)[1] for field in record):
        return ()
    return (
        Finding(
            "row-spans-lines",
            text(
                "One field runs over the lines {first} to {last} and seems to hold another row.", first=first, last=last
            ),
            text("Close or remove the quotation mark on line {first}.", first=first),
            "import of tables, CSV",
        ),
    )


def _unreadable(reason: str, file: str, line: int) -> Refused:
    if "field limit" in reason:
        return Refused(
            text(
                "{file}, row {row}: a field is longer than {limit} characters. "
                "Shorten it, or look for a quotation mark that is not closed.",
                file=file,
                row=line,
                limit=csv.field_size_limit(),
            )
        )
    return Refused(
        text(
            "{file}, row {row}: a quotation mark is not closed, or stands inside a field. "
            "Close it, or write it twice if it belongs to the text.",
            file=file,
            row=line,
        )
    )
