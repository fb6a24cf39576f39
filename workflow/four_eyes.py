"""What one person proposes and another confirms: a request that waits in the inbox as the plan that `plans` writes.

Nothing of it is recorded before. It is judged again when it is confirmed, under the lock, and recorded only as it was
foreseen; each event then names both.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID, uuid5

from domain.access import RECORDING, Role
from domain.errors import Denied, Misused, Refused
from domain.findings import Finding, Severity
from domain.four_eyes import NeedsAnother
from domain.identity import hide_numbers
from domain.inbox import INBOX, Proposed, Queued
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Row, Verdict
from domain.text import text
from workflow import inbox
from workflow.access import Subject, permit
from workflow.addressing import about
from workflow.advance import Order, Progress
from workflow.amend import Amendment
from workflow.inbox import Item, Settling
from workflow.merge import Merger
from workflow.migrate import Migration
from workflow.patience import patiently
from workflow.plans import Plan, decode, encode, kind_of
from workflow.proposal import Asked, Proposal, judge, record
from workflow.register import Actor, Register
from workflow.registration import Intake
from workflow.transaction import Transaction

SALT = 16
"""Bytes before the plan, so that nobody finds what was in it by trying out digests once it is gone."""


class Wish(NamedTuple):
    """How a request is to be recorded. command_id: the id for it, repeated: that it may have been given before.

    expected: what was shown of it. proposing: put before somebody else even where one person would do.
    """

    command_id: UUID
    repeated: bool = False
    expected: tuple[Foreseen, ...] | None = None
    proposing: bool = False


def submit(
    register: Register, asked: Asked, wish: Wish, by: Actor, progress: Progress = lambda _done, _of: None
) -> Outcome:
    """Record a request, or put it into the inbox where somebody else has to confirm it.

    What is refused is refused as always, and nothing is put there.
    """
    if wish.repeated and (before := _before(register, asked, wish.command_id)) is not None:
        return before
    if wish.proposing:
        return _propose(register, asked, wish, by._replace(acting="proposes"), progress)
    if not _surely_needs_another(register, asked):
        try:
            return record(register, asked, wish.command_id, by, progress, expected=wish.expected)
        except NeedsAnother:
            pass  # told only by what would be recorded; it is judged once more, as a proposal
    return _propose(register, asked, wish, by, progress)


def _surely_needs_another(register: Register, asked: Asked) -> bool:
    """Whether it can be told before anything is judged, which is no small thing where thousands are mended."""
    rule = register.settings.asks_four_eyes
    return rule is not None and rule.corrections and isinstance(asked, Amendment | Merger)


def apply(
    register: Register,
    proposal: Proposal,
    by: Actor,
    progress: Progress = lambda _done, _of: None,
    *,
    partial: bool = False,
) -> Outcome:
    """Submit what was planned, if it is judged as it was then. partial: its good rows, though others are refused."""
    asked, command_id, foreseen = proposal
    if partial and isinstance(asked, Order | Intake | Migration):
        asked = asked._replace(partial=True)
    return submit(register, asked, Wish(command_id, repeated=True, expected=foreseen), by, progress)


@patiently
def _propose(register: Register, asked: Asked, wish: Wish, by: Actor, progress: Progress) -> Outcome:
    outcome = judge(register, asked, wish.command_id, by, progress).held_against(wish.expected)
    partial = isinstance(asked, Order | Intake | Migration) and asked.partial
    if outcome.command is not None or outcome.differs or not outcome.recordable(partial=partial):
        return outcome
    plan = encode(register, Proposal(asked, wish.command_id, outcome.foreseen), by)
    content = register.surroundings.entropy(SALT) + plan
    with register.transaction() as transaction:
        if (waiting := _waiting(transaction, asked, wish.command_id)) is not None:
            return waiting
        fact = about(transaction, asked, wish.command_id, outcome, inbox.digest_of(content))
        own = RECORDING if set(fact.roles) & set(RECORDING) else fact.roles
        clearance = permit(register, by, own, "put")
        command_id = _putting(wish.command_id)
        transaction.begin_command(command_id, "put", clearance.by, _request(transaction, asked))
        (number,) = inbox.put(transaction, command_id, [(fact, content)])
    return outcome._replace(proposal=number)


def _putting(command_id: UUID) -> UUID:
    """The id of the command that puts a request into the inbox: another than the one it is to be recorded under."""
    return uuid5(INBOX, str(command_id))


def _request(transaction: Transaction, asked: Asked) -> bytes:
    if isinstance(asked, Order) and asked.selection:
        asked = asked._replace(workers=())  # whom it matches by now makes no difference
    if isinstance(asked, Merger):
        asked = asked._replace(amendment=asked.amendment._replace(command_id=None, dry_run=False))
    else:
        asked = asked._replace(command_id=None, dry_run=False)
    return transaction.digest(["propose", kind_of(asked), asked])


def _before(register: Register, asked: Asked, command_id: UUID) -> Outcome | None:
    with register.transaction(dry_run=True) as transaction:
        return _waiting(transaction, asked, command_id)


def _waiting(transaction: Transaction, asked: Asked, command_id: UUID) -> Outcome | None:
    """What is told of a request that waits already; None if it does not. Raises Refused if it was declined."""
    if transaction.seen(_putting(command_id), _request(transaction, asked)) is None:
        return None
    register = transaction.register
    waiting = next(
        one for one in inbox.items(register) if isinstance(one.fact, Proposed) and one.fact.command == str(command_id)
    )
    if waiting.settled is None:
        scope = register.datastore.scope
        theirs = scope is None or scope.units.issuperset(waiting.fact.units)
        foreseen = plan_of(register, waiting).proposal.foreseen if theirs else ()
        rows = [Row(one.row, one.case, None, Verdict.UNCHANGED) for one in foreseen]
        return Outcome(None, rows, (ALREADY_PROPOSED,), waiting.number)
    if waiting.settled.fact.command is not None:
        return None
    raise Refused(
        text(
            "This command was proposed as item {item} and declined. Nothing was recorded; give another id.",
            item=waiting.number,
        )
    )


ALREADY_PROPOSED = Finding(
    "already-proposed",
    text("this command was already proposed; nothing was changed"),
    severity=Severity.WARNING,
)


def plan_of(register: Register, waiting: Item) -> Plan:
    """The request of an item that waits, and what was foreseen of it. Raises IntegrityFailed if it was changed."""
    return decode(register, inbox.content(register, waiting)[SALT:], f"#{waiting.number}")


def confirm(register: Register, number: int, by: Actor, progress: Progress = lambda _done, _of: None) -> Outcome:
    """Record what somebody else proposed, if it is judged as it was then.

    Raises Denied for whoever proposed it, Refused if it waits no more; said again by whoever confirmed it, it is
    already recorded.
    """
    if (before := confirmed_before(register, number, by)) is not None:
        return before
    waiting = inbox.open_item(register, number)
    must_be_another(waiting, by, "confirm")
    units = [Subject(None, None, unit) for unit in waiting.fact.units]
    by = by._replace(acting="confirms", settles=Settling(number, waiting.put_by, "confirmed"))
    permit(register, by, waiting.fact.roles, "confirm").must_cover(units)  # before it is said whom it is about
    asked, command_id, foreseen = plan_of(register, waiting).proposal
    outcome = record(register, asked, command_id, by, progress, expected=foreseen)
    if ALREADY_RECORDED in outcome.notes and confirmed_before(register, number, by) is None:
        inbox.open_item(register, number)  # somebody else was faster, and it says who
    return outcome


def confirmed_before(register: Register, number: int, by: Actor) -> Outcome | None:
    """What is told to somebody who confirmed this item before; None to others."""
    settled = inbox.item(register, number).settled
    if settled is None or settled.by != by.name or settled.fact.command is None:
        return None
    return Outcome(UUID(settled.fact.command), [], (ALREADY_RECORDED,))


def must_be_another(waiting: Item, by: Actor, doing: str) -> None:
    """Raises Denied for whoever put an item into the inbox."""
    if waiting.put_by == by.name:
        raise Denied(
            text("Item {item} is your own: somebody else has to confirm it.", item=waiting.number),
            why="four-eyes",
            doing=doing,
        )


@patiently
def decline(register: Register, number: int, reason: str, by: Actor, command_id: UUID) -> bool:
    """Let what waits be recorded by nobody: said by whoever might confirm it, or by whoever proposed it.

    What it was about in full is deleted. False if this command had been recorded before.
    """
    must_be_impersonal(reason)
    with register.transaction() as transaction:
        request = transaction.digest(["decline", number, reason])
        if transaction.seen(command_id, request) is not None:
            return False
        waiting = inbox.open_item(register, number)
        own = waiting.put_by == by.name and isinstance(waiting.fact, Proposed)
        if isinstance(waiting.fact, Queued) and register.settings.asks_four_eyes is not None:
            must_be_another(waiting, by, "decline")
        clearance = permit(register, by, [*Role] if own else waiting.fact.roles, "decline")
        if not own:
            clearance.must_cover(Subject(None, None, unit) for unit in waiting.fact.units)
        transaction.begin_command(command_id, "decline", clearance.by, request)
        verdict = "declined" if isinstance(waiting.fact, Proposed) else "turned-away"
        settling = Settling(number, waiting.put_by, verdict, reason)
        inbox.settle(transaction, command_id, settling, recorded=False)
    return True


def must_be_impersonal(reason: str) -> None:
    """An event keeps why an item was declined for ever. Raises Misused where it holds a number of a person."""
    if not reason.strip() or hide_numbers(reason) != reason:
        raise Misused(text("The reason is kept in the open: say why, without numbers of persons."))
