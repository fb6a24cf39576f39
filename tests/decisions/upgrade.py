"""From part time to full time."""

from __future__ import annotations

from datetime import date

from tests.decisions import Row, Table
from tests.decisions.contract import evaluated
from tests.scenario import full_time, way_to

ACTIVE = way_to("active")
PROPOSED = [*ACTIVE, "propose-full-time"]
GOOD = evaluated("quarter", "2025-12-31", "baik", date(2026, 1, 5))
POOR = evaluated("quarter", "2026-03-31", "kurang", date(2026, 4, 5))
IN_METRO = way_to("active", "kota-metro")

TABLE: Table = {
    "part-time": [
        Row("a part-timer", [*ACTIVE, GOOD], "propose-full-time"),
        Row(
            "one of the 15",
            [*full_time("active"), GOOD],
            "propose-full-time",
            refused=("not-part-time",),
            words=("full time already", "diktum 28"),
        ),
    ],
    "evaluated-for-upgrade": [
        Row("a good quarter", [*ACTIVE, GOOD], "propose-full-time"),
        Row(
            "nothing on record",
            ACTIVE,
            "propose-full-time",
            warned=("no-good-evaluation",),
            words=("no evaluation is on record", "evaluate", "diktum 28"),
        ),
        Row(
            "the last one is poor",
            [*ACTIVE, GOOD, POOR],
            "propose-full-time",
            warned=("no-good-evaluation",),
            words=("kurang",),
        ),
        Row(
            "the last one by its period, not by the day it was told",
            [*ACTIVE, POOR, evaluated("year", "2025-12-31", "baik", date(2026, 4, 6))],
            "propose-full-time",
            warned=("no-good-evaluation",),
        ),
        Row(
            "a poor year, then a good quarter",
            [
                *ACTIVE,
                evaluated("year", "2025-12-31", "kurang", date(2026, 1, 5)),
                evaluated("quarter", "2026-03-31", "baik", date(2026, 4, 5)),
            ],
            "propose-full-time",
        ),
        Row("a good quarter in Metro", [*IN_METRO, GOOD], "propose-full-time", under="kota-metro"),
        Row(
            "nothing on record in Metro",
            IN_METRO,
            "propose-full-time",
            date(2026, 1, 2),
            under="kota-metro",
            refused=("no-good-evaluation",),
        ),
        Row(
            "nothing on record in Metro, before the mayor said so",
            IN_METRO,
            "propose-full-time",
            date(2025, 12, 23),
            under="kota-metro",
            warned=("no-good-evaluation",),
        ),
    ],
    "need-set": [
        Row("the need is set", [*PROPOSED, "set-full-time-need"], "request-conversion"),
        Row(
            "it is not",
            PROPOSED,
            "request-conversion",
            refused=("need-not-set",),
            words=("set-full-time-need", "diktum 28"),
        ),
        Row(
            "it was for a proposal that was refused",
            [*PROPOSED, "set-full-time-need", "refuse-upgrade", "propose-full-time"],
            "request-conversion",
            refused=("need-not-set",),
        ),
        Row(
            "it is still set after BKN was asked", [*PROPOSED, "set-full-time-need", "request-conversion"],
            "request-conversion",
        ),
    ],
    "conversion-asked": [
        Row("BKN was asked", way_to("upgrade-proposed"), "upgrade"),
        Row(
            "it was not",
            [*PROPOSED, "set-full-time-need"],
            "upgrade",
            refused=("conversion-not-asked",),
            words=("request-conversion", "diktum 28"),
        ),
        Row(
            "it was for another need",
            [*PROPOSED, "set-full-time-need", "request-conversion", "set-full-time-need"],
            "upgrade",
            refused=("conversion-not-asked",),
        ),
        Row(
            "it was for a proposal that was refused",
            [*way_to("upgrade-proposed"), "refuse-upgrade", "propose-full-time"],
            "upgrade",
            refused=("conversion-not-asked",),
        ),
    ],
}  # fmt: skip
