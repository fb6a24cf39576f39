from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import Refused
from workflow.intake.cases import read_cases

NIK = "3673010101900001"
HEADINGS = {"ni": "ni", "NI PPPK": "ni", "tmt": "tmt", "wage": "wage", "Upah": "wage", "active": "active"}


def test_whom_and_which_fields(save: Any) -> None:
    rows, findings = read_cases(save(f"NIK;Nama;NI PPPK;Upah\n{NIK};Contoh;199001012025211001;\n"), headings=HEADINGS)
    assert [(row.number, row.who, row.fields, row.findings) for row in rows] == [
        (2, NIK, {"ni": "199001012025211001"}, ())
    ]
    assert [finding.code for finding in findings] == ["columns-unknown"]
    assert "Nama" in str(findings[0].message)


@pytest.mark.parametrize("heading", ["case", "Nomor Kasus", "KASUS"])
def test_a_case_number_will_do_and_is_preferred(save: Any, heading: str) -> None:
    [row], _ = read_cases(save(f"nik,{heading}\n3673********0001,36.73-000123\n"))
    assert row.who == "36.73-000123"
    assert row.findings == ()


def test_a_nik_is_accepted_in_the_column_of_cases(save: Any) -> None:
    [row], _ = read_cases(save(f"case\n{NIK}\n"))
    assert row.who == NIK


def test_cells_become_text_that_a_step_can_read(workbook: Any) -> None:
    path = workbook([("NIK", "tmt", "wage", "active"), (NIK, date(2026, 1, 1), 1500000.0, True)])
    [row], _ = read_cases(path, headings=HEADINGS)
    assert row.fields == {"tmt": "2026-01-01", "wage": "1500000", "active": "true"}


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("", "who-missing"),
        ("3,67301E+15", "nik-is-a-number"),
        ("367301010190001", "nik-length"),
        ("３６７３０１０１０１９００００１", "nik-not-digits"),
    ],
)
def test_a_row_that_names_nobody_is_refused(save: Any, who: str, code: str) -> None:
    [row, _], _ = read_cases(save(f"nik;wage;tmt;ni\n{who};1;2;3\n{NIK};1;2;3\n"), headings=HEADINGS)
    assert row.who == ""
    assert [finding.code for finding in row.findings] == [code]


def test_a_wrong_case_number_is_refused(save: Any) -> None:
    [row], _ = read_cases(save("case\n36.73/123\n"))
    assert [finding.code for finding in row.findings] == ["case-number-unreadable"]


def test_numbers_that_a_spreadsheet_has_rounded_are_refused(workbook: Any) -> None:
    path = workbook([("NIK", "NI"), (NIK, 199001012025211001), (3673010101900002, "x"), ("=A2", "y")])
    rows, _ = read_cases(path, headings=HEADINGS)
    assert [[finding.code for finding in row.findings] for row in rows] == [
        ["number-too-long"],
        ["nik-is-a-number"],
        ["formula"],
    ]


def test_the_same_worker_twice_refuses_both_rows(save: Any) -> None:
    rows, _ = read_cases(save(f"nik\n{NIK}\n{NIK}\n3673010101900002\n"))
    assert [[finding.code for finding in row.findings] for row in rows] == [["who-repeated"], ["who-repeated"], []]
    assert "rows 2, 3" in str(rows[0].findings[0].message)


def test_a_list_without_nik_and_case_is_refused(save: Any) -> None:
    with pytest.raises(Refused, match="nik / case"):
        read_cases(save("Nama,Upah\nContoh,1\n"), headings=HEADINGS)
