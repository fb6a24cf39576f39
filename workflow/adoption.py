"""Adopt a procedure: from a day on, new cases are judged by it. Open cases keep theirs until they are migrated.

A file that `lantik` does not bring along is kept in the register itself, so that whoever opens the register later
has the rules that its cases were judged by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.access import Role
from domain.document import Document
from domain.errors import Refused
from domain.log import ALWAYS
from domain.moments import moment_of
from domain.office import ProcedureAdopted, decided
from domain.procedure import Procedure
from domain.text import text
from workflow.access import permit
from workflow.patience import patiently
from workflow.procedure_file import read_source
from workflow.register import Actor, Register
from workflow.store.tables import docket

CASES_AT_ONCE = 2000


class Adoption(NamedTuple):
    """procedure: a reference `name@version` or `name`, or the path of a file. on: from which day new cases have it."""

    procedure: str
    on: date
    documents: Sequence[Document] = ()
    dry_run: bool = False
    command_id: UUID | None = None


@patiently
def adopt(register: Register, adoption: Adoption, by: Actor) -> tuple[Procedure, bool]:
    """The procedure that was adopted, and whether that was news. Raises Misused if the file has faults.

    Raises Refused if its reference is known with another text: a published procedure is never changed.
    """
    procedure, written = named(register, adoption.procedure)
    if written is not None:
        _must_be_new(register, procedure, written)
    with register.transaction(dry_run=adoption.dry_run) as transaction:
        keeper = permit(register, by, [Role.KEEPER], "adopt").by
        request = transaction.digest(["adopt", procedure.reference, adoption.on, adoption.documents, written])
        command_id = adoption.command_id or transaction.new_id()
        if adoption.command_id is not None and transaction.seen(command_id, request) is not None:
            return procedure, False
        if not adoption.dry_run:
            transaction.begin_command(command_id, "adopt", keeper, request)
            fact = ProcedureAdopted(
                effective_on=adoption.on,
                documents=tuple(adoption.documents),
                reference=procedure.reference,
                written=written,
            )
            transaction.decide(command_id, fact)
    return procedure, True


def named(register: Register, name: str) -> tuple[Procedure, str | None]:
    """The procedure of a reference, or the one in a file with its text where `lantik` does not bring it along."""
    path = Path(name)
    if path.suffix != ".toml":
        return register.rulebook.load(name), None
    procedure = register.rulebook.read(path)
    written = read_source(path).written
    return procedure, None if register.rulebook.brings(procedure.reference, written) else written


def _must_be_new(register: Register, procedure: Procedure, written: str) -> None:
    known = register.rulebook.written(procedure.reference)
    if known not in (None, written):
        raise Refused(
            text(
                "There is a procedure {reference} already, and it says something else. A procedure that cases may have "
                "been judged by is never changed: give the file another version.",
                reference=procedure.reference,
            )
        )


class InForce(NamedTuple):
    """A procedure of new cases: from which day, when and by whom that was recorded, and what ordered it.

    open_cases: how many open cases are judged by it, those that were migrated to it among them.
    """

    procedure: str
    since: date | None
    recorded_at: datetime | None
    actor: str | None
    documents: tuple[Document, ...]
    open_cases: int


def in_force(register: Register) -> list[InForce]:
    """What the register was created with, what was adopted since as recorded, and what else has open cases."""
    cases = _open_cases(register)
    first = register.settings.procedure
    rows = [InForce(first, None, None, None, (), cases.pop(first, 0))]
    for decision, fact in decided(register.decisions, ProcedureAdopted, ALWAYS):
        at = moment_of(decision.recorded_at, register.settings.zone)
        count = cases.pop(fact.reference, 0)
        rows.append(InForce(fact.reference, fact.effective_on, at, decision.actor, fact.documents, count))
    return rows + [InForce(reference, None, None, None, (), count) for reference, count in sorted(cases.items())]


def _open_cases(register: Register) -> dict[str, int]:
    """By procedure, the open cases that are judged by it."""
    views, found = register.surroundings.views, Counter[str]()
    with register.datastore.read() as connection:
        opened = sa.select(docket.c.number).where(docket.c.ended_on.is_(None)).order_by(docket.c.number)
        numbers = list(connection.execute(opened).scalars())
        for at in range(0, len(numbers), CASES_AT_ONCE):
            standings = views.standings(connection, numbers[at : at + CASES_AT_ONCE])
            found.update(standing.procedure for standing in standings.values())
    return dict(found)
