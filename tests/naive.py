"""A deliberately naive register: lists of acts, replayed for every question. What the product is compared with."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, NamedTuple

from domain.worker import Worker

ENDED = {"deceased", "dismissed-dishonourably", "outsourcing-ended", "not-renewed"}
EMPLOYED = {"appointed", "sworn-in", "active"}

# Kota Serang, by hand from the domain page: (stages a step starts from, stage it leads to)
STEPS: dict[str, tuple[str, str | None]] = {
    "verify": ("registered", "verified"),
    "classify-out": ("registered verified", "not-eligible"),
    "leave-out": ("verified", "not-proposed"),
    "propose": ("verified", "proposed"),
    "propose-late": ("not-eligible", "proposed"),
    "return-proposal": ("proposed", "proposal-returned"),
    "resubmit-proposal": ("proposal-returned", "proposed"),
    "approve": ("proposed", "need-approved"),
    "reject": ("proposed", "rejected"),
    "announce": ("need-approved", "drh-filling"),
    "propose-ni": ("drh-filling", "ni-proposed"),
    "withdraw": ("drh-filling ni-proposed", "withdrawn"),
    "return-ni": ("ni-proposed", "ni-returned"),
    "resubmit-ni": ("ni-returned", "ni-proposed"),
    "refuse-ni": ("ni-proposed ni-returned", "ni-refused"),
    "assign-ni": ("ni-proposed", "ni-assigned"),
    "appoint": ("ni-assigned", "appointed"),
    "swear-in": ("appointed", "sworn-in"),
    "start-duty": ("sworn-in", "active"),
    "dismiss-dishonourably": ("appointed sworn-in active", "dismissed-dishonourably"),
    "cancel-appointment": (
        "need-approved drh-filling ni-proposed ni-returned ni-assigned appointed sworn-in active",
        "appointment-cancelled",
    ),
    "reopen": ("withdrawn appointment-cancelled", "registered"),
    "review": ("not-eligible not-proposed rejected ni-refused", "policy-review"),
    "return-to-opd": ("policy-review rejected not-eligible", "returned-to-opd"),
    "outsource": ("returned-to-opd", "outsourced"),
    "end-outsourcing": ("outsourced", "outsourcing-ended"),
    "record-death": ("@open", "deceased"),
    "minute": ("@open", None),
}


class Told(NamedTuple):
    """One act as it was told to the register."""

    recorded_at: int
    seq: int
    day: date
    step: str
    document: str | None
    formation: str | None = None
    ni: str | None = None


def leads(stage: str | None, step: str) -> str | None:
    """The stage after, None if the step may not be taken."""
    sources, to = STEPS[step]
    may = stage is not None and (stage not in ENDED if sources == "@open" else stage in sources.split())
    return (to or stage) if may else None


class NaiveRegister:
    """Cases by number: the worker, and the acts in the order recorded; the first is the registration."""

    def __init__(self) -> None:
        self.cases: dict[int, tuple[Worker, list[Told]]] = {}

    def open_case(self, number: int, worker: Worker, recorded_at: int, day: date) -> None:
        self.cases[number] = (worker, [Told(recorded_at, 1, day, "register", None, worker.formation)])

    def record(self, number: int, told: Told) -> None:
        self.cases[number][1].append(told)

    def next_seq(self, number: int) -> int:
        return len(self.cases[number][1]) + 1

    def acts(self, number: int, day: date, known_at: int) -> list[Told]:
        known = [act for act in self.cases[number][1] if act.recorded_at <= known_at and act.day <= day]
        return sorted(known, key=lambda act: (act.day, act.seq))

    def row(self, number: int, day: date, known_at: int) -> dict[str, Any] | None:
        """The roster's row of a case, by folding every act anew."""
        worker = self.cases[number][0]
        stage, since, step, document, formation, ni = None, None, None, None, "pppk-pw", None
        for act in self.acts(number, day, known_at):
            to = "registered" if act.step == "register" else leads(stage, act.step)
            if to != stage:
                stage, since, step, document = to, act.day, act.step, act.document
            formation, ni = act.formation or formation, act.ni or ni
        if stage is None:
            return None
        status = formation if stage in EMPLOYED else "none" if stage in ENDED else "non-asn"
        return {
            "case": f"36.73-{number:06d}", "nik": worker.nik, "ni": ni, "name": worker.name, "unit": worker.unit,
            "position": worker.position, "category": worker.category, "formation": formation, "stage": stage,
            "status": "outsourced" if stage == "outsourced" else status, "since": since, "step": step,
            "document": document,
        }  # fmt: skip

    def roster(self, day: date, known_at: int) -> list[dict[str, Any]]:
        rows = [self.row(number, day, known_at) for number in sorted(self.cases)]
        return [row for row in rows if row is not None]

    def count(self, day: date, known_at: int, field: str) -> dict[Any, int]:
        return Counter(row[field] for row in self.roster(day, known_at))

    def allows(self, number: int, step: str, day: date, forever: int = 2**63 - 1) -> bool:
        """Whether the step may be taken on its day, and every later act after it."""
        before = self.row(number, day, forever)
        if before is None:
            return False
        stage = leads(before["stage"], step)
        later = [act for act in self.acts(number, date.max, forever) if act.day > day]
        for act in later:
            stage = leads(stage, act.step)
        return stage is not None

    def moments(self) -> list[int]:
        return sorted({act.recorded_at for _, acts in self.cases.values() for act in acts})

    def days(self) -> list[date]:
        return sorted({act.day for _, acts in self.cases.values() for act in acts})
