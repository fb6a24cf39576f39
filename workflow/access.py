"""Whether somebody may do what is asked: by role, and by the units whose people are theirs.

Every command asks `permit` before anything else; what is denied is raised, and the entry point keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from domain.access import Access, Role
from domain.errors import Denied
from domain.text import text
from workflow.register import Actor, Register
from workflow.store.tables import attempt

SHOWN = 5


class Clearance(NamedTuple):
    """by: whoever asks, under the role that allows it. units: those whose people they may move; None for all."""

    by: Actor
    doing: str
    units: frozenset[str] | None

    def must_cover(self, cases: Iterable[tuple[str, int | None, str]]) -> None:
        """Raises Denied if some of these are of other units.

        cases: what people call each (a case number, or a row), its number as far as it has one, and its unit.
        """
        if self.units is None:
            return
        others = [(called, number) for called, number, unit in cases if unit not in self.units]
        if others:
            raise Denied(
                text(
                    "Of the units that are yours are not: {cases} ({count:,} in all). Nothing was recorded.",
                    cases=", ".join(called for called, _ in others[:SHOWN]),
                    count=len(others),
                ),
                why="scope",
                doing=self.doing,
                cases=[number for _, number in others if number is not None],
            )


def permit(register: Register, by: Actor, roles: Sequence[Role], doing: str) -> Clearance:
    """Somebody's clearance for what any of these roles may do. Raises Denied.

    doing: the command or step, as attempts are kept.
    """
    access = register.access(by)
    held = access.among(roles)
    if not held:
        raise Denied(
            text(
                "{doing} is for: {roles}. Yours: {held}. Ask a keeper for the role, or let somebody who has it do it.",
                doing=doing,
                roles=", ".join(roles),
                held=", ".join(access.roles) or "-",
            ),
            why="role",
            doing=doing,
            role=roles[0],
        )
    return Clearance(by._replace(role=held[0].value if access.enforced else None), doing, access.units_of(held))


def readable(access: Access) -> frozenset[str] | None:
    """The units whose people somebody may read; None for all. Raises Denied for who has no role at all."""
    if access.enforced and not access.roles:
        raise Denied(
            text("This register is for people who have a role in it. Ask its keeper (lantik user grant)."),
            why="role",
            doing="read",
        )
    return access.reads


def keep_attempt(register: Register, by: Actor, denied: Denied) -> None:
    """Keep that something was denied, in a transaction of its own."""
    surroundings = register.surroundings
    at = int(surroundings.clock().timestamp() * 1_000_000)
    row = (
        surroundings.entropy(16), at, by.name, by.known_by, denied.doing, denied.why, denied.role, spans(denied.cases),
    )  # fmt: skip
    with register.datastore.write() as connection:
        register.datastore.database.insert(connection, attempt, [row])


def spans(numbers: Collection[int]) -> str:
    """Case numbers in few words: `1-3794,3800`."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in parts)
