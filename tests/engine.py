"""A register, with a clock that only the test moves and chance that is the same each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.outcome import Outcome
from domain.worker import Worker
from projections import asked, roster, views
from projections.asked import Selection, Times
from tests.databases import Place, holds_a_register, url_of
from tests.scenario import whole
from workflow.advance import Order, Who, advance
from workflow.demo.people import Person, people
from workflow.intake.workers import WorkerRow
from workflow.register import Actor, Register, Surroundings
from workflow.registration import Intake, register_workers
from workflow.settings import Settings
from workflow.store.datastore import Patience

START = datetime(2025, 8, 1, 1, 0, tzinfo=UTC)
CLERK = Actor("clerk", "stated")
KEY = bytes(range(32))
EVERYBODY = Selection()


class Clock:
    """Goes on by a second with each look, so that the moments of a test differ; `now` can be set."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now
        self.pace = timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.now += self.pace
        return self.now


class Engine:
    """One agency's register and the clerk in front of it."""

    def __init__(
        self,
        path: Place,
        *,
        procedure: str = "kota-serang",
        seed: int = 1,
        busy_timeout: float = 30.0,
        clock: Any = None,
        patience: Patience = lambda _lost: False,
    ) -> None:
        self.path, self.clock = path, clock or Clock()
        kept = views.KeptViews()
        self.surroundings = Surroundings(self.clock, Random(seed).randbytes, kept, busy_timeout, patience)
        url = url_of(path)
        if holds_a_register(path):
            self.register = Register.open(url, self.surroundings)
        else:
            settings = Settings("BKPSDM", "36.73", f"{procedure}@2025.2", "Asia/Jakarta", KEY)
            self.register = Register.create(url, self.surroundings, settings)
        self.statements = 0
        sa.event.listen(self.register.datastore.engine, "before_cursor_execute", self._count)

    def _count(self, *_statement: object) -> None:
        self.statements += 1

    def close(self) -> None:
        self.register.close()

    # --- what a clerk does

    def imports(self, workers: Iterable[Worker], on: date = date(2025, 8, 1), **how: Any) -> Outcome:
        rows = [WorkerRow(number, worker, ()) for number, worker in enumerate(workers, 2)]
        return register_workers(self.register, Intake(rows, on, **how), CLERK)

    def takes(
        self, step: str, who: Iterable[str | Who | int], on: date, *, partial: bool = False, dry_run: bool = False,
        command_id: UUID | None = None, **instead: Any,
    ) -> Outcome:  # fmt: skip
        """`step` with all it needs, but for what is said otherwise."""
        rule = self.register.rulebook.load(self.register.settings.procedure).steps[step]
        names = [self.case(one) if isinstance(one, int) else one for one in who]
        order = Order(
            whole(rule, on, **instead), [one if isinstance(one, Who) else Who(one) for one in names],
            partial, dry_run, command_id=command_id,
        )  # fmt: skip
        return advance(self.register, order, CLERK)

    def brings(self, numbers: Sequence[int], *steps: str, on: date = date(2025, 8, 2)) -> date:
        """Take cases through steps, one a day; the day of the last."""
        for step in steps:
            fields = {"appoint": {"wage": "9.999.999"}, "propose-ni": {"drh_complete": "ya"}}.get(step, {})
            who = [Who(self.case(one), fields={"ni": ni_of(one)} if step == "assign-ni" else {}) for one in numbers]
            outcome = self.takes(step, who, on, fields=fields)
            assert outcome.command is not None, [str(f.message) for row in outcome.rows for f in row.findings]
            on += timedelta(days=1)
        return on - timedelta(days=1)

    def case(self, number: int) -> str:
        return self.register.settings.case_number(number)

    # --- what an auditor asks

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self.register.datastore.read() as connection:
            yield connection

    def roster(
        self, as_of: date, known_at: int = asked.ALWAYS, selection: Selection = EVERYBODY
    ) -> list[dict[str, Any]]:
        with self.reading() as connection:
            return list(roster.roster(connection, Times(as_of, known_at), selection, self.case))

    def stages(self, as_of: date, known_at: int = asked.ALWAYS) -> list[str]:
        return [row["stage"] for row in self.roster(as_of, known_at)]

    def rebuilt(self) -> tuple[views.Status, views.Status]:
        """How the views were kept, and how they were rebuilt."""
        register = self.register
        store = register.datastore
        return views.rebuild(
            store.read, store.write, register.log_of_events, register.last_case, lambda _done, _of: None
        )

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.reading() as connection:
            if connection.dialect.name == "postgresql":
                statement = statement.replace("?", "%s")
            return [tuple(row) for row in connection.exec_driver_sql(statement, values or None)]


def persons(n: int, seed: int = 7) -> list[Person]:
    return list(people(n, seed))


def workers(n: int, seed: int = 7) -> list[Worker]:
    return [one.worker for one in persons(n, seed)]


def ni_of(number: int) -> str:
    """A NI for the case of this number; 21 in digits 13 and 14."""
    return f"19900101{2025 + number // 999}211{number % 999 + 1:03d}"


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for row in outcome.rows for finding in row.findings]
