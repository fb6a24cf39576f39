"""What a cell of the workers' list means: dates, rupiah, yes and no, sex, category, formation.

A reader takes a cell that is not empty and returns its meaning; ValueError if it has none.
"""

from __future__ import annotations

import re
from datetime import date

from domain.dates import parse_date
from workflow.intake.cells import Value, as_text

_RUPIAH = re.compile(
    r"(?:(?:rp|idr)\.? ?)?(-?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,(?:00?|-)|\.00)?", re.IGNORECASE
)
_MOST_RUPIAH = 10**12

_YES_NO = dict.fromkeys(("ya", "y", "yes", "true", "1"), True) | dict.fromkeys(
    ("tidak", "t", "no", "n", "false", "0"), False
)
_SEX = dict.fromkeys(("l", "laki-laki", "laki laki", "laki - laki", "lakilaki", "pria", "m", "male"), "L")
_SEX |= dict.fromkeys(("p", "perempuan", "wanita", "f", "female"), "P")
_FORMATIONS = {
    "pppk-pw": "pppk-pw",
    "pppk pw": "pppk-pw",
    "pppk_pw": "pppk-pw",
    "pppk paruh waktu": "pppk-pw",
    "p3k paruh waktu": "pppk-pw",
    "paruh waktu": "pppk-pw",
    "pppk": "pppk",
    "p3k": "pppk",
    "pppk penuh waktu": "pppk",
    "p3k penuh waktu": "pppk",
    "penuh waktu": "pppk",
}
_CODES = ("R1", "R2", "R3", "R3b", "R3T", "R4", "R5", "Non-R")
_RESULTS = ("L", "TL", "TH", "TMS", "APS", "DIS")


def _categories() -> dict[str, str]:
    """Each way to write a code with the result behind it; `R3TL` is left out, for it is R3 TL and R3T L."""
    ways: dict[str, str | None] = {}
    for code in _CODES:
        for written in {code, code.replace("-", " "), code.replace("-", ""), code.replace("-", "_")}:
            for ending in ("", *(mark + result for result in _RESULTS for mark in ("/", " ", "-", " / ", ""))):
                way = (written + ending).upper()
                ways[way] = code if ways.get(way, code) == code else None
    return {way: code for way, code in ways.items() if code is not None}


_CATEGORIES = _categories()


def read_date(value: Value) -> date:
    """A day, from a date cell or from text; a bare number is not taken for one."""
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return parse_date(value)
    raise ValueError("not a date")


def read_rupiah(value: Value) -> int:
    """Whole rupiah: `Rp 1.500.000`, `1.500.000`, `1500000,00` or a number cell. May be zero or less, to be judged."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _MOST_RUPIAH or (isinstance(value, float) and not value.is_integer()):
            raise ValueError("not an amount in rupiah")
        return int(value)
    match = _RUPIAH.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("not an amount in rupiah")
    amount = int(match[1] + match[2].replace(".", ""))
    if abs(amount) >= _MOST_RUPIAH:
        raise ValueError("not an amount in rupiah")
    return amount


def read_yes_no(value: Value) -> bool:
    """Ya or tidak, in the ways that offices write them."""
    meaning = _YES_NO.get(as_text(value).casefold())
    if meaning is None:
        raise ValueError("neither yes nor no")
    return meaning


def read_sex(value: Value) -> str:
    """L or P."""
    return _meaning(_SEX, value)


def read_formation(value: Value) -> str:
    """`pppk-pw` or `pppk`."""
    return _meaning(_FORMATIONS, value)


def category_code(written: str) -> str | None:
    """The selection code without its result: `r3b/TL` is R3b. None if there is no such code."""
    return _CATEGORIES.get(written.upper())


def _meaning(meanings: dict[str, str], value: Value) -> str:
    meaning = meanings.get(as_text(value).casefold())
    if meaning is None:
        raise ValueError("not one of the words known here")
    return meaning
