import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import text
from projections.export.as_csv import cell, guarded, write_csv
from projections.export.shape import Answer, Column


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        '=HYPERLINK("x")',
        "+1+1",
        "-1+1",
        "-A1",
        "+62-812",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "-",
        "--1",
        "+",
        "-1e5",
        "-1\n",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(words):
    assert guarded(words) == "'" + words


@pytest.mark.parametrize("words", ["", "-5", "+5", "-1.5", "-1,5", "-1.500.000,25", "5", "a=b", " =1", "36.73-000001"])
def test_plain_numbers_and_words_stay(words):
    assert guarded(words) == words


def test_an_apostrophe_in_front_gets_another_since_an_import_drops_one():
    assert guarded("'Aisyah") == "''Aisyah"


@given(st.text())
def test_dropping_one_apostrophe_gives_the_words_back(words):
    assert guarded(words).removeprefix("'") == words


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=3))
def test_any_row_reads_back_as_it_was(cells):
    columns = [Column(str(place), text("A column")) for place in range(len(cells))]
    out = io.StringIO()
    write_csv(Answer(columns, [{str(place): words for place, words in enumerate(cells)}]), out)
    _, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [words.removeprefix("'") for words in row] == cells


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        (1500000, "1500000"),
        ([], "[]"),
        ({"a": (1, 2)}, '{"a":[1,2]}'),
        (text("=1+{n}", n=1), "'=1+1"),
    ],
)
def test_a_cell_is_plain_text(value, written):
    assert cell(value) == written
