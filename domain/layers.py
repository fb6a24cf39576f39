"""What lies over earlier events and is no act: corrections, rescissions and mergers change what is believed."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from domain.document import Document
from domain.events import Fact


class Layer(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Lies over an earlier event and is no act. target: its seq. number: the how-manieth of its kind over it.

    Why, in the clerk's words, is in the person's block under `reason`.
    """

    target: int
    number: int


class Corrected(Layer, frozen=True, kw_only=True, omit_defaults=True):
    """The target never was as recorded. on, fields, papers: what it says instead, None or absent as before.

    fields: of the target's kind, as JSON has them; personal ones are in the block.
    """

    on: date | None = None
    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    papers: tuple[Document, ...] | None = None


class Rescinded(Layer, frozen=True, kw_only=True, omit_defaults=True):
    """The target is taken back as if it had never been; of a rescission, the target is back at its place.

    cascade: taken back because another event was.
    """

    cascade: bool = False


class Merged(Layer, frozen=True, kw_only=True, omit_defaults=True):
    """The person proved to be that of another case: this one leaves the rosters. into: that case's number."""

    into: int


class Migrated(Layer, frozen=True, kw_only=True, omit_defaults=True):
    """The case is judged by another procedure from now on: it lies over the registration. to: `name@version`."""

    to: str


def papers_of(fact: Fact) -> tuple[Document, ...]:
    """All documents that an event names: those it rests on, and those that a correction puts in their place."""
    return (*fact.documents, *(fact.papers or ())) if isinstance(fact, Corrected) else fact.documents
