from datetime import datetime

import pytest
from openpyxl import load_workbook

from domain.errors import EnvironmentFailed, Misused
from domain.procedure import FieldRule, FieldType, Label, Reason, Step
from workflow.templates import import_template, step_template

UNITS = ["Dinas Pendidikan", "Kecamatan Contoh, Utara"]


def field(name, type_, **more):
    return FieldRule(name, type_, Label(f"The {name}.", f"Isian {name}."), **more)


def step(*fields, reasons=(), **more):
    return Step(
        name="contoh",
        sources=("active",),
        to=None,
        event="Contoh",
        label=Label("Example", "Contoh"),
        authority="PPK",
        role="clerk",
        legal_basis="",
        fields=fields,
        reasons=tuple(Reason(code, Label(f"Because of {code}", f"Karena {code}")) for code in reasons),
        **more,
    )


@pytest.fixture
def imported(tmp_path):
    def opened(language="en", units=UNITS):
        import_template(tmp_path / "t.xlsx", units=units, language=language)
        return load_workbook(tmp_path / "t.xlsx")

    return opened


@pytest.fixture
def stepped(tmp_path):
    def opened(taken, language="en", units=UNITS):
        step_template(tmp_path / "t.xlsx", taken, units=units, language=language)
        return load_workbook(tmp_path / "t.xlsx")

    return opened


def headings(sheet):
    return [cell.value for cell in sheet[1]]


def place(sheet, heading):
    return sheet.cell(1, headings(sheet).index(heading) + 1)


def choices(book, heading):
    """What the drop-down under a heading of Data offers, followed to where it stands."""
    letter = place(book["Data"], heading).column_letter
    [rule] = [rule for rule in book["Data"].data_validations.dataValidation if f"{letter}2" in rule.sqref]
    assert rule.type == "list"
    name, cells = rule.formula1.split("!")
    return [cell.value for [cell] in book[name][cells.replace("$", "")]]


def test_the_import_has_the_names_of_the_contract(imported):
    names = headings(imported()["Data"])
    assert names[:8] == ["nik", "name", "unit", "position", "education", "birth_date", "sex", "category"]
    assert names[8:11] == ["in_bkn_database", "cpns_2024", "pppk_2024"]
    assert names[11:] == ["first_contract", "wage", "formation", "note"]


def test_the_import_has_indonesian_headings_for_indonesian_readers(imported):
    book = imported("id")
    assert headings(book["Data"])[:6] == ["NIK", "Nama", "Unit Kerja", "Jabatan", "Pendidikan", "Tanggal Lahir"]
    assert book.sheetnames == ["Data", "Daftar", "Contoh"]


def test_data_is_empty_and_the_example_stands_apart(imported):
    book = imported()
    assert book.sheetnames == ["Data", "Lists", "Example"]
    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert book["Data"].max_row == 1
    example = dict(zip(headings(book["Example"]), [cell.value for cell in book["Example"][2]], strict=True))
    assert example["nik"] == "3673014101900001"
    assert example["birth_date"] == datetime(1990, 1, 1)
    assert example["wage"] == 1500000


def test_numbers_of_persons_are_kept_as_text(imported, stepped, tmp_path):
    assert imported()["Data"].column_dimensions["A"].number_format == "@"
    (tmp_path / "t.xlsx").unlink()
    sheet = stepped(step(field("ni", FieldType.NI)))["Data"]
    assert [sheet.column_dimensions[letter].number_format for letter in "AB"] == ["@", "@"]


@pytest.mark.parametrize(
    ("heading", "offered"),
    [
        ("unit", UNITS),
        ("sex", ["L", "P"]),
        ("category", ["R1", "R2", "R3", "R4", "R5", "Non-R"]),
        ("in_bkn_database", ["ya", "tidak"]),
        ("cpns_2024", ["ya", "tidak"]),
        ("pppk_2024", ["ya", "tidak"]),
        ("formation", ["pppk-pw", "pppk"]),
    ],
)
def test_a_column_offers_its_choices(imported, heading, offered):
    assert choices(imported(), heading) == offered


def test_without_units_any_unit_may_be_written(imported):
    sheet = imported(units=[])["Data"]
    letter = place(sheet, "unit").column_letter
    assert not [rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in rule.sqref]


def test_dates_are_checked_when_typed(imported):
    sheet = imported()["Data"]
    letter = place(sheet, "first_contract").column_letter
    [rule] = [rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in rule.sqref]
    assert rule.type == "date"


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Required.", "Example: 3673")), ("id", ("Wajib", "Contoh: 3673"))]
)
def test_every_heading_says_what_is_needed(imported, language, words):
    sheet = imported(language)["Data"]
    assert all(cell.comment for cell in sheet[1])
    assert all(word in sheet["A1"].comment.text for word in words)


def test_a_step_asks_for_whom_its_fields_and_its_reason(stepped):
    taken = step(
        field("wage", FieldType.MONEY, required=True, example="2250000"),
        field("grade", FieldType.CHOICE, choices=("baik", "cukup")),
        field("target", FieldType.UNIT),
        field("passed", FieldType.BOOLEAN),
        reasons=("age", "health"),
    )
    book = stepped(taken, "id")
    assert headings(book["Data"]) == ["NIK", "wage", "grade", "target", "passed", "reason"]
    assert choices(book, "grade") == ["baik", "cukup"]
    assert choices(book, "target") == UNITS
    assert choices(book, "passed") == ["ya", "tidak"]
    assert choices(book, "reason") == ["age", "health"]
    assert "age: Karena age" in place(book["Data"], "reason").comment.text
    assert "Wajib diisi." in place(book["Data"], "wage").comment.text
    assert [cell.value for cell in book["Contoh"][2]][1:] == [2250000, "baik", "Dinas Pendidikan", "ya", "age"]


def test_a_step_without_choices_has_no_lists(stepped):
    assert stepped(step(field("on", FieldType.DATE))).sheetnames == ["Data", "Example"]


def test_an_example_written_for_people_is_shown_as_written(stepped):
    book = stepped(step(field("until", FieldType.DATE, example="1 Oktober 2025")))
    assert book["Example"]["B2"].value == "1 Oktober 2025"


def test_an_existing_file_is_not_touched(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_text("mine")
    with pytest.raises(Misused, match=r"t\.xlsx exists already"):
        import_template(path, units=UNITS, language="en")
    assert path.read_text() == "mine"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(EnvironmentFailed, match="No such file or directory"):
        import_template(tmp_path / "none" / "t.xlsx", units=UNITS, language="en")


def test_nothing_is_left_beside_the_template(imported, tmp_path):
    imported()
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]
