"""NIK and NI: the two numbers that name a person. Kept as text; shown masked unless asked for.

A NIK never changes, even where the birth date in it is wrong, so what it says of birth and sex is a
hint and not a rule (domain page, section 6: 12.9 % of one regency's rows differ).
"""

from __future__ import annotations

import re
from datetime import date

_NIK = re.compile(r"[0-9]{16}")
_ANY_NUMBER = re.compile(r"\b[0-9a-f]{64}\b|(?<![0-9])([0-9]{16,18})(?![0-9])")
_NI = re.compile(r"[0-9]{8}20[0-9]{2}2[0-9][12][0-9]{3}")


def is_nik(text: str) -> bool:
    """16 ASCII digits with a possible day (1-31, women 41-71) and month; the region is not judged here."""
    if not _NIK.fullmatch(text):
        return False
    day, month = int(text[6:8]), int(text[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12 and text[12:] != "0000"


def is_ni(text: str) -> bool:
    """18 digits YYYYMMDD + YYYY + two digits + sex + serial, beginning with a date that exists."""
    return bool(_NI.fullmatch(text)) and ni_birth_date(text) is not None


def ni_birth_date(ni: str) -> date | None:
    """The birth date a NI begins with; None if there is no such day."""
    try:
        return date(int(ni[:4]), int(ni[4:6]), int(ni[6:8]))
    except ValueError:
        return None


def nik_day_and_sex(nik: str) -> tuple[str, str]:
    """(DDMMYY, L or P) as the NIK says: women have 40 added to the day."""
    day = int(nik[6:8])
    sex = "P" if day > 40 else "L"
    return f"{day - 40 if sex == 'P' else day:02d}{nik[8:12]}", sex


def mask(number: str | None) -> str | None:
    """`3673010101900001` as `3673********0001`: enough to tell two people apart, too little to reuse."""
    if number is None:
        return None
    return f"{number[:4]}{'*' * max(len(number) - 8, 0)}{number[-4:]}"


def hide_numbers(sentence: str) -> str:
    """The sentence with whatever could be a NIK or NI masked: somebody may have typed one in a wrong place.

    A SHA-256 stays whole, though one in a hundred has so many digits in a row: people compare it with that of a file.
    """
    return _ANY_NUMBER.sub(lambda found: str(mask(found[1])) if found[1] else found[0], sentence)


def mask_name(name: str | None) -> str | None:
    """`Siti Nurhaliza` as `S*** N********`."""
    if name is None:
        return None
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
