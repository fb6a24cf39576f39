"""Rosters and totals at two times: who stood where, as it was and as it was known."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from domain.log import ALWAYS
from projections import roster, views
from projections.asked import Selection, Times
from projections.tables import KEPT
from tests.engine import EVERYBODY, Engine, ni_of, workers

AUGUST = date(2025, 8, 1)
OATH = date(2025, 10, 23)
KEYS = [
    "case", "nik", "ni", "name", "unit", "position", "category", "formation", "stage", "status", "since", "step",
    "document",
]  # fmt: skip
TO_OATH = ("verify", "propose", "approve", "announce", "propose-ni", "assign-ni", "appoint")


def now(engine: Engine) -> int:
    return engine.rows("SELECT max(recorded_at) FROM command")[0][0]


def totals(engine: Engine, times: Times, *fields: str, selection: Selection = EVERYBODY) -> list[tuple[object, ...]]:
    with engine.reading() as connection:
        return [tuple(row.values()) for row in roster.count(connection, times, selection, fields)]


@pytest.fixture
def oath(engine: Engine) -> Engine:
    """Six workers: 1 to 3 sworn in on 23 October, 4 rejected, 5 died on 1 September, 6 registered."""
    engine.imports(workers(6), AUGUST)
    engine.brings([1, 2, 3], *TO_OATH)
    engine.takes("swear-in", [1, 2, 3], OATH)
    engine.brings([4], "verify", "propose", "reject")
    engine.takes("record-death", [5], date(2025, 9, 1))
    return engine


def test_a_row_has_the_keys_that_programs_rely_on_in_their_order(oath):
    first = oath.roster(OATH)[0]
    one = workers(6)[0]
    assert list(first) == KEYS
    assert first | {"ni": None} == {
        "case": "36.73-000001", "nik": one.nik, "ni": None, "name": one.name, "unit": one.unit,
        "position": one.position, "category": one.category, "formation": "pppk-pw", "stage": "sworn-in",
        "status": "pppk-pw", "since": OATH, "step": "swear-in", "document": "800/berita-acara/2025",
    }  # fmt: skip
    assert [row["ni"] for row in oath.roster(OATH)] == [ni_of(1), ni_of(2), ni_of(3), None, None, None]


def test_each_day_has_its_own_roster(oath):
    assert oath.roster(AUGUST - timedelta(days=1)) == []
    assert oath.stages(AUGUST) == ["registered"] * 6
    assert oath.stages(OATH - timedelta(days=1))[:3] == ["appointed"] * 3
    assert oath.stages(OATH) == ["sworn-in"] * 3 + ["rejected", "deceased", "registered"]
    assert [row["status"] for row in oath.roster(OATH)] == ["pppk-pw"] * 3 + ["non-asn", "none", "non-asn"]


def test_a_death_counts_on_its_own_day(oath):
    days = (date(2025, 8, 31), date(2025, 9, 1))
    assert [oath.roster(day)[4]["status"] for day in days] == ["non-asn", "none"]


def test_a_late_entry_changes_what_is_known_now_and_not_what_was_known_then(oath):
    before = now(oath)
    then = oath.roster(OATH, before)
    oath.takes("record-death", [6], date(2025, 9, 15))
    assert oath.roster(OATH)[5]["stage"] == "deceased"
    assert oath.roster(OATH, before) == then
    assert oath.roster(OATH, now(oath) - 1) == then
    assert oath.roster(OATH, now(oath)) == oath.roster(OATH, ALWAYS) != then


def test_an_act_in_the_future_is_planned_until_its_day(oath):
    oath.takes("start-duty", [1], date(2026, 1, 1))
    assert oath.roster(date(2025, 12, 31))[0]["stage"] == "sworn-in"
    assert oath.roster(date(2026, 1, 1))[0]["stage"] == "active"


@pytest.mark.parametrize(
    ("selection", "cases"),
    [
        (Selection(stage=("sworn-in", "rejected")), [1, 2, 3, 4]),
        (Selection(status=("none",)), [5]),
        (Selection(numbers=[2, 6, 99]), [2, 6]),
        (Selection(numbers=[]), []),
        (Selection(formation=("pppk",)), []),
        (Selection(stage=("sworn-in",), numbers=[3, 4]), [3]),
        (EVERYBODY, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_every_filter_that_is_given_must_hold(oath, selection, cases):
    assert [row["case"] for row in oath.roster(OATH, selection=selection)] == [oath.case(one) for one in cases]
    with oath.reading() as connection:
        assert roster.numbers(connection, Times(OATH), selection) == cases


@pytest.mark.parametrize("field", ["unit", "category"])
def test_facts_of_the_post_select_and_count_as_well(oath, field):
    rows = oath.roster(OATH)
    wanted = rows[0][field]
    expected = [row for row in rows if row[field] == wanted]
    selection = Selection(**{field: (wanted,)})
    assert oath.roster(OATH, selection=selection) == expected
    assert totals(oath, Times(OATH), field, selection=selection) == [(wanted, len(expected))]


def test_totals_are_those_of_the_roster_by_any_fields(oath):
    assert totals(oath, Times(OATH), "stage") == [
        ("deceased", 1), ("registered", 1), ("rejected", 1), ("sworn-in", 3),
    ]  # fmt: skip
    assert totals(oath, Times(OATH), "status", "stage") == [
        ("non-asn", "registered", 1), ("non-asn", "rejected", 1), ("none", "deceased", 1), ("pppk-pw", "sworn-in", 3),
    ]  # fmt: skip
    assert sum(row[-1] for row in totals(oath, Times(OATH), *roster.COUNTED)) == 6
    assert totals(oath, Times(AUGUST - timedelta(days=1)), "stage") == []


def test_a_masked_roster_shows_neither_numbers_nor_names(oath):
    with oath.reading() as connection:
        rows = list(roster.roster(connection, Times(OATH), EVERYBODY, oath.case, masked=True))
    for row, one in zip(rows, workers(6), strict=True):
        assert row["nik"] == f"{one.nik[:4]}********{one.nik[-4:]}"
        assert one.name not in repr(row)
        assert row["name"][0] == one.name[0]
    assert rows[0]["ni"] == f"{ni_of(1)[:4]}**********{ni_of(1)[-4:]}"


def test_asking_takes_the_same_statements_for_few_and_for_many(engine):
    counted: dict[str, list[int]] = {}
    people = workers(310)
    for first, size in ((0, 10), (10, 300)):
        engine.imports(people[first : first + size])
        for name, question in {
            "roster": lambda: engine.roster(OATH),
            "known at": lambda: engine.roster(OATH, now(engine)),
            "count": lambda: totals(engine, Times(OATH), "stage", "unit"),
            "numbers": lambda: engine.roster(OATH, selection=Selection(numbers=range(1, 311))),
            "streams": lambda: list(engine.register.log_of_events.streams(range(1, 311))),
            "history": lambda: engine.register.log_of_events.stream(1),
        }.items():
            before = engine.statements
            question()
            counted.setdefault(name, []).append(engine.statements - before)
    assert all(few == many for few, many in counted.values()), counted


def test_at_one_day_and_moment_a_case_has_one_row_in_each_table(oath):
    oath.takes("minute", [1, 4], date(2025, 8, 2), note="catatan")
    for table in KEPT.families:
        overlapping = oath.rows(
            f"SELECT a.number FROM {table.name} a JOIN {table.name} b ON a.number = b.number"
            " AND (a.valid_from, a.known_from) < (b.valid_from, b.known_from)"
            " AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to"
            " AND a.known_from < b.known_to AND b.known_from < a.known_to"
        )
        assert overlapping == [], table.name
        empty = f"SELECT * FROM {table.name} WHERE valid_from >= valid_to OR known_from >= known_to"
        assert oath.rows(empty) == [], table.name


def test_what_is_not_changed_by_a_command_is_not_written_anew(oath):
    """A meeting leaves the stage: its rows stand as they were, with the moment they were first believed."""
    before = [oath.rows(f"SELECT * FROM {table.name} ORDER BY 1, 2, 3") for table in KEPT.families]
    oath.takes("minute", [1, 2, 3], OATH + timedelta(days=1))
    assert [oath.rows(f"SELECT * FROM {table.name} ORDER BY 1, 2, 3") for table in KEPT.families] == before


def test_rebuilt_equals_kept_after_acts_in_every_order(oath):
    oath.takes("minute", [1, 4], date(2025, 8, 2), note="catatan")
    oath.takes("record-death", [4], date(2025, 10, 1))
    again = msgspec.structs.replace(workers(6)[4], position="Sopir")
    oath.imports([again], date(2025, 9, 1), reopen=True)
    kept, rebuilt = oath.rebuilt()
    assert kept.fingerprint == rebuilt.fingerprint
    assert list(kept.rows.values()) == list(rebuilt.rows.values())


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stage_interval SET stage = 'active' WHERE number = 6",
        "DELETE FROM stage_interval WHERE number = 6",
        "UPDATE post_interval SET known_from = known_from + 1 WHERE number = 6",
        "UPDATE person_interval SET ni = '199001012025211999' WHERE number = 6",
    ],
)
def test_a_view_that_says_something_else_is_found_and_mended_by_a_rebuild(oath, damage):
    right = oath.roster(OATH)
    with oath.register.datastore.write() as connection:
        connection.exec_driver_sql(damage)
    kept, rebuilt = oath.rebuilt()
    assert kept.fingerprint != rebuilt.fingerprint
    assert oath.roster(OATH) == right
    with oath.reading() as connection:
        assert views.status(connection).fingerprint == rebuilt.fingerprint


def test_a_rebuild_leaves_every_index_and_no_table_of_its_own(oath, database):
    schemas = {
        "sqlite": "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
        "postgresql": "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    }
    before = oath.rows(schemas[database])
    oath.rebuilt()
    assert oath.rows(schemas[database]) == before
