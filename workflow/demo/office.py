"""What the entry point lends the demo, and one command line of the story."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.errors import LantikError
from domain.text import Text, text
from workflow.demo.folder import FILES, REGISTER

ZONE = ZoneInfo("Asia/Jakarta")


class Ran(NamedTuple):
    """How a command line ended: its exit code, what it answered and what it said beside."""

    code: int
    answer: str
    beside: str


class Office(NamedTuple):
    """run: gives a command line at a moment, through the same code as any. tell: prints a sentence.

    show: prints an answer as a command gave it. elapsed: seconds since the demo began. path: where `lantik` is,
    if a shell would not find it.
    """

    run: Callable[[datetime, Sequence[str]], Ran]
    tell: Callable[[Text], None]
    show: Callable[[str], None]
    elapsed: Callable[[], float]
    path: str | None = None


class Line(NamedTuple):
    """A command line: when it is given, by whom, its words with files named inside the folder, and what it records."""

    when: datetime
    actor: str
    words: tuple[str, ...]
    what: Text


class Stopped(LantikError):
    """A command of the story did not end as it should; the exit code is that of the command."""

    def __init__(self, message: Text, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code or 1


class Clerk:
    """Gives the command lines of the story to the register in one folder."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder

    def give(self, line: Line) -> Any:
        """Let a line be recorded; the answer for programs. Raises Stopped if it was not."""
        judged = ("--format", "json") if line.words[0] in ("import", "advance") else ()
        ran = self.office.run(line.when, [*self.typed(line)[1:], *judged])
        if ran.code:
            raise _stopped(line.words, ran)
        return json.loads(ran.answer) if judged else None

    def ask(self, when: datetime, *words: str) -> Any:
        """What the register answers to programs. Raises Stopped."""
        return json.loads(self.answer(when, *words, "--format", "json"))

    def answer(self, when: datetime, *words: str) -> str:
        """What the register answers to people. Raises Stopped."""
        ran = self.office.run(when, ["--db", str(self.folder / REGISTER), *words])
        if ran.code:
            raise _stopped(words, ran)
        return ran.answer

    def refused(self, when: datetime, actor: str, *words: str) -> str:
        """What is said of a step that may not be taken. Raises Stopped if it was not refused."""
        ran = self.office.run(when, ["--db", str(self.folder / REGISTER), "--actor", actor, *words])
        if ran.code != 1:
            raise _stopped(words, ran)
        return ran.beside

    def typed(self, line: Line) -> list[str]:
        """The line as somebody would type it beside the folder."""
        words = [str(self.folder / word) if word in FILES else word for word in line.words]
        return ["lantik", "--db", str(self.folder / REGISTER), "--actor", line.actor, *words]


def as_typed(words: Sequence[str], width: int) -> str:
    """Words as a shell takes them, on as many lines as the width asks for; an option stays with its value."""
    together: list[str] = []
    for word in map(shlex.quote, words):
        if together and together[-1].startswith("-") and " " not in together[-1] and not word.startswith("-"):
            together[-1] += f" {word}"
        else:
            together.append(word)
    lines: list[list[str]] = [[]]
    for word in together:
        if lines[-1] and len(" ".join((*lines[-1], word))) > width - 4:
            lines.append([])
        lines[-1].append(word)
    return " \\\n    ".join(" ".join(line) for line in lines)


def _stopped(words: Sequence[str], ran: Ran) -> Stopped:
    return Stopped(
        text(
            "The demo stopped, because {command} ended with {code}: {said}",
            command=" ".join(("lantik", *words[:2])),
            code=ran.code,
            said=ran.beside.strip(),
        ),
        ran.code,
    )
