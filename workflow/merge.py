"""Join two persons that prove to be one. Acts are never mixed: one case goes on, the other leaves the rosters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from domain.errors import Refused
from domain.layers import Merged
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Row, Verdict
from domain.text import text
from workflow.amend import Amendment
from workflow.lookups import Loaded
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.transaction import Transaction
from workflow.whose import may_mend


class Merger(NamedTuple):
    """Two cases by number, which prove to be of one person: the one to keep, and the one that leaves the rosters."""

    keep: int
    lose: int
    amendment: Amendment


@patiently
def merge(register: Register, merger: Merger, by: Actor, *, expected: Sequence[Foreseen] | None = None) -> Outcome:
    """Join two persons that prove to be one: the losing case leaves the rosters, its numbers find the other.

    Acts are never mixed. expected: what was shown before; nothing is recorded if the outcome is another now.
    Raises Refused if the two are one case, or either is void.
    """
    keep, lose, amendment = merger
    with register.transaction(dry_run=amendment.dry_run) as transaction:
        command_id = amendment.command_id or transaction.new_id()
        request = transaction.digest(["merge", keep, lose, amendment._replace(dry_run=False, command_id=None)])
        if amendment.command_id is not None and transaction.seen(command_id, request) is not None:
            unchanged = Row(None, register.settings.case_number(lose), None, Verdict.UNCHANGED)
            return Outcome(command_id, [unchanged], (ALREADY_RECORDED,))
        loaded = transaction.load({keep, lose}, with_person=True)
        clearance = may_mend(register, by, "merge", loaded, ((number, 1) for number in loaded))
        clearance.must_cover_cases(transaction, dict.fromkeys(loaded))
        if keep == lose or len(loaded) < 2 or any(one.case.last.stage is None for one in loaded.values()):
            raise Refused(text("Name two different cases, neither of them void."))
        row = _row(register, loaded[lose])
        outcome = Outcome(None, [row]).held_against(expected)
        if amendment.dry_run or outcome.differs:
            return outcome
        transaction.begin_command(command_id, amendment.name, clearance.by, request)
        _record_merge(transaction, command_id, loaded[keep], loaded[lose], amendment)
    return Outcome(command_id, [row._replace(verdict=Verdict.RECORDED)])


def _row(register: Register, lost: Loaded) -> Row:
    last, case = lost.case.last, register.settings.case_number(lost.number)
    return Row(None, case, None, Verdict.PASSED, stage=last.stage, procedure=last.procedure)


def _record_merge(transaction: Transaction, command_id: UUID, keep: Loaded, lose: Loaded, amendment: Amendment) -> None:
    first = lose.case.timeline.entries[0]
    sealed = transaction.seal({"reason": amendment.reason})
    fact = Merged(
        effective_on=first.act.effective_on,
        documents=amendment.documents,
        commitment=sealed.commitment,
        target=first.seq,
        number=lose.case.layer_number(first.seq, Merged),
        into=keep.number,
    )
    entry = lose.case.record(fact, sealed.values)
    transaction.append(command_id, [lose], {(lose.number, entry.seq): sealed})
