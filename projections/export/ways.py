"""Why a step may not be taken, and the way that leads to it, as an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.procedure_words import who_words
from domain.text import Text, text
from domain.way import Obstacle
from projections.export.outcomes import SEVERITIES
from projections.export.shape import Answer, Column

_OBSTACLES = {
    Obstacle.SWITCHED_OFF: text("There is no way: the step is switched off in this procedure."),
    Obstacle.VOID: text("There is no way: the case was taken back as a whole, or merged into another."),
    Obstacle.ENDED: text("There is no way: the case ended."),
    Obstacle.NO_PATH: text("There is no way: no steps lead from this stage to where the step starts."),
    Obstacle.CLOSED: text("There is no way: steps lead there, but on this day a rule refuses one on every way."),
    Obstacle.TOO_FAR: text("No way was found: too many steps are possible on the way to look at all of them."),
}


def why_answer(row: Mapping[str, Any], form: str) -> Answer:
    """For programs one object; for people every reason against the step, then the way to it, step by step.

    row: `case step possible findings way obstacle`, findings in the order judged, way in the order of the steps.
    """
    if form != "table":
        keys = ("case", "step", "possible", "findings", "way", "obstacle")
        return Answer([Column(key, text(key)) for key in keys], [row], single=True)
    columns = (
        Column("code", text("Code")),
        Column("severity", text("Severity")),
        Column("message", text("Reason")),
        Column("rule", text("Rule")),
        Column("remedy", text("Remedy")),
        Column("who", text("Who can supply it")),
    )
    findings = [
        {**finding, "severity": SEVERITIES[finding["severity"]], "who": finding["who"] and who_words(finding["who"])}
        for finding in row["findings"]
    ]
    title = text("{step} for {case}", step=row["step"], case=row["case"])
    return Answer(columns, findings, title=title, footer=[_verdict(row), text(""), *_way(row)])


def _verdict(row: Mapping[str, Any]) -> Text:
    if all(finding["severity"] == "warning" for finding in row["findings"]):
        return text("Nothing stands against it.")
    if row["possible"]:
        return text("It would be refused, but only for what can be given along with it.")
    return text("It would be refused.")


def _way(row: Mapping[str, Any]) -> Iterator[Text]:
    if row["obstacle"] is not None:
        yield _OBSTACLES[Obstacle(row["obstacle"])]
        return
    yield text("The shortest way to it:")
    for number, leg in enumerate(row["way"], 1):
        yield text(
            "{number}. {step}: {label} ({authority})",
            number=number,
            step=leg["step"],
            label=leg["label"],
            authority=who_words(leg["authority"]),
        )
        if leg["documents"]:
            yield text("   documents: {documents}", documents=", ".join(leg["documents"]))
        if leg["fields"]:
            yield text("   fields: {fields}", fields=", ".join(_field(field) for field in leg["fields"]))
        if leg["reasons"]:
            yield text("   reason, one of: {reasons}", reasons=", ".join(map(_reason, leg["reasons"])))
        for condition in leg["conditions"]:
            yield text("   asked: {condition}", condition=text(condition))


def _field(field: Mapping[str, Any]) -> str:
    choices: Sequence[str] = field["choices"]
    return f"{field['name']} ({' | '.join(choices)})" if choices else str(field["name"])


def _reason(reason: Mapping[str, Any]) -> str:
    papers = ", ".join(reason["documents"])
    return f"{reason['code']} ({papers})" if papers else str(reason["code"])
