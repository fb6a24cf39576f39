"""From the list to BKN."""

from __future__ import annotations

from datetime import date

from tests.decisions import Row, Table
from tests.scenario import paper, way_to

FILLING = way_to("drh-filling")
NEITHER = {"in_bkn_database": False, "cpns_2024": True, "pppk_2024": False}
LETTER = paper("surat-usulan", date(2025, 9, 25))


TABLE: Table = {
    "eligible": [
        Row("in the database, with a selection", ["register", "verify"], "propose", about={"cpns_2024": True}),
        Row("all PPPK stages", ["register", "verify"], "propose", about={**NEITHER, "pppk_2024": True}),
        Row("a PPG graduate", ["register", "verify"], "propose", about={**NEITHER, "category": "R5"}),
        Row(
            "the 377: CPNS only, not in the database",
            ["register", "verify"],
            "propose",
            about=NEITHER,
            refused=("not-eligible",),
            words=("none of the criteria", "diktum 4-5", "classify-out", "propose-late"),
        ),
        Row(
            "the 149: in the database, no selection",
            ["register", "verify"],
            "propose",
            about={"in_bkn_database": True, "cpns_2024": False, "pppk_2024": False},
            refused=("not-eligible",),
        ),
    ],
    "sptjm": [
        Row("with the statement of the PPK", way_to("not-eligible"), "propose-late"),
        Row(
            "a supplementary letter alone",
            way_to("not-eligible"),
            "propose-late",
            instead={"documents": (LETTER,)},
            on=date(2025, 9, 25),
            warned=("no-sptjm",),
            words=("SPTJM", "sptjm-ppk NUMBER DATE", "B/3832", "import check 21"),
        ),
        Row(
            "a proposal in the window needs it anyway",
            way_to("verified"),
            "propose",
            on=date(2025, 9, 25),
            instead={"documents": (LETTER,)},
            refused=("missing-document",),
            words=("sptjm-ppk",),
        ),
    ],
    "drh-complete": [
        Row("complete", FILLING, "propose-ni", instead={"fields": {"drh_complete": "ya"}}, on=date(2025, 9, 12)),
        Row(
            "not complete",
            FILLING,
            "propose-ni",
            on=date(2025, 9, 12),
            instead={"fields": {"drh_complete": "tidak"}},
            refused=("drh-incomplete",),
            words=("not complete", "withdraw", "SE 6/2025"),
        ),
    ],
    "withdrawal-letter": [
        Row("at own request, with the letter", FILLING, "withdraw", instead={"reason": "own-request"}),
        Row("not filed, no letter", FILLING, "withdraw", instead={"reason": "drh-not-filed", "documents": ()}),
        Row(
            "at own request, without it",
            FILLING,
            "withdraw",
            instead={"reason": "own-request", "documents": ()},
            refused=("no-withdrawal-letter",),
            words=("surat-pengunduran-diri", "drh-not-filed", "T12"),
        ),
    ],
}
