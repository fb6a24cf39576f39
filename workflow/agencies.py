"""The registers of several agencies in one database: which there are, and with whom each shares its roster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.access import Role
from domain.errors import Misused, Refused
from domain.log import ALWAYS
from domain.moments import moment_of
from domain.office import RosterShared, decided
from domain.text import text
from workflow.access import permit
from workflow.patience import patiently
from workflow.register import Actor, Register, Surroundings
from workflow.settings import COPYING
from workflow.store.agency import SCHEMA_NAME
from workflow.store.datastore import Datastore, file_of
from workflow.store.tables import SCHEMA_VERSION, setting

_SCHEMAS = sa.text(
    "SELECT nspname FROM pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid "
    "WHERE relname = 'setting' AND relkind = 'r' AND (nspname ~ :ours OR nspname = 'public') "
    "AND has_schema_privilege(pg_namespace.oid, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT')"
)


@contextmanager
def all_of(url: str, surroundings: Surroundings) -> Iterator[sa.Connection]:
    """A snapshot of a database, of whatever the login may read of all its agencies. Raises Misused for a file."""
    store = Datastore(url, read_only=True, busy_timeout=surroundings.busy_timeout, patience=surroundings.patience)
    with closing(store):
        must_be_on_a_server(store)
        with store.read() as connection:
            yield connection


class Agency(NamedTuple):
    """A register of a database. schema: where its tables are; None in a file.

    state: `open`, `copying` while it is a copy that is not finished, `older` or `newer` where another version of
    lantik made its tables.
    """

    code: str
    agency: str
    procedure: str
    timezone: str
    schema: str | None
    state: str


def agencies(url: str, surroundings: Surroundings) -> list[Agency]:
    """The registers of a database that the login may use, by code."""
    file = file_of(url)
    if file is not None:
        with closing(Register.open(url, surroundings, read_only=True)) as register:
            agency, code, procedure, timezone = register.settings[:4]
            return [Agency(code, agency, procedure, timezone, None, "open")]
    with all_of(url, surroundings) as connection:
        schemas = list(connection.execute(_SCHEMAS, {"ours": SCHEMA_NAME}).scalars())
        if not schemas:
            return []
        stored: dict[str, dict[str, str]] = {}
        there = [setting.to_metadata(sa.MetaData(), schema=schema) for schema in schemas]
        columns = (sa.select(sa.literal(one.schema), one.c.key, one.c.value) for one in there)
        for schema, key, value in connection.execute(sa.union_all(*columns)):
            stored.setdefault(schema, {})[key] = value
    return sorted(_agency(schema, rows) for schema, rows in stored.items() if "code" in rows)


def _agency(schema: str, rows: dict[str, str]) -> Agency:
    version = int(rows["schema"])
    state = "older" if version < SCHEMA_VERSION else "newer" if version > SCHEMA_VERSION else "open"
    code, agency, procedure, timezone = (rows[name] for name in ("code", "agency", "procedure", "timezone"))
    return Agency(code, agency, procedure, timezone, schema, "copying" if COPYING in rows else state)


class Share(NamedTuple):
    """A login that may read the agency's part of the national roster, since when and by whose decision."""

    login: str
    since: datetime
    by: str


def shares(register: Register) -> list[Share]:
    """With whom the roster is shared now, by login."""
    found: dict[str, Share] = {}
    for decision, fact in decided(register.decisions, RosterShared, ALWAYS):
        if fact.ended:
            found.pop(fact.login, None)
        else:
            found[fact.login] = Share(
                fact.login, moment_of(decision.recorded_at, register.settings.zone), decision.actor
            )
    return sorted(found.values())


@patiently
def share(register: Register, login: str, by: Actor, *, ended: bool = False, command_id: UUID | None = None) -> bool:
    """Let a login read the agency's part of the national roster, or no more; whether that was news.

    Raises Denied if whoever asks is no keeper, Refused if there is no such login, or it has no right to lose.
    """
    must_be_on_a_server(register.datastore)
    with register.transaction() as transaction:
        by = permit(register, by, [Role.KEEPER], "share").by
        request = transaction.digest(["share", login, ended])
        if command_id is not None and transaction.seen(command_id, request) is not None:
            return False
        shared = any(one.login == login for one in shares(register))
        if ended and not shared:
            raise Refused(text("The roster is not shared with {login}; nothing was changed.", login=login))
        if shared and not ended:
            return False
        if not ended:
            _must_be_known(transaction.connection, login)
        command_id = command_id or transaction.new_id()
        transaction.begin_command(command_id, "share", by, request)
        transaction.decide(command_id, RosterShared(effective_on=register.today, login=login, ended=ended))
    return True


def must_be_on_a_server(store: Datastore) -> None:
    """Raises Misused for a register in a file."""
    if store.url.get_backend_name() == "sqlite":
        raise Misused(
            text(
                "A file holds the register of one agency and knows no logins. Copy the registers of the agencies into "
                "one PostgreSQL database (lantik copy), and let each share its roster there (lantik share)."
            )
        )


def _must_be_known(connection: sa.Connection, login: str) -> None:
    from workflow.store.rights import has_login  # noqa: PLC0415  where registers are files, it costs nothing

    if not has_login(connection, login):
        raise Refused(text("The server knows no login {login}. Nothing was changed; ask its operator.", login=login))
