"""Processes that write until they are told to stop, and tell each thing they do before and after they do it.

What they tell is in a pipe before they go on, so it is known even of one that is killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import count
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.errors import Lost, Unsettled
from domain.worker import Worker
from tests.databases import Place
from tests.engine import Engine, workers
from tests.workflow.writers import PATIENCE, SPAWN, real_clock

ON = date(2025, 11, 3)
MANY = 30
"""Cases that one command moves: more than go with single statements."""

_IDS = UUID("0c0ffee0-0000-4000-8000-000000000009")


class Said(NamedTuple):
    """how: `begins`, then a verdict, `lost` (nothing was recorded) or `unsettled` (nobody can say)."""

    how: str
    turn: int
    command: UUID
    events: int = 0


class Writer:
    """A process of its own, and what it has said so far."""

    def __init__(self, place: Place, at: int, *, answering: Any = None) -> None:
        self.place, self.at = place, at
        self.said: list[Said] = []
        self._heard, told = SPAWN.Pipe(duplex=False)
        self._stop = SPAWN.Event()
        arguments = (place, at, told, self._stop, answering)
        self.process = SPAWN.Process(target=_write, args=arguments, daemon=True)
        self.process.start()
        told.close()

    def kill(self) -> None:
        """Kill -9, and hear what it had still said."""
        self.process.kill()
        self._hear_out()

    def finish(self) -> None:
        """Let it end what it does, and hear all of it."""
        self._stop.set()
        self._hear_out()
        assert self.process.exitcode == 0

    def _hear_out(self) -> None:
        with suppress(EOFError):
            while True:
                self.said.append(self._heard.recv())
        self.process.join(PATIENCE)
        self._heard.close()

    @property
    def acknowledged(self) -> dict[UUID, int]:
        return {one.command: one.events for one in self.said if one.how == "recorded"}

    @property
    def settled(self) -> set[UUID]:
        """What is recorded by what was said in the end, once or again."""
        return {one.command for one in self.said if one.how in ("recorded", "unchanged")}


def hear(writers: list[Writer], successes: int) -> None:
    """Listen until so many more commands were acknowledged."""
    by_pipe = {writer._heard: writer for writer in writers}
    while successes > 0:
        ready = wait(list(by_pipe), PATIENCE)
        assert ready, "somebody goes on"
        for pipe in ready:
            assert isinstance(pipe, Connection)
            said = pipe.recv()
            by_pipe[pipe].said.append(said)
            successes -= said.how == "recorded"


def give(engine: Engine, at: int, turn: int, command_id: UUID) -> tuple[str, int]:
    """The command of a turn: two workers are registered, many cases move, or one does."""
    if turn % 3 == 0:
        outcome = engine.imports(_new(at, turn), ON, command_id=command_id)
    else:
        who = range(1, MANY + 1) if turn % 3 == 1 else [1 + (at + turn) % MANY]
        outcome = engine.takes("minute", who, ON, command_id=command_id)
    [how] = {row.verdict.value for row in outcome.rows}  # all of it, or nothing
    return how, len(outcome.rows)


def _new(at: int, turn: int) -> list[Worker]:
    """Two whose NIK nobody else lists."""
    one = workers(MANY + 1, seed=9)[MANY]
    first = 1 + 2 * (100 * at + turn // 3)
    return [msgspec.structs.replace(one, nik=f"{one.nik[:12]}{serial:04}") for serial in (first, first + 1)]


def _write(place: Place, at: int, told: Connection, stop: Any, answering: Any) -> None:
    engine = Engine(place, seed=2000 + at, clock=real_clock)
    for said in _work(engine, at, stop, answering):
        told.send(said)
    engine.close()


def _work(engine: Engine, at: int, stop: Any, answering: Any) -> Iterator[Said]:
    """One command after the other; what was cut off is given again under its id once the database answers."""
    for turn in count():
        if stop.is_set():
            return
        command_id = uuid5(_IDS, f"{at} {turn}")
        while True:
            yield Said("begins", turn, command_id)
            try:
                yield Said(*_numbered(turn, command_id, *give(engine, at, turn, command_id)))
                break
            except Lost:
                yield Said("lost", turn, command_id)
            except Unsettled:
                yield Said("unsettled", turn, command_id)
            answering.wait(PATIENCE)


def _numbered(turn: int, command_id: UUID, how: str, events: int) -> tuple[str, int, UUID, int]:
    return how, turn, command_id, events
