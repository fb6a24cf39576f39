"""Declared groups and their sums, as answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from domain.text import Text, text
from projections.asked import Times
from projections.cohorts import Reckoning
from projections.export.outcomes import SHOWN
from projections.export.shape import Answer, Column

CaseNumber = Callable[[int], str]

_LISTED = (
    Column("name", text("Name")),
    Column("members", text("Members"), right=True),
    Column("selection", text("Selection")),
    Column("on", text("Since")),
    Column("documents", text("Documents")),
    Column("note", text("Note")),
    Column("recorded_at", text("Recorded at")),
    Column("actor", text("By")),
)
_COUNTED = (Column("name", text("Cohort")), Column("n", text("Number"), right=True))
_DIFFERING = (Column("case", text("Case")), Column("problem", text("Problem")), Column("cohorts", text("Cohorts")))
_WHOLE = tuple(
    Column(key, text(key))
    for key in (
        *("whole", "as_of", "known_at", "n", "expected", "parts"),
        *("missing", "twice", "outside", "absent", "holds"),
    )
)
_TOLD = {
    "missing": text("in no part"),
    "twice": text("in several parts"),
    "outside": text("not in the whole"),
    "absent": text("without a row in the roster then"),
}


def cohorts_answer(rows: Iterable[Mapping[str, Any]], form: str) -> Answer:
    """The definitions that hold; for people without who recorded them when."""
    return Answer(_LISTED[:6] if form == "table" else _LISTED, rows)


def check_answer(reckoning: Reckoning, times: Times, known_at: str, case_number: CaseNumber, form: str) -> Answer:
    """The sum and what is wrong with it: one object, for formats of rows a row for each case that is wrong."""
    if form == "json":
        return Answer(_WHOLE, [_whole(reckoning, times, known_at, case_number)], single=True)
    wrong = _wrong(reckoning, case_number)
    if form != "table":
        return Answer(_DIFFERING, wrong)
    counted = [{"name": one.name, "n": len(one.cases)} for one in (*reckoning.parts, reckoning.whole)]
    return Answer(_COUNTED, counted, footer=[*_lines(wrong), _conclusion(reckoning, times)])


def _whole(reckoning: Reckoning, times: Times, known_at: str, case_number: CaseNumber) -> dict[str, Any]:
    whole, parts = reckoning.whole, reckoning.parts
    return {
        "whole": whole.name,
        "as_of": times.as_of,
        "known_at": known_at,
        "n": len(whole.cases),
        "expected": reckoning.expected,
        "parts": [{"name": part.name, "n": len(part.cases)} for part in parts],
        "missing": [case_number(case) for case in reckoning.missing],
        "twice": [{"case": case_number(case), "parts": list(names)} for case, names in reckoning.twice],
        "outside": [{"case": case_number(case), "part": name} for case, name in reckoning.outside],
        "absent": [{"case": case_number(case), "cohort": one.name} for one in (whole, *parts) for case in one.absent],
        "holds": reckoning.holds,
    }


def _wrong(reckoning: Reckoning, case_number: CaseNumber) -> list[dict[str, Any]]:
    whole, parts = reckoning.whole, reckoning.parts
    found = [
        *((case, "missing", (whole.name,)) for case in reckoning.missing),
        *((case, "twice", names) for case, names in reckoning.twice),
        *((case, "outside", (name,)) for case, name in reckoning.outside),
        *((case, "absent", (one.name,)) for one in (whole, *parts) for case in one.absent),
    ]
    return [{"case": case_number(case), "problem": why, "cohorts": list(names)} for case, why, names in found]


def _lines(wrong: Sequence[Mapping[str, Any]]) -> Iterable[Text]:
    """One line for each thing that is wrong and the cohorts it is about, with the first few cases."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in wrong:
        grouped.setdefault((one["problem"], ", ".join(one["cohorts"])), []).append(one["case"])
    for (problem, names), cases in grouped.items():
        shown = ", ".join([*cases[:SHOWN], *(["…"] if len(cases) > SHOWN else [])])
        yield text(
            "{cohorts}: {count:,} {problem}: {cases}.",
            cohorts=names,
            count=len(cases),
            problem=_TOLD[problem],
            cases=shown,
        )


def _conclusion(reckoning: Reckoning, times: Times) -> Text:
    whole, expected = len(reckoning.whole.cases), reckoning.expected
    told: dict[str, Any] = {"day": times.as_of, "whole": whole, "parts": _sum(reckoning), "expected": expected}
    if expected not in (None, whole):
        return text("It does not hold as of {day}: {whole:,} where {expected:,} was expected.", **told)
    if not reckoning.parts:
        return text("It holds as of {day}: {whole:,}, as expected.", **told)
    if reckoning.holds:
        return text("It holds as of {day}: {whole:,} = {parts}.", **told)
    return text("It does not hold as of {day}: {whole:,} is not made of {parts}.", **told)


def _sum(reckoning: Reckoning) -> Text:
    terms = [text("{n:,}", n=len(part.cases)) for part in reckoning.parts] or [text("")]
    return reduce(lambda so_far, term: text("{so_far} + {term}", so_far=so_far, term=term), terms)
