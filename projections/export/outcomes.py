"""What a command did, told to people in a few lines and to programs row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from domain.findings import Finding
from domain.outcome import Outcome, Row, Verdict
from domain.text import Text, text
from projections.export.shape import Answer, Column

SHOWN = 5
"""How many cases or rows are named for one and the same finding."""

_ROW = (
    Column("row", text("Row"), right=True),
    Column("case", text("Case")),
    Column("nik", text("NIK")),
    Column("verdict", text("Verdict")),
    Column("findings", text("Findings")),
)
_WHOLE = tuple(
    Column(key, text(key))
    for key in ("command", "recorded", "refused", "warned", "unchanged", "queued", "rows", "notes", "proposal")
)


def for_programs(outcome: Outcome, form: str) -> Answer:
    """One object with counts and rows; for formats of rows, the rows."""
    rows = [_row(row) for row in outcome.rows]
    if form != "json":
        return Answer(_ROW, rows)
    whole = {
        "command": outcome.command,
        "recorded": outcome.count(Verdict.RECORDED),
        "refused": outcome.count(Verdict.REFUSED),
        "warned": outcome.warned,
        "unchanged": outcome.count(Verdict.UNCHANGED),
        "queued": outcome.count(Verdict.QUEUED),
        "rows": rows,
        "notes": [_finding(finding) for finding in outcome.notes],
        "proposal": outcome.proposal,
    }
    return Answer(_WHOLE, [whole], single=True)


def _row(row: Row) -> dict[str, Any]:
    return {
        "row": row.row,
        "case": row.case,
        "nik": row.nik,
        "verdict": row.verdict.value,
        "findings": [_finding(finding) for finding in row.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": str(finding.message),
        "rule": finding.rule,
        "remedy": str(finding.remedy),
        "column": finding.column,
    }


def for_people(outcome: Outcome, refused_file: Path | None, *, whole: bool = False) -> tuple[list[Text], list[Text]]:
    """The counts for standard output, and what was found for standard error; the same finding is told once.

    whole: the command knows no --partial.
    """
    refused = outcome.count(Verdict.REFUSED)
    told = list(finding_lines([(None, note) for note in outcome.notes]))
    told += finding_lines((row, finding) for row in outcome.rows for finding in row.findings)
    told += _ways_out(outcome.rows)
    if not refused or outcome.command is not None or outcome.proposal is not None:
        return list(_summary(outcome, refused_file)), told
    told.append(text("Refused: {refused:,} of {all:,}. Nothing was recorded.", refused=refused, all=len(outcome.rows)))
    if (passed := outcome.count(Verdict.PASSED)) and not whole:
        told.append(text("The other {passed:,} are in order; --partial records them alone.", passed=passed))
    if (queued := outcome.count(Verdict.QUEUED)) and not whole:
        told.append(text("With --partial {queued:,} would wait in the inbox for who decides.", queued=queued))
    return [], told


def _summary(outcome: Outcome, refused_file: Path | None) -> Iterator[Text]:
    recorded, queued = outcome.count(Verdict.RECORDED), outcome.count(Verdict.QUEUED)
    yield text(
        "{recorded:,} recorded, {refused:,} refused, {warned:,} with warnings, {unchanged:,} unchanged.",
        recorded=recorded,
        refused=outcome.count(Verdict.REFUSED),
        warned=outcome.warned,
        unchanged=outcome.count(Verdict.UNCHANGED),
    )
    if (passed := outcome.count(Verdict.PASSED)) and not recorded:
        yield text("{passed:,} would be recorded.", passed=passed)
    if queued and outcome.command is not None:
        yield text("{queued:,} wait in the inbox for who decides; see lantik inbox.", queued=queued)
    elif queued:
        yield text("{queued:,} would wait in the inbox for who decides.", queued=queued)
    if outcome.proposal is not None:
        yield text(
            "Proposed as item {item}; nothing is recorded until somebody else confirms it.", item=outcome.proposal
        )
    if outcome.command is not None:
        yield text("Command {id}.", id=outcome.command)
    if refused_file is not None:
        yield text("The refused rows with their reasons are in {file}.", file=refused_file.name)


def finding_lines(found: Iterable[tuple[Row | int | None, Finding]]) -> Iterator[Text]:
    """One line for each different finding: how grave, where, what, why and what to do."""
    grouped: dict[tuple[object, ...], list[Row | int | None]] = {}
    findings: dict[tuple[object, ...], Finding] = {}
    for where, finding in found:
        key = (finding.code, str(finding.message), finding.column)
        findings.setdefault(key, finding)
        grouped.setdefault(key, []).append(where)
    for same, places in grouped.items():
        finding = findings[same]
        line = text(
            "{severity}{where}: {message}.{rule}{remedy}",
            severity=SEVERITIES[finding.severity.value],
            where=_places(places, finding.column),
            message=finding.message,
            rule=text(" [{rule}]", rule=finding.rule) if finding.rule else "",
            remedy=text(" {remedy}", remedy=finding.remedy) if finding.remedy.template else "",
        )
        stops = finding.message.template.endswith(".")
        yield text("{severity}{where}: {message}{rule}{remedy}", **line.values) if stops else line


SEVERITIES = {"error": text("Refused"), "question": text("To be decided"), "warning": text("Warning")}


def _places(places: Sequence[Row | int | None], column: str | None) -> Text | str:
    named = [name for place in places if (name := _name(place))]
    if not named:
        return text(" (column {column})", column=column) if column else ""
    shown: Text | str = ", ".join(named[:SHOWN])
    if len(named) > SHOWN:
        shown = text("{names}, … ({count:,})", names=shown, count=len(named))
    if column:
        return text(" ({places}, column {column})", places=shown, column=column)
    return text(" ({places})", places=shown)


def _name(place: Row | int | None) -> str:
    if place is None:
        return ""
    if isinstance(place, int):
        return f"#{place}"
    row = f"#{place.row}" if place.row is not None else ""
    return " ".join(part for part in (row, place.case or "") if part)


def _ways_out(rows: Iterable[Row]) -> Iterator[Text]:
    """The open steps of the refused cases, once for each stage."""
    told: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.stage and row.open_steps is not None:
            told.setdefault(row.stage, row.open_steps)
    for stage, steps in told.items():
        yield text("Open steps of a case that is {stage}: {steps}.", stage=stage, steps=", ".join(steps) or "-")
