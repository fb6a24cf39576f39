"""The list of units (OPDs) with their codes and the other names that offices use for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from domain.findings import Finding
from domain.text import text
from workflow.intake.cells import Value, as_text
from workflow.intake.columns import heading_key
from workflow.intake.file_checks import check_repeated
from workflow.intake.tables import Columns, Table, TableRow, read_table, unknown_columns

UNIT_COLUMNS = Columns(
    {
        "name": (
            "Nama",
            "Nama Unit",
            "Unit Kerja",
            "OPD",
            "Nama OPD",
            "Unit Organisasi",
            "UNOR NAMA",
            "Perangkat Daerah",
        ),
        "code": ("Kode", "Kode Unit", "Kode OPD", "UNOR ID"),
        "aliases": ("Alias", "Singkatan", "Nama Lain"),
    },
    required=("name",),
)
_SEPARATOR = re.compile(r"\s*[;|]\s*")
_IGNORED = text("These columns are not known and were not read: {columns}.")
_NO_NAME = Finding(
    "unit-name-missing", text("The name of the unit is missing."), text("Enter the full name."), "list of units"
)
_ROUNDED_CODE = Finding(
    "unit-code-is-a-number",
    text("The code is stored as a number with decimals, so zeros at its end may be lost."),
    text("Format the column as text in the source and enter the codes again."),
    "list of units",
)
_REPEATED = Finding(
    "unit-repeated",
    text("The same name or alias stands in the rows {rows}."),
    text("A name belongs to one unit: keep it in one row only."),
    "list of units",
)


class UnitRow(NamedTuple):
    """One unit: the row in the file, the full name, the code if there is one, and the other names it goes by."""

    number: int
    name: str
    code: str | None
    aliases: tuple[str, ...]
    findings: tuple[Finding, ...]


def read_units(
    path: Path, *, encoding: str | None = None, sheet: str | None = None
) -> tuple[list[UnitRow], tuple[Finding, ...]]:
    """The units in a file, and warnings about the file.

    Raises Refused or Misused where the file cannot be read at all, as `read_table` does.
    """
    table = read_table(path, UNIT_COLUMNS, encoding=encoding, sheet=sheet)
    rows = [_row(row, table) for row in table.rows]
    named = [(key, row.number) for row in rows for key in _keys(row)]
    repeated = check_repeated(named, _REPEATED)
    return [_judged(row, repeated) for row in rows], (*table.findings, *unknown_columns(table.unknown, _IGNORED))


def _row(row: TableRow, table: Table) -> UnitRow:
    findings = list(row.findings)
    name, code = row.cells["name"], row.cells.get("code")
    if name is None and not findings:
        findings.append(_NO_NAME._replace(column=table.heading("name")))
    if isinstance(code, float) and not code.is_integer():
        findings.append(_ROUNDED_CODE._replace(column=table.heading("code")))
    return UnitRow(
        row.number, as_text(name), as_text(code) or None, _aliases(row.cells.get("aliases")), tuple(findings)
    )


def _aliases(value: Value) -> tuple[str, ...]:
    """The names between `;` or `|`, each once."""
    return tuple(dict.fromkeys(filter(None, _SEPARATOR.split(as_text(value)))))


def _keys(row: UnitRow) -> set[str]:
    """What the unit goes by, without case and punctuation."""
    return {heading_key(name) for name in (row.name, *row.aliases)}


def _judged(row: UnitRow, repeated: dict[str, Finding]) -> UnitRow:
    found = [repeated[key] for key in sorted(_keys(row)) if key in repeated]
    return row._replace(findings=(*row.findings, *found[:1]))
