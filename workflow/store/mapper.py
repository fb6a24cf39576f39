"""Events to bytes and back: readable JSON by `msgspec`, one decoder for each kind.

Thousands of cases that move with one decree store the same bytes, so both directions remember what they
have seen: one decree is encoded once and decoded once.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.errors import IntegrityFailed
from domain.events import Fact
from domain.kinds import KINDS, TOPICS, CaseEvent
from domain.text import text

_REMEMBERED = 100_000


class ActMapper(Mapper[UUID]):
    """`eventsourcing`'s mapper for `CaseEvent`; ids and versions are columns and not in the bytes."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())  # never asked: both directions are our own
        self._encode = msgspec.json.Encoder().encode
        self._decode = {topic: msgspec.json.Decoder(kind).decode for topic, kind in KINDS.items()}
        self._acts: dict[bytes, Fact] = {}
        self._bytes: dict[int, tuple[Fact, bytes]] = {}

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        assert isinstance(domain_event, CaseEvent)
        act = domain_event.fact
        return StoredEvent(
            domain_event.originator_id, domain_event.originator_version, TOPICS[type(act)], self.encode(act)
        )

    def to_domain_event(self, stored_event: StoredEvent) -> CaseEvent:
        assert isinstance(stored_event.originator_id, UUID)
        act = self.decode(stored_event.topic, stored_event.state)
        return CaseEvent(stored_event.originator_id, stored_event.originator_version, act)

    def encode(self, act: Fact) -> bytes:
        """The bytes of an act; the same object gives the same bytes without work."""
        seen = self._bytes.get(id(act))
        if seen is not None and seen[0] is act:
            return seen[1]
        encoded = self._encode(act)
        if len(self._bytes) >= _REMEMBERED:
            self._bytes.clear()
        self._bytes[id(act)] = (act, encoded)
        return encoded

    def decode(self, topic: str, state: bytes) -> Fact:
        """The act that was stored. Raises IntegrityFailed for a topic or a shape that is not ours."""
        act = self._acts.get(state)
        if act is not None and TOPICS[type(act)] == topic:
            return act
        try:
            act = self._decode[topic](state)
        except KeyError:
            raise IntegrityFailed(
                text("The register holds an event of the kind {topic}, which this version does not know.", topic=topic)
            ) from None
        except msgspec.MsgspecError:
            raise IntegrityFailed(text("A stored event of the kind {topic} cannot be read.", topic=topic)) from None
        if len(self._acts) >= _REMEMBERED:
            self._acts.clear()
        self._acts[state] = act
        return act
