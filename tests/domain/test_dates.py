from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.dates import parse_date, weekday_differs

LAST_OF_2025 = date(2025, 12, 31)
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni")
MONTHS += ("Juli", "Agustus", "September", "Oktober", "November", "Desember")
DAYS = some.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "2025-12-31",
        "31/12/2025",
        "31-12-2025",
        "31.12.2025",
        " 31/12/2025 ",
        "31 Desember 2025",
        "31 DESEMBER 2025",
        "31 December 2025",
        "31 Des 2025",
        "31 Des. 2025",
        "31-Dec-2025",
        "Rabu, 31/12/2025",
        "Rabu (31/12/2025)",
        "rabu 31 Desember 2025",
        "Wednesday, 2025-12-31",
    ],
)
def test_the_ways_in_which_offices_write_a_date(written: str) -> None:
    assert parse_date(written) == LAST_OF_2025


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("5/1/2026", date(2026, 1, 5)),
        ("1 Pebruari 2026", date(2026, 2, 1)),
        ("10 Nopember 2025", date(2025, 11, 10)),
        ("17 Agt 2025", date(2025, 8, 17)),
        ("29/02/2024", date(2024, 2, 29)),
        ("Jum'at, 12/12/2025", date(2025, 12, 12)),
    ],
)
def test_the_day_comes_first_and_old_spellings_are_known(written: str, day: date) -> None:
    assert parse_date(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "",
        "46054",
        "20251231",
        "31/02/2026",
        "29/02/2025",
        "12/31/2025",
        "31/12/25",
        "23/10",
        "Kamis (23/10)",
        "01/01/1899",
        "01/01/2101",
        "2025-12-31T00:00:00",
        "2025-12-31+07:00",
        "31/12-2025",
        "2025/12/31",
        "31 Foo 2025",
        "Rabu (31/12/2025",
        "Rabu 31/12/2025)",
        "Hari 31/12/2025",
        "Rabu Rabu 31/12/2025",
        "(31/12/2025)",
        "３１/12/2025",
        "٣١/١٢/٢٠٢٥",
        "+1/12/2025",
        "1_/12/2025",
        "Rabu",
    ],
)
def test_anything_else_is_no_date(written: str) -> None:
    with pytest.raises(ValueError):
        parse_date(written)


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        ("Jumat (12/12/2026)", True),
        ("Jumat (12/12/2025)", False),
        ("Kamis, 12 Desember 2025", True),
        ("friday 12/12/2025", False),
        ("12/12/2026", False),
        ("", False),
    ],
)
def test_a_weekday_that_is_not_the_one_of_the_date_is_seen(written: str, differs: bool) -> None:
    day = parse_date(written) if written else LAST_OF_2025
    assert weekday_differs(written, day) is differs


@given(DAYS)
def test_every_form_reads_back_as_the_day_it_was_written_for(day: date) -> None:
    for form in ("{0:%Y-%m-%d}", "{0:%d/%m/%Y}", "{0:%d-%m-%Y}", "{0:%d.%m.%Y}", "{0.day} {1} {0.year}"):
        written = form.format(day, MONTHS[day.month - 1])
        assert parse_date(written) == day


@given(some.text(max_size=30))
def test_arbitrary_text_is_a_date_or_a_value_error(written: str) -> None:
    try:
        day = parse_date(written)
    except ValueError:
        return
    assert 1900 <= day.year <= 2100
    assert weekday_differs(written, day) in {True, False}
