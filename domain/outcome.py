"""What a command did, row by row: the answer that `advance` and `import` give to people and programs."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.findings import Finding


class Verdict(StrEnum):
    """PASSED: a good row that was not recorded, because others were refused or it was a rehearsal."""

    RECORDED = "recorded"
    PASSED = "passed"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


class Row(NamedTuple):
    """row: number in the file, None without one. case: its number as people write it. open_steps: on refusal."""

    row: int | None
    case: str | None
    nik: str | None
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    stage: str | None = None
    open_steps: tuple[str, ...] = ()

    @property
    def warned(self) -> bool:
        return bool(self.findings) and self.verdict in (Verdict.RECORDED, Verdict.PASSED)


class Outcome(NamedTuple):
    """command: the id it was recorded under, None if nothing was. notes: findings about the file as a whole."""

    command: UUID | None
    rows: list[Row]
    notes: tuple[Finding, ...] = ()

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def warned(self) -> int:
        return sum(row.warned for row in self.rows)
