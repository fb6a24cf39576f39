"""Who may do what: roles that the office gives and takes away, each for some units or for all.

A role says which steps its holder may record (procedures name it for every step), a scope says about whom. Until
somebody is given the first role nothing of this is enforced. A case is in somebody's scope by the unit that it has
now, as known now, or had last; so whoever takes a worker over sees the whole history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from domain.events import Fact


class Role(StrEnum):
    """CLERK, VERIFIER and APPROVER record; AUDITOR reads all and records nothing; KEEPER keeps the register itself.

    A keeper's are users, units, procedures, holidays and views; no step.
    """

    CLERK = "clerk"
    VERIFIER = "verifier"
    APPROVER = "approver"
    AUDITOR = "auditor"
    KEEPER = "keeper"


RECORDING = (Role.CLERK, Role.VERIFIER, Role.APPROVER)
"""The roles whose acts are about cases, in the order in which an act goes through their hands."""


def confirming(needed: Iterable[str]) -> tuple[Role, ...]:
    """The roles of which any may confirm what asks for all of these: the last of them, or one that comes after it."""
    asked = set(needed)
    kept = tuple(role for role in Role if role in asked and role not in RECORDING)
    return kept or RECORDING[max((RECORDING.index(role) for role in RECORDING if role in asked), default=0) :]


class RoleGranted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """From when it is recorded, the user has the role for these units; for all, if none is named.

    It replaces what the user was granted under that role before. user: the login, as commands are attributed.
    """

    user: str
    role: Role
    units: tuple[str, ...] = ()


class RoleRevoked(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """From when it is recorded, the user has the role no more."""

    user: str
    role: Role


class Access(NamedTuple):
    """What one user may do. roles: with the units of each, empty for all. enforced: False while nobody has a role."""

    enforced: bool
    roles: Mapping[Role, frozenset[str]]

    def among(self, wanted: Iterable[Role]) -> list[Role]:
        """Those of the roles that the user has; all of them where nothing is enforced."""
        return [role for role in wanted if not self.enforced or role in self.roles]

    def units_of(self, roles: Collection[Role]) -> frozenset[str] | None:
        """The units that the user has under any of these roles; None for all."""
        scopes = [self.roles[role] for role in roles if role in self.roles]
        if not self.enforced or not all(scopes):
            return None
        return frozenset[str]().union(*scopes)

    @property
    def reads(self) -> frozenset[str] | None:
        """The units whose people the user may read; None for all."""
        return self.units_of(self.roles)


def grants_of(facts: Iterable[Fact]) -> dict[str, dict[Role, frozenset[str]]]:
    """By user, the roles that stand after what was decided, given in the order recorded; who has none has no entry."""
    users: dict[str, dict[Role, frozenset[str]]] = {}
    for fact in facts:
        match fact:
            case RoleGranted(user=user, role=role, units=units):
                users.setdefault(user, {})[role] = frozenset(units)
            case RoleRevoked(user=user, role=role):
                users.get(user, {}).pop(role, None)
    return {user: roles for user, roles in users.items() if roles}


def access_of(user: str, facts: Iterable[Fact]) -> Access:
    """What a user may do after what was decided."""
    facts = [fact for fact in facts if isinstance(fact, RoleGranted | RoleRevoked)]
    return Access(bool(facts), grants_of(facts).get(user, {}))
