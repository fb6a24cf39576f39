"""The inbox as an answer: what waits for somebody, and below it what their roles owe soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from domain.text import Text, text
from projections.export.shape import Answer, Column
from projections.history import document_row

COLUMNS = (
    Column("item", text("Item"), right=True),
    Column("state", text("State")),
    Column("kind", text("Kind")),
    Column("step", text("Step")),
    Column("cases", text("Cases"), right=True),
    Column("units", text("Units")),
    Column("roles", text("Roles")),
    Column("due", text("Due")),
    Column("put_by", text("Put by")),
    Column("since", text("Since")),
    Column("mine", text("Mine")),
    Column("verdict", text("Verdict")),
    Column("settled_by", text("Settled by")),
    Column("settled_at", text("Settled")),
    Column("reason", text("Reason")),
    Column("command", text("Command")),
    Column("corrected", text("Corrected")),
    Column("file", text("File")),
    Column("row", text("Row"), right=True),
    Column("codes", text("Findings")),
)
_FOR_PEOPLE = ("item", "state", "kind", "step", "cases", "units", "due", "put_by", "since")
_SETTLED = ("verdict", "settled_by", "reason")
_STATES = {
    "open": text("waits"), "yours": text("yours"), "settled": text("settled"), "due": text("due"),
    "late": text("late"),
}  # fmt: skip
_NOTHING: dict[str, Any] = {column.key: None for column in COLUMNS} | {"corrected": [], "codes": [], "mine": False}
_WAYS = 10
"""How many ways from stage to stage are told."""
_UNITS = 2
"""How many units are named in a table."""

FORESEEN = (
    Column("row", text("Row"), right=True),
    Column("case", text("Case")),
    Column("step", text("Step")),
    Column("verdict", text("Verdict")),
    Column("stage_before", text("Stage before")),
    Column("stage_after", text("Stage after")),
    Column("on", text("Effective")),
    Column("taken_back", text("Taken back")),
    Column("unit", text("Unit")),
    Column("findings", text("Findings")),
    Column("due", text("Due")),
    Column("fields", text("Fields")),
)
_REQUEST = Column("request", text("Request"))
_ROWS = Column("rows", text("Rows"))


def owed_rows(
    owed: Iterable[Mapping[str, Any]], roles: Callable[[str], str | None], mine: Iterable[str] | None
) -> list[dict[str, Any]]:
    """What is owed, summed for each step: how many cases, and the first day. By that day.

    owed: rows of `projections.due`, by due date. roles: whose a step is. mine: the roles of whoever asks; None for all.
    """
    held = None if mine is None else set(mine)
    steps: dict[str, list[Mapping[str, Any]]] = {}
    for row in owed:
        if held is None or roles(row["step"]) in held:
            steps.setdefault(row["step"], []).append(row)
    return [
        _NOTHING
        | {
            "state": "late" if rows[0]["missed_on"] else "due",
            "kind": "due",
            "step": step,
            "cases": len({row["case"] for row in rows}),
            "units": sorted({row["unit"] for row in rows}),
            "roles": [role] if (role := roles(step)) else [],
            "due": rows[0]["due"],
        }
        for step, rows in steps.items()
    ]


def inbox_answer(waiting: Sequence[Mapping[str, Any]], owed: Sequence[Mapping[str, Any]], form: str) -> Answer:
    """What waits, then what is owed; for people with the counts below."""
    rows = [*waiting, *owed]
    if form != "table":
        return Answer(COLUMNS, rows)
    shown = (*_FOR_PEOPLE, *_SETTLED) if any(row["verdict"] for row in rows) else _FOR_PEOPLE
    waits = sum(row["state"] == "open" for row in waiting)
    footer = [text("{waits:,} items wait, {owed:,} steps are due or late.", waits=waits, owed=len(owed))]
    return Answer([column for column in COLUMNS if column.key in shown], map(_for_people, rows), footer=footer)


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    state = "yours" if row["mine"] and row["state"] == "open" else row["state"]
    since = row["since"].strftime("%Y-%m-%d %H:%M") if row["since"] else None
    return {**row, "state": _STATES[state], "since": since, "units": _named(row["units"])}


def _named(units: Sequence[str]) -> Text | str:
    named = ", ".join(units[:_UNITS])
    return named if len(units) <= _UNITS else text("{names}, … ({count:,})", names=named, count=len(units))


def item_answer(item: Mapping[str, Any], form: str) -> Answer:
    """One item: one object in JSON, for other programs the rows of it; for people what is asked for, and the rows."""
    item = _as_documents(item)
    if form == "json":
        return Answer((*COLUMNS, _REQUEST, _ROWS), [item], single=True)
    if form != "table":
        return Answer(FORESEEN, item["rows"])
    columns = [column for column in FORESEEN if any(row[column.key] for row in item["rows"])]
    rows = [
        {**row, "due": [f"{one['step']} {one['due']}" for one in row["due"]], "fields": _briefly(row["fields"])}
        for row in item["rows"]
    ]
    footer = list(_request_lines(item))
    if len(rows) == 1 and (fields := item["rows"][0]["fields"]):
        footer.append(text("The row: {fields}.", fields=_listed(fields)))
    return Answer(columns or FORESEEN[1:5], rows, title=title_of(item), footer=footer)


def _briefly(fields: Mapping[str, Any]) -> str:
    """What tells a worker from others; all fields of a step."""
    return _listed({name: fields[name] for name in ("nik", "name") if name in fields} or fields)


def _listed(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in fields.items())


def _as_documents(item: Mapping[str, Any]) -> dict[str, Any]:
    request = item["request"]
    if request is None:
        return dict(item)
    return {**item, "request": {**request, "documents": [document_row(paper) for paper in request["documents"]]}}


def title_of(item: Mapping[str, Any]) -> Text:
    """Who asks for what, in one line."""
    return text(
        "Item {item}: {what}, {cases:,} cases, put there by {put_by} on {since}",
        item=item["item"],
        what=" ".join(filter(None, [item["kind"], item["step"]])),
        cases=item["cases"],
        put_by=item["put_by"],
        since=item["since"].strftime("%Y-%m-%d %H:%M"),
    )


def foreseen_lines(item: Mapping[str, Any]) -> Iterator[Text]:
    """What becomes of the cases, for whoever is to confirm it: the request, and how many go from where to where."""
    yield from _request_lines(_as_documents(item))
    ways = Counter((row["verdict"], row["stage_before"], row["stage_after"]) for row in item["rows"])
    for (verdict, before, after), count in ways.most_common(_WAYS):
        yield text(
            "{count:,} {verdict}: {before} → {after}", count=count, verdict=verdict, before=before or "-",
            after=after or "-",
        )  # fmt: skip
    found = Counter(code for row in item["rows"] for code in row["findings"])
    if found:
        yield text("Findings: {codes}.", codes=", ".join(f"{code} {count}" for code, count in found.most_common()))


def _request_lines(item: Mapping[str, Any]) -> Iterator[Text]:
    request = item["request"]
    if request is not None:
        papers = ", ".join(f"{paper['kind']} {paper['number']}" for paper in request["documents"])
        yield text("Effective: {day}. Documents: {papers}.", day=request["on"] or "-", papers=papers or "-")
        if fields := _listed(request["fields"]):
            yield text("Fields: {fields}.", fields=fields)
        if request["to"]:
            yield text("To the procedure {to}.", to=request["to"])
        if why := " ".join(filter(None, [request["reason"], request["why"]])):
            yield text("Why: {why}.", why=why)
    if item["verdict"]:
        yield text(
            "{verdict} by {actor}: {reason}", verdict=item["verdict"], actor=item["settled_by"],
            reason=item["reason"] or "-",
        )  # fmt: skip
