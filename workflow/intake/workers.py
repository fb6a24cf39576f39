"""The list of workers that opens cases: each row read, normalised and judged on its own columns.

Nothing here knows the register; what needs it (an open case, a unit's name) is judged by the import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from domain.dates import weekday_differs
from domain.findings import Finding, Severity
from domain.text import text
from domain.worker import Worker
from workflow.intake.cells import CONTROL, LONG_NUMBER, Value, as_text, is_long_number
from workflow.intake.fields import category_code, read_date, read_formation, read_rupiah, read_sex, read_yes_no
from workflow.intake.file_checks import check_date_columns, check_repeated
from workflow.intake.numbers import read_nik
from workflow.intake.tables import Columns, Table, TableRow, read_table, unknown_columns
from workflow.intake.worker_checks import check_worker

WORKER_COLUMNS = Columns(
    {
        "nik": ("NIK", "No NIK", "Nomor NIK", "Nomor Induk Kependudukan"),
        "name": ("Nama", "Nama Lengkap", "Nama Pegawai"),
        "unit": ("Unit Kerja", "OPD", "Unit Organisasi", "UNOR NAMA", "Perangkat Daerah"),
        "position": ("Jabatan", "JABATAN NAMA"),
        "education": ("Pendidikan", "PENDIDIKAN NAMA"),
        "birth_date": ("Tanggal Lahir", "Tgl Lahir"),
        "sex": ("Jenis Kelamin", "JK", "L/P"),
        "category": ("Kode", "Kategori"),
        "in_bkn_database": ("Database BKN", "Masuk Database BKN"),
        "cpns_2024": ("CPNS 2024", "Ikut CPNS 2024"),
        "pppk_2024": ("PPPK 2024", "Ikut PPPK 2024"),
        "first_contract": ("TMT Kontrak Pertama",),
        "wage": ("Upah", "Honor", "Honorarium", "Gaji"),
        "formation": ("Formasi",),
        "note": ("Keterangan", "Catatan"),
    },
    required=("nik", "name", "unit"),
)
REASONS_HEADING = "Alasan Ditolak"
"""The column that a file of refused rows comes back with; it is read over."""

_TEXTS = ("position", "education", "note")
_PLACEHOLDERS = frozenset({"-", "--", "—", "–"})
_IGNORED = text("These columns are not known; their cells are kept with the person, unread: {columns}.")


class _Meaning(NamedTuple):
    read: Callable[[Value], Any]
    otherwise: Finding


_A_DATE = Finding(
    "date-unreadable",
    text("This is no date, or a day that does not exist."),
    text("Write the day first, as 31/12/2025 or 31 Desember 2025, or 2025-12-31; a number is not taken for a date."),
    "import check 8",
)
_AN_AMOUNT = Finding(
    "wage-unreadable",
    text("This is no amount in whole rupiah."),
    text("Write it as 1500000 or Rp 1.500.000."),
    "import check 14",
)
_YES_OR_NO = Finding(
    "yes-no-unreadable", text("This is neither yes nor no."), text("Write ya or tidak."), "import of workers"
)
_A_SEX = Finding("sex-unreadable", text("This is neither L nor P."), text("Write L or P."), "import of workers")
_A_FORMATION = Finding(
    "formation-unreadable",
    text("This is no formation."),
    text("Write pppk-pw (PPPK Paruh Waktu) or pppk (PPPK)."),
    "import of workers",
)
_MEANINGS = {
    "birth_date": _Meaning(read_date, _A_DATE),
    "first_contract": _Meaning(read_date, _A_DATE),
    "sex": _Meaning(read_sex, _A_SEX),
    "in_bkn_database": _Meaning(read_yes_no, _YES_OR_NO),
    "cpns_2024": _Meaning(read_yes_no, _YES_OR_NO),
    "pppk_2024": _Meaning(read_yes_no, _YES_OR_NO),
    "wage": _Meaning(read_rupiah, _AN_AMOUNT),
    "formation": _Meaning(read_formation, _A_FORMATION),
}
_MISSING = {
    "name": Finding(
        "name-missing",
        text("The name is missing."),
        text("Enter the name as on the identity card."),
        "import of workers",
    ),
    "unit": Finding(
        "unit-missing",
        text("The unit is missing."),
        text("Enter the unit that the worker works for."),
        "import check 16",
    ),
}
WEEKDAY = Finding(
    "weekday-differs",
    text("The weekday does not belong to the date."),
    text("Compare both with the document, and correct the one that is wrong."),
    "import check 8",
    Severity.WARNING,
)
_CATEGORY = Finding(
    "category-unknown",
    text("This is no known category; it is kept as written."),
    text("Known are R1, R2, R3, R3b, R3T, R4, R5 and Non-R."),
    "import of workers",
    Severity.WARNING,
)
_REPEATED = Finding(
    "nik-repeated",
    text("The same NIK stands in the rows {rows}."),
    text("Keep the row that is right and delete the others; nothing is chosen for you."),
    "import check 2",
)


class WorkerRow(NamedTuple):
    """One row: its number in the file, the worker if it can be read, and what was found.

    cells: of a row that cannot be read, as text by name of the column, so that somebody may fill in what is missing.
    """

    number: int
    worker: Worker | None
    findings: tuple[Finding, ...]
    cells: Mapping[str, str] = {}


class WorkerFile(NamedTuple):
    """A list of workers. sha256: hex digest of the file. headings: as the file writes them, by name of the column.

    cells: as they came, by number of the row and name of the column.
    """

    sha256: str
    rows: list[WorkerRow]
    findings: tuple[Finding, ...]
    headings: dict[str, str]
    cells: dict[int, dict[str, Value]]


def read_workers(path: Path, *, encoding: str | None = None, sheet: str | None = None, on: date) -> WorkerFile:
    """The workers in a file, each judged on its own columns as of the day `on`.

    Raises Refused or Misused where the file cannot be read at all, as `read_table` does.
    """
    table = read_table(path, WORKER_COLUMNS, encoding=encoding, sheet=sheet)
    table = table._replace(unknown=tuple(name for name in table.unknown if name != REASONS_HEADING))
    read = [_Row(row, table) for row in table.rows]
    repeated = check_repeated([(one.nik, one.row.number) for one in read], _REPEATED)
    rows = []
    for one in read:
        row = one.judged(on)
        if one.nik in repeated:
            twice = _under(table, repeated[one.nik]._replace(column="nik"))
            row = row._replace(findings=(*row.findings, twice))
        rows.append(row)
    findings_of_file = (
        *table.findings,
        *unknown_columns(table.unknown, _IGNORED),
        *check_date_columns(table, ("birth_date", "first_contract")),
    )
    cells = {row.number: row.cells for row in table.rows}
    return WorkerFile(table.sha256, rows, findings_of_file, table.headings, cells)


def read_worker(number: int, cells: Mapping[str, str], on: date) -> WorkerRow:
    """One row by itself, from its cells by name of the column: what a file gave, or what somebody put right."""
    known: dict[str, Value] = dict.fromkeys(WORKER_COLUMNS.required)
    unknown = tuple(name for name in cells if WORKER_COLUMNS.name_of(name) is None)
    unprintable = tuple(CONTROL._replace(column=name) for name, cell in cells.items() if not cell.isprintable())
    return _Row(TableRow(number, {**known, **cells}, unprintable), Table((), unknown, [], "")).judged(on)


def cells_of(worker: Worker) -> dict[str, str]:
    """The cells from which a worker is read again as the same."""
    told = {name: getattr(worker, name) for name in worker.__struct_fields__ if name != "extra"}
    return {name: as_text(value) for name, value in told.items() if value is not None} | worker.extra


class _Row:
    """One row while it is read: its meanings by column, and what was found on the way."""

    def __init__(self, row: TableRow, table: Table) -> None:
        self.row = row
        self.findings = list(row.findings)
        self.nik: str | None = None
        self._table = table
        self._meanings: dict[str, Any] = {}
        self._read_nik()
        self._read_required()
        self._read_optional()
        self._refuse_long_numbers()

    def judged(self, on: date) -> WorkerRow:
        """The row with what its own columns say, as of the day `on`."""
        worker, number = self._worker(), self.row.number
        if worker is None:
            cells = {name: as_text(value) for name, value in self.row.cells.items() if name != REASONS_HEADING}
            kept = {name: value for name, value in cells.items() if value}
            return WorkerRow(number, None, tuple(self.findings), kept)
        found = [_under(self._table, finding) for finding in check_worker(worker, on)]
        return WorkerRow(number, worker, (*self.findings, *found))

    def _worker(self) -> Worker | None:
        """The worker of the row; None if a cell of it cannot be read."""
        if self.nik is None or any(finding.refuses for finding in self.findings):
            return None
        cells = self.row.cells
        for name in _TEXTS:
            self._meanings[name] = as_text(cells.get(name)) or None
        extra = {name: as_text(cells[name]) for name in self._table.unknown if cells[name] is not None}
        return Worker(nik=self.nik, extra=extra, **self._meanings)

    def _read_nik(self) -> None:
        value = self.row.cells["nik"]
        if value in _PLACEHOLDERS:
            value = None
        if value is None and self._found_in("nik"):
            return
        self.nik, findings = read_nik(value)
        for finding in findings:
            self._find("nik", finding)

    def _read_required(self) -> None:
        for name, missing in _MISSING.items():
            value = self.row.cells[name]
            self._meanings[name] = as_text(value)
            if (value is None or value in _PLACEHOLDERS) and not self._found_in(name):
                self._find(name, missing)

    def _read_optional(self) -> None:
        cells = self.row.cells
        for name, meaning in _MEANINGS.items():
            value = cells.get(name)
            if value is None or value in _PLACEHOLDERS:
                continue
            try:
                read = self._meanings[name] = meaning.read(value)
            except ValueError:
                self._find(name, meaning.otherwise)
            else:
                if isinstance(read, date) and isinstance(value, str) and weekday_differs(value, read):
                    self._find(name, WEEKDAY)
        written = cells.get("category")
        if written is not None and written not in _PLACEHOLDERS:
            code = category_code(as_text(written))
            self._meanings["category"] = code or as_text(written)
            if code is None:
                self._find("category", _CATEGORY)

    def _refuse_long_numbers(self) -> None:
        for name, value in self.row.cells.items():
            if (not isinstance(value, str) or "E" in value or "e" in value) and name != "nik" and is_long_number(value):
                self._find(name, LONG_NUMBER)

    def _find(self, name: str, finding: Finding) -> None:
        self.findings.append(finding._replace(column=self._table.heading(name)))

    def _found_in(self, name: str) -> bool:
        heading = self._table.heading(name)
        return any(finding.column == heading for finding in self.findings)


def _under(table: Table, finding: Finding) -> Finding:
    """The finding with the heading that the file itself uses."""
    return finding._replace(column=table.heading(finding.column)) if finding.column else finding
