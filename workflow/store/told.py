"""What PostgreSQL reports, in words for the user."""

from __future__ import annotations

from sqlalchemy import exc

from domain.errors import Busy, EnvironmentFailed, LantikError, Lost
from domain.text import Text, text


def told(fault: exc.DBAPIError, name: str) -> LantikError | None:
    """The fault in our words; None for a fault of ours."""
    state = getattr(fault.orig, "sqlstate", None)
    if state is None and isinstance(fault, exc.OperationalError):
        return _unconnected(str(fault.orig), name)
    for begin, error, sentence in _TOLD:
        if state is not None and state.startswith(begin):
            return error(sentence._replace(values={"name": name}))
    return None


_BUSY = text("Another user is writing to {name}. Nothing was recorded; try again.")
_LOST = text("The connection to the database {name} was lost. Nothing was recorded; try again.")
_AWAY = text("The database {name} cannot be reached. Nothing was recorded; check the server and --db.")
_REFUSED = text(
    "The database {name} lets nobody in by this name and password. Nothing was recorded; check --db and PGPASSFILE."
)
_TOLD: tuple[tuple[str, type[LantikError], Text], ...] = (
    ("55P03", Busy, _BUSY),
    ("40", Busy, _BUSY),
    ("57014", Busy, text("The database {name} stopped the command. Nothing was recorded; try again.")),
    ("57", Lost, _LOST),
    ("08", Lost, _LOST),
    ("53300", Lost, text("The database {name} takes no more connections. Nothing was recorded; try again.")),
    (
        "53100",
        EnvironmentFailed,
        text("The disk that holds {name} is full. Nothing was recorded; make room and try again."),
    ),
    (
        "53",
        EnvironmentFailed,
        text("The server of {name} has no memory left. Nothing was recorded; tell its operator."),
    ),
    (
        "25006",
        EnvironmentFailed,
        text("The database {name} cannot be written here. Nothing was recorded; connect to the primary server."),
    ),
    (
        "LA001",
        EnvironmentFailed,
        text(
            "The owner of the database {name} may not make logins and groups. Nothing was recorded; let its operator "
            "give the owner CREATEROLE, then give lantik upgrade as the owner."
        ),
    ),
    (
        "42501",
        EnvironmentFailed,
        text("Your login has no right to this in the database {name}. Nothing was recorded; ask its keeper."),
    ),
    ("28", EnvironmentFailed, _REFUSED),
    ("3D000", EnvironmentFailed, text("There is no database {name}. Nothing was recorded; check --db.")),
)
"""How the state begins that PostgreSQL reports, and what we say then."""


def _unconnected(said: str, name: str) -> LantikError:
    """What is wrong with a connection that is broken or was never made: then the server gives words, no state."""
    for sign, begin in _SIGNS:
        if sign in said:
            return next(error(sentence._replace(values={"name": name})) for at, error, sentence in _TOLD if at == begin)
    sentence = _AWAY if any(sign in said for sign in _NEVER_MADE) else _LOST
    return Lost(sentence._replace(values={"name": name}))


_NEVER_MADE = ("connection failed", "connection is bad", "connection timeout", "failed to resolve")
_SIGNS = (
    ('role "', "28"),
    ("does not exist", "3D000"),
    ("authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ("too many connections", "53300"),
    ("too many clients", "53300"),
    ("No space left", "53100"),
)
