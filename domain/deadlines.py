"""What a case owes by when: the limits of its procedure, reckoned from where the case stands.

A limit says until when a step is to be taken. Nothing here blocks a step; late is told, with the day it was missed.
Where a letter or a decree moved a date that had been missed already, the new date holds and the old one is told too.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from domain.events import Act
from domain.limits import Watch, watches
from domain.procedure import Deadline, Procedure
from domain.service import Evaluated
from domain.standing import Entry, Standing
from domain.working_days import Calendar, Calendars

A_DAY = timedelta(days=1)
MONTHS = {"quarter": 3, "year": 12}
"""How long a period is that is evaluated."""

_OTHERS = frozenset({"KemenPANRB", "MenPANRB", "BKN"})
"""Authorities beyond the agency and its region: what they owe is an answer."""


class Former(NamedTuple):
    """A due date that held until it had been missed. basis: what had set it; moved_by: the letter or decree since."""

    due: date
    missed_on: date
    basis: str
    moved_by: str


class Owed(NamedTuple):
    """A step that is to be taken until the end of `due`.

    kind: `evaluation`, `contract`, `answer` or `deadline`. unit: what its term is counted in, empty for a letter's day.
    period: the last day of what is to be evaluated; scope: `quarter` or `year`. formerly: earliest first.
    field: whose day is to be in time, if it is not that of the step.
    """

    step: str
    authority: str
    kind: str
    due: date
    unit: str
    basis: str
    formerly: tuple[Former, ...] = ()
    period: date | None = None
    scope: str | None = None
    field: str | None = None

    @property
    def missed_on(self) -> date:
        """The first day on which it is late."""
        return self.due + A_DAY


class Breach(NamedTuple):
    """A term that was missed, or was until it was moved. taken_on: the day on which the step was taken after all."""

    owed: Owed
    taken_on: date | None
    late: bool


class Past:
    """What a standing forgets: where the case stood on earlier days, and which periods were evaluated."""

    def __init__(self) -> None:
        self._stages: list[tuple[date, str]] = []
        self._evaluated: set[tuple[str, date]] = set()

    @classmethod
    def of(cls, standing: Standing) -> Past:
        """As much as the standing itself knows."""
        past = cls()
        if standing.stage is not None and standing.since is not None:
            past._stages.append((standing.since, standing.stage))
        past._evaluated = {(scope, _end_of(scope, ended_on)) for scope, (ended_on, _) in standing.evaluated.items()}
        return past

    def take(self, entry: Entry) -> None:
        """Take over what one act says; acts come in order."""
        act = entry.act
        if act.stage is not None:
            self._stages.append((act.effective_on, act.stage))
        if isinstance(act, Evaluated):
            self._evaluated.add((act.scope, _end_of(act.scope, act.ended_on)))

    def unevaluated(self, scope: str, stages: frozenset[str], day: date) -> Iterator[date]:
        """The last days of periods over by `day`, at whose end the case stood in `stages`, without an evaluation."""
        for (since, stage), (until, _) in pairwise([*self._stages, (day + A_DAY, "")]):
            ended_on = _end_of(scope, since) if stage in stages else until
            while ended_on < until:
                if (scope, ended_on) not in self._evaluated:
                    yield ended_on
                ended_on = _end_of(scope, ended_on + A_DAY)


def owed(
    standing: Standing,
    procedure: Procedure,
    calendars: Calendars,
    day: date,
    past: Past | None = None,
    *,
    taking: Act | None = None,
) -> list[Owed]:
    """What the case owes at the end of `day`, late or not, by due date.

    past: without it, periods that ended before the present stage began are left out. taking: an act that is about to
    be taken over, so that the windows it may have missed count too.
    """
    found: list[Owed] = []
    for watch in watches(procedure) if not standing.ended else ():
        on = _judged_on(watch, taking) if watch.window else day
        if on is not None and watch.formation in (None, standing.formation) and standing.stage in watch.stages:
            found += _of(watch, standing, calendars, on, past)
    return sorted(found, key=lambda one: (one.due, one.step, one.unit))


def _judged_on(watch: Watch, taking: Act | None) -> date | None:
    """The day on which an act falls into a window or misses it; None if it is about another step."""
    if taking is None or taking.step != watch.step.name:
        return None
    field = watch.limits[-1].field
    on: date | None = getattr(taking, field, None) if field else taking.effective_on
    return on


def stood(entries: Iterable[Entry], day: date) -> tuple[Standing, Past]:
    """Where a case stood at the end of `day`, and its past, from its acts in order."""
    standing, past = Standing(), Past()
    for entry in entries:
        if entry.act.effective_on <= day:
            standing.evolve(entry)
            past.take(entry)
    return standing, past


def breaches(entries: Sequence[Entry], procedure: Procedure, calendars: Calendars, day: date) -> list[Breach]:
    """Every term that was missed up to `day`, from the acts of the case in order; by due date.

    A term is reckoned anew before each act; that the step was taken at last, or can be no more, does not undo it.
    """
    found: dict[tuple[str, date, date | None, str | None], Breach] = {}
    standing, past = Standing(), Past()

    def look(on: date, act: Act | None) -> None:
        for one in owed(standing, procedure, calendars, on, past, taking=act):
            done = getattr(act, one.field) if one.field else on
            if one.due < done or one.formerly:
                taken_on = done if act is not None and act.step == one.step else None
                found[one.step, one.due, one.period, one.field] = Breach(one, taken_on, one.due < done)

    for entry in entries:
        if entry.act.effective_on <= day:
            look(entry.act.effective_on, entry.act)
            standing.evolve(entry)
            past.take(entry)
    look(day, None)
    moved = {(one.owed.step, former.due, one.owed.field) for one in found.values() for former in one.owed.formerly}
    told = [one for one in found.values() if (one.owed.step, one.owed.due, one.owed.field) not in moved]
    return sorted(told, key=lambda breach: (breach.owed.due, breach.owed.step))


def _of(watch: Watch, standing: Standing, calendars: Calendars, day: date, past: Past | None) -> Iterator[Owed]:
    limit = watch.limits[-1]
    if limit.by is not None:
        yield from _by_letter(watch, standing, day)
    elif limit.every is not None:
        ended = (past or Past.of(standing)).unevaluated(limit.every, watch.stages, day)
        for period in ended:
            yield _reckoned(watch, period, calendars, day)._replace(period=period, scope=limit.every)
    else:
        start = _start(watch, standing)
        if start is not None:
            yield _reckoned(watch, start, calendars, day)


def _by_letter(watch: Watch, standing: Standing, day: date) -> Iterator[Owed]:
    """By the latest letter of `day`, if the case stood in its stage on its last day."""
    letters = [letter for letter in watch.limits if (letter.since or date.min) <= day]
    since = standing.since or date.min
    last = letters[-1] if letters else None
    if last is None or last.by is None or (since > last.by and not watch.window):
        return
    formerly = tuple(
        Former(old.by, old.by + A_DAY, old.basis, new.basis)
        for old, new in pairwise(letters)
        if old.by is not None and new.since is not None and since <= old.by < new.since and old.by != last.by
    )
    yield Owed(watch.step.name, watch.step.authority, _kind(watch), last.by, "", last.basis, formerly, field=last.field)


def _start(watch: Watch, standing: Standing) -> date | None:
    """The day from which the term is counted; None if it does not run, or the step was taken since."""
    limit, taken = watch.limits[-1], standing.taken.get(watch.step.name, 0)
    if limit.before is not None:
        return _day_of(standing, limit.before)
    if watch.after is None:
        start = _day_of(standing, limit.after)
    else:
        ordinal = standing.taken.get(watch.after.name)
        start = date.fromordinal(ordinal) if ordinal else None
        came_back = start is not None and standing.stage == watch.after.to and (standing.since or start) > start
        if came_back:  # as a mended file does: what is to be done with it begins anew
            has_own = any(limit.after == standing.step for limit in watch.step.limits)
            start = None if has_own else standing.since
    return None if start is None or taken >= start.toordinal() else start


def _day_of(standing: Standing, name: str | None) -> date | None:
    day: date | None = getattr(standing, name) if name else None
    return day


def _reckoned(watch: Watch, start: date, calendars: Calendars, day: date) -> Owed:
    """The term that runs from `start`, with what other calendars had made of it and was missed before they went."""
    limit = watch.limits[-1]
    due = due_date(limit, start, calendars.now)
    formerly: dict[date, Former] = {}
    for replaced in calendars.former if limit.unit == "working-days" else ():
        was = due_date(limit, start, replaced.calendar)
        if was != due and was < replaced.on and was < day:
            formerly.setdefault(was, Former(was, was + A_DAY, limit.basis, replaced.by))
    earliest_first = tuple(formerly[was] for was in sorted(formerly))
    step = watch.step
    return Owed(step.name, step.authority, _kind(watch), due, limit.unit, limit.basis, earliest_first)


def due_date(limit: Deadline, start: date, working: Calendar) -> date:
    """The last day of a term of so many days, working days or months from, or before, a day."""
    count = limit.within or 0
    back = limit.before is not None
    if limit.unit == "working-days":
        return working.before(start, count) if back else working.after(start, count)
    if limit.unit == "months":
        return _months_from(start, -count if back else count)
    return start - count * A_DAY if back else start + count * A_DAY


def _months_from(day: date, months: int) -> date:
    """The same day of another month, or the last day of it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)  # the same few days for thousands of cases
def _end_of(scope: str, day: date) -> date:
    """The last day of the calendar quarter or year in which `day` is."""
    months = MONTHS[scope]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return _months_from(first, months) - A_DAY


def _kind(watch: Watch) -> str:
    limit = watch.limits[-1]
    if limit.every is not None:
        return "evaluation"
    if "contract_end" in (limit.after, limit.before):
        return "contract"
    return "answer" if watch.step.authority in _OTHERS else "deadline"
