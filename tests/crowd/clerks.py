"""What eight clerks at one register do: each in a process of their own, all at the same cases and at their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.errors import LantikError
from domain.outcome import Outcome
from domain.worker import Worker
from projections.asked import Selection
from tests.engine import CLERK, Engine, workers
from tests.scenario import whole
from tests.workflow.writers import PATIENCE
from workflow.advance import Order, Who
from workflow.proposal import judge, record

ON = date(2025, 11, 3)
HOT, COACHED, SHARED = [1, 2], 3, 4
"""Cases that all move at once: with one command, by turns, and under one command id."""

OWN = 5
"""The first of the cases that each has for themself."""

_IDS = UUID("0c0ffee0-0000-4000-8000-000000000008")


def people_of(clerks: int, rounds: int) -> tuple[list[Worker], list[Worker]]:
    """Those whose cases are there before, and two new ones for each round."""
    there = OWN + clerks + rounds - 1
    everyone = workers(there + 2 * rounds, seed=9)
    return everyone[:there], everyone[there:]


class Came(NamedTuple):
    """What a command came to. how: a verdict, `differs`, `conflict`, or `exit N`. events: as many as it recorded."""

    act: str
    command: UUID
    how: str
    events: int = 0


class Clerk:
    """One of the eight; `at` tells which, `meet` lets all begin a round together."""

    def __init__(self, engine: Engine, at: int, clerks: int, rounds: int, meet: Any) -> None:
        self._engine, self._at, self._rounds, self._meet = engine, at, rounds, meet
        self._chance = Random(at)
        self._first_oath = OWN + clerks
        self._new = people_of(clerks, rounds)[1]

    def work(self) -> list[Came]:
        """All rounds; in each the same acts, in an order of one's own."""
        acts = [self.hot, self.own, self.oath, self.name, self.row, self.again, self.misuse, self.stale, self.version]
        came: list[Came] = []
        for turn in range(self._rounds):
            self._meet.wait(PATIENCE)
            came += [self._tried(act, turn) for act in self._chance.sample(acts, len(acts))]
        return came

    def _tried(self, act: Callable[[int, UUID], tuple[str, int]], turn: int) -> Came:
        name = act.__name__
        shared = name in ("again", "misuse")
        command_id = uuid5(_IDS, f"{turn} again" if shared else f"{turn} {name} {self._at}")
        try:
            return Came(name, command_id, *act(turn, command_id))
        except LantikError as error:
            return Came(name, command_id, f"exit {error.exit_code}")

    def hot(self, _turn: int, command_id: UUID) -> tuple[str, int]:
        return _told(self._engine.takes("minute", HOT, ON, command_id=command_id))

    def own(self, _turn: int, command_id: UUID) -> tuple[str, int]:
        return _told(self._engine.takes("minute", [OWN + self._at], ON, command_id=command_id))

    def oath(self, turn: int, command_id: UUID) -> tuple[str, int]:
        """Of all who swear the same worker in, one does."""
        return _told(self._engine.takes("swear-in", [self._first_oath + turn], ON, command_id=command_id))

    def name(self, turn: int, command_id: UUID) -> tuple[str, int]:
        """All list the same new NIK, each for another job."""
        one = msgspec.structs.replace(self._new[2 * turn], position=f"Tenaga {self._at}")
        return self._listed(one, command_id)

    def row(self, turn: int, command_id: UUID) -> tuple[str, int]:
        """All have the same row of the same list."""
        return self._listed(self._new[2 * turn + 1], command_id)

    def _listed(self, worker: Worker, command_id: UUID) -> tuple[str, int]:
        return _told(self._engine.imports([worker], ON, command_id=command_id))

    def again(self, _turn: int, command_id: UUID) -> tuple[str, int]:
        """All give the same command, under the same id."""
        return _told(self._engine.takes("minute", [SHARED], ON, command_id=command_id))

    def misuse(self, _turn: int, command_id: UUID) -> tuple[str, int]:
        """Another request under an id that all use; before them, it is this that is recorded."""
        return _told(self._engine.takes("minute", [OWN + self._at, SHARED], ON, command_id=command_id))

    def stale(self, _turn: int, command_id: UUID) -> tuple[str, int]:
        """What was looked at is recorded if nobody was there in between."""
        register = self._engine.register
        [row] = self._engine.roster(ON, selection=Selection(numbers=[COACHED]))
        step = "recover" if row["stage"] == "coaching" else "coach"
        rule = register.rulebook.load(register.settings.procedure).steps[step]
        order = Order(whole(rule, ON), [Who(self._engine.case(COACHED))])
        seen = judge(register, order, command_id, CLERK)
        if not seen.recordable(partial=False):
            return "refused", 0
        return _told(record(register, order, command_id, CLERK, expected=seen.foreseen))

    def version(self, _turn: int, command_id: UUID) -> tuple[str, int]:
        """An event with a version that its stream has already, given past all that judges."""
        [(case,)] = self._engine.rows("SELECT case_id FROM docket WHERE number = ?", HOT[0])
        stored = StoredEvent(UUID(bytes=case), 1, "Minuted.1", b"{}")
        try:
            self._engine.register.recorder.insert_events([stored])
        except IntegrityError:
            return "conflict", 0
        return "recorded", 1


def _told(outcome: Outcome) -> tuple[str, int]:
    [how] = {row.verdict.value for row in outcome.rows}
    return ("differs" if outcome.differs else how), len(outcome.rows) if how == "recorded" else 0


def at_work(engine: Engine, at: int, clerks: int, rounds: int, meet: Any) -> list[Came]:
    """What a process of the crowd runs."""
    return Clerk(engine, at, clerks, rounds, meet).work()
