"""Adopt a procedure: from a day on, new cases are judged by it. Open cases keep theirs until they are migrated.

A file that `lantik` does not bring along is kept in the register itself, so that whoever opens the register later
has the rules that its cases were judged by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from domain.document import Document
from domain.errors import Refused
from domain.office import ProcedureAdopted
from domain.procedure import Procedure
from domain.text import text
from workflow.procedure_file import read_source
from workflow.register import Actor, Register


class Adoption(NamedTuple):
    """procedure: a reference `name@version` or `name`, or the path of a file. on: from which day new cases have it."""

    procedure: str
    on: date
    documents: Sequence[Document] = ()
    dry_run: bool = False
    command_id: UUID | None = None


def adopt(register: Register, adoption: Adoption, by: Actor) -> tuple[Procedure, bool]:
    """The procedure that was adopted, and whether that was news. Raises Misused if the file has faults.

    Raises Refused if its reference is known with another text: a published procedure is never changed.
    """
    procedure, written = named(register, adoption.procedure)
    if written is not None:
        _must_be_new(register, procedure, written)
    with register.transaction(dry_run=adoption.dry_run) as transaction:
        request = transaction.digest(["adopt", procedure.reference, adoption.on, adoption.documents, written])
        command_id = adoption.command_id or transaction.new_id()
        if adoption.command_id is not None and transaction.seen(command_id, request) is not None:
            return procedure, False
        if not adoption.dry_run:
            transaction.begin_command(command_id, "adopt", by, request)
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
