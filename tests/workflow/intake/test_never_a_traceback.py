"""Whatever arrives, it is read or refused in one sentence."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.errors import LantikError
from workflow.intake.cases import read_cases
from workflow.intake.cells import tidy
from workflow.intake.units import read_units
from workflow.intake.workers import read_workers

ON = date(2025, 12, 1)
HEADER = ["NIK", "Nama", "OPD", "Tanggal Lahir", "Jenis Kelamin", "Kode", "Database BKN", "Honor", "Formasi", "Lain"]
CELLS = some.one_of(
    some.text(max_size=12),
    some.sampled_from(
        [
            "3673010101900001",
            "31/12/1990",
            "Jumat (12/12/2026)",
            "Rp 1.500.000",
            "R3",
            "ya",
            "-",
            "3E+15",
            "'",
            "Jumlah",
        ]
    ),
)
KINDS = some.one_of(
    CELLS.filter(lambda cell: cell.isprintable()), some.integers(), some.booleans(), some.dates(), some.none()
)


def read_all(content: bytes) -> None:
    """Read content as every kind of list; anything but a LantikError is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(content)
        for read in (lambda: read_workers(path, on=ON), lambda: read_cases(path), lambda: read_units(path)):
            with contextlib.suppress(LantikError):
                read()


def workbook(rows: list[list[object]]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


@settings(deadline=None)
@given(
    some.binary(max_size=300),
    some.sampled_from([b"", b"NIK,Nama,OPD\n", b"PK\x03\x04", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]),
)
def test_arbitrary_bytes(content: bytes, start: bytes) -> None:
    read_all(start + content)


@settings(deadline=None)
@given(some.lists(some.lists(CELLS, max_size=len(HEADER) + 1), max_size=4), some.sampled_from(",;\t"))
def test_arbitrary_rows_of_a_csv_file(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, escapechar="\\").writerows([HEADER, *rows])
    read_all(written.getvalue().encode(errors="replace"))


@settings(max_examples=30, deadline=None)
@given(some.lists(some.lists(KINDS, max_size=len(HEADER) + 1), max_size=4))
def test_arbitrary_rows_of_a_workbook(rows: list[list[object]]) -> None:
    read_all(workbook([list(HEADER), *rows]))


@settings(max_examples=100, deadline=None)
@given(some.data())
def test_a_workbook_with_some_of_its_bytes_changed(data: some.DataObject) -> None:
    whole = workbook([list(HEADER), ["3673010101900001", "Contoh", "A", date(1990, 1, 1), "L", "R3", "ya", 1500000]])
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(packed, "w") as target:
        victim = data.draw(some.sampled_from(source.namelist()))
        for name in source.namelist():
            part = bytearray(source.read(name))
            if name == victim:
                at = data.draw(some.integers(0, len(part) - 1))
                part[at : at + data.draw(some.integers(0, 20))] = data.draw(some.binary(max_size=6))
            target.writestr(name, bytes(part))
    read_all(packed.getvalue())


@given(some.text())
def test_tidied_text_is_tidy(raw: str) -> None:
    tidied = tidy(raw)
    assert "  " not in tidied
    assert tidied == tidied.strip()
    assert tidy("'" + tidied) == tidied or tidied.startswith("'")
