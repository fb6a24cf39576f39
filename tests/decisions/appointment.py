"""From the NI to the oath."""

from __future__ import annotations

from datetime import date

from tests.decisions import Row, Table
from tests.scenario import full_time, paper, way_to

ASKED, NUMBERED, APPOINTED = way_to("ni-proposed"), way_to("ni-assigned"), way_to("appointed")
WOMAN = {"birth_date": date(1990, 1, 1), "sex": "P"}


def ni(number: str) -> dict[str, dict[str, str]]:
    return {"fields": {"ni": number}}


def wage(rupiah: str) -> dict[str, dict[str, str]]:
    return {"fields": {"wage": rupiah}}


TABLE: Table = {
    "ni-fits-person": [
        Row("born that day, a woman", ASKED, "assign-ni", instead=ni("199001012025212001"), values=WOMAN),
        Row("neither is known", ASKED, "assign-ni", instead=ni("199001012025211001")),
        Row(
            "nothing fits",
            ASKED,
            "assign-ni",
            instead=ni("198001012025221001"),
            values=WOMAN,
            warned=("ni-birth-date", "ni-digits", "ni-sex"),
            words=("pertek", "import check 5"),
        ),
        Row(
            "a new number with an upgrade is looked at too",
            way_to("upgrade-proposed"),
            "upgrade",
            instead=ni("199001012026211001"),
            values=WOMAN,
            warned=("ni-sex",),
        ),
    ],
    "wage-floor": [
        Row("the last pay", NUMBERED, "appoint", instead=wage("1500000"), about={"previous_wage": 1_500_000}),
        Row("the last pay is not known", NUMBERED, "appoint", instead=wage("1500000")),
        Row(
            "a full-timer's pay has another rule",
            full_time("ni-assigned"),
            "appoint",
            instead=wage("1500000"),
            about={"previous_wage": 9_000_000},
        ),
        Row(
            "below the last pay",
            NUMBERED,
            "appoint",
            instead=wage("1499999"),
            about={"previous_wage": 1_500_000},
            refused=("wage-below-floor",),
            words=("1499999", "1500000", "diktum 19"),
        ),
        Row(
            "an addendum below the last pay",
            way_to("active"),
            "amend-contract",
            instead=wage("1499999"),
            about={"previous_wage": 1_500_000},
            refused=("wage-below-floor",),
        ),
        Row(
            "an addendum of the job alone",
            way_to("active"),
            "amend-contract",
            instead={"fields": {"wage": None}},
            about={"previous_wage": 1_500_000},
        ),
    ],
    "oath-after-decree": [
        Row("on the day of the decree", APPOINTED, "swear-in", date(2025, 8, 8)),
        Row(
            "before it",
            [*NUMBERED, ("appoint", None, {"documents": (paper("sk", date(2025, 8, 20)),)})],
            "swear-in",
            date(2025, 8, 19),
            warned=("oath-before-decree",),
            words=("2025-08-19", "2025-08-20", "import check 10"),
        ),
    ],
}
