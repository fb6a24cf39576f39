"""What the demo asks of the register once the year is recorded, and how it shows the answers at 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from domain.text import Text, text
from workflow.demo.figures import PUBLISHED, measured
from workflow.demo.folder import COMMANDS, REGISTER, SHOWN
from workflow.demo.office import Clerk, Line, shown
from workflow.demo.story import INSTRUCTION, RAHMAT, at

AFTERWARDS = at("2026-01-22 09:00")
DAYS = ("2025-10-22", "2025-10-23", "2025-12-31", "2026-01-20")
STATUSES = ("non-asn", "pppk-pw", "pppk", "outsourced", "none")
BELIEFS = ("2026-01-15", "2026-01-21")
STAGES = ("proposed", "not-eligible", "returned-to-opd", "outsourced")


def ask_register(clerk: Clerk) -> str:
    """Show what the register answers; the case that the history is of."""
    _totals(clerk)
    _beliefs(clerk)
    [case, *_] = [row["case"] for row in clerk.ask(AFTERWARDS, "log", "--step", "reject") if row["reason"] == "cpns"]
    _title(clerk, text("One worker's history, case {case}", case=case))
    _answered(clerk, "history", case)
    _refusal(clerk)
    _under_two_procedures(clerk, case)
    return case


def _totals(clerk: Clerk) -> None:
    _title(clerk, text("Totals by status at four days, as known now: lantik count --as-of DAY"))
    rows = [clerk.ask(AFTERWARDS, "count", "--by", "status", "--as-of", day) for day in DAYS]
    counts = [{row["status"]: row["n"] for row in answered} for answered in rows]
    clerk.office.show(_across("", DAYS))
    for status in STATUSES:
        clerk.office.show(_across(status, [f"{count.get(status, 0):,}" for count in counts]))


def _beliefs(clerk: Clerk) -> None:
    _title(clerk, text("10 January 2026, as known on two days: lantik count --as-of 2026-01-10 --known-at DAY"))
    by_stage = ("count", "--by", "stage", "--as-of", "2026-01-10")
    rows = [clerk.ask(AFTERWARDS, *by_stage, "--known-at", day) for day in BELIEFS]
    counts = [{row["stage"]: row["n"] for row in answered} for answered in rows]
    clerk.office.show(_across("", BELIEFS))
    for stage in STAGES:
        clerk.office.show(_across(stage, [f"{count.get(stage, 0):,}" for count in counts]))


def _refusal(clerk: Clerk) -> None:
    _title(clerk, text("A refused step: outsourcing somebody who was sworn in"))
    [row, *_] = clerk.ask(AFTERWARDS, "roster", "--stage", "sworn-in", "--as-of", "2026-01-20", "--unit", "Dishub")
    words = ("advance", "outsource", row["case"], "--on", "2026-01-21")
    _asked(clerk, *words)
    _indented(clerk, clerk.refused(Line(AFTERWARDS, RAHMAT, words, text(""))))


def _under_two_procedures(clerk: Clerk, case: str) -> None:
    _title(clerk, text("The same step for {case} at noon of 20 January, under two procedures", case=case))
    why = ("why", case, "outsource", "--as-of", "2026-01-20", "--known-at", "2026-01-20T12:00", "--procedure")
    _answered(clerk, *why, "kota-serang")
    _answered(clerk, *why, "kota-metro")
