"""Whom a command is about: NIKs and case numbers as typed or listed in a file, and the cases they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.findings import Finding
from domain.identity import is_nik
from domain.procedure import Step
from domain.text import text
from workflow.access import must_see
from workflow.intake.cases import read_cases
from workflow.lookups import Lookups

REASON = "reason"
"""A column of a file that gives each worker's own reason code."""


class Who(NamedTuple):
    """One worker as asked for: a NIK or a case number, the row of the file, and that row's own fields."""

    name: str
    row: int | None = None
    fields: Mapping[str, str] = {}
    findings: tuple[Finding, ...] = ()


def resolve(lookups: Lookups, workers: Sequence[Who]) -> dict[str, int | Finding]:
    """The open case of each NIK, the case of each number; a finding where there is none.

    Raises Denied for what is not theirs to read who asks.
    """
    code = lookups.register.settings.code
    names = {who.name for who in workers}
    numbers = {name: number for name in names if (number := case_of(name, code)) is not None}
    existing = lookups.existing(numbers.values())
    held = lookups.holders("nik", (name for name in names - numbers.keys() if is_nik(name)))
    cases = {name: numbers[name] for name in numbers if numbers[name] in existing}
    cases |= {name: one.open_case or one.last_case for name, one in held.items()}
    must_see(lookups, {cases[who.name]: who.row or who.name for who in workers if who.name in cases})
    found: dict[str, int | Finding] = {}
    for name in names:
        if name in numbers:
            found[name] = numbers[name] if numbers[name] in existing else _UNKNOWN_CASE
        elif name in held:
            found[name] = held[name].open_case or _NO_OPEN_CASE
        else:
            found[name] = _UNKNOWN_WORKER
    return found


def called(workers: Sequence[Who], found: Mapping[str, int | Finding]) -> dict[int, str | int | None]:
    """The cases that were found, each as whoever asks named it, or by the row of their file."""
    return {number: who.row or who.name for who in workers if isinstance(number := found[who.name], int)}


def case_of(name: str, code: str) -> int | None:
    """The number in `36.73-000123`; None if the text is no case number of this agency."""
    prefix, _, digits = name.rpartition("-")
    return int(digits) if prefix == code and digits.isascii() and digits.isdigit() and len(digits) < 12 else None


_UNKNOWN_CASE = Finding("unknown-case", text("there is no such case"), text("Look the number up with lantik find."))
_UNKNOWN_WORKER = Finding(
    "unknown-case",
    text("no case of this register has this NIK"),
    text("Check the NIK, or register the worker with lantik import."),
)
_NO_OPEN_CASE = Finding(
    "no-open-case",
    text("the worker has no open case: the last one ended"),
    text("Name the case by its number, or import with --reopen."),
)


def read_who(
    source: Path, step: Step, *, encoding: str | None = None, sheet: str | None = None
) -> tuple[list[Who], tuple[Finding, ...]]:
    """The workers that a file names, each with the fields of its own row; and what is to be told about the file."""
    headings = {rule.name: rule.name for rule in step.fields}
    headings |= {label: rule.name for rule in step.fields for label in (rule.label.en, rule.label.id)}
    if step.reasons:
        headings |= {REASON: REASON, "Alasan": REASON}
    rows, notes = read_cases(source, encoding=encoding, sheet=sheet, headings=headings)
    return [Who(row.who, row.number, row.fields, row.findings) for row in rows], notes
