"""Join two persons that prove to be one. Acts are never mixed: one case goes on, the other leaves the rosters."""

from __future__ import annotations

from uuid import UUID

from domain.errors import Refused
from domain.layers import Merged
from domain.outcome import Outcome, Row, Verdict
from domain.text import text
from workflow.amend import Amendment
from workflow.lookups import Loaded
from workflow.register import Actor, Register
from workflow.transaction import Transaction


def merge(register: Register, keep: int, lose: int, amendment: Amendment, by: Actor) -> Outcome:
    """Join two persons that prove to be one: the losing case leaves the rosters, its numbers find the other.

    Acts are never mixed. Raises Refused if the two are one case, or either is void.
    """
    with register.transaction(dry_run=amendment.dry_run) as transaction:
        loaded = transaction.load({keep, lose}, with_person=True)
        if keep == lose or len(loaded) < 2 or any(one.case.last.stage is None for one in loaded.values()):
            raise Refused(text("Name two different cases, neither of them void."))
        row = Row(None, register.settings.case_number(lose), None, Verdict.PASSED)
        if amendment.dry_run:
            return Outcome(None, [row])
        command_id = amendment.command_id or transaction.new_id()
        request = transaction.digest(["merge", keep, lose, amendment._replace(command_id=None)])
        if amendment.command_id is not None and transaction.seen(command_id, request) is not None:
            return Outcome(command_id, [row._replace(verdict=Verdict.UNCHANGED)])
        transaction.begin_command(command_id, amendment.name, by, request)
        _record_merge(transaction, command_id, loaded[keep], loaded[lose], amendment)
    return Outcome(command_id, [row._replace(verdict=Verdict.RECORDED)])


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
