"""Users: who is given a role by a keeper, for which units, and from whom it is taken away.

Each of it is a decision of the office. Where the register lies on a server, the logins there follow in the same
transaction: the server reads them from what was decided (`workflow.store.guards`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain.access import Role, RoleGranted, RoleRevoked, grants_of
from domain.errors import Denied, Misused, Refused
from domain.events import Fact
from domain.identity import hide_numbers
from domain.moments import moment_of
from domain.text import text
from workflow.access import permit
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.settings import ENFORCED
from workflow.store.tables import setting
from workflow.transaction import Transaction
from workflow.units import unit_names

LONGEST_NAME = 63

_LOGIN = re.compile(r"(?!pg_|public$|none$)[a-z_][a-z0-9_.-]{0,62}")
"""What a server takes for a login without a second thought."""

Grants = Mapping[str, Mapping[Role, frozenset[str]]]


class Grant(NamedTuple):
    """A role for a user, for some units as written, or for all. password: of a login that is made, None for none."""

    user: str
    role: Role
    units: Sequence[str] = ()
    password: str | None = None
    command_id: UUID | None = None


class Revocation(NamedTuple):
    """role: the one that is taken away, None for all that the user has."""

    user: str
    role: Role | None = None
    command_id: UUID | None = None


@patiently
def add(register: Register, grant: Grant, by: Actor) -> bool:
    """Let somebody be a user; whether that is news. From the first on, who must be a keeper, roles are enforced.

    Raises Refused if they are a user already, Denied for who is no keeper.
    """

    def judge(transaction: Transaction, standing: Grants) -> list[Fact]:
        _must_be_a_name(grant.user, login=register.datastore.database.stamps)
        if grant.user in standing:
            raise Refused(text("{name} is a user already; lantik user grant gives a further role.", name=grant.user))
        if grant.password is not None:
            _give_password(transaction, grant.user, grant.password)
        return [_granted(register, grant)]

    return _decide(register, "user add", grant, by, judge)


@patiently
def give(register: Register, grant: Grant, by: Actor) -> bool:
    """Give a user a role, or the same for other units; whether that is news.

    Raises Refused for who is no user or has just that, Denied for who is no keeper.
    """

    def judge(_transaction: Transaction, standing: Grants) -> list[Fact]:
        had, granted = _roles_of(standing, grant.user), _granted(register, grant)
        if had.get(grant.role) == frozenset(granted.units):
            raise Refused(text("{name} has that role already; nothing was recorded.", name=grant.user))
        return [granted]

    return _decide(register, "user grant", grant, by, judge)


@patiently
def revoke(register: Register, revocation: Revocation, by: Actor) -> bool:
    """Take a role away from a user, or all; whether that is news.

    Raises Refused for who has no such role and for the last keeper, Denied for who is no keeper.
    """

    def judge(_transaction: Transaction, standing: Grants) -> list[Fact]:
        user, had = revocation.user, _roles_of(standing, revocation.user)
        roles = list(had) if revocation.role is None else [revocation.role]
        if missing := [role for role in roles if role not in had]:
            raise Refused(text("{name} has no role {role}; nothing was recorded.", name=user, role=missing[0]))
        if Role.KEEPER in roles and [one for one, held in standing.items() if Role.KEEPER in held] == [user]:
            raise Refused(text("{name} is the last keeper: give that role to somebody else first.", name=user))
        today = register.today
        return [RoleRevoked(effective_on=today, user=user, role=role) for role in roles]

    return _decide(register, "user revoke", revocation, by, judge)


def _decide(
    register: Register,
    doing: str,
    asked: Grant | Revocation,
    by: Actor,
    judge: Callable[[Transaction, Grants], list[Fact]],
) -> bool:
    """Record what `judge` says of who has which roles now, unless the command was recorded before."""
    with register.transaction() as transaction:
        request = transaction.digest([doing, *asked._replace(command_id=None)[:3]])
        command_id = asked.command_id or transaction.new_id()
        if asked.command_id is not None and transaction.seen(command_id, request) is not None:
            return False
        access = register.access(by)
        if not access.enforced:
            _must_begin_with_a_keeper(doing, asked)
        keeper = permit(register, by, [Role.KEEPER], doing).by
        if access.enforced and doing != "user revoke" and asked.user == by.name:
            raise Denied(text("Nobody gives a role to themself; ask another keeper."), why="role", doing=doing)
        facts = judge(transaction, grants_of(decision.fact for decision in register.decisions))
        if not access.enforced:
            transaction.connection.execute(setting.insert().values(key=ENFORCED, value="y"))
            transaction.stamped = register.datastore.database.stamps
        transaction.begin_command(command_id, doing.replace(" ", "-"), keeper, request)
        transaction.decide(command_id, *facts)
    return True


def _must_begin_with_a_keeper(doing: str, asked: Grant | Revocation) -> None:
    if doing != "user add" or asked.role is not Role.KEEPER:
        raise Refused(
            text(
                "There are no users yet, and the first is a keeper, who adds the others. Give lantik user add NAME "
                "--role keeper."
            )
        )


def _granted(register: Register, grant: Grant) -> RoleGranted:
    if grant.units and grant.role is Role.KEEPER:
        raise Misused(text("A keeper keeps the whole register: leave --unit out."))
    units = tuple(sorted(set(unit_names(register, grant.units))))
    return RoleGranted(effective_on=register.today, user=grant.user, role=grant.role, units=units)


def _roles_of(standing: Grants, user: str) -> Mapping[Role, frozenset[str]]:
    if user not in standing:
        raise Refused(text("There is no user {name}; see lantik user list.", name=user))
    return standing[user]


def _must_be_a_name(name: str, *, login: bool) -> None:
    """An event keeps it for ever, so it holds no number of a person. Raises Misused."""
    if login and not _LOGIN.fullmatch(name):
        raise Misused(
            text(
                "{name} cannot be a login: give lower-case letters, digits, full stops, hyphens and underscores, a "
                "letter first, {longest} at most.",
                name=name,
                longest=LONGEST_NAME,
            )
        )
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or " " in name or hide_numbers(name) != name:
        raise Misused(text("Give the user's name on this computer, without spaces and without numbers of persons."))


def _give_password(transaction: Transaction, user: str, password: str) -> None:
    if not transaction.register.datastore.database.stamps:
        raise Misused(text("Where the register is a file there are no logins: leave --set-password out."))
    from workflow.store.rights import give_password, has_login  # noqa: PLC0415  it needs a server

    if has_login(transaction.connection, user):
        raise Refused(
            text(
                "The server has a login {name} already, which keeps its password: leave --set-password out.", name=user
            )
        )
    give_password(transaction.connection, user, password)


def listed(register: Register) -> Iterator[dict[str, Any]]:
    """Each role that somebody has: `name role units since by`, by name; units is empty for all."""
    rows: dict[tuple[str, Role], dict[str, Any]] = {}
    for decision in register.decisions:
        match decision.fact:
            case RoleGranted(user=user, role=role, units=units):
                since = moment_of(decision.recorded_at, register.settings.zone)
                rows[user, role] = {"name": user, "role": role.value, "units": list(units), "since": since}
                rows[user, role]["by"] = decision.actor
            case RoleRevoked(user=user, role=role):
                rows.pop((user, role), None)
    order = list(Role)
    yield from (rows[key] for key in sorted(rows, key=lambda key: (key[0], order.index(key[1]))))
