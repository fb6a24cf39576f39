"""Refusals and failures, drawn as a tree; `exit_code` is the contract with programs that call us.

LantikError
├── Refused          1  no case changed: bad rows, illegal step, unknown case
│   └── Denied           whoever asked may not do that; the attempt is kept
├── Misused          2  unknown step, procedure or option value, unreadable date, missing file
├── IntegrityFailed  3  what is stored does not verify
├── Busy             4  another user holds the register: nothing recorded, try again
└── EnvironmentFailed 5  disk full, read-only, no register, clock set back
    ├── Lost             the connection to the database is gone, and nothing was recorded
    └── Unsettled        it is gone, and nobody can say whether something was recorded
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.text import Text


class LantikError(Exception):
    """Base of every error that is told to the user in one sentence, without a traceback."""

    exit_code = 1

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


class Refused(LantikError):
    exit_code = 1


class Denied(Refused):
    """why: `role`, `scope` or `four-eyes`. doing: the command or step. cases: the numbers it was about, if any.

    role: the one that would be needed.
    """

    def __init__(
        self, message: Text, *, why: str, doing: str, cases: Sequence[int] = (), role: str | None = None
    ) -> None:
        super().__init__(message)
        self.why, self.doing, self.cases, self.role = why, doing, tuple(cases), role


class Misused(LantikError):
    exit_code = 2


class IntegrityFailed(LantikError):
    exit_code = 3


class Busy(LantikError):
    exit_code = 4


class EnvironmentFailed(LantikError):
    exit_code = 5


class Lost(EnvironmentFailed):
    """The same may be tried again."""


class Unsettled(EnvironmentFailed):
    """Only the register itself knows, once it can be reached."""
