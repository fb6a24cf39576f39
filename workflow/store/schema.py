"""The tables of a register, made and changed by Alembic: only `lantik init` and `lantik upgrade` import this."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from workflow.store.tables import SCHEMA_VERSION, setting

BASELINE = "0001"
"""The revision that a register of schema 1 without Alembic's own table is at."""


def make_current(connection: sa.Connection) -> None:
    """Make the tables of a new register, or change those of an older one, in the transaction of the connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    tables = sa.inspect(connection).get_table_names()
    if "setting" in tables and "alembic_version" not in tables:
        command.stamp(config, BASELINE)
    command.upgrade(config, "head")
    connection.execute(setting.update().where(setting.c.key == "schema").values(value=str(SCHEMA_VERSION)))
