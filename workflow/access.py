"""Whether somebody may do what is asked: by role, and by the units whose people are theirs.

Every command asks `permit` before anything else; what is denied is raised, and the entry point keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.access import RECORDING, Access, Role
from domain.errors import Denied
from domain.text import Text, text
from workflow.lookups import Lookups
from workflow.register import Actor, Register
from workflow.store.scope import Scope

SHOWN = 5

READING = "read"
"""What is denied where somebody may not read; the entry point knows which command that was."""


class Subject(NamedTuple):
    """A case that a command is about. called: as whoever asks named it, or the row of their file; None if they did not.

    number: None for one that is still to be opened.
    """

    called: str | int | None
    number: int | None
    unit: str


class Clearance(NamedTuple):
    """by: whoever asks, under the role that allows it. units: those whose people they may move; None for all."""

    by: Actor
    doing: str
    units: frozenset[str] | None

    def must_cover(self, cases: Iterable[Subject]) -> None:
        """Raises Denied if some of these are of other units; it tells no more of them than whoever asks has said."""
        if self.units is None:
            return
        others = [case for case in cases if case.unit not in self.units]
        if others:
            raise Denied(
                _outside([case.called for case in others if case.called is not None], len(others)),
                why="scope",
                doing=self.doing,
                cases=[case.number for case in others if case.number is not None],
            )

    def must_cover_cases(self, lookups: Lookups, called: Mapping[int, str | int | None]) -> None:
        """The same of cases of the register, by number. One statement."""
        if self.units is None or not called:
            return
        units = lookups.units_of(called)
        self.must_cover(Subject(name, number, units.get(number, "")) for number, name in called.items())

    def under(self, register: Register, step: str, procedures: Iterable[str]) -> Clearance:
        """The same where cases are judged by these procedures, each of which says whose the step is. Raises Denied."""
        steps = [register.rulebook.load(one).steps.get(step) for one in set(procedures)]
        return self.also(register, {one.role for one in steps if one is not None})

    def also(self, register: Register, roles: Collection[str]) -> Clearance:
        """The same where each of some further roles is needed too: for the units of all of them. Raises Denied."""
        each = [permit(register, self.by, [role], self.doing) for role in sorted(roles)]
        scopes = [one.units for one in (self, *each) if one.units is not None]
        return self._replace(units=frozenset.intersection(*scopes) if scopes else None)

    def owns(self, lookups: Lookups, numbers: Collection[int]) -> set[int]:
        """Those of the cases that are of these units. One statement."""
        if self.units is None:
            return set(numbers)
        return {number for number, unit in lookups.units_of(numbers).items() if unit in self.units}


def _outside(called: Sequence[str | int], count: int) -> Text:
    if not called:
        return text("{count:,} of the cases are not among the units that are yours. Nothing was recorded.", count=count)
    named = ", ".join(map(str, called[:SHOWN]))
    if any(isinstance(one, int) for one in called):
        return text(
            "Rows that are not among the units that are yours: {rows} ({count:,} in all). Nothing was recorded.",
            rows=named,
            count=count,
        )
    if count == 1:
        return text("{case} is not among the units that are yours.", case=named)
    return text(
        "Not among the units that are yours: {cases} ({count:,} in all). Nothing was recorded.",
        cases=named,
        count=count,
    )


def permit(register: Register, by: Actor, roles: Iterable[str], doing: str) -> Clearance:
    """Somebody's clearance for what any of these roles may do. Raises Denied.

    Called first, inside the transaction of the command. doing: the command or step, as attempts are kept. Whoever
    proposes needs any role that records; whoever confirms, one of the roles or one that comes after it.
    """
    access, wanted = register.access(by), _acting(by, [role for role in Role if role in set(roles)])
    held = access.among(wanted)
    if not held:
        raise _denied(by, access, wanted, doing)
    return Clearance(by._replace(role=held[0].value if access.enforced else None), doing, access.units_of(held))


def permit_each(register: Register, by: Actor, roles: Iterable[str], doing: str) -> Clearance:
    """Somebody's clearance for what asks for every one of these roles: for the units of all of them. Raises Denied."""
    first, *others = sorted(set(roles))
    return permit(register, by, [first], doing).also(register, others)


def _acting(by: Actor, roles: Sequence[Role]) -> Sequence[Role]:
    if by.acting == "proposes" and set(roles) & set(RECORDING):
        return RECORDING
    if by.acting == "confirms":
        first = min((RECORDING.index(role) for role in roles if role in RECORDING), default=len(RECORDING))
        return [*roles, *(role for role in RECORDING[first:] if role not in roles)]
    return roles


def _denied(by: Actor, access: Access, wanted: Sequence[Role], doing: str) -> Denied:
    said = {"doing": doing, "roles": ", ".join(wanted) or "-", "held": ", ".join(access.roles) or "-"}
    if by.acting == "records" and set(wanted) & set(RECORDING) and access.among(RECORDING):
        sentence = text(
            "{doing} is for: {roles}. Yours: {held}. With --propose it is put before somebody who has the role.", **said
        )
    else:
        sentence = text("{doing} is for: {roles}. Yours: {held}. Ask a keeper for the role.", **said)
    return Denied(sentence, why="role", doing=doing, role=wanted[0].value if wanted else None)


def open_to(register: Register, by: Actor, doing: str = READING) -> None:
    """Let somebody read what is theirs: from now on the register answers with the cases of their units alone.

    Raises Denied for who has no role at all.
    """
    access = register.access(by)
    if access.enforced and not access.roles:
        raise Denied(
            text("This register is for people who have a role in it. Ask its keeper (lantik user grant)."),
            why="role",
            doing=doing,
        )
    if access.reads is not None:
        views = register.surroundings.views
        register.datastore.confine(Scope(access.reads, views.numbers, views.tables))


def must_see(lookups: Lookups, called: Mapping[int, str | int | None]) -> None:
    """Raises Denied if some of the cases that somebody named are not theirs to read, as far as `open_to` was asked."""
    scope = lookups.register.datastore.scope
    if scope is not None:
        Clearance(Actor("", ""), READING, scope.units).must_cover_cases(lookups, called)
