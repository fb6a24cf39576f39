import io
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from domain.document import Document
from domain.errors import Refused
from domain.text import text
from projections.export import as_xlsx
from projections.export.answers import Answer, Column, write


def columns(*keys):
    return [Column(key, text(key.capitalize())) for key in keys]


@pytest.fixture
def read_back(tmp_path):
    def written(answer, translate=str):
        path = tmp_path / "answer.xlsx"
        write(answer, "xlsx", path, io.StringIO(), translate=translate)
        assert list(tmp_path.iterdir()) == [path]
        return load_workbook(path, rich_text=False)

    return written


@pytest.mark.parametrize(
    ("key", "value", "read", "kind"),
    [
        ("nik", "0673014101900001", "0673014101900001", "s"),
        ("ni", 199001012025212001, "199001012025212001", "s"),
        ("case", 7, "7", "s"),
        ("wage", 1500000, 1500000, "n"),
        ("wage", Decimal("10.5"), 10.5, "n"),
        ("position", 10**16 + 1, "10000000000000001", "s"),
        ("since", date(2025, 10, 1), datetime(2025, 10, 1), "d"),
        ("since", date(1899, 1, 1), "1899-01-01", "s"),
        (
            "recorded_at",
            datetime(2026, 3, 1, 14, 5, 9, 1, timezone(timedelta(hours=7))),
            "2026-03-01T14:05:09.000001+07:00",
            "s",
        ),
        ("flag", True, True, "b"),
        ("name", "=1+1", "=1+1", "s"),
        ("name", "https://example.invalid", "https://example.invalid", "s"),
        ("name", "{=1}", "{=1}", "s"),
        ("name", "007", "007", "s"),
        ("name", "<r><t>markup</t></r>", "<r><t>markup</t></r>", "s"),
        ("name", "a & <b>", "a & <b>", "s"),
        (
            "documents",
            [Document("sk", "1")],
            '[{"kind":"sk","number":"1","dated":null,"issuer":null,"sha256":null}]',
            "s",
        ),
    ],
)
def test_a_cell_has_the_type_of_its_value(read_back, key, value, read, kind):
    cell = read_back(Answer(columns(key), [{key: value}]))["Data"]["A2"]
    # openpyxl calls every text that begins with = a formula; written as text it has no <f>, which the file shows
    assert (cell.value, cell.data_type if not str(read).startswith("=") else "s") == (read, kind)
    assert cell.hyperlink is None


def test_a_text_like_a_formula_is_stored_as_text(read_back, tmp_path):
    read_back(Answer(columns("name"), [{"name": "=1+1"}]))
    with ZipFile(tmp_path / "answer.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_dates_show_as_year_month_day(read_back):
    assert (
        read_back(Answer(columns("since"), [{"since": date(2025, 10, 1)}]))["Data"]["A2"].number_format == "yyyy-mm-dd"
    )


def test_the_header_holds_the_keys_bold_frozen_and_filtered(read_back):
    sheet = read_back(Answer(columns("case", "name"), [{"case": "1"}, {"case": "2"}]))["Data"]
    assert [cell.value for cell in sheet[1]] == ["case", "name"]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"


def test_title_and_footer_stand_on_a_sheet_of_their_own(read_back):
    book = read_back(
        Answer(columns("case"), [{"case": "1"}], title=text("Roster"), footer=[text("{n} rows", n=1)]),
        translate=lambda sentence: f"id: {sentence}",
    )
    assert book.sheetnames == ["Data", "Info"]
    assert [row[0].value for row in book["Info"]] == ["id: Roster", "id: 1 rows"]
    assert book["Data"].max_row == 2


def test_without_title_and_footer_there_is_one_sheet(read_back):
    assert read_back(Answer(columns("case"), [])).sheetnames == ["Data"]


def test_a_cell_that_is_cut_is_told(read_back):
    book = read_back(Answer(columns("name"), [{"name": "x" * 40_000}]))
    assert len(book["Data"]["A2"].value) == 32_767
    assert "cut: 1." in book["Info"]["A1"].value


def test_more_rows_than_a_sheet_holds_are_refused(read_back, monkeypatch, tmp_path):
    monkeypatch.setattr(as_xlsx, "_MOST_ROWS", 2)
    with pytest.raises(Refused, match="A workbook holds 2 rows"):
        read_back(Answer(columns("case"), [{"case": "1"}] * 3))
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_give_the_same_bytes(read_back, tmp_path):
    answer = Answer(columns("case"), [{"case": "1"}])
    read_back(answer)
    first = (tmp_path / "answer.xlsx").read_bytes()
    read_back(answer)
    assert (tmp_path / "answer.xlsx").read_bytes() == first
