"""Opens cases in the register and in the model, and tells the model what a command recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from domain.layers import Corrected, Merged, Rescinded
from domain.log import Wanted
from domain.outcome import Outcome, Verdict
from domain.worker import Worker
from tests.two_times.model import Event, Events, taken
from tests.two_times.watch import POOL, Watch

KINDS = {Corrected: "correct", Rescinded: "rescind", Merged: "merge"}


class Opening(Watch):
    """Knows the commands so far, and which rows were ever imported."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[UUID] = []
        self.by_command: dict[UUID, list[tuple[int, int]]] = {}
        self.imported: dict[str, int] = {}

    def imports(self, first: int, n: int, day: date, *, reopen: bool, variant: int) -> None:
        asked = [POOL[(first + at) % len(POOL)] for at in range(n)]
        asked = [msgspec.structs.replace(one, position="Penata" if variant else one.position) for one in asked]
        opening = [one for one in asked if self.opens(one, day, reopen)]
        claims = self.model.claims()
        persons = [claims.get(("nik", one.nik)) for one in opening]
        opening = [
            one for one, whose in zip(opening, persons, strict=True) if whose is None or persons.count(whose) < 2
        ]
        before = self.others(())
        outcome = self.engine.imports(asked, day, partial=True, reopen=reopen)
        recorded = [worker for worker, row in zip(asked, outcome.rows, strict=True) if row.verdict is Verdict.RECORDED]
        assert recorded == opening, said(outcome)
        holders = self.model.claims()
        fresh = {}
        for worker in recorded:
            number = len(self.model.cases) + len(fresh) + 1
            says = {key: getattr(worker, key) for key in ("nik", "name", "unit", "position", "category", "formation")}
            says |= {key: getattr(worker, key) for key in ("in_bkn_database", "cpns_2024", "pppk_2024")}
            fresh[number] = [Event(0, 1, "act", None, "register", day, None, says)]
            self.model.person[number] = holders.get(("nik", worker.nik), number)
            self.imported[msgspec.json.encode(worker).decode()] = number
        for number in fresh:
            self.model.cases[number] = []
        self.record(outcome.command, fresh)
        assert self.others(fresh) == before

    def opens(self, worker: Worker, day: date, reopen: bool) -> bool:
        """Whether a row opens a case: the NIK is free, or its holder's last case ended by then and it is asked for."""
        person = self.model.claims().get(("nik", worker.nik))
        ended = person is not None and self.model.open_case(person) is None
        was = self.imported.get(msgspec.json.encode(worker).decode())
        if was is not None and not self.is_void(was) and not (ended and reopen):
            return False
        if person is None:
            return True
        cases = [number for number, whose in self.model.person.items() if whose == person]
        return ended and reopen and all(day >= (self.model.closed_on(one) or date.max) for one in cases)

    def is_void(self, number: int) -> bool:
        return 1 in taken(self.model.cases[number])

    def record(self, command: UUID | None, news: Mapping[int, Events]) -> None:
        if command is None:
            assert not news
            return
        at = self.moment()
        for number, events in news.items():
            self.model.cases[number] = [*self.model.cases[number], *(event._replace(at=at) for event in events)]
        self.commands.append(command)
        self.by_command[command] = [(number, event.seq) for number in sorted(news) for event in news[number]]
        stored = [
            (
                one.case,
                one.seq,
                KINDS.get(type(one.fact), "act"),
                getattr(one.fact, "target", getattr(one.fact, "replaces", None)),
            )
            for one in self.register.log_of_events.events(Wanted(command=command))
        ]
        told = [(number, event.seq, event.kind, event.target) for number in news for event in news[number]]
        assert sorted(stored) == sorted(told)


def said(outcome: Outcome) -> list[str]:
    return [str(finding.message) for row in outcome.rows for finding in row.findings]
