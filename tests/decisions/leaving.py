"""Leaving at own request, and the age of retirement. The contract runs 365 days from 2025-11-01: 90 % are 328.5."""

from __future__ import annotations

from datetime import date

from tests.decisions import Row, Table
from tests.scenario import full_time, way_to

ASKED, ACTIVE = way_to("exit-requested"), way_to("active")
BORN = {"birth_date": date(1968, 2, 10)}
"""58 on 2026-02-10, so the first of March; 60 two years later."""


def job(words: str) -> dict[str, str]:
    return {"position": words}


TABLE: Table = {
    "contract-mostly-served": [
        Row("329 days, full time", full_time("exit-requested"), "grant-exit", date(2026, 9, 26)),
        Row(
            "328 days, full time",
            full_time("exit-requested"),
            "grant-exit",
            date(2026, 9, 25),
            refused=("contract-not-served",),
            words=("328 of 365 days", "90 percent", "2026-09-26", "defer-exit", "PP 49/2018 art. 56"),
        ),
        Row("329 days, part time", ASKED, "grant-exit", date(2026, 9, 26)),
        Row(
            "328 days, part time: untested whether it binds",
            ASKED,
            "grant-exit",
            date(2026, 9, 25),
            warned=("contract-not-served",),
        ),
        Row(
            "before the contract starts",
            full_time("exit-requested"),
            "grant-exit",
            date(2025, 10, 1),
            refused=("contract-not-served",),
            words=("0 of 365 days",),
        ),
    ],
    "age-reached": [
        Row("the first of the month after the birthday", ACTIVE, "retire", date(2026, 3, 1), values=BORN),
        Row(
            "on the birthday",
            ACTIVE,
            "retire",
            date(2026, 2, 10),
            values=BORN,
            warned=("not-month-after-birthday",),
            words=("2026-02-10", "UU 20/2023 art. 55"),
        ),
        Row(
            "the day before it",
            ACTIVE,
            "retire",
            date(2026, 2, 9),
            values=BORN,
            refused=("age-not-reached",),
            words=("58", "2026-02-09", "UU 20/2023 art. 55"),
        ),
        Row(
            "born in December, out in January",
            ACTIVE,
            "retire",
            date(2026, 1, 1),
            values={"birth_date": date(1967, 12, 31)},
        ),
        Row(
            "born on a leap day, the day before",
            ACTIVE,
            "retire",
            date(2026, 2, 28),
            values={"birth_date": date(1968, 2, 29)},
            refused=("age-not-reached",),
        ),
        Row(
            "a teacher at 58",
            ACTIVE,
            "retire",
            date(2026, 3, 1),
            values=BORN,
            about=job("Guru Ahli Pertama"),
            refused=("age-not-reached",),
            words=("60",),
        ),
        Row(
            "a teacher at 60",
            ACTIVE,
            "retire",
            date(2026, 3, 1),
            values={"birth_date": date(1966, 2, 10)},
            about=job("GURU AHLI PERTAMA"),
        ),
        Row(
            "the highest functional level at 60",
            ACTIVE,
            "retire",
            date(2026, 3, 1),
            values={"birth_date": date(1966, 2, 10)},
            about=job("Dokter Ahli Utama"),
            refused=("age-not-reached",),
            words=("65",),
        ),
        Row(
            "a teacher of the highest level at 60",
            ACTIVE,
            "retire",
            date(2026, 3, 1),
            values={"birth_date": date(1966, 2, 10)},
            about=job("Guru Ahli Utama"),
        ),
        Row(
            "no birth date",
            ACTIVE,
            "retire",
            date(2026, 3, 1),
            warned=("age-unknown",),
            words=("58", "amend-person"),
        ),
    ],
}  # fmt: skip
