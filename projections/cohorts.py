"""Who is in a declared group at two times, and whether some groups are the parts of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from projections.asked import Selection, Times
from projections.roster import numbers


class Members(NamedTuple):
    """A cohort at two times: the cases that are in it and have a row in the roster then, ascending.

    absent: fixed members without one: not registered yet, void, or merged into another.
    """

    name: str
    cases: tuple[int, ...]
    absent: tuple[int, ...] = ()


class Reckoning(NamedTuple):
    """A whole and what was said to be its parts. expected: of the whole, where somebody stated it.

    missing: in the whole and in no part. twice: in several parts, by name. outside: in a part and not in the whole.
    """

    whole: Members
    parts: tuple[Members, ...]
    expected: int | None
    missing: tuple[int, ...]
    twice: tuple[tuple[int, tuple[str, ...]], ...]
    outside: tuple[tuple[int, str], ...]

    @property
    def holds(self) -> bool:
        """Whether every case of the whole is in exactly one part, nobody else is, and the whole is as expected."""
        as_expected = self.expected in (None, len(self.whole.cases))
        return as_expected and not (self.missing or self.twice or self.outside)


def members(connection: sa.Connection, times: Times, name: str, selection: Selection, *, fixed: bool) -> Members:
    """The members of a cohort; for a fixed one `selection` names them. One statement."""
    cases = tuple(numbers(connection, times, selection))
    absent = set(selection.numbers or ()).difference(cases) if fixed else ()
    return Members(name, cases, tuple(sorted(absent)))


def reckon(whole: Members, parts: Sequence[Members], expected: int | None = None) -> Reckoning:
    """Compare a whole with its parts, each a set of cases; without parts only with what was expected of it."""
    within: dict[int, list[str]] = {}
    for part in parts:
        for case in part.cases:
            within.setdefault(case, []).append(part.name)
    everyone = set(whole.cases)
    return Reckoning(
        whole,
        tuple(parts),
        expected,
        tuple(case for case in whole.cases if case not in within) if parts else (),
        tuple((case, tuple(names)) for case, names in sorted(within.items()) if len(names) > 1),
        tuple((case, name) for case, names in sorted(within.items()) if case not in everyone for name in names),
    )
