"""The rows that an import refused, beside the file they came from: ready to mend and import again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

from domain.files import replaced
from domain.findings import refusing
from domain.outcome import Outcome, Verdict
from domain.text import Text
from workflow.intake.workers import REASONS_HEADING, WorkerFile


def write_refused(file: Path, workers: WorkerFile, outcome: Outcome, say: Callable[[Text], str]) -> Path | None:
    """Write `<name>.refused.csv` with the rows as they stood and the reasons; None if no row was refused."""
    reasons = {
        row.row: " ".join(f"{say(finding.message)} {say(finding.remedy)}".strip() for finding in refusing(row.findings))
        for row in outcome.rows
        if row.verdict is Verdict.REFUSED
    }
    if not reasons:
        return None
    target = file.with_name(f"{file.stem}.refused.csv")
    headings = workers.headings
    with replaced(target) as draft, draft.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*headings.values(), REASONS_HEADING])
        for row in workers.rows:
            if row.number in reasons:
                writer.writerow(
                    [*(_plain(workers.cells[row.number].get(name)) for name in headings), reasons[row.number]]
                )
    return target


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
