from __future__ import annotations

from typing import Any

import pytest

from workflow.intake.units import read_units


def test_names_codes_and_aliases(save: Any) -> None:
    rows, findings = read_units(
        save('Kode;Nama Unit;Singkatan;Alamat\n1.02;Dinas Contoh;"DC; Dincon|DC";Jalan\n;Badan Contoh;;\n')
    )
    assert [(row.number, row.name, row.code, row.aliases) for row in rows] == [
        (2, "Dinas Contoh", "1.02", ("DC", "Dincon")),
        (3, "Badan Contoh", None, ()),
    ]
    assert [finding.code for finding in findings] == ["columns-unknown"]


@pytest.mark.parametrize("heading", ["name", "Nama", "Unit Kerja", "OPD"])
def test_the_headings_of_offices(save: Any, heading: str) -> None:
    rows, _ = read_units(save(f"{heading}\nDinas Contoh\n"))
    assert rows[0].name == "Dinas Contoh"


def test_a_name_or_alias_that_stands_twice_refuses_both_rows(save: Any) -> None:
    rows, _ = read_units(save("nama,alias\nDinas Contoh,DC\nBadan Contoh,d.c.\nKantor Contoh,KC\n"))
    assert [[finding.code for finding in row.findings] for row in rows] == [["unit-repeated"], ["unit-repeated"], []]


def test_a_code_that_lost_its_zeros_and_a_missing_name_are_refused(workbook: Any) -> None:
    rows, _ = read_units(
        workbook([("nama", "kode", "alias"), ("Dinas", 1.2, None), (None, 12, "X"), ("Badan", 12, None)])
    )
    assert [[finding.code for finding in row.findings] for row in rows] == [
        ["unit-code-is-a-number"],
        ["unit-name-missing"],
        [],
    ]
    assert rows[2].code == "12"


def test_the_total_below_the_units_is_no_unit(save: Any) -> None:
    rows, findings = read_units(save("nama,kode\nDinas Contoh,1\nJumlah 1,\n"))
    assert len(rows) == 1
    assert [finding.code for finding in findings] == ["total-row-skipped"]
