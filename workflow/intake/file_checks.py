"""Checks that compare the rows of one file with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from domain.findings import Finding, Severity
from domain.text import text
from workflow.intake.tables import Table

_SHOWN = 5
_ENOUGH = 20
_MANY_DAYS = 3  # contracts begin on the first of a month, birthdays do not

_MONTH_FIRST = Finding(
    "dates-may-be-month-first",
    text("None of the {count} dates of this column has a day after the 12th; the month may have been written first."),
    text("Compare a few with the documents; the day is read first."),
    "import check 9",
    Severity.WARNING,
)
_MIXED = Finding(
    "dates-mixed",
    text(
        "This column holds {cells} date cells and {texts} dates as text; "
        "so it looks where a spreadsheet has exchanged day and month in some."
    ),
    text("Compare the date cells with the documents, or export the column as text."),
    "import check 9",
    Severity.WARNING,
)


def check_repeated(keys: Iterable[tuple[str | None, int]], finding: Finding) -> dict[str, Finding]:
    """For each key that stands in more than one row, `finding` with its hole `rows` filled in.

    keys: the key of each row, None where it cannot be read, and the row's number.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for key, number in keys:
        if key:
            rows[key].append(number)
    return {
        key: finding._replace(message=finding.message._replace(values={"rows": _listed(numbers)}))
        for key, numbers in rows.items()
        if len(numbers) > 1
    }


def check_date_columns(table: Table, names: Iterable[str]) -> tuple[Finding, ...]:
    """Warnings about columns in which day and month may have been exchanged before the file reached us."""
    found = []
    for name in names:
        values = [row.cells.get(name) for row in table.rows]
        texts = [value for value in values if isinstance(value, str) and value[2:3] == "/" and value[5:6] == "/"]
        cells = sum(value is not None and not isinstance(value, str | int | float) for value in values)
        days = {value[:2] for value in texts}
        if len(texts) >= _ENOUGH and max(days) <= "12" and len(days) > _MANY_DAYS:
            found.append(_filled(_MONTH_FIRST, table.heading(name), count=len(texts)))
        if texts and cells:
            found.append(_filled(_MIXED, table.heading(name), cells=cells, texts=len(texts)))
    return tuple(found)


def _filled(finding: Finding, heading: str, **values: object) -> Finding:
    return finding._replace(message=finding.message._replace(values=values), column=heading)


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    return shown if len(numbers) <= _SHOWN else shown + ", …"
