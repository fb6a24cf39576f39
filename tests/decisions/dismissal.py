"""Dismissals: what is on record, what is on the table, and from which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.document import Document
from tests.decisions import Row, Table
from tests.decisions.contract import evaluated
from tests.scenario import paper, way_to

ACTIVE, NATIONAL = way_to("active"), way_to("active", "nasional")
DAY = date(2026, 5, 12)
POOR_YEAR = evaluated("year", "2025-12-31", "kurang", date(2026, 1, 9))
POOR_QUARTER = evaluated("quarter", "2025-12-31", "kurang", date(2026, 1, 9))
GOOD_YEAR = evaluated("year", "2026-03-31", "butuh-perbaikan", date(2026, 4, 2))
FOR_PERFORMANCE = {"reason": "performance"}
DECREE = paper("sk-pemberhentian", DAY)


def by(reason: str, *papers: Document) -> dict[str, Any]:
    return {"reason": reason, "documents": papers}


TABLE: Table = {
    "performance-on-record": [
        Row("a poor year and coaching", [*ACTIVE, POOR_YEAR, "coach"], "dismiss-involuntarily", DAY, FOR_PERFORMANCE),
        Row(
            "coaching that ended well, then a poor year",
            [*ACTIVE, ("coach", date(2025, 12, 1)), "recover", POOR_YEAR],
            "dismiss-involuntarily",
            DAY,
            FOR_PERFORMANCE,
        ),
        Row(
            "a poor quarter and coaching",
            [*ACTIVE, POOR_QUARTER, "coach"],
            "dismiss-involuntarily",
            DAY,
            FOR_PERFORMANCE,
            refused=("no-year-evaluation",),
            words=("evaluate, scope year", "PP 49/2018 art. 53", "diktum 24"),
        ),
        Row(
            "a poor year without coaching",
            [*ACTIVE, POOR_YEAR],
            "dismiss-involuntarily",
            DAY,
            FOR_PERFORMANCE,
            refused=("no-coaching",),
            words=("coach",),
        ),
        Row(
            "a year that is not poor",
            [*ACTIVE, "coach", GOOD_YEAR],
            "dismiss-involuntarily",
            DAY,
            FOR_PERFORMANCE,
            refused=("evaluation-not-poor",),
            words=("butuh-perbaikan",),
        ),
        Row(
            "nothing at all",
            ACTIVE,
            "dismiss-involuntarily",
            DAY,
            FOR_PERFORMANCE,
            refused=("no-coaching", "no-year-evaluation"),
        ),
        Row(
            "a poor year without coaching, nationally",
            [*NATIONAL, POOR_YEAR],
            "dismiss-involuntarily",
            DAY,
            FOR_PERFORMANCE,
            under="nasional",
        ),
        Row("another ground", ACTIVE, "dismiss-involuntarily", DAY, {"reason": "prison"}),
    ],
    "verdict-or-decree": [
        Row("a verdict", ACTIVE, "dismiss-dishonourably", DAY, by("office-crime", paper("putusan", DAY))),
        Row("a decree", ACTIVE, "dismiss-dishonourably", DAY, by("party", paper("sk-hukuman", DAY))),
        Row(
            "neither",
            ACTIVE,
            "dismiss-dishonourably",
            DAY,
            by("office-crime"),
            refused=("no-verdict-or-decree",),
            words=("final verdict", "putusan NUMBER DATE", "sk-hukuman NUMBER DATE", "UU 20/2023 art. 52"),
        ),
    ],
    "not-before-verdict": [
        Row("on its day", ACTIVE, "dismiss-dishonourably", DAY, by("office-crime", paper("putusan", DAY))),
        Row("its day is not known", ACTIVE, "dismiss-dishonourably", DAY, by("office-crime", paper("putusan"))),
        Row(
            "the day before it",
            ACTIVE,
            "dismiss-dishonourably",
            date(2026, 5, 11),
            by("office-crime", paper("putusan", DAY)),
            refused=("before-verdict",),
            warned=("document-after-act",),
            words=("2026-05-11", "2026-05-12", "suspend", "UU 20/2023 art. 52"),
        ),
        Row(
            "the day before it, in the second class",
            ACTIVE,
            "dismiss-involuntarily",
            date(2026, 5, 11),
            by("prison", paper("putusan", DAY), paper("sk-pemberhentian")),
            refused=("before-verdict",),
            warned=("document-after-act",),
        ),
    ],
    "disputed-ground": [
        Row("one law, one class", ACTIVE, "dismiss-dishonourably", DAY, {"reason": "pancasila"}),
        *(
            Row(
                f"{ground} by {step}",
                ACTIVE,
                step,
                DAY,
                {"reason": ground},
                warned=("ground-disputed",),
                words=(ground, "UU 20/2023", "PP 49/2018"),
            )
            for ground in ("serious-discipline", "planned-crime")
            for step in ("dismiss-dishonourably", "dismiss-involuntarily")
        ),
    ],
}
