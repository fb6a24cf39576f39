"""One cell of a table: what it may hold, and how its text is made comparable.

A cell that cannot be taken as it stands (a formula, an error value) is replaced by the finding that says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.findings import Finding
from domain.text import text

Value = str | date | int | float | bool | None
Raw = Value | Finding

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Zero-width characters and direction marks come along when text is pasted from a chat or a web page.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_TABLE = dict.fromkeys(map(ord, _SPACES), " ") | dict.fromkeys(map(ord, _INVISIBLE), None)
_TOLD = frozenset(_INVISIBLE + "\u00a0")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]*)?[eE]\+?1[4-9]")
_LONG = 10**15

CONTROL = Finding(
    "control-characters",
    text("The cell holds characters that cannot be printed."),
    text("Type the cell again, without pasting."),
    "import of tables, text",
)
LONG_NUMBER = Finding(
    "number-too-long",
    text("A number of 16 digits or more is stored as a number; the spreadsheet has already changed its last digits."),
    text("Format the column as text in the source and enter the numbers again from the original list."),
    "import check 1",
)


class SourceRow(NamedTuple):
    """One row as the file has it. number: the line or row that a person sees. findings: about the row as a whole."""

    number: int
    values: Sequence[Raw]
    findings: tuple[Finding, ...] = ()


class Source(NamedTuple):
    """The rows of one file or sheet that hold anything. fixed_width: a row must have as many fields as the header."""

    rows: list[SourceRow]
    fixed_width: bool
    findings: tuple[Finding, ...] = ()


def tidy(raw: str) -> str:
    """The text of a cell in its one comparable form.

    Unicode NFC, every kind of space as one plain space, nothing invisible, no spaces around, and no
    apostrophe in front, by which spreadsheets mark text.
    """
    if raw.isascii() and raw.isprintable() and raw[:1] not in {" ", "'"} and not raw.endswith(" ") and "  " not in raw:
        return raw
    plain = " ".join(unicodedata.normalize("NFC", raw.translate(_TABLE)).split())
    return plain[1:].lstrip() if plain.startswith("'") else plain


def was_disguised(raw: str) -> bool:
    """Whether tidying took away more than spaces: an invisible character or a leading apostrophe."""
    return raw.lstrip().startswith("'") or not _TOLD.isdisjoint(raw)


def is_long_number(value: Value) -> bool:
    """Whether a cell holds a number so long that a spreadsheet has rounded it, or text in scientific notation."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return abs(value) >= _LONG
    return isinstance(value, str) and value.isascii() and is_scientific(value)


def is_scientific(written: str) -> bool:
    """Whether text reads like `3,67301E+15`."""
    return ("E" in written or "e" in written) and bool(_SCIENTIFIC.fullmatch(written))


def as_text(value: Value) -> str:
    """A cell as text: dates as ISO, numbers as plain digits without exponent, yes and no as true and false."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value)
