"""Dates as offices write them: ISO, day first, or with the name of the month, in Indonesian or English."""

from __future__ import annotations

import re
from datetime import date

_MONTH_NAMES = (
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agu agt ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_WEEKDAY_NAMES = (
    "senin monday",
    "selasa tuesday",
    "rabu wednesday",
    "kamis thursday",
    "jumat jum'at jum’at friday",
    "sabtu saturday",
    "minggu ahad sunday",
)
_WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}

_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_NAMED_MONTH = re.compile(r"([0-9]{1,2})([ -])([a-z]{3,9})\.?\2([0-9]{4})")
_WITH_WEEKDAY = re.compile(r"([a-z'’]+)(, ?| ?\(| )(.+?)(\)?)")


def parse_date(text: str) -> date:
    """Return the day that `text` names: `2025-12-31`, `31/12/2025`, `31-12-2025`, `31.12.2025` or `31 Desember 2025`.

    A weekday may come first, as in `Jumat, 12/12/2025` or `Jumat (12/12/2025)`; whether it is the right
    one is asked with `weekday_differs`. The day is always first. Raises ValueError for anything else:
    two-digit years, days that do not exist, years outside 1900 to 2100, bare numbers, times and offsets.
    """
    text = text.strip()
    if text[:1].isalpha():
        text = _without_weekday(text.lower())
    if len(text) == 10 and text[2] in "/-." and text[5] == text[2]:
        day, month, year = text[:2], text[3:5], text[6:]
    elif len(text) == 10 and text[4] == text[7] == "-":
        year, month, day = text[:4], text[5:7], text[8:]
    else:
        return _written_out(text.lower())
    if not (text.isascii() and year.isdigit() and month.isdigit() and day.isdigit()):
        raise ValueError("not a date")
    return _day(int(year), int(month), int(day))


def weekday_differs(text: str, day: date) -> bool:
    """Whether `text` names a weekday that `day` is not, as `Jumat (12/12/2026)`, which is a Saturday."""
    if not text[:1].isalpha():
        return False
    match = _WITH_WEEKDAY.fullmatch(text.strip().lower())
    named = _WEEKDAYS.get(match[1]) if match else None
    return named is not None and named != day.weekday()


def _without_weekday(text: str) -> str:
    """What follows the weekday that `text` begins with, its brackets taken off."""
    match = _WITH_WEEKDAY.fullmatch(text)
    if not match or match[1] not in _WEEKDAYS or match[2].endswith("(") != bool(match[4]):
        raise ValueError("not a date")
    return match[3]


def _written_out(text: str) -> date:
    """The day in lower-case `text` that has a one-digit day or month, or the name of the month."""
    if match := _DAY_FIRST.fullmatch(text):
        return _day(int(match[4]), int(match[3]), int(match[1]))
    if match := _NAMED_MONTH.fullmatch(text):
        return _day(int(match[4]), _MONTHS.get(match[3], 0), int(match[1]))
    raise ValueError("not a date")


def _day(year: int, month: int, day: int) -> date:
    if not 1900 <= year <= 2100:
        raise ValueError("not a date between 1900 and 2100")
    return date(year, month, day)
