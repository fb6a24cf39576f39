"""Which cases a reader means: by case number, by NIK (a former one too), or by any part of a name or number."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from domain.errors import Refused
from domain.identity import is_nik
from domain.log import ALWAYS
from domain.text import text
from projections.asked import Times, holds
from projections.tables import KEPT


class Named(NamedTuple):
    """The cases that a name stands for at the times asked. former: the NIK was theirs but is no longer."""

    numbers: list[int]
    former: bool = False


def named(connection: sa.Connection, name: str, code: str, times: Times) -> Named:
    """The case that holds at the times asked, else all of them. Raises Refused if there is none."""
    stage, person = KEPT.stage, KEPT.person
    prefix, _, digits = name.rpartition("-")
    if prefix == code and digits.isascii() and digits.isdigit() and len(digits) < 12:
        known = sa.select(stage.c.number).where(stage.c.number == int(digits), _known(stage, times)).limit(1)
        found = list(connection.execute(known).scalars())
        former = False
    elif is_nik(name):
        known = sa.select(person.c.number).where(person.c.nik == name, _known(person, times)).distinct()
        everyone = list(connection.execute(known.order_by(person.c.number)).scalars())
        now = list(connection.execute(known.where(holds(person, times))).scalars())
        last = times._replace(as_of=date.max)  # before its registration a NIK is not a former one
        living = _unended(connection, now, times)
        found = living or now or everyone
        former = bool(everyone) and not now and not list(connection.execute(known.where(holds(person, last))).scalars())
    else:
        raise Refused(
            text(
                "This is neither a NIK of 16 digits nor a case number such as {code}-000123. Try lantik find.",
                code=code,
            )
        )
    if not found:
        raise Refused(text("There is no such case as known at the time asked. Try lantik find."))
    return Named(found, former)


def _unended(connection: sa.Connection, numbers: list[int], times: Times) -> list[int]:
    """Of several cases of one person, those that had not ended."""
    if len(numbers) < 2:
        return numbers
    stage = KEPT.stage
    query = sa.select(stage.c.number).where(stage.c.number.in_(numbers), holds(stage, times), stage.c.status != "none")
    return list(connection.execute(query).scalars())


def containing(connection: sa.Connection, part: str, times: Times) -> list[int]:
    """Cases whose name, NIK or NI ever held `part`, as known at the time asked."""
    person = KEPT.person
    within = [column.icontains(part, autoescape=True) for column in (person.c.nik, person.c.ni, person.c.name)]
    query = sa.select(person.c.number).where(sa.or_(*within), _known(person, times)).distinct()
    return list(connection.execute(query.order_by(person.c.number)).scalars())


def _known(table: sa.Table, times: Times) -> sa.ColumnElement[bool]:
    """Rows that were believed at the moment asked, whatever their day; a former value too, if nothing was revised."""
    if times.known_at == ALWAYS:
        return sa.true()
    return table.c.known_from <= times.known_at
