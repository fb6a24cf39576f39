"""What a register was created with: read once, never changed."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.errors import EnvironmentFailed, Misused
from domain.text import text
from workflow.store.tables import SCHEMA_VERSION, setting


class Settings(NamedTuple):
    """agency: its name. code: the region code before each case number. procedure: `name@version` of new cases.

    key: 32 bytes under which claims, imported rows and requests are hashed; it protects exports of those
    tables, not the file itself.
    """

    agency: str
    code: str
    procedure: str
    timezone: str
    key: bytes

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def case_number(self, number: int) -> str:
        """`36.73-000123`."""
        return f"{self.code}-{number:06d}"


def read_settings(connection: sa.Connection, *, upgrading: bool = False) -> Settings:
    """The settings of an open register. Raises EnvironmentFailed if another version of lantik made its tables."""
    stored: dict[str, str] = {row.key: row.value for row in connection.execute(sa.select(setting))}
    if int(stored.get("schema", 0)) > SCHEMA_VERSION:
        raise EnvironmentFailed(
            text("This register was written by a newer version of lantik. Install that version to open it.")
        )
    if int(stored.get("schema", 0)) < SCHEMA_VERSION and not upgrading:
        raise EnvironmentFailed(
            text("This register was written by an older version of lantik. Make a copy, then give lantik upgrade.")
        )
    return Settings(
        stored["agency"], stored["code"], stored["procedure"], stored["timezone"], bytes.fromhex(stored["key"])
    )


def write_settings(connection: sa.Connection, settings: Settings) -> None:
    """Store the settings of a new register."""
    rows = {**settings._asdict(), "key": settings.key.hex(), "schema": str(SCHEMA_VERSION)}
    connection.execute(setting.insert(), [{"key": key, "value": value} for key, value in rows.items()])


def check_zone(name: str) -> str:
    """The name of a time zone that exists. Raises Misused."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise Misused(text("{name} is no time zone; give one such as Asia/Jakarta.", name=name)) from None
