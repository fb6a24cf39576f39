import io
from datetime import date, datetime, timedelta, timezone

import pytest
from rich.cells import cell_len

from domain.document import Document
from domain.findings import Finding
from domain.text import text
from projections.export.answers import Answer, Column, write

INDONESIAN = {",": ".", "yes": "ya", "Unit": "Unit Kerja", "Nothing to show.": "Tidak ada data."}
WORKER = {
    "case": "36.73-000123",
    "nik": "3673014101900001",
    "ni": "199001012025212001",
    "name": "Siti Nurhaliza binti Haji Ahmad Contoh",
    "unit": "Dinas Pendidikan dan Kebudayaan",
    "position": "Pengelola Umum Operasional",
    "category": "Non-R",
    "formation": "pppk-pw",
    "stage": "dismissed-involuntarily",
    "status": "none",
    "since": date(2025, 10, 1),
    "step": "dismiss-involuntarily",
    "document": "821.2/KEP.123/BKPSDM/2025",
}
ROSTER = list(WORKER)


def table(answer, **options):
    out = io.StringIO()
    write(answer, "table", None, out, **{"translate": str, **options})
    return out.getvalue()


def columns(*keys):
    return [Column(key, text(key.capitalize())) for key in keys]


def shown(value, **options):
    """How a table of one cell shows it."""
    return table(Answer(columns("v"), [{"v": value}]), **options).splitlines()[2]


def test_a_table_has_title_header_rows_and_footer():
    rows = [{"unit": "Dinas Kesehatan", "n": 1234567}, {"unit": "Kecamatan Contoh", "n": None}]
    counted = [Column("unit", text("Unit")), Column("n", text("Workers"), right=True)]
    answer = Answer(counted, rows, title=text("Workers by {by}", by="unit"), footer=[text("{n} rows", n=2)])
    assert table(answer) == (
        "Workers by unit\n"
        "\n"
        "Unit                Workers\n"
        "────────────────  ─────────\n"
        "Dinas Kesehatan   1,234,567\n"
        "Kecamatan Contoh          –\n"
        "\n"
        "2 rows\n"
    )


def test_a_single_answer_lists_headings_and_values():
    answer = Answer(columns("case", "since"), [WORKER], single=True)
    assert table(answer) == "Case   36.73-000123\nSince  2025-10-01\n"


def test_long_cells_fold_between_words_and_numbers_stay_whole():
    assert table(Answer(columns("case", "nik", "name", "unit"), [WORKER]), width=68) == (
        "Case          Nik               Name                 Unit\n"
        "────────────  ────────────────  ───────────────────  ───────────────\n"
        "36.73-000123  3673014101900001  Siti Nurhaliza       Dinas\n"
        "                                binti Haji Ahmad     Pendidikan dan\n"
        "                                Contoh               Kebudayaan\n"
    )


def test_a_word_that_is_too_long_breaks_after_a_slash_or_hyphen():
    lines = table(Answer(columns("document"), [WORKER]), width=16).splitlines()
    assert lines[2:] == ["821.2/KEP.123/", "BKPSDM/2025"]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_the_whole_roster_fits_and_no_column_is_dropped(width):
    lines = table(Answer(columns(*ROSTER), [WORKER] * 3), width=width).splitlines()
    words = " ".join(lines).split()
    assert max(map(cell_len, lines)) <= width
    assert all(key.capitalize() in words for key in ROSTER)
    assert all(words.count(WORKER[key]) == 3 for key in ("case", "nik", "ni"))


def test_without_a_terminal_a_table_is_100_wide():
    lines = table(Answer(columns("a"), [{"a": "word " * 60}])).splitlines()
    assert 90 < max(map(len, lines)) <= 100


def test_a_very_narrow_page_still_shows_everything():
    lines = table(Answer(columns("nik", "name"), [WORKER]), width=10).splitlines()
    assert max(map(len, lines)) <= 10
    assert "".join(lines).count("3673014101") == 1


def test_numbers_stay_whole_where_only_later_rows_have_them():
    rows = [{"ni": None, "name": "x " * 60}] * 600 + [WORKER]
    assert WORKER["ni"] in table(Answer(columns("ni", "name"), rows))


def test_wide_characters_are_counted_as_they_are_printed():
    lines = table(
        Answer(columns("name", "case"), [{"name": "東京", "case": "1"}, {"name": "a", "case": "2"}])
    ).splitlines()
    assert lines[2] == "東京  1"
    assert lines[3] == "a     2"


def test_thousands_of_rows_keep_the_widths_of_the_first():
    rows = ({"case": f"36.73-{number:06}", "name": "Siti Contoh"} for number in range(6000))
    lines = table(Answer(columns("case", "name"), rows)).splitlines()
    assert len(lines) == 6002
    assert len(set(map(len, lines[2:]))) == 1


def test_nothing_to_show_is_said():
    assert table(Answer(columns("case"), [])).splitlines()[-1] == "Nothing to show."


def test_a_table_speaks_the_language_of_its_reader():
    def translate(sentence):
        return INDONESIAN.get(sentence.template, sentence.template).format(**sentence.values)

    assert shown(1234567, translate=translate) == "1.234.567"
    assert shown(True, translate=translate) == "ya"
    assert "Tidak ada data." in table(Answer(columns("unit"), []), translate=translate)
    assert table(Answer(columns("unit"), []), translate=translate).startswith("Unit Kerja\n")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        ([], "–"),
        (date(2025, 10, 1), "2025-10-01"),
        (datetime(2026, 3, 1, 14, 5, 9, 5, timezone(timedelta(hours=7))), "2026-03-01 14:05:09+07:00"),
        (False, "no"),
        (-1234, "-1,234"),
        (Document("sk", "821/17", date(2025, 9, 20)), "sk 821/17 (2025-09-20)"),
        ([Document("sk", "821/17", date(2025, 9, 20)), Document("sk", "2")], "sk 821/17 (2025-09-20); sk 2"),
        ({"kind": "sk", "number": "3", "date": "2025-01-01"}, "sk 3 (2025-01-01)"),
        ({"stage": "active", "wage": None, "years": 2}, "stage active, years 2"),
        (["a", "b"], "a; b"),
        (Finding("late", text("{n} days late.", n=3)), "3 days late."),
        ("two\nlines\tand more", "two lines and more"),
        ("red \x1b[31m\u202e", "red \ufffd[31m\ufffd"),
    ],
)
def test_a_value_is_short_text(value, words):
    assert shown(value) == words


def test_headings_are_bold_only_where_colour_is_wanted():
    answer = Answer(columns("case"), [WORKER], title=text("Roster"))
    assert "\x1b" not in table(answer)
    assert table(answer, colour=True).startswith("\x1b[1mRoster\x1b[0m\n\n\x1b[1mCase\x1b[0m\n")


def test_a_file_has_no_colour(tmp_path):
    write(Answer(columns("case"), [WORKER]), "table", tmp_path / "t.txt", io.StringIO(), translate=str, colour=True)
    assert "\x1b" not in (tmp_path / "t.txt").read_text(encoding="utf-8")
