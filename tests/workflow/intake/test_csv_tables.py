from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from domain.errors import EnvironmentFailed, LantikError, Misused, Refused
from domain.findings import Severity
from workflow.intake.tables import Columns, Table, read_table

COLUMNS = Columns(
    {"nik": ("NIK",), "name": ("Nama", "Nama Lengkap"), "unit": ("OPD",)}, required=("nik", "name", "unit")
)
NIK = "3673010101900001"
PERSON = f"{NIK},Contoh Satu,Dinas A\n"
LIST = "NIK,Nama,OPD\n" + PERSON


def codes(table: Table, row: int = 0) -> list[str]:
    return [finding.code for finding in table.rows[row].findings]


def file_codes(table: Table) -> list[str]:
    return [finding.code for finding in table.findings]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LIST.encode(), id="UTF-8"),
        pytest.param(LIST.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(b"\xff\xfe" + LIST.encode("utf-16-le"), id="UTF-16 little-endian"),
        pytest.param(b"\xfe\xff" + LIST.encode("utf-16-be"), id="UTF-16 big-endian"),
        pytest.param(LIST.replace(",", ";").encode(), id="semicolon"),
        pytest.param(LIST.replace(",", "\t").encode(), id="tab"),
        pytest.param(LIST.replace("\n", "\r\n").encode(), id="Windows lines"),
        pytest.param(LIST.replace("\n", "\r").encode(), id="old Mac lines"),
        pytest.param(LIST.replace("NIK,", " n_i k *:,").encode(), id="heading with marks"),
        pytest.param(f"Nama Lengkap,opd,nik\nContoh Satu,Dinas A,{NIK}\n".encode(), id="reordered and renamed"),
        pytest.param((LIST + "\n\n , , \n").encode(), id="blank rows at the end"),
        pytest.param(('"NIK","Nama","OPD"\n' + f'"{NIK}","Contoh Satu","Dinas A"').encode(), id="all quoted"),
        pytest.param(LIST.replace("Contoh Satu", "Contoh\u00a0\u200bSatu  ").encode(), id="hard and hidden spaces"),
        pytest.param(LIST.replace(NIK, "'" + NIK).encode(), id="leading apostrophe"),
    ],
)
def test_the_same_list_in_many_forms_reads_the_same(save: Any, content: bytes) -> None:
    table = read_table(save(content), COLUMNS)
    assert [row.cells for row in table.rows] == [{"nik": NIK, "name": "Contoh Satu", "unit": "Dinas A"}]
    assert not table.rows[0].findings
    assert not table.unknown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", ["is empty"], id="empty"),
        pytest.param(b"\n \r\n", ["is empty"], id="only line ends"),
        pytest.param(b"NIK,Nama,OPD\n\n\n", ["0 rows"], id="header only"),
        pytest.param(b"Nama,OPD\nContoh,Dinas\n", ["no header", "nik"], id="required heading missing"),
        pytest.param(b"NIK,Nama,nama lengkap,OPD\n1,2,3,4\n", ["Two columns", "Nama", "nama lengkap"], id="doubled"),
        pytest.param(LIST.encode() + b"x,Nur\x92aini,B\n", ["row 3", "byte", "--encoding cp1252"], id="cp1252"),
        pytest.param(LIST.encode() + b'1,"Budi,B\n2,Siti,C\n', ["row 3", "quotation mark"], id="unclosed quote"),
        pytest.param(LIST.encode() + b'1,"Bu"di,B\n', ["row 3", "quotation mark"], id="quote inside"),
        pytest.param(LIST.encode() + b"1,Bu\0di,B\n", ["row 3", "NUL"], id="NUL byte"),
        pytest.param(LIST.encode() + b"1," + b"x" * 140_000 + b",B\n", ["row 3", "131072"], id="long field"),
        pytest.param(b"%PDF-1.7 ...", ["is a PDF"], id="PDF"),
        pytest.param(b"<html><table>", ["web page"], id="web page"),
        pytest.param(b"\n<!DOCTYPE html><html>", ["web page"], id="web page with doctype"),
        pytest.param(b"<?xml version='1.0'?><Workbook/>", ["XML"], id="XML spreadsheet"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ["old workbook"], id="xls"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + b"\0" * 60 + "EncryptedPackage".encode("utf-16-le"), ["password"], id="encrypted"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(save: Any, content: bytes, words: list[str]) -> None:
    with pytest.raises(Refused) as refusal:
        read_table(save(content, "list.xlsx"), COLUMNS)
    for word in words:
        assert word in str(refusal.value)
    assert NIK not in str(refusal.value)


def test_the_byte_that_cannot_be_read_is_counted_from_the_start_of_the_file(save: Any) -> None:
    content = LIST.encode("utf-8-sig") + b"\x92"
    with pytest.raises(Refused, match=f"byte {len(content) - 1} "):
        read_table(save(content), COLUMNS)


def test_an_encoding_is_used_when_it_is_named(save: Any) -> None:
    table = read_table(save(LIST.replace("Contoh", "Nur’aini").encode("cp1252")), COLUMNS, encoding="cp1252")
    assert table.rows[0].cells["name"] == "Nur’aini Satu"


@pytest.mark.parametrize("encoding", ["klingon", "hex", "utf-7", "idna", "a\0b", "ü", "undefined"])
def test_an_unknown_encoding_is_misuse(save: Any, encoding: str) -> None:
    with pytest.raises(Misused, match="no encoding"):
        read_table(save(LIST), COLUMNS, encoding=encoding)


def test_a_path_without_a_file_is_misuse(tmp_path: Path, save: Any) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(Misused):
            read_table(path, COLUMNS)
    with pytest.raises(Misused, match="no sheets"):
        read_table(save(LIST), COLUMNS, sheet="Data")


def test_rows_are_numbered_as_lines_of_the_file(save: Any) -> None:
    content = "DAFTAR PEGAWAI\n\nNIK,Nama,OPD\n" + f'{NIK},"Contoh\nSatu",Dinas A\n\n' + PERSON
    table = read_table(save(content), COLUMNS)
    assert [row.number for row in table.rows] == [4, 7]
    assert table.rows[0].cells["name"] == "Contoh Satu"


@pytest.mark.parametrize("fields", ["a,b", "a,b,c,d", "Contoh, S.Pd,x,y"])
def test_a_row_with_too_few_or_too_many_fields_is_found_with_their_number(save: Any, fields: str) -> None:
    table = read_table(save(LIST + fields + "\n"), COLUMNS)
    assert codes(table, 1) == ["field-count"]
    assert f"{fields.count(',') + 1} fields where the header has 3" in str(table.rows[1].findings[0].message)


def test_empty_fields_beyond_the_header_do_no_harm(save: Any) -> None:
    assert codes(read_table(save(LIST + PERSON.strip() + ",,\n"), COLUMNS), 1) == []


def test_two_forgotten_quotation_marks_do_not_swallow_a_row(save: Any) -> None:
    table = read_table(save(LIST + f'{NIK},"Satu,A\n{NIK},Dua",A\n'), COLUMNS)
    assert "row-spans-lines" in codes(table, 1)


@pytest.mark.parametrize("character", ["\x07", "\x1b", "\x9b", "\ue000"])
def test_a_control_character_is_an_error_of_its_cell(save: Any, character: str) -> None:
    table = read_table(save(LIST.replace("Contoh", f"Con{character}toh")), COLUMNS)
    assert codes(table) == ["control-characters"]
    assert table.rows[0].findings[0].column == "Nama"


def test_what_was_normalised_is_told_once(save: Any) -> None:
    table = read_table(save(LIST + PERSON.replace(NIK, "'" + NIK) + PERSON.replace(NIK, f"\u200b{NIK}")), COLUMNS)
    assert file_codes(table) == ["cells-normalised"]
    assert "2 cells" in str(table.findings[0].message)


@pytest.mark.parametrize("label", ["Jumlah", "TOTAL 3.809", "Grand Total", "Sub-total:"])
def test_a_row_of_totals_is_left_out_and_told(save: Any, label: str) -> None:
    for row in (f"{label},,\n", f",{label},3\n"):
        table = read_table(save(LIST + row + PERSON), COLUMNS)
        assert [kept.number for kept in table.rows] == [2, 4]
        assert file_codes(table) == ["total-row-skipped"]
        assert table.findings[0].severity is Severity.WARNING
        assert "3" in str(table.findings[0].message)


def test_a_person_named_like_a_total_is_kept(save: Any) -> None:
    table = read_table(save(LIST + f"{NIK},Total Contoh,A\n,Total Contoh,A\n{PERSON}"), COLUMNS)
    assert [row.number for row in table.rows] == [2, 3, 4, 5]


def test_signatures_below_the_list_are_left_out_and_told(save: Any) -> None:
    table = read_table(
        save(LIST + ",,\n,,Serang 20 Januari 2026\n,,Kepala Dinas\n,Mengetahui,(tanda tangan)\n"), COLUMNS
    )
    assert [row.number for row in table.rows] == [2]
    assert file_codes(table) == ["footer-skipped"]
    assert "4, 5, 6 (3 in all)" in str(table.findings[0].message)


def test_a_last_person_without_a_nik_is_no_signature(save: Any) -> None:
    table = read_table(save(LIST + ",Contoh Dua,Dinas B\n,,Kepala Dinas\n"), COLUMNS)
    assert [row.number for row in table.rows] == [2, 3]


def test_columns_that_only_number_the_list_are_left_out(save: Any) -> None:
    table = read_table(save(f"No.,NIK,Nama,OPD\n(1),(2),(3),(4)\n1,{NIK},Contoh Satu,A\n"), COLUMNS)
    assert [row.number for row in table.rows] == [3]
    assert table.unknown == ()
    assert file_codes(table) == ["ordinal-row-skipped"]


def test_unknown_columns_are_kept_under_their_heading(save: Any) -> None:
    table = read_table(save(f"NIK,Nama,OPD,Golongan Darah\n{NIK},Contoh,A,O\n"), COLUMNS)
    assert table.unknown == ("Golongan Darah",)
    assert table.columns == ("nik", "name", "unit")
    assert table.rows[0].cells["Golongan Darah"] == "O"


def test_what_looks_like_a_formula_is_only_text_in_a_csv_file(save: Any) -> None:
    table = read_table(save(LIST.replace("Contoh", "=1+1")), COLUMNS)
    assert table.rows[0].cells["name"] == "=1+1 Satu"


class ChangingFile(type(Path())):  # type: ignore[misc]
    """A file that another program writes to each time we have read it."""

    def read_bytes(self) -> bytes:
        content = super().read_bytes()
        self.write_bytes(content + PERSON.encode())
        return content


class VanishingShare(type(Path())):  # type: ignore[misc]
    """A file on a network share that goes away."""

    def read_bytes(self) -> bytes:
        raise OSError(5, os.strerror(5))


def test_a_file_that_changes_meanwhile_is_refused(save: Any) -> None:
    with pytest.raises(Refused, match="changed while"):
        read_table(ChangingFile(save(LIST)), COLUMNS)


def test_a_share_that_goes_away_is_a_failure_of_the_environment(save: Any) -> None:
    with pytest.raises(EnvironmentFailed, match="cannot be read"):
        read_table(VanishingShare(save(LIST)), COLUMNS)


def test_too_many_rows_are_refused_before_they_are_read(save: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.intake.csv_files.MOST_ROWS", 2)
    with pytest.raises(Refused, match="more than 2 rows"):
        read_table(save(LIST + PERSON * 40), COLUMNS)


def test_a_file_beyond_the_limit_is_not_even_read(save: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.intake.tables.MOST_BYTES", 10)
    with pytest.raises(LantikError, match="larger than"):
        read_table(save(LIST), COLUMNS)
