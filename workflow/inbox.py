"""The inbox: what waits for a human, put there by one command and settled by another.

What an item is about in full lies in the table `inbox` for as long as it waits, and is deleted in the transaction that
settles it. That it was put there and how it was settled are events of a stream of their own and stay.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.errors import IntegrityFailed, Refused
from domain.inbox import INBOX, Proposed, Queued, Settled
from domain.text import text
from workflow.store.tables import inbox

if TYPE_CHECKING:
    from workflow.register import Register
    from workflow.transaction import Transaction


class Settlement(NamedTuple):
    """How an item was settled, when (microseconds since the epoch), and by whom."""

    at: int
    by: str
    fact: Settled


class Item(NamedTuple):
    """What waits, or waited. put_at: microseconds since the epoch. settled: None as long as it waits.

    put_by: who asked for it; of a row of an import that one person proposed and another confirmed, the first.
    """

    number: int
    put_at: int
    put_by: str
    fact: Proposed | Queued
    settled: Settlement | None = None


class Settling(NamedTuple):
    """How an item is being settled; verdict, reason and corrected as `Settled` has them."""

    item: int
    put_by: str
    verdict: str
    reason: str | None = None
    corrected: tuple[str, ...] = ()


def digest_of(content: bytes) -> str:
    """The digest of an item's content, as its event holds it."""
    return hashlib.sha256(content).hexdigest()


def put(transaction: Transaction, command_id: UUID, waiting: Sequence[tuple[Proposed | Queued, bytes]]) -> range:
    """Let items wait, each with its content, under a command that was begun; their numbers."""
    if not waiting:
        return range(0)
    numbers = transaction.decide(command_id, *(fact for fact, _ in waiting), stream=INBOX)
    rows = [(number, command_id.bytes, content) for number, (_, content) in zip(numbers, waiting, strict=True)]
    transaction.many.insert(transaction.connection, inbox, rows)
    return numbers


def items(register: Register) -> list[Item]:
    """All items there ever were, in the order in which they were put there."""
    found: dict[int, Item] = {}
    for number, decision in enumerate(register.log_of_events.decisions(INBOX), 1):
        match decision.fact:
            case Settled() as settled:
                settlement = Settlement(decision.recorded_at, decision.actor, settled)
                found[settled.item] = found[settled.item]._replace(settled=settlement)
            case Proposed() | Queued() as fact:
                found[number] = Item(number, decision.recorded_at, fact.proposed_by or decision.actor, fact)
    return list(found.values())


def open_items(register: Register) -> list[Item]:
    """What waits, in the order in which it was put there."""
    return [item for item in items(register) if item.settled is None]


def item(register: Register, number: int) -> Item:
    """The item of that number, settled or not. Raises Refused if there is none."""
    found = next((one for one in items(register) if one.number == number), None)
    if found is None:
        raise Refused(text("The inbox has no item {item}. See lantik inbox --all.", item=number))
    return found


def open_item(register: Register, number: int) -> Item:
    """The item of that number. Raises Refused if there is none, or if it was settled."""
    found = item(register, number)
    if found.settled is not None:
        raise Refused(
            text(
                "Item {item} waits no more: {verdict} by {actor}. Nothing was recorded.",
                item=number,
                verdict=found.settled.fact.verdict,
                actor=found.settled.by,
            )
        )
    return found


def contents(register: Register, waiting: Iterable[Item]) -> dict[int, bytes]:
    """By number, what items that wait are about in full. Raises IntegrityFailed if one is not what was put there."""
    wanted = {one.number: one.fact.digest for one in waiting}
    if not wanted:
        return {}
    query = sa.select(inbox.c.item, inbox.c.content)
    with register.datastore.read() as connection:
        among = register.datastore.database.among(inbox.c.item, wanted)
        found = {row[0]: bytes(row[1]) for row in connection.execute(query.where(among))}
    for number, digest in wanted.items():
        if number not in found or not hmac.compare_digest(digest_of(found[number]), digest):
            raise changed(number)
    return found


def changed(number: int) -> IntegrityFailed:
    """For an item whose content is not what was put there."""
    return IntegrityFailed(
        text("Item {item} of the inbox is not what was put there. Nothing was recorded; decline it.", item=number)
    )


def content(register: Register, waiting: Item) -> bytes:
    """What an item that waits is about in full. Raises IntegrityFailed if it is not what was put there."""
    return contents(register, [waiting])[waiting.number]


def settle(transaction: Transaction, command_id: UUID, settling: Settling, *, recorded: bool) -> None:
    """Settle an item under a command that was begun, and forget what it was about in full.

    recorded: whether the command records what was asked. Raises Refused if it waits no more.
    """
    gone = transaction.connection.execute(inbox.delete().where(inbox.c.item == settling.item))
    if gone.rowcount != 1:  # settled meanwhile, or taken away behind the register's back
        found = open_item(transaction.register, settling.item)
        if recorded:
            raise changed(found.number)
    fact = Settled(
        effective_on=transaction.register.today,
        item=settling.item,
        verdict=settling.verdict,
        put_by=settling.put_by,
        reason=settling.reason,
        command=str(command_id) if recorded else None,
        corrected=settling.corrected,
    )
    transaction.decide(command_id, fact, stream=INBOX)
