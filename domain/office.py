"""What the office itself decided, beside its cases: the rules it adopts, its calendar, the totals it declares.

These events have one stream of their own in the same log, so they are as lasting, and as open to audit, as the
cases. What was decided is never changed: a later event says something else from its day on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from domain.events import Fact

OFFICE = UUID("6f0ff1ce-0000-4000-8000-000000000000")
"""The stream of the office."""


class ProcedureAdopted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """New cases are judged by this procedure, `name@version`, from the effective day on.

    written: the text of its file where `lantik` does not bring it along.
    """

    reference: str
    written: str | None = None


class HolidaysDecreed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A decree changed the calendar. off: days that became holidays, by name. worked: days that no longer are."""

    off: dict[date, str] = msgspec.field(default_factory=dict)
    worked: tuple[date, ...] = ()


class CohortDefined(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A group of cases with a name: fixed by number, or all that a selection means when it is asked.

    selection: filters of the roster by name; every one that is given must hold. about: what the group is, in words.
    """

    name: str
    numbers: tuple[int, ...] | None = None
    selection: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    about: str | None = None


class RosterShared(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A login may read this agency's part of the national roster, without personal values. ended: no more."""

    login: str
    ended: bool = False


class Decision(NamedTuple):
    """An event of the office as it stands in the log. recorded_at: microseconds since the epoch."""

    seq: int
    recorded_at: int
    actor: str
    fact: Fact


Kind = TypeVar("Kind", bound=Fact)


def decided(decisions: Iterable[Decision], kind: type[Kind], known_at: int) -> Iterator[tuple[Decision, Kind]]:
    """The decisions of one kind that were recorded by `known_at`, in the order recorded."""
    for decision in decisions:
        if decision.recorded_at <= known_at and isinstance(decision.fact, kind):
            yield decision, decision.fact
