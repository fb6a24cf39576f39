"""Groups of cases with a name: the totals that an office declares, such as the 526 of a letter.

A group is fixed by the numbers of its cases, or it is whatever a selection means when it is asked. Defining a name
again is a new definition from then on; the older one stays for who asks what was known before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from domain.access import RECORDING
from domain.document import Document
from domain.errors import Misused, Refused
from domain.findings import Finding
from domain.identity import hide_numbers, is_nik
from domain.log import ALWAYS
from domain.office import CohortDefined, Decision, decided
from domain.text import text
from workflow.access import permit
from workflow.intake.cases import read_cases
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.transaction import Transaction
from workflow.whom import Who, case_of

LONGEST_NAME = 60


class Definition(NamedTuple):
    """name: what it is called. workers: of a fixed group; None for all that `selection` means when it is asked.

    selection: filters of the roster by name, as they are stored. on: the day of which it is declared.
    """

    name: str
    on: date
    workers: Sequence[Who] | None = None
    selection: Mapping[str, tuple[str, ...]] = {}
    note: str | None = None
    documents: tuple[Document, ...] = ()
    command_id: UUID | None = None


class Defined(NamedTuple):
    """fact: what was recorded. findings: against rows of the file or workers, by row. news: whether it was recorded."""

    fact: CohortDefined
    findings: list[tuple[int | None, Finding]]
    news: bool


@patiently
def define(register: Register, definition: Definition, by: Actor) -> Defined:
    """Record a definition, unless one of its workers is in no case of the register. Raises Misused."""
    _must_be_impersonal(definition)
    with register.transaction() as transaction:
        clearance = permit(register, by, RECORDING, "cohort-define")
        named = [who.name for who in definition.workers] if definition.workers is not None else None
        request = transaction.digest(["cohort", definition._replace(workers=None, command_id=None), named])
        members, findings = _members(transaction, definition.workers)
        clearance.must_cover_cases(transaction, members or {})
        before = definitions(register).get(definition.name)
        clearance.must_cover_cases(transaction, dict.fromkeys((before[1].numbers or ()) if before else ()))
        fact = CohortDefined(
            effective_on=definition.on,
            documents=definition.documents,
            name=definition.name,
            numbers=tuple(members) if members is not None else None,
            selection=dict(definition.selection),
            about=definition.note,
        )
        command_id = definition.command_id or transaction.new_id()
        if definition.command_id is not None and transaction.seen(command_id, request) is not None:
            return Defined(fact, [], news=False)
        if any(finding.refuses for _, finding in findings):
            return Defined(fact, findings, news=False)
        transaction.begin_command(command_id, "cohort-define", clearance.by, request)
        transaction.decide(command_id, fact)
    return Defined(fact, findings, news=True)


def _must_be_impersonal(definition: Definition) -> None:
    """An event keeps name and note for ever: neither may hold a number of a person."""
    name = definition.name
    printable = all(unicodedata.category(sign)[0] != "C" for sign in name)
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not printable:
        raise Misused(text("Give the cohort a name of at most {longest} characters.", longest=LONGEST_NAME))
    if hide_numbers(name) != name or hide_numbers(definition.note or "") != (definition.note or ""):
        raise Misused(text("Name and note are kept in the open: leave numbers of persons out of them."))


def _members(
    transaction: Transaction, workers: Sequence[Who] | None
) -> tuple[dict[int, str | int | None] | None, list[tuple[int | None, Finding]]]:
    """The cases of workers, ascending, by the row or the name that means each; and what is wrong with a row.

    A NIK means the open case, else the last.
    """
    if workers is None:
        return None, []
    code = transaction.register.settings.code
    numbers = {who.name: number for who in workers if (number := case_of(who.name, code)) is not None}
    existing = transaction.existing(numbers.values())
    held = transaction.holders("nik", {who.name for who in workers if is_nik(who.name)})
    members, findings = dict[int, str | int | None](), list[tuple[int | None, Finding]]()
    for who in workers:
        findings += [(who.row, finding) for finding in who.findings]
        if who.name in held:
            members[held[who.name].open_case or held[who.name].last_case] = who.row or who.name
        elif numbers.get(who.name) in existing:
            members[numbers[who.name]] = who.row or who.name
        elif who.name:
            findings.append((who.row, _UNKNOWN))
    return dict(sorted(members.items())), findings


_UNKNOWN = Finding(
    "unknown-case",
    text("the register has no such case and nobody with this NIK"),
    text("Look the worker up with lantik find."),
)


def listed(source: Path, *, encoding: str | None = None, sheet: str | None = None) -> list[Who]:
    """The workers that a file names by nik or case; its other columns are left alone."""
    rows, _ = read_cases(source, encoding=encoding, sheet=sheet)
    return [Who(row.who, row.number, {}, row.findings) for row in rows]


def definitions(register: Register, known_at: int = ALWAYS) -> dict[str, tuple[Decision, CohortDefined]]:
    """By name, the definition that was the last one known then, in the order in which the names came up.

    A name that came up later means what it was first defined as: a total can be declared of what was known before.
    """
    found: dict[str, tuple[Decision, CohortDefined]] = {}
    for decision, fact in decided(register.decisions, CohortDefined, ALWAYS):
        if decision.recorded_at <= known_at or fact.name not in found:
            found[fact.name] = (decision, register.log_of_events.in_scope(fact))
    return found


def definition_of(register: Register, name: str, known_at: int = ALWAYS) -> CohortDefined:
    """What a name means, as known then. Raises Refused if there is no such cohort."""
    known = definitions(register, known_at)
    if name not in known:
        names = ", ".join(sorted(known)) or "-"
        raise Refused(text("There is no cohort {name}. There are: {names}.", name=name, names=names))
    return known[name][1]
