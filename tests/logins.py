"""Logins on the tests' server: an office seen by one, and plain SQL given as one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from tests import databases
from tests.office import Office

_SEEDS = itertools.count(1000)


def at_desk(office: Office, user: str) -> Office:
    """The same register, where somebody else sits: who that is, the server says, or else the actor that is named."""
    seat = Office(office.folder, now=office.now, seed=next(_SEEDS), place=office.place)
    seat.actor = user
    if isinstance(office.place, str):
        seat.place = databases.by(office.place, user)
    return seat


@contextmanager
def session(office: Office, login: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of a login, past the product; what is done on it is taken back at the end."""
    parsed = sa.make_url(databases.by(str(office.place), login))
    where = f"host={parsed.host} port={parsed.port} user={parsed.username} dbname={parsed.database}"
    with psycopg.connect(where) as connection:
        yield connection
        connection.rollback()


def tried(office: Office, login: str, *statements: str) -> str | None:
    """The state with which the server refuses the last of the statements; None where it does it."""
    with session(office, login) as connection:
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        try:
            connection.execute(statements[-1].encode())
        except psycopg.Error as refused:
            return refused.sqlstate
    return None
