"""What is looked at before it is recorded: a request, and what was foreseen of it.

One mechanism for a rehearsal, for the preview of a cascade, and for a plan that somebody confirms later: the request
is judged, the outcome is shown, and it is recorded only if it is judged to be the same again, in the transaction
that records it. So nobody holds the register while a person thinks, and nothing is recorded that was not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from domain.outcome import Foreseen, Outcome
from workflow.advance import Order, Progress, advance
from workflow.amend import Amendment, amend
from workflow.merge import Merger, merge
from workflow.migrate import Migration, migrate
from workflow.past import Past, record_past
from workflow.register import Actor, Register
from workflow.registration import Intake, register_workers

Asked = Order | Amendment | Merger | Intake | Past | Migration
"""What may be asked of the cases of a register, each whole in itself."""


class Proposal(NamedTuple):
    """A request with the id it is to be recorded under, and what was foreseen of it, row by row."""

    asked: Asked
    command_id: UUID
    foreseen: tuple[Foreseen, ...]


def judge(
    register: Register, asked: Asked, command_id: UUID, by: Actor, progress: Progress = lambda _done, _of: None
) -> Outcome:
    """What a request would do now; nothing is recorded. Raises what the request raises."""
    return _carry_out(register, _as(asked, command_id, dry_run=True), by, progress, None)


def record(
    register: Register,
    asked: Asked,
    command_id: UUID,
    by: Actor,
    progress: Progress = lambda _done, _of: None,
    *,
    expected: Sequence[Foreseen] | None = None,
) -> Outcome:
    """Judge a request and record it in one transaction; nothing, if the outcome is not what was expected."""
    return _carry_out(register, _as(asked, command_id, dry_run=False), by, progress, expected)


def _as(asked: Asked, command_id: UUID, *, dry_run: bool) -> Asked:
    if isinstance(asked, Merger):
        return asked._replace(amendment=asked.amendment._replace(command_id=command_id, dry_run=dry_run))
    return asked._replace(command_id=command_id, dry_run=dry_run)


def _carry_out(
    register: Register, asked: Asked, by: Actor, progress: Progress, expected: Sequence[Foreseen] | None
) -> Outcome:
    match asked:
        case Order():
            return advance(register, asked, by, progress, expected=expected)
        case Intake():
            return register_workers(register, asked, by, progress, expected=expected)
        case Amendment():
            return amend(register, asked, by, expected=expected)
        case Past():
            return record_past(register, asked, by, expected=expected)
        case Merger():
            return merge(register, asked, by, expected=expected)
        case Migration():
            return migrate(register, asked, by, expected=expected)
