"""The shortest legal way from where a case stands to a step, found by trying steps on paper.

A hypothetical act is judged by the guards and taken over by `Standing.evolve`, as a recorded one would be, all on the
day that was asked about. What can be given along with a step, papers and fields, is taken as given.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import count, islice, product
from typing import Any, NamedTuple, cast

import msgspec

from domain.case import act_of
from domain.document import Document
from domain.draft import PERSONAL_FIELDS, Draft, Request, draft, read_field
from domain.events import Act
from domain.findings import refusing
from domain.guards import GUARDS
from domain.procedure import FieldRule, FieldType, Step
from domain.rules import Rules
from domain.standing import Entry, Standing

MOST_STANDINGS = 4000
"""Hypothetical standings that are looked at before the search gives up."""
MOST_MANNERS = 200
"""Combinations of reasons and choices that are tried of one step."""

_EXAMPLES = {FieldType.INTEGER: "1", FieldType.MONEY: "1500000", FieldType.BOOLEAN: "ya"}


class Obstacle(StrEnum):
    """Why there is no way: the last but one says that rules close every way, the last that none was found in time."""

    SWITCHED_OFF = "switched-off"
    VOID = "void"
    ENDED = "ended"
    NO_PATH = "no-path"
    CLOSED = "closed"
    TOO_FAR = "too-far"


class Leg(NamedTuple):
    """One step of a way. reasons: the codes with which the way goes on. choices: by field, where not all will do."""

    step: Step
    leads_to: str
    reasons: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]


class Way(NamedTuple):
    """legs: the steps in order, the one asked about last; none where an obstacle says why not."""

    legs: tuple[Leg, ...] = ()
    obstacle: Obstacle | None = None


class _Manner(NamedTuple):
    """A step with a reason and with choices among its fields. tells: alike where no standing sees a difference."""

    draft: Draft
    act: Act
    choices: dict[str, str | None]
    tells: int


class _Node(NamedTuple):
    """A hypothetical standing, how many steps led to it, and the last of them; None where the case stands."""

    standing: Standing
    taken: int
    manner: _Manner | None = None
    before: _Node | None = None

    def manners(self) -> list[_Manner]:
        found: list[_Manner] = []
        node: _Node | None = self
        while node is not None and node.manner is not None:
            found.append(node.manner)
            node = node.before
        return found[::-1]


def shortest_way(standing: Standing, request: Request, rules: Rules) -> Way:
    """The fewest steps that end with the one requested, with the reason and the fields that the request gives.

    Of several ways equally short the one whose steps come first in the file. All acts are of the day requested.
    """
    goal = rules.procedure.steps[request.step]
    search = _Search(request, rules)
    if standing.stage not in search.far:
        return Way(obstacle=_obstacle(standing, goal))
    taken = search.manners_from(standing)
    return Way(obstacle=taken) if isinstance(taken, Obstacle) else Way(tuple(search.legs(standing, taken)))


def distances(rules: Rules, goal: str) -> dict[str | None, int]:
    """By stage, the fewest steps that end with `goal` if no guard is asked; not the stages that never get there."""
    arriving: dict[str, list[str]] = {}
    far: dict[str | None, int] = {}
    for stage in rules.procedure.stages:
        for step in rules.open_steps(stage):
            arriving.setdefault(rules.lead(stage, step) or stage, []).append(stage)
            if step == goal:
                far[stage] = 1
    waiting = deque(stage for stage in far if stage is not None)
    while waiting:
        stage = waiting.popleft()
        for earlier in arriving.get(stage, ()):
            if earlier not in far:
                far[earlier] = far[stage] + 1
                waiting.append(earlier)
    return far


def _obstacle(standing: Standing, goal: Step) -> Obstacle:
    if not goal.enabled:
        return Obstacle.SWITCHED_OFF
    if standing.stage is None:
        return Obstacle.VOID
    return Obstacle.ENDED if standing.ended else Obstacle.NO_PATH


class _Search:
    """One question. far: what is at least left to do from a stage, which makes the search look there first (A*)."""

    def __init__(self, request: Request, rules: Rules) -> None:
        self.goal, self.rules = request.step, rules
        self.read: set[str] = set()
        self.far = distances(rules, request.step)
        self.day = Request("", request.on)
        asked = list(_manners(rules, request))  # none if what was given is wrong, which its findings say
        self._manners = {request.step: asked or list(_manners(rules, Request(request.step, request.on)))}

    def manners(self, step: str) -> Sequence[_Manner]:
        if step not in self._manners:
            self._manners[step] = list(_manners(self.rules, self.day._replace(step=step)))
        return self._manners[step]

    def manners_from(self, standing: Standing) -> list[_Manner] | Obstacle:
        """The steps to take, the goal last.

        Standings count as one where the facts that guards read are the same. Which these are shows while guards are
        asked, so it is begun again when a further fact is read.
        """
        found = None
        while found is None:
            found = self._spread(standing, sorted(self.read))
        return found

    def _spread(self, standing: Standing, facts: list[str]) -> list[_Manner] | Obstacle | None:
        """Looks first at the standing that promises the fewest steps; None where it is to begin again."""
        order = count()
        waiting = [(self.far[standing.stage], 0, next(order), _key(standing, facts), _Node(standing, 0))]
        seen: set[bytes] = set()
        best: dict[bytes, int] = {}
        while waiting:
            *_, key, node = heapq.heappop(waiting)
            if key in seen:
                continue
            if len(seen) == MOST_STANDINGS:
                return Obstacle.TOO_FAR
            seen.add(key)
            last = next(self._legal(node.standing, self.goal), None)
            if last is not None and len(self.read) == len(facts):
                return [*node.manners(), last]
            for after in self._next(node):
                key = _key(after.standing, facts)
                if key not in seen and best.get(key, after.taken + 1) > after.taken:
                    best[key] = after.taken
                    least = after.taken + self.far[after.standing.stage]
                    heapq.heappush(waiting, (least, -after.taken, next(order), key, after))
            if len(self.read) > len(facts):
                return None
        return Obstacle.CLOSED

    def legs(self, standing: Standing, taken: Sequence[_Manner]) -> Iterator[Leg]:
        """The steps with every reason and choice with which the rest of the way stays legal."""
        for at, manner in enumerate(taken):
            step = manner.draft.step
            after = evolved(standing, manner.act)
            free = [one for one in self.manners(step.name) if self._goes(standing, [one, *taken[at + 1 :]])]
            reasons = dict.fromkeys(one.draft.reason for one in free if one.draft.reason)
            yield Leg(step, after.stage or "", tuple(reasons), _binding(self.manners(step.name), free))
            standing = after

    def _next(self, node: _Node) -> Iterator[_Node]:
        standing = node.standing
        for step in self.rules.open_steps(standing.stage):
            if step != self.goal and self.rules.lead(standing.stage, step) in self.far:
                told: set[int] = set()
                for manner in self._legal(standing, step):
                    if manner.tells not in told:
                        told.add(manner.tells)
                        yield _Node(evolved(standing, manner.act), node.taken + 1, manner, node)

    def _legal(self, standing: Standing, step: str) -> Iterator[_Manner]:
        if self.rules.lead(standing.stage, step) is not None:
            for manner in self.manners(step):
                if not self._closed(standing, manner.draft):
                    yield manner

    def _goes(self, standing: Standing, taken: Sequence[_Manner]) -> bool:
        for manner in taken:
            step = manner.draft.step.name
            if self.rules.lead(standing.stage, step) is None or self._closed(standing, manner.draft):
                return False
            standing = evolved(standing, manner.act)
        return True

    def _closed(self, standing: Standing, asked: Draft) -> bool:
        """Whether a guard refuses a step for what the case is, and not for what could be given along with it."""
        guards = [guard for name in asked.step.guards if not (guard := GUARDS[name]).suppliable]
        watched = cast("Standing", _Watched(standing, self.read))
        return any(
            refusing(finding for guard in guards for finding in guard.check(watched, asked, self.rules.procedure))
        )


class _Watched:
    """A standing that notes which of its facts are read."""

    def __init__(self, standing: Standing, read: set[str]) -> None:
        self._standing, self._read = standing, read

    def __getattr__(self, fact: str) -> Any:
        self._read.update(_BEHIND.get(fact, (fact,)))
        return getattr(self._standing, fact)


_BEHIND = {"status": ("formation", "employment"), "flags": ("outside_criteria", "held")}
"""The facts that what a standing works out is made of."""


def _binding(offered: Sequence[_Manner], free: Sequence[_Manner]) -> dict[str, tuple[str, ...]]:
    """By field the choices that will do, for the fields where another choice, or none, would not."""
    binding = {}
    for name in free[0].choices:
        will_do = list(dict.fromkeys(one.choices[name] for one in free))
        if None not in will_do and len(will_do) < len({one.choices[name] for one in offered}):
            binding[name] = tuple(value for value in will_do if value is not None)
    return binding


def evolved(standing: Standing, act: Act) -> Standing:
    """The standing after one more act; the one before is not changed."""
    after = msgspec.structs.replace(standing)
    after.evolve(Entry(standing.version + 1, act))
    return after


def _key(standing: Standing, facts: Iterable[str]) -> bytes:
    """The stage and the facts that make a difference; each is evolved from the act, the stage and itself alone."""
    return msgspec.msgpack.encode([standing.stage, *(getattr(standing, fact) for fact in facts)])


def _manners(rules: Rules, request: Request) -> Iterator[_Manner]:
    """A step with everything that can be given, for each reason and choice that there is."""
    step = rules.procedure.steps[request.step]
    paper = {rule.kind: Document(rule.kind, "1", request.on) for rule in step.documents}
    reasons = [reason.code for reason in step.reasons] if step.reason_required else [None]
    fields = {rule.name: _typed(rule, request) for rule in step.fields}
    opened = {"opens": 0} if step.opens else {}  # the number that the linked case will have
    told: dict[Act, int] = {}
    for reason, *typed in islice(
        product([request.reason] if request.reason else reasons, *fields.values()), MOST_MANNERS
    ):
        given = {name: value for name, value in zip(fields, typed, strict=True) if value is not None}
        asked = draft(step, request._replace(documents=tuple(paper.values()), fields=given, reason=reason), request.on)
        if not refusing(asked.findings):
            choices = {name: given.get(name) for name, offered in fields.items() if len(offered) > 1}
            act = act_of(asked, rules, **opened)
            bare = msgspec.structs.replace(act, reason=None, documents=())
            yield _Manner(asked, act, choices, told.setdefault(bare, len(told)))


def _typed(rule: FieldRule, request: Request) -> list[str | None]:
    """What can be typed into a field: what was asked for, else each choice, else an example of its type."""
    if rule.name in request.fields:
        return [request.fields[rule.name]]
    if rule.name in PERSONAL_FIELDS and not rule.required:
        return [None]
    if rule.type is FieldType.CHOICE:
        return [*([] if rule.required else [None]), *rule.choices]
    if rule.type is FieldType.DATE:
        return [request.on.isoformat()]
    value, _ = read_field(rule, rule.example)
    return [rule.example if value is not None else _EXAMPLES.get(rule.type, "199001012025211001")]
