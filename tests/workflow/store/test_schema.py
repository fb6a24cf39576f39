"""The tables of a register: made by revisions, equal to what the code expects, never opened by the wrong version."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from projections.tables import KEPT
from tests import databases
from tests.office import Office
from workflow.store import schema
from workflow.store.datastore import Datastore
from workflow.store.tables import SCHEMA_VERSION, metadata

MIGRATIONS = Path(schema.__file__).with_name("migrations")
DESCRIBED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND name <> 'alembic_version' "
    "AND tbl_name <> 'alembic_version' ORDER BY name",
    "postgresql": "SELECT table_name, column_name, data_type, is_nullable, collation_name, NULL "
    "FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version' "
    "UNION SELECT tablename, indexname, indexdef, NULL, NULL, NULL FROM pg_indexes WHERE schemaname = 'public' "
    "AND tablename <> 'alembic_version' "
    "UNION SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL, NULL FROM pg_constraint "
    "WHERE contype = 'f' ORDER BY 1, 2, 3",
}


def described(database: str, place: databases.Place) -> list[tuple[object, ...]]:
    rows = databases.rows(place, DESCRIBED[database])
    return [tuple(" ".join(cell.split()) if isinstance(cell, str) else cell for cell in row) for row in rows]


def test_the_revisions_make_the_tables_that_the_code_expects(database, tmp_path):
    places = [databases.fresh(database, tmp_path, name) for name in ("expected.db", "made.db")]
    for place, make in zip(places, (metadata.create_all, schema.make_current), strict=True):
        store = Datastore(databases.url_of(place))
        with store.write() as connection:
            make(connection)
        store.close()
    expected, made = (described(database, place) for place in places)
    assert len(made) > 10
    assert made == expected


def test_every_text_of_a_register_has_one_order_on_every_server():
    texts = [
        column
        for tables in (metadata, KEPT.metadata)
        for table in tables.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Text)
    ]
    assert len(texts) > 20
    dialect = sa.create_engine("postgresql+psycopg://").dialect
    assert {str(column.type.compile(dialect=dialect)) for column in texts} == {'TEXT COLLATE "C"'}


def test_the_last_revision_has_the_number_that_registers_are_asked_for():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [f"{SCHEMA_VERSION:04}"]
    assert script.get_base() == schema.BASELINE


def test_a_register_from_before_the_revisions_is_opened_and_adopted(twenty: Office, database: str):
    was = twenty.json("roster")
    for table in ("alembic_version", "inbox", "attempt", "reading"):
        twenty.edit(f"DROP TABLE {table}")
    twenty.edit("UPDATE setting SET value = '1' WHERE key = 'schema'")
    assert "is up to date" in twenty.ok("upgrade").stdout
    assert databases.rows(twenty.place, "SELECT version_num FROM alembic_version") == [(f"{SCHEMA_VERSION:04}",)]
    assert twenty.json("roster") == was


def test_an_upgrade_of_what_is_current_changes_nothing(twenty: Office):
    before, views = twenty.stored(), twenty.json("views", "status")
    twenty.ok("upgrade")
    assert (twenty.stored(), twenty.json("views", "status")) == (before, views)


def test_an_older_register_says_what_to_do_and_is_brought_up(twenty: Office):
    twenty.edit("UPDATE setting SET value = '0' WHERE key = 'schema'")
    said = twenty.refused("roster", code=5)
    assert said == (
        "lantik: This register was written by an older version of lantik. Make a copy, then give lantik upgrade.\n"
    )
    twenty.ok("upgrade")
    assert len(twenty.json("roster")) == 20


@pytest.mark.parametrize("words", [("roster",), ("upgrade",), ("unit", "list")])
def test_a_newer_register_is_refused(twenty: Office, words: tuple[str, ...]):
    twenty.edit("UPDATE setting SET value = '99' WHERE key = 'schema'")
    assert "was written by a newer version of lantik" in twenty.refused(*words, code=5)


def test_views_that_this_version_keeps_otherwise_are_made_anew(twenty: Office):
    was, views = twenty.json("roster"), twenty.json("views", "status")
    twenty.edit("ALTER TABLE post_interval ADD COLUMN floor TEXT")
    twenty.ok("upgrade")
    assert (twenty.json("roster"), twenty.json("views", "status")) == (was, views)


def test_where_no_register_is_there_is_nothing_to_upgrade(tmp_path: Path, database: str):
    office = Office(tmp_path, place=databases.fresh(database, tmp_path))
    code = {"sqlite": 2, "postgresql": 5}[database]
    assert "register" in office.refused("upgrade", code=code)
