from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from domain.errors import LantikError, Misused, Refused
from workflow.intake.tables import Columns, Table, read_table

COLUMNS = Columns({"nik": ("NIK",), "name": ("Nama",), "tmt": ("TMT",)}, required=("nik", "name"))
NIK = "3673010101900001"
HEADER = ("NIK", "Nama", "TMT")
PERSON = (NIK, "Contoh Satu", date(2026, 2, 1))
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'


def codes(table: Table, row: int = 0) -> list[str]:
    return [finding.code for finding in table.rows[row].findings]


def test_a_workbook_reads_by_its_headings_and_keeps_true_dates(workbook: Any) -> None:
    table = read_table(workbook([("DAFTAR NOMINATIF",), (), HEADER, PERSON, (), ()]), COLUMNS)
    assert table.rows[0].cells == {"nik": NIK, "name": "Contoh Satu", "tmt": date(2026, 2, 1)}
    assert table.rows[0].number == 4
    assert len(table.rows) == 1
    assert len(table.sha256) == 64


def test_a_workbook_is_known_by_its_content_and_not_by_its_name(workbook: Any) -> None:
    path = workbook([HEADER, PERSON])
    assert len(read_table(path.rename(path.with_name("list.csv")), COLUMNS).rows) == 1


def test_workbooks_of_other_programs_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, (NIK, "Contoh Satu"))
        sheet.write_datetime(1, 2, datetime(2026, 2, 1))
    assert read_table(path, COLUMNS).rows[0].cells["tmt"] == date(2026, 2, 1)


def test_dates_of_a_workbook_that_counts_from_1904_are_the_days_that_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, (NIK, "Contoh Satu"))
        sheet.write_datetime(1, 2, datetime(2026, 2, 1))
    assert read_table(path, COLUMNS).rows[0].cells["tmt"] == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [(46054, 46054), (True, True), (1.5, 1.5), (datetime(2026, 2, 1, 8, 30), "2026-02-01 08:30:00"), ("'x ", "x")],
)
def test_cells_keep_their_kind(workbook: Any, cell: Any, value: Any) -> None:
    table = read_table(workbook([HEADER, (NIK, "Contoh", cell)]), COLUMNS)
    assert table.rows[0].cells["tmt"] == value


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://example.org")'])
def test_a_formula_is_an_error_of_its_cell(workbook: Any, formula: str) -> None:
    table = read_table(workbook([HEADER, (NIK, formula, None)]), COLUMNS)
    assert codes(table) == ["formula"]
    assert table.rows[0].findings[0].column == "Nama"
    assert table.rows[0].cells["name"] is None


def test_an_error_value_is_an_error_of_its_cell(workbook: Any) -> None:
    def break_name(sheet: Any) -> None:
        sheet["B2"].value = "#REF!"
        sheet["B2"].data_type = "e"

    assert codes(read_table(workbook([HEADER, PERSON], break_name), COLUMNS)) == ["cell-error"]


def test_hidden_rows_are_refused(workbook: Any) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    table = read_table(workbook([HEADER, PERSON, PERSON, PERSON], hide), COLUMNS)
    assert [codes(table, row) for row in range(3)] == [[], ["row-hidden"], []]


def test_merged_cells_refuse_the_rows_they_touch(workbook: Any) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("C3:C4")
        sheet.merge_cells("A1:C1")

    table = read_table(workbook([("DAFTAR",), HEADER, PERSON, PERSON, PERSON], merge), COLUMNS)
    assert [codes(table, row) for row in range(3)] == [["row-merged"], ["row-merged"], []]


def test_totals_and_signatures_in_merged_cells_are_left_out_like_others(workbook: Any) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A3:B3")
        sheet.merge_cells("C5:D5")

    rows = [HEADER, PERSON, ("JUMLAH", None, "=SUM(1)"), (), (None, None, "Serang, 20 Januari 2026")]
    table = read_table(workbook(rows, merge), COLUMNS)
    assert len(table.rows) == 1
    assert {finding.code for finding in table.findings} == {"total-row-skipped", "footer-skipped"}


def test_two_sheets_with_data_ask_for_a_name(workbook: Any) -> None:
    def add(sheet: Any) -> None:
        other = sheet.parent.create_sheet("Data Lama")
        other.append(HEADER)
        other.append((NIK, "Contoh Lama"))
        sheet.parent.create_sheet("Kosong")

    path = workbook([HEADER, PERSON], add)
    with pytest.raises(Refused, match=r"Sheet, Data Lama.*--sheet"):
        read_table(path, COLUMNS)
    assert read_table(path, COLUMNS, sheet="data lama").rows[0].cells["name"] == "Contoh Lama"
    with pytest.raises(Misused, match="no sheet Absent"):
        read_table(path, COLUMNS, sheet="Absent")


def test_a_hidden_sheet_with_such_a_list_is_told_and_other_hidden_sheets_are_not(workbook: Any) -> None:
    def add(sheet: Any) -> None:
        for title, header in (("Lama", HEADER), ("Pilihan", ("ya", "tidak"))):
            other = sheet.parent.create_sheet(title)
            other.append(header)
            other.sheet_state = "hidden"

    table = read_table(workbook([HEADER, PERSON], add), COLUMNS)
    assert [str(finding.message) for finding in table.findings] == [
        "The hidden sheet Lama holds such a list too and was not read."
    ]


def test_cells_beside_the_list_are_told(workbook: Any) -> None:
    table = read_table(workbook([HEADER, (*PERSON, None, "cek lagi")]), COLUMNS)
    assert [finding.code for finding in table.findings] == ["cells-without-heading"]
    assert "column E" in str(table.findings[0].message)


def test_an_empty_workbook_is_refused(workbook: Any) -> None:
    with pytest.raises(Refused, match="is empty"):
        read_table(workbook([]), COLUMNS)
    with pytest.raises(Refused, match="0 rows"):
        read_table(workbook([HEADER]), COLUMNS)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(workbook: Any, repack: Any) -> None:
    cell = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    path = repack(workbook([HEADER, PERSON]), {"sheet1.xml": SHEET % (cell * 3000)})
    assert path.stat().st_size < 100_000
    with pytest.raises(Refused, match="would unpack"):
        read_table(path, COLUMNS)


def test_many_parts_that_unpack_to_too_much_are_refused(workbook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook([HEADER, PERSON])
    monkeypatch.setattr("workflow.intake.archives.MOST_BYTES", 1000)
    with pytest.raises(Refused, match="would unpack"):
        read_table(path, COLUMNS)


@pytest.mark.parametrize("part", ["workbook.xml", "sheet1.xml", "styles.xml", "[Content_Types].xml"])
def test_an_entity_bomb_is_refused(workbook: Any, repack: Any, part: str) -> None:
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 7))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]><x>&a6;</x>'
    with pytest.raises(Refused, match="entities"):
        read_table(repack(workbook([HEADER, PERSON]), {part: bomb.encode()}), COLUMNS)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("sheet1.xml", b"<worksheet"),
        ("sheet1.xml", SHEET % b'<row r="x"/>'),
        ("sheet1.xml", SHEET % b'<row><c r="A1" t="s"><v>99</v></c></row>'),
        ("sheet1.xml", SHEET % b'<row><c r="1A"><v>1</v></c></row>'),
        ("sheet1.xml", SHEET % b"<row><c><v>nan</v></c></row>"),
        ("sheet1.xml", SHEET % (b"<row><c><v>" + b"9" * 5000 + b"</v></c></row>")),
        ("sheet1.xml", SHEET % b'<row r="99999999999"><c><v>1</v></c></row>'),
        ("workbook.xml", b"<workbook/>"),
        ("styles.xml", b"not xml"),
        ("workbook.xml.rels", b""),
    ],
)
def test_a_damaged_workbook_is_refused(workbook: Any, repack: Any, part: str, content: bytes) -> None:
    with pytest.raises(Refused):
        read_table(repack(workbook([HEADER, PERSON]), {part: content}), COLUMNS)


def test_a_wrong_dimension_does_not_cut_rows_off(workbook: Any, repack: Any) -> None:
    path = workbook([HEADER, PERSON, PERSON])
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b'ref="A1:C3"' in xml
    path = repack(path, {"sheet1.xml": xml.replace(b'ref="A1:C3"', b'ref="A1:A2"')})
    assert len(read_table(path, COLUMNS).rows) == 2


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("content.xml", "OpenDocument"),
        ("word/document.xml", "Word"),
        ("xl/workbook.bin", "xlsb"),
        ("readme.txt", "without a workbook"),
    ],
)
def test_other_archives_are_called_by_their_name(tmp_path: Path, part: str, words: str) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "content")
    with pytest.raises(Refused, match=words):
        read_table(path, COLUMNS)


def test_an_archive_cut_off_in_the_middle_is_refused(workbook: Any) -> None:
    path = workbook([HEADER, PERSON])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(LantikError, match="damaged"):
        read_table(path, COLUMNS)
