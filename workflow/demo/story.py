"""Kota Serang's year as its office recorded it: which command was given when, and by whom.

Figures and days are those of the press; where no source has a day it is assumed, and every document number
is invented and says DEMO. The 117 who were not ready stay open: nobody has told what became of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.text import Text, text
from workflow.demo import folder
from workflow.demo.office import ZONE, Line

SARI, DEWI, RAHMAT = "Sari (BKPSDM)", "Dewi (BKPSDM)", "Rahmat (BKPSDM)"
LETTER, LETTER_FULL_TIME, LETTER_LATE = "800/DEMO-101/2025", "800/DEMO-102/2025", "800/DEMO-131/2025"
OATH = "800/DEMO-150/2025"
INSTRUCTION = "instruksi-walikota 800/DEMO-201/2025 2025-12-31"


class Part(NamedTuple):
    """A part of the year, told and timed together."""

    title: Text
    lines: Sequence[Line]


def lists() -> Part:
    """The register is made, and every worker of the three lists gets a case."""
    agency = ("--agency", "BKPSDM Kota Serang", "--code", "36.73", "--procedure", "kota-serang")
    on = ("--on", "2025-08-07")
    return Part(
        text("August 2025: the lists"),
        (
            _line("2025-08-07 08:00", SARI, ("init", *agency), text("the register is made")),
            _line("2025-08-07 08:05", SARI, ("unit", "import", folder.UNITS), text("the units (OPDs)")),
            _line("2025-08-07 08:30", SARI, ("import", folder.IN_DATABASE, *on), text("workers of the city's list")),
            _line("2025-08-07 09:00", SARI, ("import", folder.FULL_TIME, *on), text("full-time PPPK, second stage")),
            _line("2025-08-07 09:30", SARI, ("import", folder.OUTSIDE, *on), text("others, from lists of the OPDs")),
        ),
    )  # fmt: skip


def proposal() -> Part:
    """From the check of the lists to the first proposal. The full-time workers are a selection of their own."""
    sptjm = "sptjm-ppk 800/DEMO-100/2025 2025-08-20"
    return Part(
        text("August 2025: the first proposal"),
        (
            _step("2025-08-14 10:00", SARI, "verify", text("verified as active"), "--stage", "registered",
                  papers=["sptjm-opd 800/DEMO-090/2025 2025-08-13"]),
            _step("2025-08-19 10:00", SARI, "classify-out", text("outside the criteria, each with the reason"),
                  "--from", folder.CLASSIFIED),
            _step("2025-08-20 10:00", SARI, "propose", text("proposed to KemenPANRB as part-time"),
                  "--stage", "verified", "--formation", "pppk-pw",
                  papers=[f"surat-usulan {LETTER} 2025-08-20", sptjm]),
            _step("2025-08-20 10:30", SARI, "propose", text("full-time, proposed apart"),
                  "--stage", "verified", "--formation", "pppk",
                  papers=[f"surat-usulan {LETTER_FULL_TIME} 2025-08-20", sptjm]),
        ),
    )  # fmt: skip


def from_need_to_oath(deceased: Sequence[str]) -> Part:
    """From the minister's decision to the oath, with those who fell out on the way. `deceased`: two case numbers."""
    first, second = deceased
    return Part(text("September and October 2025: from the need to the oath"), (
        _step("2025-09-01 15:00", SARI, "approve", text("the minister sets the need, part-time"),
              "--stage", "proposed", "--formation", "pppk-pw",
              papers=["keputusan-menpan DEMO-301/2025 2025-09-01"]),
        _step("2025-09-01 15:30", SARI, "approve", text("and full-time"),
              "--stage", "proposed", "--formation", "pppk",
              papers=["keputusan-menpan DEMO-302/2025 2025-09-01"]),
        _step("2025-09-03 09:00", SARI, "announce", text("announced; the workers fill in their DRH"),
              "--stage", "need-approved", papers=["pengumuman 800/DEMO-110/2025 2025-09-03"]),
        _step("2025-09-10 11:00", DEWI, "record-death", text("a worker died"), first,
              on="2025-09-08", papers=["akta-kematian 3673-KM-DEMO-1 2025-09-09"]),
        _step("2025-09-12 11:00", DEWI, "record-death", text("a worker died"), second,
              on="2025-09-11", papers=["akta-kematian 3673-KM-DEMO-2 2025-09-12"]),
        _step("2025-09-15 14:00", SARI, "propose-ni", text("the NI is asked for where the DRH is complete"),
              "--from", folder.DRH, papers=["surat-usul-ni 800/DEMO-120/2025 2025-09-15"]),
        _step("2025-09-22 17:00", DEWI, "withdraw", text("did not file the DRH: counts as withdrawn"),
              "--from", folder.WITHDRAWN, "--reason", "drh-not-filed"),
        _step("2025-09-25 16:00", SARI, "propose-late", text("supplementary proposal, with two reasons"),
              "--from", folder.LATE, papers=[f"surat-usulan {LETTER_LATE} 2025-09-25"]),
        _step("2025-10-06 10:00", DEWI, "return-ni", text("returned by BKN (BTS): the name differs"),
              "--from", folder.BTS, "--reason", "name-differs", papers=["nota-bts DEMO-401/2025 2025-10-06"]),
        _step("2025-10-08 10:00", DEWI, "refuse-ni", text("refused by BKN (TMS)"),
              "--from", folder.TMS, "--reason", "not-qualified"),
        _step("2025-10-17 13:00", DEWI, "assign-ni", text("BKN gives pertek and NI"),
              "--from", folder.NI, papers=["pertek DEMO-402/2025 2025-10-16"]),
        _step("2025-10-21 09:00", SARI, "appoint", text("appointed by SK, part-time, each with the wage"),
              "--from", folder.WAGES, on="2025-10-23", papers=["sk 800/DEMO-140/2025 2025-10-20"]),
        _step("2025-10-21 09:30", SARI, "appoint", text("and full-time"),
              "--from", folder.SALARIES, on="2025-10-23", papers=["sk 800/DEMO-141/2025 2025-10-20"]),
        _step("2025-10-23 14:00", SARI, "swear-in", text("sworn in by the mayor"),
              "--stage", "appointed", "--set", "place=Alun-Alun Barat",
              papers=[f"berita-acara {OATH} 2025-10-23"]),
    ))  # fmt: skip


def the_others() -> Part:
    """The meeting, the ministry's answer and the outsourcing; what was told on 20 January held from 1 January on."""
    january = "2026-01-01"
    return Part(text("December 2025 and January 2026: those who were not accommodated"), (
        _step("2025-12-10 10:00", DEWI, "resubmit-ni", text("mended files sent again; still open today"),
              "--from", folder.BTS, papers=["berkas-perbaikan 800/DEMO-160/2025 2025-12-10"]),
        _step("2025-12-12 16:00", SARI, "minute", text("the meeting of 12 December: nothing decided"),
              "--stage", "proposed", "--stage", "not-eligible", "--set", "topic=Upah pegawai Non-R",
              papers=["notulen 800/DEMO-170/2025 2025-12-12"]),
        _step("2026-01-20 10:00", RAHMAT, "reject", text("the ministry's answer, from 1 January on"),
              "--from", folder.ANSWER, "--set", "scope=general", on=january,
              papers=["surat-menpan DEMO-501/2025 2025-12-30"]),
        _step("2026-01-20 11:00", RAHMAT, "return-to-opd", text("returned to their OPDs, from 1 January on"),
              "--stage", "rejected", "--stage", "not-eligible", on=january, papers=[INSTRUCTION]),
        _step("2026-01-20 14:00", RAHMAT, "outsource", text("outsourced, from 1 January on"),
              "--from", folder.JOBS, on=january),
    ))  # fmt: skip


def declared() -> Part:
    """The totals that were told in public, each a group with a name and what makes somebody a member."""
    oath, late = ("--where-document", OATH), ("--where-document", LETTER_LATE)
    return Part(text("January 2026: the totals that were declared"), (
        _declared("oath", text("sworn in on 23 October"), *oath),
        _declared("oath-part-time", text("- part-time"), *oath, "--formation", "pppk-pw"),
        _declared("oath-full-time", text("- full-time"), *oath, "--formation", "pppk"),
        _declared("late", text("the supplementary proposal"), *late),
        _declared("late-in-database", text("- in the BKN database"), *late, "--category", "R3"),
        _declared("late-not-in-database", text("- not in the BKN database"), *late, "--category", "Non-R"),
        _declared("others", text("the others outside the criteria"), "--stage", "not-eligible"),
        _declared("unsettled", text("all who were not accommodated"), "--from", folder.CLASSIFIED),
        _declared("outsourced", text("outsourced"), "--status", "outsourced"),
    ))  # fmt: skip


def _declared(name: str, what: Text, *members: str) -> Line:
    return _line("2026-01-21 09:00", RAHMAT, ("cohort", "define", name, *members), what)


def deceased_of(groups: folder.Groups, case_of: Mapping[str, str]) -> list[str]:
    """The case numbers of the two who died, by the answers to the imports (`case_of`: NIK to case)."""
    return [case_of[person.worker.nik] for person in groups["deceased"]]


def at(typed: str) -> datetime:
    """A moment in the city, as `2025-10-23 14:00`."""
    return datetime.strptime(typed, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def _line(when: str, actor: str, words: tuple[str, ...], what: Text) -> Line:
    return Line(at(when), actor, words, what)


def _step(when: str, actor: str, step: str, what: Text, *whom: str, on: str = "", papers: Sequence[str] = ()) -> Line:
    """One `advance`, of the day it is recorded unless `on` says another."""
    documents = [word for paper in papers for word in ("--document", paper)]
    asks = ["--yes"] if "--stage" in whom else []
    return _line(when, actor, ("advance", step, *whom, "--on", on or when[:10], *documents, *asks), what)
