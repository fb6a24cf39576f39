"""Lists for a step: whom it is about, by NIK or case number, and the fields that differ from worker to worker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from domain.findings import Finding
from domain.identity import is_nik
from domain.text import text
from workflow.intake.cells import LONG_NUMBER, as_text, is_long_number
from workflow.intake.file_checks import check_repeated
from workflow.intake.numbers import read_nik
from workflow.intake.tables import Columns, Table, TableRow, read_table, unknown_columns

_CASE_NUMBER = re.compile(r"[0-9A-Za-z.]{1,20}-[0-9]{6,18}")
_WHO = {
    "nik": ("NIK", "No NIK", "Nomor NIK", "Nomor Induk Kependudukan"),
    "case": ("Nomor Kasus", "Kasus", "No Kasus", "Case Number"),
}
_IGNORED = text("These columns are no fields of this step and were not read: {columns}.")
_NOBODY = Finding(
    "who-missing",
    text("The row names neither a NIK nor a case number."),
    text("Enter one of them."),
    "list of cases",
)
_NO_CASE = Finding(
    "case-number-unreadable",
    text("This is no case number."),
    text("Write it as the register shows it, such as 36.73-000123."),
    "list of cases",
)
_REPEATED = Finding(
    "who-repeated",
    text("The same worker stands in the rows {rows}."),
    text("Keep the row that is right and delete the others; nothing is chosen for you."),
    "import check 2",
)


class CaseRow(NamedTuple):
    """number: of the row in the file. who: a NIK or case number, empty if the row names none that can be read.

    fields: by name, as text: date cells as ISO, numbers as plain digits; an empty cell gives no field.
    """

    number: int
    who: str
    fields: dict[str, str]
    findings: tuple[Finding, ...]


def read_cases(
    path: Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    headings: Mapping[str, str] = {},  # an empty mapping is never changed
    once: bool = True,
) -> tuple[list[CaseRow], tuple[Finding, ...]]:
    """The rows of a list for a step, and warnings about the file.

    headings: which headings are fields of the step, to the names of the fields. A case number is preferred
    to a NIK beside it. once: whether a worker may stand in one row only. Raises Refused or Misused where the
    file cannot be read at all, as `read_table` does.
    """
    table = read_table(path, _columns(headings), encoding=encoding, sheet=sheet)
    rows = [_row(row, table) for row in table.rows]
    repeated = check_repeated([(row.who, row.number) for row in rows], _REPEATED) if once else {}
    judged = [row._replace(findings=(*row.findings, repeated[row.who])) if row.who in repeated else row for row in rows]
    return judged, (*table.findings, *unknown_columns(table.unknown, _IGNORED))


def _columns(headings: Mapping[str, str]) -> Columns:
    accepted: dict[str, list[str]] = {name: list(written) for name, written in _WHO.items()}
    for heading, name in headings.items():
        accepted.setdefault(name, []).append(heading)
    return Columns(accepted, any_of=tuple(_WHO))


def _row(row: TableRow, table: Table) -> CaseRow:
    findings = list(row.findings)
    who = _who(row, table, findings)
    fields = {}
    for name in table.columns:
        value = row.cells[name]
        if name in _WHO or value is None:
            continue
        if is_long_number(value):
            findings.append(LONG_NUMBER._replace(column=table.heading(name)))
        fields[name] = as_text(value)
    return CaseRow(row.number, who, fields, tuple(findings))


def _who(row: TableRow, table: Table, findings: list[Finding]) -> str:
    """The case number or NIK that the row names; empty, with the reason among the findings, if it names none."""
    for name in ("case", "nik"):
        value = row.cells.get(name)
        if value is None:
            continue
        if isinstance(value, str) and (_CASE_NUMBER.fullmatch(value) or is_nik(value)):
            return value
        nik, reasons = (None, (_NO_CASE,)) if name == "case" else read_nik(value)
        findings += [reason._replace(column=table.heading(name)) for reason in reasons]
        return nik or ""
    if not any(finding.column in {table.heading(name) for name in _WHO} for finding in findings):
        findings.append(_NOBODY)
    return ""
