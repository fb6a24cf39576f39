"""Whom a proposal is put before: the roles that may confirm it, the units it is about, and by when it is owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from domain.access import Role, confirming
from domain.deadlines import owed
from domain.inbox import Proposed
from domain.outcome import Outcome, Row, Verdict
from workflow.advance import Order
from workflow.amend import Amendment
from workflow.calendar import calendars
from workflow.drafts import step_of
from workflow.merge import Merger
from workflow.migrate import Migration
from workflow.past import Past
from workflow.plans import kind_of
from workflow.proposal import Asked
from workflow.registration import Intake
from workflow.transaction import Transaction
from workflow.whom import case_of
from workflow.whose import roles_to_mend


def about(transaction: Transaction, asked: Asked, command_id: UUID, outcome: Outcome, digest: str) -> Proposed:
    """What the event of a proposal says. A bounded number of statements."""
    register = transaction.register
    moved = [row for row in outcome.rows if row.verdict is Verdict.PASSED]
    code = register.settings.code
    numbers = {number for row in moved if row.case and (number := case_of(row.case, code)) is not None}
    units = set(transaction.units_of(numbers).values())
    if isinstance(asked, Intake):
        units |= {row.unit for row in outcome.rows if row.unit}
    return Proposed(
        effective_on=register.today,
        command=str(command_id),
        kind=kind_of(asked),
        step=_step(asked),
        cases=len({row.case or row.row for row in moved}),
        roles=confirming(_needed(transaction, asked, moved)),
        units=tuple(sorted(units)),
        due=_due(transaction, asked, numbers),
        digest=digest,
    )


def _step(asked: Asked) -> str | None:
    match asked:
        case Order():
            return asked.request.step
        case Amendment():
            return asked.name
        case Intake() | Past() | Merger() | Migration():
            return None


def _needed(transaction: Transaction, asked: Asked, moved: Iterable[Row]) -> set[str]:
    """The roles that recording a request asks for, all of them."""
    register = transaction.register
    match asked:
        case Order():
            procedures = {row.procedure for row in moved if row.procedure}
            steps = [register.rulebook.load(one).steps.get(asked.request.step) for one in procedures]
            return {step.role for step in (step_of(register, asked.request.step), *steps) if step is not None}
        case Intake():
            procedure = register.rulebook.load(register.procedure_on(asked.on))
            return {step.role for step in procedure.steps.values() if not step.sources}
        case Past():
            known = register.rulebook.load(register.procedure).steps
            return {known[act.request.step].role for act in asked.acts if act.request}
        case Amendment():
            events = [(target.number, target.seq) for target in asked.targets]
            return roles_to_mend(register, transaction.load({number for number, _ in events}), events)
        case Merger():
            loaded = transaction.load({asked.keep, asked.lose})
            return roles_to_mend(register, loaded, [(number, 1) for number in loaded])
        case Migration():
            return {Role.KEEPER}


def _due(transaction: Transaction, asked: Asked, numbers: Iterable[int]) -> date | None:
    """The first day by which one of the cases owes the step that is asked for, if any does."""
    if not isinstance(asked, Order):
        return None
    register = transaction.register
    standings = register.surroundings.views.standings(transaction.connection, numbers)
    known = calendars(register)
    days = (
        one.due
        for standing in standings.values()
        for one in owed(standing, register.rulebook.load(standing.procedure), known, register.today)
        if one.step == asked.request.step
    )
    return min(days, default=None)
