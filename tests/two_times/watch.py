"""Watches a register and the naive model beside it: the same answers, the same claims, and none that ever changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec

from projections import history, roster
from projections.asked import Times
from tests.engine import EVERYBODY, Engine, workers
from tests.two_times.model import FOREVER, Model, legal, timeline
from workflow.register import Register

FIRST = date(2025, 8, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(10)]
EVERY_DAY = [FIRST - timedelta(days=1), *DAYS, *(DAYS[-1] + timedelta(days=number) for number in (1, 2, 9)), date.max]
POOL = [
    msgspec.structs.replace(
        one, in_bkn_database=True, cpns_2024=False, pppk_2024=True, wage=None, note=None, formation=None
    )
    for one in workers(8, seed=11)
]
TABLES = ("stage_interval", "post_interval", "person_interval", "standing", "docket")


class Watch:
    """A register in a file of its own, the model beside it, and the questions whose answers may never change."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = Engine(Path(self.folder.name) / "lantik.db")
        self.model = Model()
        self.answers: list[tuple[Times, bytes]] = []

    def close(self) -> None:
        self.engine.close()
        self.folder.cleanup()

    @property
    def register(self) -> Register:
        return self.engine.register

    def asks(self, day: date) -> None:
        asked = Times(day, self.moment())
        self.answers.append((asked, self.answer(asked)))

    def check_now(self) -> None:
        for day in (DAYS[3], DAYS[6], date.max):
            assert self.engine.roster(day) == self.model.roster(day), day
        for events in self.model.cases.values():
            acts = timeline(events)
            assert all(legal(acts[:at], act) for at, act in enumerate(acts))
        self.claims_are_those_of_the_model()

    def claims_are_those_of_the_model(self) -> None:
        """Each number belongs to whom some case says it does, and stands for that person's open case."""
        claims, persons = self.model.claims(), self.persons()
        opened = {whose: one for one, whose in self.model.person.items() if self.model.closed_on(one) is None}
        asked = {"nik": {one.nik for one in POOL}, "ni": {number for kind, number in self.numbers if kind == "ni"}}
        for kind, numbers in asked.items():
            with self.register.transaction(dry_run=True) as transaction:
                found = transaction.holders(kind, numbers)
            held = {number: (persons[one.person], one.open_case) for number, one in found.items()}
            claimed = {number: whose for (named, number), whose in claims.items() if named == kind}
            assert held == {number: (whose, opened.get(whose)) for number, whose in claimed.items()}

    @property
    def numbers(self) -> set[tuple[str, str]]:
        """Every NIK and NI that was ever stated."""
        stated = [event.says for events in self.model.cases.values() for event in events]
        return {(kind, says[kind]) for says in stated for kind in ("nik", "ni") if says.get(kind)}

    def persons(self) -> dict[bytes, int]:
        """The model's persons by their ids."""
        rows = self.engine.rows("SELECT person, min(number) FROM docket GROUP BY person")
        return dict(rows)

    def check_everything(self) -> None:
        moments = sorted({event.at for events in self.model.cases.values() for event in events})
        for known_at in (*moments, FOREVER):
            self.same_at(EVERY_DAY, known_at)
            self.same_at(EVERY_DAY[::3], known_at - 1)
        for asked, answer in self.answers:
            assert self.answer(asked) == answer, asked
        kept, rebuilt = self.engine.rebuilt()
        assert (list(kept.rows.values()), kept.fingerprint) == (list(rebuilt.rows.values()), rebuilt.fingerprint)
        for asked, answer in self.answers:
            assert self.answer(asked) == answer, asked

    def same_at(self, days: Sequence[date], known_at: int) -> None:
        for day in days:
            assert self.engine.roster(day, known_at) == self.model.roster(day, known_at), (day, known_at)

    def answer(self, times: Times) -> bytes:
        """Roster, totals and every history at two times, as programs get them."""
        register, load = self.register, self.register.rulebook.load
        streams = [register.log_of_events.stream(number, times.known_at) for number in sorted(self.model.cases)]
        told = [history.history(stream, times, register.settings.zone, load) for stream in streams if stream]
        with self.engine.reading() as connection:
            totals = roster.count(connection, times, EVERYBODY, ["stage", "unit"])
        return msgspec.json.encode([self.engine.roster(*times), totals, told])

    def others(self, numbers: Iterable[int]) -> list[object]:
        """Every row of every case but these."""
        listed = ",".join(map(str, numbers)) or "0"
        events = (
            f"SELECT e.* FROM event e JOIN docket d ON d.case_id = e.originator_id WHERE d.number NOT IN ({listed})"
        )
        return [
            *(self.engine.rows(f"SELECT * FROM {table} WHERE number NOT IN ({listed})") for table in TABLES),
            self.engine.rows(f"{events} ORDER BY position"),
        ]

    def moment(self) -> int:
        return self.engine.rows("SELECT max(recorded_at) FROM command")[0][0]
