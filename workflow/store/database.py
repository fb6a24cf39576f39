"""What differs between the databases that a register can lie on: how each is opened, locked and guarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import exc

from domain.dialect import Dialect
from domain.errors import LantikError


class Database(Dialect, Protocol):
    """One kind of database that a register can lie on."""

    def engine(self, url: sa.URL, *, busy_timeout: float) -> sa.Engine:
        """An engine whose connections hold this object in their `info`."""
        ...

    def make_room(self, connection: sa.Connection, url: sa.URL) -> None:
        """Make the place for the tables of a new register, where the URL names one that is not there."""
        ...

    @property
    def stamps(self) -> bool:
        """Whether it says itself who records and when, once roles are enforced."""
        ...

    def guard(self, connection: sa.Connection) -> None:
        """Lay what the database sees to itself over a register with its views, or renew it; rows stay as they are."""
        ...

    def unguard(self, connection: sa.Connection) -> None:
        """Take back of it what would keep tables from being changed; until it is laid again, more is hidden."""
        ...

    def owns(self, connection: sa.Connection) -> bool:
        """Whether the tables that are there belong to whoever is connected."""
        ...

    def settle_down(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """After many rows came into tables: what the database wants to know of them."""
        ...

    def begin_reading(self, connection: sa.Connection) -> sa.Transaction:
        """A consistent snapshot."""
        ...

    def begin_writing(self, connection: sa.Connection) -> sa.Transaction:
        """The one write transaction; waits for another's."""
        ...

    def told(self, fault: exc.DBAPIError, name: str) -> LantikError | None:
        """A fault in words for the user; None for a fault of ours."""
        ...
