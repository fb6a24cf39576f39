"""The step that is asked for, and the drafts of one command, read once for each procedure and each set of fields."""

from __future__ import annotations

from collections.abc import Mapping

from domain.draft import Draft, Request, draft
from domain.errors import Misused
from domain.procedure import FieldType, Step
from domain.rules import Rules
from domain.text import text
from workflow.register import Register
from workflow.transaction import Transaction
from workflow.units import UnitBook
from workflow.whom import REASON


class Drafts:
    """Drafts and rules of one command, made once for each procedure and each set of fields."""

    def __init__(self, transaction: Transaction, request: Request) -> None:
        self._register, self._request = transaction.register, request
        self.units = UnitBook(transaction)
        self._rules: dict[str, Rules] = {}
        self._drafts: dict[tuple[str, tuple[tuple[str, str], ...]], Draft | None] = {}

    def rules(self, reference: str) -> Rules:
        if reference not in self._rules:
            self._rules[reference] = self._register.rules(reference)
        return self._rules[reference]

    def draft(self, reference: str, fields: Mapping[str, str]) -> Draft | None:
        key = (reference, tuple(sorted(fields.items())) if fields else ())
        if key not in self._drafts:
            step = self.rules(reference).procedure.steps.get(self._request.step)
            own = dict(fields)
            reason = own.pop(REASON, None) or self._request.reason
            request = self._request._replace(fields={**self._request.fields, **own}, reason=reason)
            asked = draft(step, request, self._register.today) if step else None
            self._drafts[key] = with_units(asked, self.units) if asked else None
        return self._drafts[key]


def with_units(drafted: Draft, units: UnitBook) -> Draft:
    """The draft with units by their own names."""
    for rule in drafted.step.fields:
        if rule.type is FieldType.UNIT and rule.name in drafted.values:
            unit, finding = units.resolve(drafted.values[rule.name])
            values = {**drafted.values, rule.name: unit}
            drafted = drafted._replace(values=values, findings=(*drafted.findings, *filter(None, [finding])))
    return drafted


def step_of(register: Register, name: str) -> Step:
    """The step of the register's own procedure by that name. Raises Misused.

    One that the procedure does not know is a misspelling, not a refusal.
    """
    steps = register.rulebook.load(register.procedure).steps
    if name not in steps:
        raise Misused(text("There is no step {step}. The steps are: {known}.", step=name, known=", ".join(steps)))
    if not steps[name].sources:
        raise Misused(text("{step} opens a case: use lantik import.", step=name))
    return steps[name]
