"""The published figures of Kota Serang, and what the register answers to the same questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.text import Text, text
from workflow.demo.story import LETTER

Ask = Callable[..., list[dict[str, Any]]]
"""Gives the words of a reading command; answers with the rows for programs."""


class Figure(NamedTuple):
    """A figure: its key among the answers, what it counts, and who said so."""

    key: str
    what: Text
    published: int
    source: Text


_PROPOSED = text("JPNN, jpnn.com")
_LATE = text("BantenNews, bantennews.co.id")
_OATH = text("Tangerang Ekspres, Banten Raya")
_MEETING = text("report of meeting, 2025-12-12")
_SETTLED = text("the city's statement, 2026-01-20")
_UNTOLD = text("told only on 2026-01-20")

PUBLISHED = (
    Figure("proposed", text("proposed first, 2025-08-20"), 3_911, _PROPOSED),
    Figure("late", text("proposed late, 2025-09-25"), 526, _PROPOSED),
    Figure("late-in-database", text("- in the database, took no selection"), 149, _LATE),
    Figure("late-cpns", text("- took CPNS, not in the database"), 377, _LATE),
    Figure("before-oath", text("PPPK on the eve, 2025-10-22"), 0, text("in force from the oath (assumed)")),
    Figure("part-time", text("sworn in part-time, 2025-10-23"), 3_794, _OATH),
    Figure("full-time", text("sworn in full-time, 2025-10-23"), 15, _OATH),
    Figure("sworn-in", text("sworn in together, 2025-10-23"), 3_809, _OATH),
    Figure("not-ready", text("proposed first and not sworn in"), 117, text("3,911 less 3,794")),
    Figure("waiting", text("waiting for the ministry, 2025-12-12"), 526, _MEETING),
    Figure("others", text("others not accommodated, 2025-12-12"), 805, _MEETING),
    Figure("unsettled", text("not accommodated together"), 1_331, _MEETING),
    Figure("outsourced-unknown", text("outsourced 2026-01-10, known 2026-01-15"), 0, _UNTOLD),
    Figure("waiting-unknown", text("waiting 2026-01-10, known 2026-01-15"), 526, _UNTOLD),
    Figure("outsourced", text("outsourced 2026-01-10, known 2026-01-21"), 1_331, _SETTLED),
    Figure("part-time-after", text("part-time, 2026-01-20"), 3_794, _SETTLED),
    Figure("settled", text("settled by 2026-01-20 (the 117 left out)"), 5_140, text("3,794 and 15 and 1,331")),
)


def measured(ask: Ask) -> Mapping[str, int]:
    """Every figure by its key, as the register answers it."""
    proposed = _count(ask, "stage", "--as-of", "2025-08-20", "--formation", "pppk-pw")
    reasons = Counter(row["reason"] for row in ask("log", "--step", "propose-late"))
    eve = _count(ask, "status", "--as-of", "2025-10-22")
    oath = _count(ask, "status", "--as-of", "2025-10-23", "--stage", "sworn-in")
    first_letter = _count(ask, "stage", "--as-of", "2025-10-23", "--where-document", LETTER)
    meeting = _count(ask, "stage", "--as-of", "2025-12-12")
    unknown = _count(ask, "stage", "--as-of", "2026-01-10", "--known-at", "2026-01-15")
    known = _count(ask, "stage", "--as-of", "2026-01-10", "--known-at", "2026-01-21")
    after = _count(ask, "status", "--as-of", "2026-01-20")
    return {
        "proposed": proposed["proposed"],
        "late": reasons.total(),
        "late-in-database": reasons["in-db-no-selection"],
        "late-cpns": reasons["cpns-not-in-db"],
        "before-oath": eve["pppk-pw"] + eve["pppk"],
        "part-time": oath["pppk-pw"],
        "full-time": oath["pppk"],
        "sworn-in": oath.total(),
        "not-ready": first_letter.total() - first_letter["sworn-in"],
        "waiting": meeting["proposed"],
        "others": meeting["not-eligible"],
        "unsettled": meeting["proposed"] + meeting["not-eligible"],
        "outsourced-unknown": unknown["outsourced"],
        "waiting-unknown": unknown["proposed"],
        "outsourced": known["outsourced"],
        "part-time-after": after["pppk-pw"],
        "settled": after["pppk-pw"] + after["pppk"] + after["outsourced"],
    }


def _count(ask: Ask, field: str, *words: str) -> Counter[str]:
    return Counter({row[field]: row["n"] for row in ask("count", "--by", field, *words)})
