from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import Refused
from domain.findings import Severity
from workflow.intake.workers import WORKER_COLUMNS, WorkerFile, WorkerRow, read_workers

ON = date(2025, 12, 1)
NIK = "3673010101900001"
GOOD = {
    "NIK": NIK,
    "Nama Lengkap": "Contoh Satu",
    "OPD": "Dinas Contoh",
    "Jabatan": "Operator",
    "Pendidikan": "SMA",
    "Tanggal Lahir": "01/01/1990",
    "Jenis Kelamin": "L",
    "Kode": "R3",
    "Database BKN": "ya",
    "CPNS 2024": "tidak",
    "PPPK 2024": "ya",
    "TMT Kontrak Pertama": "1 Maret 2015",
    "Honor": "Rp 1.500.000",
    "Formation": "PPPK Paruh Waktu",
    "Keterangan": "",
    "Agama": "-",
}


def file_of(save: Any, *people: dict[str, str]) -> WorkerFile:
    rows = [";".join(GOOD)] + [";".join((GOOD | person).values()) for person in people]
    return read_workers(save("\n".join(rows)), on=ON)


def one(save: Any, **cells: str) -> WorkerRow:
    [row] = file_of(save, {heading.replace("_", " "): value for heading, value in cells.items()}).rows
    return row


def codes(row: WorkerRow) -> list[str]:
    return [finding.code for finding in row.findings]


def test_a_good_row_is_a_worker_without_findings(save: Any) -> None:
    file = file_of(save, {})
    [row] = file.rows
    assert row.findings == ()
    assert row.number == 2
    assert row.worker is not None
    assert row.worker.nik == NIK
    assert row.worker.unit == "Dinas Contoh"
    assert row.worker.birth_date == date(1990, 1, 1)
    assert row.worker.first_contract == date(2015, 3, 1)
    assert row.worker.wage == 1_500_000
    assert row.worker.formation == "pppk-pw"
    assert row.worker.category == "R3"
    assert (row.worker.in_bkn_database, row.worker.cpns_2024, row.worker.pppk_2024) == (True, False, True)
    assert row.worker.note is None
    assert row.worker.extra == {"Agama": "-"}
    assert file.cells[2]["name"] == "Contoh Satu"


def test_unknown_columns_are_named_in_one_warning_of_the_file(save: Any) -> None:
    [finding] = file_of(save, {}).findings
    assert finding.code == "columns-unknown"
    assert "Agama" in str(finding.message)
    assert finding.severity is Severity.WARNING


def test_only_three_columns_are_required(save: Any) -> None:
    [row] = read_workers(save(f"nik,name,unit\n{NIK},Contoh,A\n"), on=ON).rows
    assert row.worker is not None
    assert row.worker.in_bkn_database is None
    assert row.findings == ()
    for missing in ("nik", "name", "unit"):
        header = [name for name in ("nik", "name", "unit") if name != missing]
        with pytest.raises(Refused, match=missing):
            read_workers(save(",".join(header) + "\na,b\n"), on=ON)


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        pytest.param("", "nik-empty", id="empty"),
        pytest.param("-", "nik-empty", id="a dash"),
        pytest.param("3,67301E+15", "nik-is-a-number", id="scientific notation"),
        pytest.param("3.67301E+15", "nik-is-a-number", id="scientific notation, English"),
        pytest.param("367301010190001", "nik-length", id="15 digits are not filled up"),
        pytest.param("36730101019000011", "nik-length", id="17 digits"),
        pytest.param("３６７３０１０１０１９００００１", "nik-not-digits", id="full-width digits"),
        pytest.param("٣٦٧٣٠١٠١٠١٩٠٠٠٠١", "nik-not-digits", id="Arabic digits"),
        pytest.param("367301010190000²", "nik-not-digits", id="superscript"),
        pytest.param("36730101O1900001", "nik-not-digits", id="letter O"),
        pytest.param("3673_0101_0190_0001", "nik-not-digits", id="underscores"),
        pytest.param("3673013201900001", "nik-impossible", id="day 32"),
        pytest.param("3673010113900001", "nik-impossible", id="month 13"),
        pytest.param("3673010101900000", "nik-impossible", id="serial 0000"),
    ],
)
def test_what_is_no_nik_is_refused_and_never_repaired(save: Any, nik: str, code: str) -> None:
    row = one(save, NIK=nik)
    assert row.worker is None
    assert codes(row) == [code]
    assert row.findings[0].column == "NIK"
    assert row.findings[0].refuses
    assert len(nik) < 2 or nik not in f"{row.findings[0].message} {row.findings[0].remedy}"


def test_an_empty_nik_is_a_question_and_not_an_error(save: Any) -> None:
    assert one(save, NIK="").findings[0].severity is Severity.QUESTION


@pytest.mark.parametrize("nik", [3673010101900001, 3.673010101900001e15, 9471010101800013, 12, True])
def test_a_nik_in_a_number_cell_is_refused_even_with_16_digits(workbook: Any, nik: Any) -> None:
    [row] = read_workers(workbook([("NIK", "Nama", "OPD"), (nik, "Contoh", "A")]), on=ON).rows
    assert row.worker is None
    assert codes(row) == ["nik-is-a-number"]


@pytest.mark.parametrize("ni", [199001012025211001, 1.99001012025211e17])
def test_a_long_number_in_any_column_is_refused(workbook: Any, ni: Any) -> None:
    [row] = read_workers(workbook([("NIK", "Nama", "OPD", "NI PPPK"), (NIK, "Contoh", "A", ni)]), on=ON).rows
    assert row.worker is None
    assert codes(row) == ["number-too-long"]
    assert row.findings[0].column == "NI PPPK"


def test_a_formula_in_the_nik_is_told_once(workbook: Any) -> None:
    [row] = read_workers(workbook([("NIK", "Nama", "OPD"), ("=1+1", "Contoh", "A")]), on=ON).rows
    assert codes(row) == ["formula"]


@pytest.mark.parametrize("nik", ["'" + NIK, f"\u00a0{NIK}\u200b", "3673 0101 0190 0001", "367301 010190 0001"])
def test_spaces_and_apostrophes_around_a_nik_are_removed(save: Any, nik: str) -> None:
    row = one(save, NIK=nik)
    assert row.worker is not None
    assert row.worker.nik == NIK
    assert not any(finding.refuses for finding in row.findings)


@pytest.mark.parametrize("second", [{}, {"Nama Lengkap": "Contoh Lain"}])
def test_the_same_nik_twice_refuses_both_rows_and_names_them(save: Any, second: dict[str, str]) -> None:
    rows = file_of(save, {}, second, {"NIK": "3673010101900002"}).rows
    assert [codes(row) for row in rows] == [["nik-repeated"], ["nik-repeated"], []]
    for row in rows[:2]:
        assert "rows 2, 3" in str(row.findings[0].message)
        assert NIK not in str(row.findings[0].message)
        assert row.findings[0].rule == "import check 2"


CHECKS = [
    # cells, code, severity
    ({"Tanggal Lahir": "02/01/1990"}, "nik-birth-date-differs", Severity.WARNING),
    ({"Jenis Kelamin": "P"}, "nik-sex-differs", Severity.WARNING),
    ({"NIK": "9973010101900001"}, "nik-region-unknown", Severity.WARNING),
    ({"Tanggal Lahir": "31/02/1990"}, "date-unreadable", Severity.ERROR),
    ({"Tanggal Lahir": "01/01/90"}, "date-unreadable", Severity.ERROR),
    ({"TMT Kontrak Pertama": "46054"}, "date-unreadable", Severity.ERROR),
    ({"TMT Kontrak Pertama": "01/03/2062"}, "first-contract-after-ban", Severity.QUESTION),
    ({"TMT Kontrak Pertama": "01/03/1026"}, "date-unreadable", Severity.ERROR),
    ({"TMT Kontrak Pertama": "Jumat (12/12/2014)"}, None, None),
    ({"TMT Kontrak Pertama": "Jumat (12/12/2015)"}, "weekday-differs", Severity.WARNING),
    ({"TMT Kontrak Pertama": "31/10/2023"}, None, None),
    ({"TMT Kontrak Pertama": "01/11/2023"}, "first-contract-after-ban", Severity.QUESTION),
    ({"TMT Kontrak Pertama": "01/01/1990"}, "contract-before-birth", Severity.ERROR),
    ({"TMT Kontrak Pertama": "-"}, None, None),
    ({"Honor": "0"}, "wage-not-positive", Severity.ERROR),
    ({"Honor": "-100"}, "wage-not-positive", Severity.ERROR),
    ({"Honor": "satu juta"}, "wage-unreadable", Severity.ERROR),
    ({"Honor": "1.913.0"}, "wage-unreadable", Severity.ERROR),
    ({"Honor": "1500,50"}, "wage-unreadable", Severity.ERROR),
    ({"Honor": ""}, None, None),
    ({"NIK": "3673010112070001", "Tanggal Lahir": "01/12/2007"}, None, None),
    ({"NIK": "3673010212070001", "Tanggal Lahir": "02/12/2007"}, "age-below-18", Severity.WARNING),
    ({"NIK": "3673010212670001", "Tanggal Lahir": "02/12/1967"}, None, None),
    ({"NIK": "3673010112670001", "Tanggal Lahir": "01/12/1967"}, "age-of-retirement", Severity.WARNING),
    ({"Kode": "R3", "Database BKN": "tidak"}, "category-needs-database", Severity.QUESTION),
    ({"Kode": "R3b/L", "Database BKN": "tidak"}, "category-needs-database", Severity.QUESTION),
    ({"Kode": "R4", "Database BKN": "ya"}, "category-excludes-database", Severity.QUESTION),
    ({"Kode": "non-r", "Database BKN": "ya"}, "category-excludes-database", Severity.QUESTION),
    ({"Kode": "R2", "Database BKN": "tidak"}, None, None),
    ({"Kode": "Non-R", "Database BKN": ""}, None, None),
    ({"Kode": "R9"}, "category-unknown", Severity.WARNING),
    ({"CPNS 2024": "ya"}, "both-selections", Severity.WARNING),
    ({"CPNS 2024": "mungkin"}, "yes-no-unreadable", Severity.ERROR),
    ({"Jenis Kelamin": "X"}, "sex-unreadable", Severity.ERROR),
    ({"Formation": "CPNS"}, "formation-unreadable", Severity.ERROR),
    ({"Nama Lengkap": ""}, "name-missing", Severity.ERROR),
    ({"OPD": "-"}, "unit-missing", Severity.ERROR),
]


@pytest.mark.parametrize(("cells", "code", "severity"), CHECKS)
def test_each_check_of_the_rulebook(save: Any, cells: dict[str, str], code: str | None, severity: Severity) -> None:
    [row] = file_of(save, cells).rows
    assert codes(row) == ([code] if code else [])
    for finding in row.findings:
        assert finding.severity is severity
        assert finding.column in GOOD
        assert finding.rule
        assert str(finding.remedy)
        assert NIK not in str(finding)
        assert "Contoh Satu" not in str(finding)


def test_a_birth_date_after_the_day_of_the_import_is_an_error(save: Any) -> None:
    row = one(save, Tanggal_Lahir="02/12/2025", TMT_Kontrak_Pertama="")
    assert "birth-date-in-future" in codes(row)


def test_a_row_that_is_only_questioned_or_warned_keeps_its_worker(save: Any) -> None:
    assert one(save, TMT_Kontrak_Pertama="01/01/2024").worker is not None
    assert one(save, Jenis_Kelamin="P").worker is not None
    assert one(save, Honor="satu").worker is None


@pytest.mark.parametrize(
    ("written", "wage"),
    [
        ("Rp 1.500.000", 1_500_000),
        ("Rp. 1.500.000,-", 1_500_000),
        ("Rp1.500.000,00", 1_500_000),
        ("1.500.000", 1_500_000),
        ("1500000", 1_500_000),
        ("1500000,00", 1_500_000),
        ("1500000.00", 1_500_000),
        ("1.500", 1_500),
    ],
)
def test_the_ways_in_which_offices_write_rupiah(save: Any, written: str, wage: int) -> None:
    worker = one(save, Honor=written).worker
    assert worker is not None
    assert worker.wage == wage


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("r1", "R1"),
        ("R2/L", "R2"),
        ("R3 TL", "R3"),
        ("r3B", "R3b"),
        ("R3t/TMS", "R3T"),
        ("R5L", "R5"),
        ("NON R", "Non-R"),
        ("nonr", "Non-R"),
        ("THL", "THL"),
        ("R3TL", "R3TL"),
    ],
)
def test_categories_are_kept_without_the_result_of_the_selection(save: Any, written: str, code: str) -> None:
    worker = one(save, Kode=written, Database_BKN="").worker
    assert worker is not None
    assert worker.category == code


@pytest.mark.parametrize(
    ("heading", "name", "meanings"),
    [
        (
            "Database BKN",
            "in_bkn_database",
            {"Ya": True, "TIDAK": False, "y": True, "t": False, "1": True, "no": False},
        ),
        ("Jenis Kelamin", "sex", {"l": "L", "Laki-laki": "L", "PEREMPUAN": "P", "Wanita": "P", "M": "L", "F": "P"}),
        ("Formation", "formation", {"pppk-pw": "pppk-pw", "PPPK": "pppk", "PPPK Penuh Waktu": "pppk", "": None}),
    ],
)
def test_words_that_mean_the_same_read_the_same(save: Any, heading: str, name: str, meanings: dict[str, Any]) -> None:
    for written, meaning in meanings.items():
        [row] = file_of(save, {heading: written, "Kode": ""}).rows
        assert getattr(row.worker, name) == meaning, written


def test_true_cells_of_a_workbook_are_taken_and_bare_numbers_are_no_dates(workbook: Any) -> None:
    header = ("NIK", "Nama", "OPD", "Tanggal Lahir", "Honor", "Database BKN", "No HP")
    rows = [
        (NIK, "Contoh", "A", date(1990, 1, 1), 1_500_000, True, 81234567890),
        ("3673010101900002", "Contoh", "A", 32874, 1500000.5, 1, None),
    ]
    first, second = read_workers(workbook([header, *rows]), on=ON).rows
    assert first.worker is not None
    assert first.worker.birth_date == date(1990, 1, 1)
    assert (first.worker.wage, first.worker.in_bkn_database) == (1_500_000, True)
    assert first.worker.extra == {"No HP": "81234567890"}
    assert codes(second) == ["date-unreadable", "wage-unreadable"]


def dated(save: Any, days: list[str]) -> list[str]:
    people = [{"NIK": f"36730101019000{n:02d}", "Tanggal Lahir": day} for n, day in enumerate(days, 1)]
    return [finding.code for finding in file_of(save, *people).findings]


def test_a_column_of_dates_without_a_late_day_is_suspected_of_the_month_first(save: Any) -> None:
    early = [f"{1 + n % 12:02d}/01/1990" for n in range(24)]
    assert "dates-may-be-month-first" in dated(save, early)
    assert "dates-may-be-month-first" not in dated(save, [*early, "13/01/1990"])
    assert "dates-may-be-month-first" not in dated(save, ["01/01/1990"] * 24)


def test_a_column_of_date_cells_and_text_is_suspected_of_exchanged_days(workbook: Any) -> None:
    header = ("NIK", "Nama", "OPD", "Tanggal Lahir")
    rows = [(NIK, "A", "A", date(1990, 2, 1)), ("3673011301900002", "B", "A", "13/01/1990")]
    file = read_workers(workbook([header, *rows]), on=ON)
    assert [finding.code for finding in file.findings] == ["dates-mixed"]


def test_the_canonical_names_are_headings_too() -> None:
    names = "nik name unit position education birth_date sex category in_bkn_database cpns_2024 pppk_2024"
    for name in f"{names} first_contract wage formation note".split():
        assert WORKER_COLUMNS.name_of(name) == name
