"""Who has which rights in a register on PostgreSQL: three groups for each schema, and what the server sees to itself.

`reader` is for everybody who has a role, `recorder` for those who record, `keeper` for keepers; each has the rights of
the one before. The members are those whom the log names (`guards`), so nobody gives rights past the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import sqlalchemy as sa

from workflow.store import guards, shares

GROUPS = ("reader", "recorder", "keeper")

VIEWS = ("stage_interval", "post_interval", "person_interval", "standing")
"""The tables of the views, which the read side makes."""

_LONGEST = 63
"""Bytes of a name that PostgreSQL tells apart."""

_READ = (
    "setting", "command", "event", "personal", "tracking", "docket", "claim", "imported", "paper", "unit",
    "unit_alias", "inbox", "attempt", "reading", *VIEWS,
)  # fmt: skip

_RIGHTS = {
    "reader": {
        "SELECT": _READ,
        "INSERT": ("attempt", "reading"),
    },
    "recorder": {
        "INSERT (id, role, name, request)": ("command",),
        "INSERT": ("event", "personal", "docket", "claim", "imported", "paper", "unit", "inbox", *VIEWS),
        "UPDATE (ended_on)": ("docket",),
        "UPDATE (kind, person)": ("claim",),
        "UPDATE (number)": ("imported",),
        "UPDATE (known_to)": VIEWS[:3],
        "UPDATE (standing)": ("standing",),
        "DELETE": ("claim", "inbox"),
    },
    "keeper": {
        "INSERT": ("unit_alias",),
        "DELETE": VIEWS,
    },
}
"""What each group may do beside what the group before it may. Nobody changes what only grows."""


class Place(NamedTuple):
    """Where a register is: its database, its schema, and who owns its tables."""

    database: str
    schema: str
    owner: str

    @classmethod
    def of(cls, connection: sa.Connection) -> Place:
        query = (
            "SELECT current_database(), nspname, pg_get_userbyid(relowner) FROM pg_class "
            "JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = 'event'::regclass"
        )
        return cls(*connection.exec_driver_sql(query).one())

    def group(self, name: str) -> str:
        """What one of the groups is called, in the whole cluster: `lantik/city/agency_36_73/reader`."""
        called = f"lantik/{self.database}/{self.schema}/{name}"
        if len(called.encode()) <= _LONGEST and called.count("/") == 3:
            return called
        tail = hashlib.sha256(repr((self.database, self.schema)).encode()).hexdigest()[:32]
        return f"lantik/{tail}/{name}"


def guard(connection: sa.Connection) -> None:
    """Lay groups, rights, stamps and policies over a register and its views, or renew them; the rows stay as they are.

    Where the owner may not make groups there are none: giving the first role then says what its operator has to do.
    """
    place = Place.of(connection)
    there = _groups(connection, place)
    missing = [name for name in GROUPS if place.group(name) not in there]
    makes = [f"CREATE ROLE {_group(place, name)} NOLOGIN" for name in missing]
    if missing:
        makes += [f"GRANT {_group(place, low)} TO {_group(place, high)}" for low, high in pairwise(GROUPS)]
    if not missing or _makes_roles(connection):
        makes += [*_rights(place), *_former(connection, place)]
        if _owns_database(connection):
            makes.append(f"GRANT CONNECT, TEMPORARY ON DATABASE {_quoted(place.database)} TO {_group(place, 'reader')}")
        makes.append(f"SELECT {_quoted(place.schema)}.follow_grants()")
    else:
        makes = []
    names = {name: _literal(place.group(name)) for name in GROUPS}
    laid = guards.statements({"schema": _quoted(place.schema), "name": _literal(place.schema), **names})
    for statement in (*laid, *makes, *shares.statements(_quoted(place.schema))):
        connection.exec_driver_sql(statement.replace("%", "%%"))


def unguard(connection: sa.Connection) -> None:
    """Drop the policies: they name other tables, which could then not be changed. Without one, nobody meets a row."""
    for table in guards.HIDDEN:
        connection.exec_driver_sql(f"DROP POLICY IF EXISTS scope ON {table}")


def _rights(place: Place) -> Iterator[str]:
    schema = _quoted(place.schema)
    yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON {', '.join(f'{schema}.{table}' for table in _READ)} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {_group(place, 'reader')}"
    yield f"GRANT CREATE ON SCHEMA {schema} TO {_group(place, 'keeper')}"  # views are rebuilt in tables of their own
    for group, rights in _RIGHTS.items():
        for right, tables in rights.items():
            yield f"GRANT {right} ON {', '.join(f'{schema}.{table}' for table in tables)} TO {_group(place, group)}"


def _former(connection: sa.Connection, place: Place) -> Iterator[str]:
    """A database that is a copy, or has another name now, still knows the groups of what it was."""
    query = sa.text(
        "SELECT DISTINCT rolname FROM pg_class, aclexplode(relacl) JOIN pg_roles ON pg_roles.oid = grantee "
        "WHERE relnamespace = to_regnamespace(:schema) AND starts_with(rolname, 'lantik/') AND rolname <> ALL(:ours)"
    )
    ours = [place.group(name) for name in GROUPS]
    for former in connection.execute(query, {"schema": _quoted(place.schema), "ours": ours}).scalars():
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {_quoted(place.schema)} FROM {_quoted(former)}"
        yield f"REVOKE ALL ON SCHEMA {_quoted(place.schema)} FROM {_quoted(former)}"


def has_login(connection: sa.Connection, name: str) -> bool:
    """Whether the server knows a login of that name."""
    return (
        connection.execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}).first() is not None
    )


def give_password(connection: sa.Connection, name: str, password: str) -> None:
    """Let the login that is made next in this transaction have a password; the server is sent a SCRAM verifier."""
    raw = connection.connection.driver_connection
    assert raw is not None
    verifier = raw.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(sa.text("SELECT set_config('lantik.verifier', :verifier, true)"), {"verifier": verifier})


def _groups(connection: sa.Connection, place: Place) -> set[str]:
    query = sa.text("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(:ours)")
    return set(connection.execute(query, {"ours": [place.group(name) for name in GROUPS]}).scalars())


def _makes_roles(connection: sa.Connection) -> bool:
    query = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    return bool(connection.exec_driver_sql(query).scalar_one())


def _owns_database(connection: sa.Connection) -> bool:
    query = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
    return bool(connection.exec_driver_sql(query).scalar_one())


def _group(place: Place, name: str) -> str:
    return _quoted(place.group(name))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
