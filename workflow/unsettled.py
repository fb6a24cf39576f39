"""What became of a command whose commit was not answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from domain.errors import LantikError, Lost, Unsettled
from domain.text import text
from workflow.store.tables import command

if TYPE_CHECKING:
    from workflow.register import Register


def settle(register: Register, command_id: UUID) -> None:
    """Find out what became of a command whose commit was not answered; returns if it was recorded.

    Asked under the write lock: a commit that is still under way has then happened, or never will. Raises Lost if
    nothing was recorded, Unsettled if the register cannot be asked.
    """
    try:
        with register.datastore.write() as connection:
            found = connection.execute(sa.select(command.c.id).where(command.c.id == command_id.bytes)).first()
    except LantikError as unasked:
        raise Unsettled(
            text(
                "The connection to the database {name} was lost, and whether the command was recorded is not known. "
                "Give it again with --command-id {id}: it is recorded once.",
                name=register.called,
                id=command_id,
            )
        ) from unasked
    if found is None:
        raise Lost(
            text(
                "The connection to the database {name} was lost. Nothing was recorded; try again.", name=register.called
            )
        )
