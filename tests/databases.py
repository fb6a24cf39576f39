"""Where the register of a test lies: in a file, or in a database of its own on the tests' server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from tests.postgres import server
from workflow.store.agency import agency_of, schema_of

SQLITE, POSTGRES = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRES)

Place = Path | str
"""A file, or the URL of a database."""


def fresh(database: str, folder: Path, name: str = "lantik.db") -> Place:
    """A place where no register is yet."""
    return folder / name if database == SQLITE else server().url(server().create())


def copied(place: Place, folder: Path) -> Place:
    """The same register elsewhere; nobody may be connected to it."""
    if isinstance(place, str):
        return server().url(server().create(template=_name(place)))
    target = folder / place.name
    with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


def through(place: Place, port: int) -> str:
    """The same database, asked at another port of this computer."""
    return sa.make_url(url_of(place)).set(port=port).render_as_string()


def by(url: str, login: str) -> str:
    """The same database, asked by another login."""
    return sa.make_url(url).set(username=login).render_as_string()


def holds_a_register(place: Place) -> bool:
    if isinstance(place, Path):
        return place.is_file()
    return bool(rows(place, "SELECT 1 FROM pg_tables WHERE tablename = 'setting'"))


def rows(place: Place, statement: str) -> list[tuple[Any, ...]]:
    """What a statement finds, asked past the product."""
    if isinstance(place, str):
        with _asked(place) as connection:
            return connection.execute(statement.encode()).fetchall()
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as connection:
        return connection.execute(statement).fetchall()


def edit(place: Place, statement: str, *values: object) -> None:
    """Change a register behind the product's back, as a fault or another program would."""
    if isinstance(place, str):
        with _asked(place) as connection:
            connection.execute(statement.replace("?", "%s").encode(), values or None)
        return
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute(statement, values)


def url_of(place: Place) -> str:
    return place if isinstance(place, str) else f"sqlite:///{place}"


def called(place: Place) -> str:
    """What the product calls the register there."""
    return _name(place) if isinstance(place, str) else place.name


FAULTS = (sqlite3.DatabaseError, psycopg.Error)


def _asked(url: str) -> psycopg.Connection[Any]:
    parsed = sa.make_url(url)
    where = f"host={parsed.host} port={parsed.port} user={parsed.username} dbname={parsed.database}"
    agency = agency_of(parsed)
    return psycopg.connect(where, autocommit=True, options=f"-c search_path={schema_of(agency)}" if agency else None)


def _name(url: str) -> str:
    name = sa.make_url(url).database
    assert name is not None
    return name
