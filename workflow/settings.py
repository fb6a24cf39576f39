"""What a register was created with: read once, never changed."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.errors import EnvironmentFailed, Misused
from domain.procedure import FourEyes
from domain.text import text
from workflow.store.tables import SCHEMA_VERSION, setting

ENFORCED = "enforced"
"""The row that a register has from the first role on: then roles are enforced, and a server stamps who and when."""

COPYING = "copying"
"""The row that a register has as long as it is an unfinished copy; see `workflow.copying`."""


class Settings(NamedTuple):
    """agency: its name. code: the region code before each case number. procedure: `name@version` of new cases.

    key: 32 bytes under which claims, imported rows and requests are hashed; it protects exports of those
    tables, not the file itself. four_eyes: corrections, rescissions and acts for more than so many cases are
    confirmed by another; None for only what the procedure says. traced: reading full numbers leaves a trace.
    """

    agency: str
    code: str
    procedure: str
    timezone: str
    key: bytes
    four_eyes: int | None = None
    traced: bool = False

    @property
    def asks_four_eyes(self) -> FourEyes | None:
        """What is confirmed by another whatever the procedure says."""
        return FourEyes(corrections=True, above=self.four_eyes) if self.four_eyes is not None else None

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
    if COPYING in stored:
        raise EnvironmentFailed(
            text(
                "This register is a copy that is not finished. Give the same lantik copy again; it goes on from there."
            )
        )
    return Settings(
        stored["agency"],
        stored["code"],
        stored["procedure"],
        stored["timezone"],
        bytes.fromhex(stored["key"]),
        int(stored["four_eyes"]) if "four_eyes" in stored else None,
        "traced" in stored,
    )


def write_settings(connection: sa.Connection, settings: Settings) -> None:
    """Store the settings of a new register."""
    rows = {name: getattr(settings, name) for name in ("agency", "code", "procedure", "timezone")}
    rows |= {"key": settings.key.hex(), "schema": str(SCHEMA_VERSION)}
    rows |= {"four_eyes": str(settings.four_eyes)} if settings.four_eyes is not None else {}
    rows |= {"traced": "y"} if settings.traced else {}
    connection.execute(setting.insert(), [{"key": key, "value": value} for key, value in rows.items()])


def check_zone(name: str) -> str:
    """The name of a time zone that exists. Raises Misused."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise Misused(text("{name} is no time zone; give one such as Asia/Jakarta.", name=name)) from None
