"""The audit trail of one case, the log over all, and who differs between two days."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from domain.errors import Refused
from domain.log import ALWAYS, Wanted
from projections import history, show
from projections.asked import Times
from projections.diff import diff
from projections.lookup import containing, named
from tests.engine import EVERYBODY, Engine, ni_of, workers
from tests.scenario import paper
from workflow.calendar import calendars

FIRST = date(2025, 8, 1)
FOREVER = Times(date.max)
TO_NI = ("verify", "propose", "approve", "announce", "propose-ni")
KEYS = {
    "seq", "event", "step", "stage", "effective_on", "recorded_at", "actor", "role", "authority", "command",
    "documents", "fields", "reason", "note", "target", "rescinded_by",
}  # fmt: skip


@pytest.fixture
def case(engine: Engine) -> Engine:
    """Registered on the 1st, verified on the 10th, proposed on the 20th; then a meeting of the 15th, recorded late."""
    engine.imports(workers(2), FIRST)
    engine.takes("verify", [1], date(2025, 8, 10))
    engine.takes("propose", [1], date(2025, 8, 20))
    engine.takes("minute", [1], date(2025, 8, 15), note="menunggu berkas")
    return engine


def told(engine: Engine, times: Times = FOREVER, number: int = 1, *, masked: bool = False) -> list[dict[str, object]]:
    register = engine.register
    stream = register.log_of_events.stream(number, times.known_at)
    return history.history(stream, times, register.settings.zone, register.rulebook.load, masked=masked)


def moments(engine: Engine) -> list[int]:
    return [moment for (moment,) in engine.rows("SELECT recorded_at FROM command ORDER BY 1")]


def test_every_event_is_a_row_in_the_order_recorded_with_all_keys(case):
    rows = told(case)
    assert [(row["seq"], row["step"]) for row in rows] == [
        (1, "register"),
        (2, "verify"),
        (3, "propose"),
        (4, "minute"),
    ]
    assert all(row.keys() >= KEYS for row in rows)
    assert [row["event"] for row in rows] == ["Registered", "Verified", "SubmittedToKemenpanRb", "MeetingNoted"]
    assert [row["authority"] for row in rows] == ["OPD", "BKPSDM", "PPK", "BKPSDM"]
    assert {row["actor"] for row in rows} == {"clerk"}
    assert rows[2]["documents"][0]["kind"] == "surat-usulan"
    assert rows[3]["note"] == "menunggu berkas"
    assert [row["recorded_at"].utcoffset().total_seconds() for row in rows] == [7 * 3600.0] * 4


def test_each_row_says_what_was_believed_of_its_day_before_and_after(case):
    rows = told(case)
    assert rows[0]["before"] is None
    assert [row["after"]["stage"] for row in rows] == ["registered", "verified", "proposed", "verified"]
    assert [row["before"]["stage"] for row in rows[1:]] == ["registered", "verified", "verified"]
    assert [row["stage"] for row in rows] == ["registered", "verified", "proposed", "verified"]


def test_a_history_as_of_a_day_leaves_out_what_took_effect_later(case):
    assert [row["seq"] for row in told(case, Times(date(2025, 8, 15)))] == [1, 2, 4]
    assert [row["seq"] for row in told(case, Times(date(2025, 8, 14)))] == [1, 2]
    assert told(case, Times(date(2025, 7, 31))) == []


def test_a_history_as_known_at_a_moment_leaves_out_what_was_recorded_later(case):
    stamps = moments(case)
    for known, stamp in enumerate(stamps, 1):
        assert len(told(case, Times(date.max, stamp))) == known
        assert len(told(case, Times(date.max, stamp - 1))) == known - 1


def test_a_masked_history_has_no_number_name_or_note(case):
    one = workers(2)[0]
    shown = repr(told(case, masked=True))
    assert not any(secret in shown for secret in (one.nik, one.name, "menunggu berkas", str(one.birth_date)))
    assert one.nik in repr(told(case))


def test_the_log_has_every_event_once_in_order_of_position(case):
    register = case.register
    events = register.log_of_events.events(Wanted())
    rows = list(history.audit_log(events, register.settings.zone, register.rulebook.load, case.case))
    assert [row["position"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["case"] for row in rows] == [case.case(n) for n in (1, 2, 1, 1, 1)]
    assert all(row.keys() >= KEYS | {"position", "case"} for row in rows)


def test_the_log_is_filtered_by_time_actor_command_and_document(case):
    log = case.register.log_of_events
    stamps = moments(case)
    command = next(iter(log.events(Wanted(after=2)))).command.id

    def positions(wanted: Wanted) -> list[int]:
        return [recorded.position for recorded in log.events(wanted)]

    assert positions(Wanted(since=stamps[1])) == [3, 4, 5]
    assert positions(Wanted(until=stamps[1])) == [1, 2, 3]
    assert positions(Wanted(since=stamps[1], until=stamps[1])) == [3]
    assert positions(Wanted(actor="clerk")) == [1, 2, 3, 4, 5]
    assert positions(Wanted(actor="auditor")) == []
    assert positions(Wanted(command=command)) == [3]
    assert positions(Wanted(document="800/notulen/2025")) == [5]
    assert positions(Wanted(document="800/notulen")) == []
    assert positions(Wanted(after=4)) == [5]
    assert log.head() == 5


def changed(engine: Engine, earlier: date, later: date, known_at: int = ALWAYS) -> list[dict[str, object]]:
    with engine.reading() as connection:
        log = engine.register.log_of_events
        times = (Times(earlier, known_at), Times(later, known_at))
        return list(diff(connection, log, *times, EVERYBODY, engine.case))


def test_who_differs_between_two_days_and_the_acts_that_made_it(case):
    [row] = changed(case, date(2025, 8, 9), date(2025, 8, 20))
    assert row["case"] == "36.73-000001"
    assert (row["before"]["stage"], row["after"]["stage"]) == ("registered", "proposed")
    assert [event["seq"] for event in row["events"]] == [2, 3, 4]
    assert changed(case, date(2025, 8, 10), date(2025, 8, 19)) == []


def test_who_was_not_yet_there_has_no_before(case):
    rows = changed(case, date(2025, 7, 31), FIRST)
    assert [(row["before"], row["after"]["stage"]) for row in rows] == [(None, "registered")] * 2


def test_a_diff_counts_only_what_was_known(case):
    stamps = moments(case)
    [row] = changed(case, date(2025, 8, 9), date(2025, 8, 20), stamps[1])
    assert (row["after"]["stage"], [event["seq"] for event in row["events"]]) == ("verified", [2])


def test_a_case_as_it_stands_with_papers_contract_and_plans(engine):
    engine.imports(workers(1), FIRST)
    engine.brings([1], *TO_NI, "assign-ni", "appoint", "swear-in", "start-duty")
    engine.takes("minute", [1], date(2027, 1, 1), documents=(paper("notulen", None, "N-1"),))
    times = Times(date(2026, 12, 31))
    stream = engine.register.log_of_events.stream(1)
    [row] = engine.roster(times.as_of)
    shown = show.show(row, stream, times, engine.register.rules, calendars(engine.register))
    assert shown.items() >= row.items()
    assert shown["contract"]["end"] == date(2026, 10, 31)
    assert shown["planned"] == [{"seq": 11, "step": "minute", "stage": None, "effective_on": date(2027, 1, 1)}]
    assert (shown["history_length"], shown["procedure"]) == (11, "kota-serang@2025.2")
    assert shown["possible_steps"] == [
        "evaluate", "coach", "suspend", "extend", "propose-full-time", "expire", "request-exit", "record-death",
        "retire", "dismiss-honourably", "dismiss-involuntarily", "dismiss-dishonourably", "cancel-appointment",
        "minute", "hold", "release-hold", "attach", "move-unit", "amend-contract", "amend-person",
    ]  # fmt: skip
    assert "N-1" not in [one["number"] for one in shown["documents"]]
    assert {"sk", "spmt", "pertek"} <= {one["kind"] for one in shown["documents"]}


def numbers(engine: Engine, name: str, times: Times = FOREVER) -> list[int]:
    with engine.reading() as connection:
        return named(connection, name, "36.73", times).numbers


def test_a_reader_names_a_case_by_its_number_or_by_the_nik(case):
    one, two = workers(2)
    assert numbers(case, "36.73-000002") == numbers(case, "36.73-2") == numbers(case, two.nik) == [2]
    assert numbers(case, one.nik) == [1]
    for unknown in ("36.73-000003", "3673014101900099"):
        with pytest.raises(Refused, match="There is no such case as known at the time asked"):
            numbers(case, unknown)
    with pytest.raises(Refused, match=r"neither a NIK of 16 digits nor a case number such as 36\.73-000123"):
        numbers(case, "Budi")


def test_a_case_is_not_known_before_it_was_recorded(case):
    before = moments(case)[0] - 1
    with pytest.raises(Refused):
        numbers(case, "36.73-000001", Times(date.max, before))
    with pytest.raises(Refused):
        numbers(case, workers(1)[0].nik, Times(date.max, before))


def test_a_nik_is_not_a_former_one_before_its_registration(case):
    one = workers(1)[0]
    with case.reading() as connection:
        for day in (date(2025, 7, 31), FIRST, date.max):
            assert named(connection, one.nik, "36.73", Times(day)) == ([1], False)


def test_of_several_cases_of_one_person_a_nik_means_the_one_that_had_not_ended(engine):
    [one] = workers(1)
    engine.imports([one], FIRST)
    engine.takes("record-death", [1], date(2025, 9, 1))
    engine.imports([msgspec.structs.replace(one, position="Sopir")], date(2025, 10, 1), reopen=True)
    assert numbers(engine, one.nik, Times(date(2025, 8, 15))) == [1]
    assert numbers(engine, one.nik, Times(date(2025, 9, 15))) == [1]
    assert numbers(engine, one.nik, Times(date(2025, 10, 1))) == [2]


def test_a_case_is_found_by_any_part_of_a_name_or_number(engine):
    people = workers(30)
    engine.imports(people, FIRST)
    engine.brings([7], *TO_NI, "assign-ni")

    def found(part: str) -> list[int]:
        with engine.reading() as connection:
            return containing(connection, part, FOREVER)

    word = people[3].name.split()[0]
    assert found(word) == [n for n, one in enumerate(people, 1) if word in one.name]
    assert found(people[4].nik[6:]) == [5]
    assert found(ni_of(7)) == [7]
    assert found("%") == found("_") == []
