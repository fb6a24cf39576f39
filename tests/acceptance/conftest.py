"""Registers that are dear to make: made once, only read, and copied by whoever writes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.databases import fresh
from tests.office import Office
from workflow.demo.people import Person
from workflow.demo.workbooks import write_units_csv

NOT_ELIGIBLE = {"susulan-149": "not-in-database", "susulan-377": "not-in-database", "lain-805": "no-selection"}


def of(people: Iterable[Person], *groups: str) -> list[Person]:
    """The people of some groups of the story."""
    return [person for person in people if person.group in groups]


def register_everyone(office: Office, people: list[Person]) -> None:
    """The units and the list of workers, registered on 2025-08-07."""
    units = office.folder / "units.csv"
    write_units_csv(units)
    office.ok("unit", "import", units)
    office.ok("import", office.workers(people), "--on", "2025-08-07", at="2025-08-07")


def classify_out(office: Office, people: list[Person]) -> None:
    out = office.fields(of(people, *NOT_ELIGIBLE), "out.csv", reason=lambda person: NOT_ELIGIBLE[person.group])
    office.ok("advance", "classify-out", "--from", out, "--on", "2025-08-15", at="2025-08-15")


def propose_everyone_else(office: Office) -> None:
    """From the list to the announced allocation, in the days of the real timetable."""
    for step, stage, on, *papers in (
        ("verify", "registered", "2025-08-18", "sptjm-opd 800/1/OPD 2025-08-15"),
        ("propose", "verified", "2025-08-20", "surat-usulan 800/2/BKPSDM 2025-08-20", "sptjm-ppk 800/3 2025-08-20"),
        ("approve", "proposed", "2025-09-04", "keputusan-menpan B/1/M.SM.01.00 2025-09-04"),
        ("announce", "need-approved", "2025-09-06", "pengumuman 800/4/BKPSDM 2025-09-06"),
    ):
        documents = [word for paper in papers for word in ("--document", paper)]
        office.ok("advance", step, "--stage", stage, "--on", on, *documents, at=on)


def give_numbers(office: Office, people: list[Person]) -> None:
    """NI asked for and assigned."""
    asked = office.fields(people, "asked.csv", drh_complete=lambda _person: "ya")
    letter, pertek = "surat-usul-ni 800/5/BKPSDM 2025-09-12", "pertek PW/1/BKN 2025-09-26"
    office.ok("advance", "propose-ni", "--from", asked, "--on", "2025-09-12", "--document", letter, at="2025-09-12")
    numbers = office.fields(people, "numbers.csv", ni=lambda person: person.ni)
    office.ok("advance", "assign-ni", "--from", numbers, "--on", "2025-09-26", "--document", pertek, at="2025-09-26")


def appoint(office: Office, people: list[Person], tmt: str, *, sk: str = "sk 821/17/2025 2025-09-30") -> None:
    wages = office.fields(people, "wages.csv", wage=lambda person: str(person.wage_sk))
    office.ok("advance", "appoint", "--from", wages, "--on", tmt, "--document", sk)


def swear_in(office: Office, on: str = "2025-10-23") -> None:
    words = ("--stage", "appointed", "--on", on, "--document", f"berita-acara BA/1/2025 {on}")
    office.ok("advance", "swear-in", *words, at=on)


def propose_late(office: Office, people: list[Person]) -> None:
    """The letter of 2025-09-25 for 526 who were not eligible, for two reasons."""
    codes = {"susulan-149": "in-db-no-selection", "susulan-377": "cpns-not-in-db"}
    late = office.fields(of(people, *codes), "late.csv", reason=lambda person: codes[person.group])
    letter = "surat-usulan 800/9/BKPSDM 2025-09-25"
    words = ("--from", late, "--on", "2025-09-25", "--document", letter)
    office.ok("advance", "propose-late", *words, at=max(office.now, office.now.replace(month=9, day=26)))


def reject_and_outsource(office: Office, people: list[Person]) -> None:
    """What was told on 2026-01-20, with effect from 2026-01-01."""
    codes = {"susulan-149": "no-selection", "susulan-377": "cpns"}
    late = office.fields(of(people, *codes), "rejected.csv", reason=lambda person: codes[person.group])
    answer, order = "surat-menpan B/5/M.SM.01.00 2025-12-30", "instruksi-walikota 100/1 2026-01-19"
    on = ("--on", "2026-01-01")
    words = ("--from", late, *on, "--set", "scope=general", "--document", answer)
    office.ok("advance", "reject", *words, at="2026-01-20")
    both = ("--stage", "rejected", "--stage", "not-eligible")
    office.ok("advance", "return-to-opd", *both, *on, "--document", order)
    office.ok("advance", "outsource", "--stage", "returned-to-opd", *on, "--set", "job=cleaning")


@pytest.fixture(scope="session")
def with_numbers(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person], database: str) -> Office:
    """Kota Serang on 2025-09-26: 3,809 have their NI, 117 are filling in the DRH, 1,331 are not eligible."""
    folder = tmp_path_factory.mktemp("with-numbers")
    office = Office(folder, place=fresh(database, folder)).init()
    register_everyone(office, everyone)
    classify_out(office, everyone)
    propose_everyone_else(office)
    give_numbers(office, of(everyone, "paruh-waktu", "penuh-waktu"))
    return office


@pytest.fixture(scope="session")
def year_end(tmp_path_factory: pytest.TempPathFactory, with_numbers: Office, everyone: list[Person]) -> Office:
    """Kota Serang at the end of 2025: the oath is taken, 526 wait for an answer."""
    office = with_numbers.copy(tmp_path_factory.mktemp("year-end"), seed=3)
    propose_late(office, everyone)
    appoint(office, of(everyone, "paruh-waktu", "penuh-waktu"), "2025-10-23")
    swear_in(office)
    notes = ("--document", "notulen 100/12 2025-12-12", "--set", "topic=Anggaran upah Non-R")
    office.ok("advance", "minute", "--stage", "proposed", "--on", "2025-12-12", *notes, at="2025-12-12")
    return office


@pytest.fixture(scope="session")
def january(tmp_path_factory: pytest.TempPathFactory, year_end: Office, everyone: list[Person]) -> Office:
    """Kota Serang on 2026-01-20: the 1,331 are outsourced."""
    office = year_end.copy(tmp_path_factory.mktemp("january"), seed=4)
    reject_and_outsource(office, everyone)
    return office


@pytest.fixture(scope="session")
def under_contract(tmp_path_factory: pytest.TempPathFactory, year_end: Office, everyone: list[Person]) -> Office:
    """The same with a contract for each of the 3,809: a year for part-timers, five years for the 15."""
    office = year_end.copy(tmp_path_factory.mktemp("under-contract"), seed=5)
    papers = ("--document", "perjanjian-kerja 800/20/P3K 2025-10-23", "--document", "spmt 800/20/SPMT 2025-10-23")
    for group, end in (("paruh-waktu", "2026-10-22"), ("penuh-waktu", "2030-10-22")):
        listed = office.fields(of(everyone, group), "contracts.csv", contract_start=lambda _person: "2025-10-23")
        words = ("--from", listed, "--on", "2025-10-23", *papers, "--set", f"contract_end={end}")
        office.ok("advance", "start-duty", *words, at="2025-12-15")
    return office
