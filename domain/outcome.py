"""What a command did, row by row: the answer that every command about cases gives to people and programs.

The same rows tell beforehand what it would do: `Outcome.foreseen` keeps what a proposal promises of each, and
`Outcome.held_against` says where that is no longer so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain.findings import Finding, Severity
from domain.text import Text, text


class Verdict(StrEnum):
    """PASSED: a good row that was not recorded, because others were refused or it was a rehearsal.

    QUEUED: a row that waits in the inbox for whoever decides, or would wait there if the command were recorded.
    """

    RECORDED = "recorded"
    PASSED = "passed"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    QUEUED = "queued"


class Owes(msgspec.Struct, frozen=True):
    """A step that is to be taken, by the end of that day."""

    step: str
    by: date


class Foreseen(msgspec.Struct, frozen=True):
    """What a proposal promises of one row; where any of it is otherwise when it is judged again, it is not kept.

    findings: codes, sorted. stage_before, stage_after: of the case, on its timeline. taken_back: seqs of events.
    unit: by its own name, where one is stated. procedure: the rules it was judged by. due: what is owed then.
    """

    row: int | None
    case: str | None
    verdict: Verdict
    findings: tuple[str, ...] = ()
    stage_before: str | None = None
    stage_after: str | None = None
    on: date | None = None
    taken_back: tuple[int, ...] = ()
    unit: str | None = None
    procedure: str | None = None
    due: tuple[Owes, ...] = ()

    def said(self) -> Text:
        """The verdict with the stages, or with what stands against it."""
        if self.verdict is Verdict.REFUSED:
            return text("refused ({codes})", codes=", ".join(self.findings) or "-")
        if self.verdict is Verdict.UNCHANGED:
            return text("unchanged")
        if self.verdict is Verdict.QUEUED:
            return text("waits for who decides ({codes})", codes=", ".join(self.findings) or "-")
        stages = {"before": self.stage_before or "-", "after": self.stage_after or "-"}
        if not (self.findings or self.taken_back or self.due):
            return text("passed, {before} → {after}", **stages)
        beside = [
            *self.findings,
            *(f"#{seq}" for seq in self.taken_back),
            *(f"{one.step} {one.by}" for one in self.due),
        ]
        return text("passed, {before} → {after} ({codes})", **stages, codes=", ".join(beside))


class Row(NamedTuple):
    """row: number in the file, None without one. case: its number as people write it.

    stage: where the case was. open_steps: where a step is refused. The others are as `Foreseen` has them,
    due as a question that is answered only before anything is recorded.
    """

    row: int | None
    case: str | None
    nik: str | None
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    stage: str | None = None
    open_steps: tuple[str, ...] | None = None
    leads_to: str | None = None
    on: date | None = None
    taken_back: tuple[int, ...] = ()
    unit: str | None = None
    procedure: str | None = None
    due: Callable[[], tuple[Owes, ...]] = tuple

    @property
    def warned(self) -> bool:
        return bool(self.findings) and self.verdict in (Verdict.RECORDED, Verdict.PASSED)

    @property
    def foreseen(self) -> Foreseen:
        codes = tuple(sorted({finding.code for finding in self.findings}))
        return Foreseen(
            self.row,
            self.case if self.verdict is not Verdict.QUEUED else None,  # not everybody is told whose row it may be
            self.verdict,
            codes,
            self.stage,
            self.leads_to if self.verdict not in (Verdict.REFUSED, Verdict.QUEUED) else None,
            self.on,
            self.taken_back,
            self.unit,
            self.procedure,
            self.due() if self.verdict is Verdict.PASSED else (),
        )


class Outcome(NamedTuple):
    """command: the id it was recorded under, None if nothing was. notes: findings about the file as a whole.

    proposal: the item of the inbox under which it waits for somebody else, where it is not recorded for that.
    """

    command: UUID | None
    rows: list[Row]
    notes: tuple[Finding, ...] = ()
    proposal: int | None = None

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def warned(self) -> int:
        return sum(row.warned for row in self.rows)

    def recordable(self, *, partial: bool) -> bool:
        """Whether something of it, all unless `partial`, is in order and would be recorded."""
        good = self.count(Verdict.PASSED) + self.count(Verdict.QUEUED)
        return bool(good) and (partial or not self.count(Verdict.REFUSED))

    @property
    def foreseen(self) -> tuple[Foreseen, ...]:
        """What is promised where this outcome is shown before anything is recorded."""
        return tuple(row.foreseen for row in self.rows)

    @property
    def differs(self) -> bool:
        """Whether it was held against what had been shown, and is another."""
        return any(finding.code == DIFFERS for row in self.rows for finding in row.findings)

    def held_against(self, expected: Sequence[Foreseen] | None) -> Outcome:
        """The same, with each row refused that is not what was shown; as it is where nothing was shown."""
        if expected is None:
            return self
        now = self.foreseen
        if now == tuple(expected):
            return self
        shown = {(one.row, one.case): one for one in expected}
        there = {(one.row, one.case) for one in now}
        gone = [Row(one.row, one.case, None, one.verdict) for key, one in shown.items() if key not in there]
        held = [_held(row, one, shown.get((one.row, one.case))) for row, one in zip(self.rows, now, strict=True)]
        return self._replace(rows=[*held, *(_held(row, None, shown[row.row, row.case]) for row in gone)])


DIFFERS = "outcome-differs"
ALREADY_RECORDED = Finding(
    "already-recorded",
    text("this command was already recorded; nothing was changed"),
    severity=Severity.WARNING,
)


def _held(row: Row, now: Foreseen | None, shown: Foreseen | None) -> Row:
    if now == shown:
        return row
    nothing = text("not there")
    finding = Finding(
        DIFFERS,
        text(
            "the outcome would be another: it was {was}; now it is {now}",
            was=shown.said() if shown else nothing,
            now=now.said() if now else nothing,
        ),
        text("Look at the case with lantik show, and plan anew."),
        rule="register: proposals",
    )
    return row._replace(verdict=Verdict.REFUSED, findings=(*row.findings, finding))
