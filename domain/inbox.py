"""What waits for a human: proposals that somebody else is to confirm, rows of an import that nobody decides alone.

An item is an event of the inbox's own stream, and its number there is how people call it. It is open until a further
event settles it. What it is about in full, personal values too, is no part of the event: it is kept beside it for as
long as it is open, and nothing of it counts anywhere before.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.access import Role
from domain.events import Fact

INBOX = UUID("6f0ff1ce-0000-4000-8000-000000000001")
"""The stream of the inbox."""


class Proposed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody asks for a command that another is to confirm.

    command: the id to record it under. kind: of the request, as plans call it; step: where it has one. cases: how
    many it is about. roles: any of which may confirm. digest: hex SHA-256 of the plan.
    """

    command: str
    kind: str
    step: str | None = None
    cases: int
    roles: tuple[Role, ...]
    units: tuple[str, ...] = ()
    due: date | None = None
    digest: str

    @property
    def command_id(self) -> UUID:
        return UUID(self.command)


class Queued(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A row of an import waits for whoever decides.

    file: its name without folders. sha256: of its content. row: its number there. codes: of the findings. roles: any
    of which may decide. case: number of the case that it may be about. digest: hex SHA-256 of the row as kept.
    """

    file: str
    sha256: str
    row: int
    codes: tuple[str, ...]
    roles: tuple[Role, ...]
    units: tuple[str, ...] = ()
    case: int | None = None
    digest: str


class Settled(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """An item is open no more. verdict: `confirmed` or `declined`; of a row of an import `accepted`, `corrected` or
    `turned-away`.

    put_by: who had put it there. command: id of what was recorded because of it. corrected: names of the columns.
    """

    item: int
    verdict: str
    put_by: str
    reason: str | None = None
    command: str | None = None
    corrected: tuple[str, ...] = ()
