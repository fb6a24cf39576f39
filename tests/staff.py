"""An office with users: a keeper, one who may do all, and one who may do all in one unit; and whose cases are whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from random import Random
from typing import Any, NamedTuple

from projections.views import KeptViews
from tests import databases
from tests.logins import at_desk
from tests.office import Office
from workflow.register import Register, Surroundings

ALL = ("clerk", "verifier", "approver")


class Staff(NamedTuple):
    """The office as each of them sees it. unit: of the clerk. own, others: the rows of the roster, whole."""

    office: Office
    keeper: Office
    whole: Office
    clerk: Office
    auditor: Office
    unit: str
    own: list[dict[str, Any]]
    others: list[dict[str, Any]]


def staffed(office: Office) -> Staff:
    """Roles are enforced from here on; the clerk has the unit with most people, and every role there."""
    rows = office.json("roster")
    units = [row["unit"] for row in rows]
    unit = max(sorted(set(units)), key=units.count)
    add_user(office, "budi", "keeper")
    keeper = at_desk(office, "budi")
    add_user(keeper, "wati", *ALL)
    add_user(keeper, "siti", *ALL, units=[unit])
    add_user(keeper, "andi", "auditor")
    return Staff(
        office,
        keeper,
        *(at_desk(office, user) for user in ("wati", "siti", "andi")),
        unit,
        [row for row in rows if row["unit"] == unit],
        [row for row in rows if row["unit"] != unit],
    )


def add_user(keeper: Office, user: str, *roles: str, units: Iterable[str] = ()) -> None:
    """Give a new user roles, for some units or for all."""
    scope = [word for unit in units for word in ("--unit", unit)]
    for verb, role in zip(("add", *["grant"] * len(roles)), roles, strict=False):
        keeper.ok("user", verb, user, "--role", role, *scope)


def attempts(office: Office) -> list[tuple[Any, ...]]:
    """What was denied: actor, doing, why, role, cases; in the order in which it was tried."""
    rows = databases.rows(office.place, "SELECT actor, doing, why, role, cases, at FROM attempt ORDER BY at, id")
    return [row[:5] for row in rows]


@contextmanager
def opened(office: Office) -> Iterator[Register]:
    """The register, past the command line."""
    surroundings = Surroundings(lambda: office.now.astimezone(UTC), Random(5).randbytes, KeptViews())
    with closing(Register.open(databases.url_of(office.place), surroundings)) as register:
        yield register
