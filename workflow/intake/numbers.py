"""The NIK as a cell gives it: refused where a spreadsheet may have touched it, never repaired."""

from __future__ import annotations

from functools import lru_cache

from stdnum import numdb

from domain.findings import Finding, Severity
from domain.identity import is_nik
from domain.text import text
from workflow.intake.cells import Value, is_scientific

_RULE = "import check 1"
# Divided from Papua and Papua Barat in 2022; not yet in the list that stdnum keeps.
_NEWER_PROVINCES = frozenset({"92", "93", "95", "96"})

EMPTY = Finding(
    "nik-empty",
    text("The NIK is missing."),
    text("Enter the NIK from the worker's identity card; without one, the agency's head of personnel data decides."),
    _RULE,
    Severity.QUESTION,
)
A_NUMBER = Finding(
    "nik-is-a-number",
    text("The NIK is stored as a number; a spreadsheet keeps 15 digits only, so its end may be wrong."),
    text("Format the column as text in the source and enter the NIK again from the original list."),
    _RULE,
)
NOT_DIGITS = Finding(
    "nik-not-digits",
    text("The NIK holds something else than the digits 0 to 9."),
    text("Enter the 16 digits of the identity card."),
    _RULE,
)
WRONG_LENGTH = Finding(
    "nik-length",
    text("The NIK has {digits} digits instead of 16."),
    text("Enter the 16 digits of the identity card; nothing is filled up."),
    _RULE,
)
IMPOSSIBLE = Finding(
    "nik-impossible",
    text("The NIK holds a day, a month or a serial number that does not exist."),
    text("Compare it with the identity card: day 1 to 31 or 41 to 71, month 1 to 12, serial number from 0001."),
    _RULE,
)
SPACED = Finding(
    "nik-spaces-removed",
    text("Spaces inside the NIK were removed."),
    text("Nothing needs to be done; write the 16 digits without spaces next time."),
    _RULE,
    Severity.WARNING,
)
UNKNOWN_REGION = Finding(
    "nik-region-unknown",
    text("The NIK begins with the code of no province."),
    text("Compare it with the identity card."),
    "import check 4",
    Severity.WARNING,
)


def read_nik(value: Value) -> tuple[str | None, tuple[Finding, ...]]:
    """The 16 digits and warnings about them, or None and why the cell is no NIK."""
    if isinstance(value, str) and is_nik(value):
        return value, () if _region_is_known(value[:2]) else (UNKNOWN_REGION,)
    if value is None:
        return None, (EMPTY,)
    if not isinstance(value, str) or is_scientific(value):
        return None, (A_NUMBER,)
    closed = value.replace(" ", "")
    if closed != value and is_nik(closed):
        nik, findings = read_nik(closed)
        return nik, (*findings, SPACED)
    return None, (_why_not(closed),)


def _why_not(written: str) -> Finding:
    if not (written.isascii() and written.isdigit()):
        return NOT_DIGITS
    if len(written) == 16:
        return IMPOSSIBLE
    return WRONG_LENGTH._replace(message=WRONG_LENGTH.message._replace(values={"digits": len(written)}))


@lru_cache(maxsize=100)
def _region_is_known(province: str) -> bool:
    return province in _NEWER_PROVINCES or bool(numdb.get("id/loc").info(province)[0][1])
