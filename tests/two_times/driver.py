"""Gives each command to the register and tells the model, which says beforehand whether it will be taken and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.document import Document
from domain.draft import Request
from domain.errors import Refused
from domain.outcome import Verdict
from domain.procedure import Step
from tests.engine import CLERK, ni_of
from tests.scenario import whole
from tests.two_times.model import STEPS, Event, fold, leads, settle, taken, timeline
from tests.two_times.opening import Opening, said
from tests.two_times.watch import EVERY_DAY, FIRST, POOL
from workflow import targets
from workflow.advance import Order, advance
from workflow.amend import Amendment, Target, amend
from workflow.merge import Merger, merge
from workflow.past import Past, PastAct, record_past
from workflow.whom import Who

UNITS = ["Dinas Kesehatan", "Dinas Sosial", "Dinas Lingkungan Hidup"]
NAMES = ["Nama Benar", "Nama Lain"]
SPARE_NIKS = [one.nik for one in POOL[5:]]
PAST_STEPS = sorted(STEPS.keys() - {"assign-ni", "end-outsourcing"})


class Driver(Opening):
    """Gives commands to the register and to the model."""

    def __init__(self) -> None:
        super().__init__()
        self.papers = 0

    @property
    def steps(self) -> dict[str, Step]:
        return self.register.rulebook.load("kota-serang").steps

    # --- commands

    def takes(
        self,
        step: str,
        numbers: Sequence[int],
        day: date,
        *,
        cascade: bool = False,
        replaces: int | None = None,
        pick: int = 0,
    ) -> None:
        rule, paper = self.steps[step], self.paper()
        own = {one: {**_fields(step, pick), **({"ni": ni_of(one)} if step == "assign-ni" else {})} for one in numbers}
        foreseen: dict[int, list[Event]] = {}
        for number in numbers:
            seq = len(self.model.cases[number]) + 1
            named = paper if rule.documents else None
            act = Event(0, seq, "act", replaces, step, day, named, _says(own[number]))
            if (new := self.foreseen(number, [act], {seq}, cascade=cascade)) is not None:
                foreseen[number] = new
        news: dict[int, list[Event]] = {}
        linked: dict[int, list[Event]] = {}
        for number, new in foreseen.items():
            falls = self.model.falls({number: new}, foreseen) if cascade else {}
            if self.model.may_hold({**news, **linked, number: new, **falls}):
                news[number], linked = new, {**linked, **falls}
        request = self.request(step, day, paper)
        who = [Who(self.engine.case(number), fields=own[number]) for number in numbers]
        before = self.others({**news, **linked})
        outcome = advance(self.register, Order(request, who, True, False, replaces, cascade), CLERK)
        recorded = [
            int(str(row.case).split("-")[1]) for row in outcome.rows if row.case and row.verdict is Verdict.RECORDED
        ]
        assert recorded == [*news, *linked], (recorded, [*news, *linked], said(outcome))
        self.record(outcome.command, {**news, **linked})
        assert self.others({**news, **linked}) == before

    def request(self, step: str, day: date, paper: str = "1") -> Request:
        rule = self.steps[step]
        return whole(rule, day, documents=tuple(Document(one.kind, paper, day) for one in rule.documents))

    def records_past(self, numbers: Sequence[int], rows: Iterable[tuple[int, date]]) -> None:
        """Several acts of one or two cases in one command, each fitting where the case stood on its day, or not."""
        acts, fresh = [], dict[int, list[Event]]()
        for at, (pick, day) in enumerate(rows):
            number = numbers[pick % len(numbers)]
            stood = timeline(self.model.cases[number])
            if stood and pick % 9:
                day = max(day, stood[-1 if pick % 2 else 0].on or day)  # noqa: PLW2901
            step = self.fitting(number, fresh.get(number, []), day, pick)
            paper = self.paper()
            papers = tuple(Document(one.kind, paper, day) for one in self.steps[step].documents)
            request = whole(self.steps[step], day, documents=papers)
            request = request._replace(fields={**request.fields, **_fields(step, pick)})
            acts.append(PastAct(at + 2, self.engine.case(number), request, date(2020, 1, 1), ()))
            fresh.setdefault(number, []).append(
                Event(0, 0, "act", None, step, day, paper if papers else None, _says(_fields(step, pick)))
            )
        news = {}
        for number, rows_of_case in fresh.items():
            rows_of_case.sort(key=lambda event: event.on)  # type: ignore[arg-type,return-value]
            length = len(self.model.cases[number])
            told = [event._replace(seq=length + at) for at, event in enumerate(rows_of_case, 1)]
            new = self.foreseen(number, told, {event.seq for event in told}, cascade=False)
            if new is not None:
                news[number] = new
        news = news if len(news) == len(fresh) and self.model.may_hold(news) else {}
        before = self.others(news)
        outcome = record_past(self.register, Past(acts), CLERK)
        assert (outcome.command is not None) == bool(news), said(outcome)
        self.record(outcome.command, news)
        assert self.others(news) == before

    def fitting(self, number: int, told: Sequence[Event], day: date, pick: int) -> str:
        """Mostly a step that may be taken on that day after what was told so far, now and then any."""
        events = self.model.cases[number]
        known = [*events, *(event._replace(seq=len(events) + at) for at, event in enumerate(told, 1))]
        stage = fold([act for act in timeline(known) if act.on <= day])["stage"]  # type: ignore[operator]
        steps = [step for step in PAST_STEPS if leads(stage, step) and (pick % 3 or leads(stage, step) == stage)]
        return (steps if steps and pick % 5 else PAST_STEPS)[pick % len(steps if steps and pick % 5 else PAST_STEPS)]

    def amends(
        self, what: Sequence[tuple[int, int]], change: Mapping[str, Any] | None, *, cascade: bool, name: str = "amend"
    ) -> bool:
        """Correct events, or rescind them where nothing is to change; whether it was done."""
        paper = self.paper() if change and change.get("paper") else None
        asked = {"on": change.get("on"), "fields": change.get("fields", {})} if change is not None else {}
        if paper:
            rules = [rule for step in self.steps.values() for rule in step.documents]
            asked["papers"] = tuple(Document(rule.kind, paper, FIRST) for rule in rules)
        news: dict[int, list[Event]] | None = {}
        for number in dict.fromkeys(number for number, _ in what):
            new = self.layers(number, [seq for one, seq in what if one == number], change, paper, cascade)
            news = None if new is None or news is None else {**news, number: new}
        if news and cascade:
            news |= self.model.falls(news, news)
        news = news if news and self.model.may_hold(news) else {}
        before = self.others(news)
        amendment = Amendment(name, [Target(*one) for one in what], "keliru", cascade=cascade, **asked)
        outcome = amend(self.register, amendment, CLERK)
        assert (outcome.command is not None) == bool(news), (bool(news), said(outcome))
        self.record(outcome.command, news)
        assert self.others(news) == before
        return bool(news)

    def layers(
        self, number: int, seqs: Sequence[int], change: Mapping[str, Any] | None, paper: str | None, cascade: bool
    ) -> list[Event] | None:
        events = self.model.cases[number]
        gone, by_seq = taken(events), {event.seq: event for event in events}
        new = []
        for seq in sorted(seqs):
            target = by_seq.get(seq)
            if target is None or seq in gone:
                return None
            at = len(events) + len(new) + 1
            if change is None:
                new.append(Event(0, at, "rescind", seq))
                continue
            root = _root(by_seq, target)
            if target.kind not in ("act", "correct") or root in gone:
                return None
            known = {rule.name for rule in self.steps[by_seq[root].step].fields}
            if not known >= change.get("fields", {}).keys():
                return None
            new.append(Event(0, at, "correct", seq, "", change.get("on"), paper, _says(change.get("fields", {}))))
        fresh = {_root(by_seq, event) for event in new if event.kind == "correct"}
        return self.foreseen(number, new, fresh, cascade=cascade)

    def rescinds_command(self, command: UUID, *, cascade: bool) -> None:
        if left := self.left_of(command):
            self.amends(left, None, cascade=cascade)

    def corrects_command(self, command: UUID, change: Mapping[str, Any]) -> None:
        if left := self.left_of(command):
            self.amends(left, change, cascade=False)

    def left_of(self, command: UUID) -> list[tuple[int, int]]:
        """The events of a command that were not taken back since; the register says the same."""
        events = self.by_command[command]
        left = [(number, seq) for number, seq in events if seq not in taken(self.model.cases[number])]
        if left:
            found = targets.of_command(self.register, command)
            assert [(one.number, one.seq) for one in found] == left
        return left

    def undoes(self) -> None:
        left = self.left_of(self.commands[-1])
        known_before = self.moment() - 1
        found = targets.of_last_command(self.register, CLERK)
        assert [(one.number, one.seq) for one in found[2]] == left
        was = [self.engine.roster(day, known_before) for day in EVERY_DAY]
        assert self.amends(left, None, cascade=False, name="undo"), "a last command can be undone"
        assert [self.engine.roster(day) for day in EVERY_DAY] == was

    def merges(self, keep: int, lose: int) -> None:
        possible = keep != lose and timeline(self.model.cases[keep]) and timeline(self.model.cases[lose])
        before = self.others([lose])
        amendment = Amendment("merge", [Target(lose, 1)], "satu orang")
        try:
            outcome = merge(self.register, Merger(keep, lose, amendment), CLERK)
        except Refused:
            assert not possible
            return
        assert possible, said(outcome)
        seq = len(self.model.cases[lose]) + 1
        nik = self.model.row(lose, date.max)["nik"]  # type: ignore[index]
        self.model.given[lose, seq] = (keep, nik)
        self.record(outcome.command, {lose: [Event(0, seq, "merge", 1)]})
        assert self.others([lose]) == before

    # --- what the model foresees

    def foreseen(self, number: int, new: list[Event], fresh: set[int], *, cascade: bool) -> list[Event] | None:
        """All events that a command adds to a case, rescissions of what falls included; None if it is refused."""
        events = self.model.cases[number]
        for event in new:
            if event.kind == "act" and event.target is not None:
                standing = {act.seq for act in timeline(events) if act.step != "register"}
                if event.target not in standing:
                    return None
            if event.kind == "act" and not timeline(events):
                return None
        good, fallen = settle([*events, *new], fresh)
        if not good or (fallen and not cascade):
            return None
        length = len(events) + len(new)
        return [*new, *(Event(0, length + at, "rescind", seq) for at, seq in enumerate(fallen, 1))]

    def paper(self) -> str:
        self.papers += 1
        return f"800/{self.papers}"


def _fields(step: str, pick: int) -> dict[str, str]:
    """What a clerk types for a step, where the roster shows it."""
    match step:
        case "propose" | "propose-late":
            return {"formation": "pppk" if pick % 3 == 0 else "pppk-pw"}
        case "move-unit":
            return {"unit": UNITS[pick % 3]}
        case "amend-contract":
            return {"position": f"Jabatan {pick % 3}"}
        case "amend-person":
            return {"name": NAMES[pick % 2]}
        case _:
            return {}


def _says(typed: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"ya": True, "tidak": False}.get(words, words) for name, words in typed.items()}


def _root(by_seq: Mapping[int, Event], event: Event) -> int:
    """The act at the bottom of the layers."""
    while event.kind != "act":
        event = by_seq[event.target or 0]
    return event.seq
