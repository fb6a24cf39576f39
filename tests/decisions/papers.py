"""A reason brings its paper, and a case on legal hold waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.decisions import Row, Table
from tests.scenario import Fact, paper, way_to

ACTIVE = way_to("active")
HELD: list[Fact] = [*way_to("policy-review", "kota-metro"), "hold"]
DAY = date(2026, 5, 12)


def by(reason: str, *kinds: str) -> dict[str, Any]:
    return {"reason": reason, "documents": tuple(paper(kind, DAY) for kind in kinds)}


def pair(before: list[Fact] | list[str], step: str, reason: str, kind: str, *always: str) -> list[Row]:
    """The reason with its paper, and without it."""
    return [
        Row(f"{step} for {reason}, with {kind}", before, step, DAY, by(reason, *always, kind)),
        Row(
            f"{step} for {reason}, without",
            before,
            step,
            DAY,
            by(reason, *always),
            refused=("no-paper-of-reason",),
            words=(reason, f"{kind} NUMBER DATE"),
        ),
    ]


REASONS: list[Row] = [
    *pair(ACTIVE, "suspend", "detained", "surat-penahanan"),
    *pair(ACTIVE, "dismiss-honourably", "downsizing", "keputusan-perampingan", "sk-pemberhentian"),
    *pair(ACTIVE, "dismiss-honourably", "unfit", "hasil-uji-kesehatan", "sk-pemberhentian"),
    *pair(ACTIVE, "dismiss-involuntarily", "prison", "putusan", "sk-pemberhentian"),
    *pair(way_to("withdrawn"), "reopen", "new-policy", "surat-kebijakan"),
    *pair(way_to("appointment-cancelled"), "reopen", "court-ruling", "putusan"),
    *pair(way_to("appointment-cancelled"), "reopen", "apip-finding", "lhp"),
    *pair(ACTIVE, "hold", "police", "laporan-polisi"),
    *pair(ACTIVE, "hold", "apip", "surat-apip"),
    Row(
        "a breach of discipline by a decree",
        ACTIVE,
        "dismiss-involuntarily",
        DAY,
        by("serious-discipline", "sk-pemberhentian", "sk-hukuman"),
        warned=("ground-disputed",),
    ),
    Row(
        "a breach of discipline by a verdict",
        ACTIVE,
        "dismiss-involuntarily",
        DAY,
        by("serious-discipline", "sk-pemberhentian", "putusan"),
        warned=("ground-disputed",),
    ),
    Row(
        "a breach of discipline by neither",
        ACTIVE,
        "dismiss-involuntarily",
        DAY,
        by("serious-discipline", "sk-pemberhentian"),
        refused=("no-paper-of-reason",),
        warned=("ground-disputed",),
        words=("sk-hukuman | putusan", "sk-hukuman NUMBER DATE"),
    ),
    Row("a reason that needs none", ACTIVE, "suspend", DAY, by("unpaid-leave")),
    Row(
        "a planned crime needs the verdict, a decree is not enough",
        ACTIVE,
        "dismiss-dishonourably",
        DAY,
        by("planned-crime", "sk-hukuman"),
        refused=("no-paper-of-reason",),
        warned=("ground-disputed",),
    ),
    Row(
        "without a reason only that is told",
        ACTIVE,
        "hold",
        DAY,
        {"reason": None, "documents": ()},
        refused=("missing-reason",),
        words=("police, apip",),
    ),
]
"""Rules of no guard: a reason says in the procedure which papers it calls for."""

TABLE: Table = {
    "not-on-hold": [
        Row("no hold", way_to("policy-review", "kota-metro"), "not-renew", under="kota-metro"),
        Row("a hold that was released", [*HELD, "release-hold"], "not-renew", under="kota-metro"),
        Row(
            "one of the 91",
            HELD,
            "not-renew",
            under="kota-metro",
            refused=("on-hold",),
            words=("police or APIP", "release-hold", "Inspektorat", "T39"),
        ),
        Row(
            "outsourcing waits too",
            [*way_to("returned-to-opd"), "hold"],
            "outsource",
            refused=("on-hold",),
        ),
        Row(
            "and so does its end",
            [*way_to("outsourced"), "hold"],
            "end-outsourcing",
            refused=("on-hold",),
        ),
        Row("a death does not wait", HELD, "record-death", under="kota-metro"),
        Row("a dismissal of an employed worker does not", [*ACTIVE, "hold"], "dismiss-dishonourably"),
    ],
    "on-hold": [
        Row("held", HELD, "release-hold", under="kota-metro"),
        Row("not held", ACTIVE, "release-hold", refused=("not-on-hold",), words=("not on legal hold", "T39")),
        Row("released already", [*HELD, "release-hold"], "release-hold", under="kota-metro", refused=("not-on-hold",)),
    ],
}  # fmt: skip
