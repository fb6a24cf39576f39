"""Under contract. The examples have one from 2025-11-01 to 2026-10-31."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.decisions import Row, Table
from tests.scenario import Fact, full_time, way_to

SWORN, ACTIVE, SUSPENDED = way_to("sworn-in"), way_to("active"), way_to("suspended")
DUTY, DECIDED = date(2025, 11, 1), date(2026, 10, 1)


def runs(start: str, end: str) -> dict[str, Any]:
    return {"fields": {"contract_start": start, "contract_end": end}}


def evaluated(scope: str, ended_on: str, predicate: str, on: date = date(2026, 9, 30)) -> Fact:
    return ("evaluate", on, {"fields": {"scope": scope, "ended_on": ended_on, "predicate": predicate}})


GOOD_YEAR = evaluated("year", "2026-09-30", "baik")
QUARTER = {"fields": {"scope": "quarter", "ended_on": "2026-09-30", "predicate": "baik"}}
NEXT = runs("2026-11-01", "2027-10-31")

TABLE: Table = {
    "contract-dates": [
        Row("two years", full_time("sworn-in"), "start-duty", DUTY, runs("2025-11-01", "2027-10-31")),
        Row(
            "it ends before it starts",
            SWORN,
            "start-duty",
            DUTY,
            runs("2025-11-01", "2025-10-31"),
            refused=("contract-ends-before-start",),
            words=("2025-10-31", "2025-11-01", "contract_end", "art. 37"),
        ),
        Row(
            "an extension that ends before it starts",
            [*ACTIVE, GOOD_YEAR],
            "extend",
            DECIDED,
            runs("2026-11-01", "2026-10-31"),
            refused=("contract-ends-before-start",),
        ),
    ],
    "contract-one-year": [
        Row("365 days", SWORN, "start-duty", DUTY, runs("2025-11-01", "2026-10-31")),
        Row("366 days", SWORN, "start-duty", DUTY, runs("2025-11-01", "2026-11-01")),
        Row(
            "364 days",
            SWORN,
            "start-duty",
            DUTY,
            runs("2025-11-01", "2026-10-30"),
            warned=("contract-not-one-year",),
            words=("364 days", "diktum 13"),
        ),
        Row(
            "five years, as in Tapin",
            SWORN,
            "start-duty",
            DUTY,
            runs("2025-11-01", "2030-10-31"),
            warned=("contract-not-one-year",),
            words=("1826 days",),
        ),
        Row("five years, full time", full_time("sworn-in"), "start-duty", DUTY, runs("2025-11-01", "2030-10-31")),
    ],
    "contract-at-least-one-year": [
        Row("one year, full time", full_time("sworn-in"), "start-duty", DUTY, runs("2025-11-01", "2026-10-31")),
        Row("a leap day is no shortage", full_time("sworn-in"), "start-duty", DUTY, runs("2028-02-29", "2029-02-28")),
        Row(
            "a day less, full time",
            full_time("sworn-in"),
            "start-duty",
            DUTY,
            runs("2025-11-01", "2026-10-30"),
            refused=("contract-under-one-year",),
            words=("364 days", "at least one year", "PP 49/2018 art. 37"),
        ),
        Row(
            "a day less than the year with the leap day, full time",
            full_time("sworn-in"),
            "start-duty",
            DUTY,
            runs("2027-03-01", "2028-02-28"),
            refused=("contract-under-one-year",),
            words=("365 days",),
        ),
        Row(
            "an extension of a month, full time",
            [*full_time("active"), GOOD_YEAR],
            "extend",
            DECIDED,
            runs("2026-11-01", "2026-11-30"),
            refused=("contract-under-one-year",),
        ),
    ],
    "contract-follows": [
        Row("the day after", [*ACTIVE, GOOD_YEAR], "extend", DECIDED, NEXT),
        Row(
            "a day left out",
            [*ACTIVE, GOOD_YEAR],
            "extend",
            DECIDED,
            runs("2026-11-02", "2027-11-01"),
            warned=("contract-gap",),
            words=("2026-11-02", "2026-10-31", "import check 11"),
        ),
        Row(
            "a day twice",
            [*ACTIVE, GOOD_YEAR],
            "extend",
            DECIDED,
            runs("2026-10-31", "2027-10-30"),
            warned=("contract-overlap",),
            words=("2026-10-31", "import check 11"),
        ),
    ],
    "evaluated-for-extension": [
        Row("a good year", [*ACTIVE, GOOD_YEAR], "extend", DECIDED, NEXT),
        Row(
            "nothing on record",
            ACTIVE,
            "extend",
            DECIDED,
            NEXT,
            warned=("no-year-evaluation",),
            words=("evaluate, scope year", "art. 37", "diktum 18"),
        ),
        Row(
            "a quarter is no year",
            [*ACTIVE, evaluated("quarter", "2026-09-30", "baik")],
            "extend",
            DECIDED,
            NEXT,
            warned=("no-year-evaluation",),
        ),
        Row(
            "the year before this contract",
            [*ACTIVE, evaluated("year", "2025-10-31", "baik")],
            "extend",
            DECIDED,
            NEXT,
            warned=("no-year-evaluation",),
        ),
        Row(
            "on the contract's first day it counts",
            [*ACTIVE, evaluated("year", "2025-11-01", "baik")],
            "extend",
            DECIDED,
            NEXT,
        ),
        Row(
            "a poor year",
            [*ACTIVE, evaluated("year", "2026-09-30", "sangat-kurang")],
            "extend",
            DECIDED,
            NEXT,
            warned=("evaluation-poor",),
            words=("sangat-kurang", "expire"),
        ),
        Row(
            "an older poor year does not count against a later good one",
            [*ACTIVE, evaluated("year", "2025-12-31", "kurang", date(2026, 1, 10)), GOOD_YEAR],
            "extend",
            DECIDED,
            NEXT,
        ),
    ],
    "contract-runs": [
        Row("on its last day", SUSPENDED, "reinstate", date(2026, 10, 31)),
        Row(
            "the day after",
            SUSPENDED,
            "reinstate",
            date(2026, 11, 1),
            refused=("contract-ran-out",),
            words=("2026-10-31", "expire", "UU 20/2023 art. 53"),
        ),
    ],
    "contract-over": [
        Row("the day after its last one", ACTIVE, "expire", date(2026, 11, 1)),
        Row("a suspended worker's too", SUSPENDED, "expire", date(2026, 11, 2)),
        Row(
            "on its last day",
            ACTIVE,
            "expire",
            date(2026, 10, 31),
            refused=("contract-not-over",),
            words=("2026-10-31", "2026-11-01", "art. 53, 65"),
        ),
        Row(
            "after an extension the new last day counts",
            [*ACTIVE, GOOD_YEAR, ("extend", DECIDED)],
            "expire",
            date(2026, 11, 1),
            refused=("contract-not-over",),
            words=("2027-10-31",),
        ),
    ],
    "period-over": [
        Row("on its last day", ACTIVE, "evaluate", date(2026, 9, 30), QUARTER),
        Row(
            "the day before",
            ACTIVE,
            "evaluate",
            date(2026, 9, 29),
            QUARTER,
            warned=("period-not-over",),
            words=("2026-09-29", "2026-09-30", "diktum 17"),
        ),
    ],
}
