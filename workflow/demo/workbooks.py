"""The files that offices of the story send: lists of workers, facts for one step, the list of units."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.worker import Worker
from workflow.demo.people import UNITS, Person

Cell = str | int | date | None

TITLES = ("PEMERINTAH KOTA SERANG", "DAFTAR NOMINATIF PEGAWAI NON-ASN")
# heading of the office, how wide its column is, and what stands in it
_COLUMNS: tuple[tuple[str, int, Callable[[Worker], Cell]], ...] = (
    ("NIK", 18, lambda worker: worker.nik),
    ("Nama Lengkap", 28, lambda worker: worker.name),
    ("OPD", 44, lambda worker: worker.unit),
    ("Jabatan", 30, lambda worker: worker.position),
    ("Pendidikan", 34, lambda worker: worker.education),
    ("Tanggal Lahir", 13, lambda worker: worker.birth_date),
    ("Jenis Kelamin", 13, lambda worker: worker.sex),
    ("Kategori", 9, lambda worker: worker.category),
    ("Database BKN", 13, lambda worker: _yes_no(worker.in_bkn_database)),
    ("CPNS_2024", 11, lambda worker: _yes_no(worker.cpns_2024)),
    ("PPPK_2024", 11, lambda worker: _yes_no(worker.pppk_2024)),
    ("TMT Kontrak Pertama", 19, lambda worker: worker.first_contract),
    ("Upah", 12, lambda worker: worker.wage),
    ("Formasi", 10, lambda worker: worker.formation),
    ("Keterangan", 20, lambda worker: worker.note),
)
HEADINGS = tuple(heading for heading, _, _ in _COLUMNS)


def write_workers_xlsx(path: Path, persons: Iterable[Person], *, title_rows: bool = True) -> None:
    """A workbook as a personnel office sends it: titles, headings, one row for each worker, a row of totals.

    NIK are text, dates are date cells, wages numbers. The same people give the same bytes.
    """
    with Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        # else the library writes the time of day into the file
        book.set_properties({"title": TITLES[-1], "created": datetime(2025, 8, 1)})  # noqa: DTZ001
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Daftar Nominatif")
        for column, (_, width, _) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
        head = len(TITLES) if title_rows else 0
        for row, title in enumerate(TITLES[:head]):
            sheet.write_string(row, 0, title, bold)
        sheet.write_row(head, 0, HEADINGS, bold)
        sheet.freeze_panes(head + 1, 0)

        row, total = head, 0
        for row, person in enumerate(persons, head + 1):
            _write_row(sheet, row, person.worker, text, money)
            total += person.worker.wage or 0
        sheet.write_string(row + 1, HEADINGS.index("Nama Lengkap"), "JUMLAH", bold)
        sheet.write_number(row + 1, HEADINGS.index("Upah"), total, money)


def _write_row(sheet: Worksheet, row: int, worker: Worker, text: Format, money: Format) -> None:
    for column, value in enumerate(_cells(worker)):
        match value:
            case None:
                continue
            case str():
                sheet.write_string(row, column, value, text)
            case date():
                sheet.write_datetime(row, column, value)
            case int():
                sheet.write_number(row, column, value, money)


def write_workers_csv(path: Path, persons: Iterable[Person], *, delimiter: str = ";", bom: bool = True) -> None:
    """The same list as Excel saves it under Indonesian settings: semicolons, day first, a byte order mark."""
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(HEADINGS)
        writer.writerows([_written(value) for value in _cells(person.worker)] for person in persons)


def write_fields_csv(path: Path, persons: Iterable[Person], **fields: Callable[[Person], str]) -> None:
    """Facts of one step for each worker, as `advance STEP --from FILE` takes them: `nik` and the fields named."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nik", *fields])
        writer.writerows([person.worker.nik, *(value(person) for value in fields.values())] for person in persons)


def write_units_csv(path: Path) -> None:
    """The city's OPDs, as `unit import` takes them: `name`, `code`, and `aliases` separated by |."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["name", "code", "aliases"])
        writer.writerows([unit.name, unit.code, "|".join((unit.alias, f"{unit.alias} Kota Serang"))] for unit in UNITS)


def _cells(worker: Worker) -> list[Cell]:
    return [value(worker) for _, _, value in _COLUMNS]


def _yes_no(answer: bool | None) -> str | None:
    if answer is None:
        return None
    return "ya" if answer else "tidak"


def _written(value: Cell) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
