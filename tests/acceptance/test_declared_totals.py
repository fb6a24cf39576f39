"""The totals that Kota Serang declared, proved from its lists and letters: who makes them, and that nobody is left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person

LETTER = "800/9/BKPSDM"


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory, january: Office, everyone: list[Person]) -> Office:
    """Kota Serang in February 2026, after it gave names to its groups."""
    office = january.copy(tmp_path_factory.mktemp("declared"), seed=5)
    for name, *words in (
        ("susulan", "--where-document", LETTER),
        ("susulan-149", "--where-document", LETTER, "--category", "R3"),
        ("susulan-377", "--from", office.workers(of(everyone, "susulan-377"), "377.csv")),
        ("tidak-terakomodasi", "--stage", "proposed", "--stage", "not-eligible"),
        ("lain-805", "--from", office.workers(of(everyone, "lain-805"), "805.csv")),
        ("dialihdayakan", "--status", "outsourced"),
        ("dilantik", "--where-document", "BA/1/2025"),
        ("paruh-waktu", "--where-document", "BA/1/2025", "--formation", "pppk-pw"),
        ("penuh-waktu", "--from", office.workers(of(everyone, "penuh-waktu"), "15.csv")),
    ):
        office.ok("cohort", "define", name, *words, at="2026-02-02")
    return office


@pytest.mark.parametrize(
    ("day", "whole", "parts"),
    [
        ("2025-12-12", ("susulan", 526), [("susulan-149", 149), ("susulan-377", 377)]),
        ("2025-12-12", ("tidak-terakomodasi", 1_331), [("susulan", 526), ("lain-805", 805)]),
        ("2026-01-20", ("dialihdayakan", 1_331), [("susulan", 526), ("lain-805", 805)]),
        ("2025-10-23", ("dilantik", 3_809), [("paruh-waktu", 3_794), ("penuh-waktu", 15)]),
    ],
)
def test_the_parts_are_disjoint_and_make_the_whole(
    declared: Office, day: str, whole: tuple[str, int], parts: list[tuple[str, int]]
) -> None:
    names = [name for name, _ in parts]
    told = declared.json("cohort", "check", whole[0], *names, "--expect", whole[1], "--as-of", day)
    assert (told["n"], told["holds"]) == (whole[1], True)
    assert [(part["name"], part["n"]) for part in told["parts"]] == parts
    terms = " + ".join(f"{number:,}" for _, number in parts)
    said = declared.ok("cohort", "check", whole[0], *names, "--as-of", day).stdout
    assert f"It holds as of {day}: {whole[1]:,} = {terms}." in said


def test_what_was_believed_of_10_january_before_the_20th_does_not_make_the_1_331(declared: Office) -> None:
    words = ("cohort", "check", "dialihdayakan", "susulan", "lain-805", "--expect", "1331", "--as-of", "2026-01-10")
    before: dict[str, Any] = declared.json(*words, "--known-at", "2026-01-15", code=1)
    assert (before["n"], len(before["outside"]), before["missing"]) == (0, 1_331, [])
    assert declared.json(*words, "--known-at", "2026-01-21")["holds"]


def test_who_is_missing_is_named(declared: Office) -> None:
    told = declared.json("cohort", "check", "dilantik", "paruh-waktu", "--as-of", "2025-10-23", code=1)
    cases = [row["case"] for row in declared.json("cohort", "show", "penuh-waktu")]
    assert told["missing"] == cases
    assert len(cases) == 15
