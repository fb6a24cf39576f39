"""What the register promises of every command: append-only tables, one moment, no clock set back, claims."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from hashlib import sha256

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from domain.errors import EnvironmentFailed, IntegrityFailed, Misused, Refused
from domain.moments import moment_of
from domain.person import commit, seal, unseal
from tests import databases
from tests.engine import Engine, workers
from tests.scenario import paper
from workflow.register import Register

FIRST = date(2025, 8, 1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def started(engine: Engine) -> Engine:
    engine.imports(workers(3))
    engine.takes("verify", [1, 2, 3], FIRST)
    return engine


CHANGES = {
    "event": ["UPDATE event SET topic = 'x' WHERE position = 1", "DELETE FROM event WHERE position = 1"],
    "command": ["UPDATE command SET actor = 'x'", "DELETE FROM command"],
    "personal": ["UPDATE personal SET salt = block", "DELETE FROM personal"],
}
REPLACED = {
    "event": [
        "INSERT OR REPLACE INTO event SELECT position, originator_id, 9, topic, state, command_id FROM event",
        "REPLACE INTO event SELECT 99, originator_id, originator_version, topic, state, command_id FROM event",
        "INSERT OR IGNORE INTO event SELECT * FROM event",
    ],
    "command": [
        "INSERT OR REPLACE INTO command SELECT * FROM command",
        "REPLACE INTO command SELECT x'00', recorded_at, actor, role, known_by, name, request FROM command",
    ],
    "personal": ["INSERT OR REPLACE INTO personal SELECT * FROM personal"],
}


@pytest.mark.parametrize("statement", [one for many in CHANGES.values() for one in many])
def test_the_log_refuses_to_be_changed_or_shortened(started, statement):
    refused(started, statement)


@pytest.mark.sqlite
@pytest.mark.parametrize("statement", [one for many in REPLACED.values() for one in many])
def test_the_log_refuses_to_be_replaced(started, statement):
    refused(started, statement)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE event",
        "TRUNCATE command CASCADE",
        "TRUNCATE personal",
        "INSERT INTO event SELECT * FROM event ON CONFLICT (position) DO UPDATE SET topic = 'x'",
    ],
)
def test_the_log_refuses_to_be_emptied_or_overwritten(started, statement):
    refused(started, statement)


def refused(started, statement):
    before = [started.rows(f"SELECT * FROM {table}") for table in CHANGES]
    with pytest.raises(databases.FAULTS, match="is append-only"):
        databases.edit(started.path, statement)
    assert [started.rows(f"SELECT * FROM {table}") for table in CHANGES] == before


def test_all_events_of_a_command_share_one_moment_and_moments_rise_with_position(engine):
    people = workers(12)
    for first in range(0, 12, 3):
        engine.imports(people[first : first + 3])
        engine.takes("verify", range(first + 1, first + 4), FIRST)
    stamps = engine.rows(
        "SELECT e.position, c.recorded_at, c.name FROM event e JOIN command c ON c.id = e.command_id ORDER BY position"
    )
    assert [position for position, _, _ in stamps] == list(range(1, 25))
    moments = [moment for _, moment, _ in stamps]
    assert moments == sorted(moments)
    assert [moments.count(moment) for moment in dict.fromkeys(moments)] == [3] * 8
    assert [name for _, _, name in stamps[::3]] == ["register", "verify"] * 4


def last_moment(engine: Engine) -> int:
    return engine.rows("SELECT max(recorded_at) FROM command")[0][0]


def stop_the_clock(engine: Engine, behind: timedelta) -> int:
    """Let the clock stand still, so much behind the last moment; the last moment."""
    last = last_moment(engine)
    engine.clock.pace = timedelta(0)
    engine.clock.now = moment_of(last, engine.register.settings.zone) - behind
    return last


@pytest.mark.parametrize("behind", [timedelta(microseconds=1), 4 * MINUTE, 5 * MINUTE])
def test_a_clock_a_little_behind_gives_the_last_moment_and_one_microsecond(started, behind):
    last = stop_the_clock(started, behind)
    started.takes("minute", [1], FIRST)
    assert last_moment(started) == last + 1
    started.clock.now += MINUTE
    started.takes("minute", [2], FIRST)
    assert last_moment(started) == last + 2 if behind > MINUTE else last_moment(started) > last + 2


@pytest.mark.parametrize("behind", [6 * MINUTE, 5 * MINUTE + timedelta(microseconds=1)])
def test_a_clock_that_was_set_back_is_refused_and_nothing_recorded(started, behind):
    before = stop_the_clock(started, behind), started.rows("SELECT count(*) FROM event")
    with pytest.raises(EnvironmentFailed, match=r"behind the last entry of 2025-08-01T08:\d\d:\d\d\+07:00"):
        started.takes("minute", [1], FIRST)
    assert (last_moment(started), started.rows("SELECT count(*) FROM event")) == before


def test_a_clock_that_does_not_move_still_gives_moments_that_differ(engine):
    engine.clock.pace = timedelta(0)
    for one in workers(5):
        engine.imports([one])
    moments = [moment for (moment,) in engine.rows("SELECT recorded_at FROM command ORDER BY 1")]
    assert moments == list(range(moments[0], moments[0] + 5))


def test_versions_of_a_stream_have_no_gap(started):
    started.takes("minute", [2], FIRST)
    started.takes("minute", [2], date(2025, 9, 1))
    started.takes("minute", [2], date(2025, 8, 15))
    versions = started.rows(
        "SELECT number, originator_version FROM event JOIN docket ON case_id = originator_id ORDER BY 1, 2"
    )
    assert versions == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (3, 1), (3, 2)]


def test_what_reads_inside_a_command_sees_what_it_wrote_and_nobody_else_does(started):
    store = started.register.datastore
    with contextlib.suppress(ZeroDivisionError), store.write() as connection:
        connection.exec_driver_sql("UPDATE docket SET ended_on = 1")
        with store.read() as same:
            assert same.exec_driver_sql("SELECT count(ended_on) FROM docket").scalar() == 3
        assert databases.rows(started.path, "SELECT count(ended_on) FROM docket") == [(0,)]
        raise ZeroDivisionError
    assert started.rows("SELECT count(ended_on) FROM docket") == [(0,)]


def test_a_person_has_at_most_one_open_case_even_against_the_tables(started):
    with pytest.raises(exc.IntegrityError), started.register.datastore.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO docket SELECT 9, hash, docket.person, NULL FROM docket, claim WHERE number = 1 LIMIT 1"
        )
    with started.register.datastore.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO docket SELECT 9, hash, docket.person, 1 FROM docket, claim WHERE number = 1 LIMIT 1"
        )
    assert started.rows("SELECT count(*) FROM docket") == [(4,)]


def test_a_claim_is_a_keyed_hash_and_tells_nothing_without_the_key(started):
    nik = workers(1)[0].nik
    hashes = {value for (value,) in started.rows("SELECT hash FROM claim")}
    assert len(hashes) == 3
    assert sha256(nik.encode()).digest() not in hashes
    with started.register.transaction(dry_run=True) as transaction:
        assert transaction.hashed("nik", nik) in hashes
        assert transaction.hashed("ni", nik) not in hashes


def test_documents_are_known_by_their_number_if_it_is_unique(started):
    register = started.register
    started.takes("minute", [1], FIRST, documents=(paper("notulen", FIRST, "N-1"),))
    started.takes("minute", [2], FIRST, documents=(paper("notulen", FIRST, "N-1"),))
    assert register.documents(["N-1"]) == (paper("notulen", FIRST, "N-1"),)
    started.takes("minute", [3], FIRST, documents=(paper("notulen", date(2025, 8, 2), "N-1"),))
    with pytest.raises(Misused, match=r"Several documents have the number N-1"):
        register.documents(["N-1"])
    with pytest.raises(Misused, match="knows no document N-9"):
        register.documents(["N-9"])


def test_an_event_of_a_kind_from_the_future_is_told_and_nothing_is_recorded(started):
    with started.register.datastore.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event SELECT 99, originator_id, 3, 'Erased.1', state, command_id FROM event LIMIT 1"
        )
    with pytest.raises(IntegrityFailed, match=r"Erased\.1"):
        started.takes("minute", [1], date(2025, 7, 1))


def test_a_second_register_is_not_made_over_the_first(started):
    with pytest.raises(Refused, match="is a register already"):
        Register.create(databases.url_of(started.path), started.surroundings, started.register.settings)
    assert started.stages(FIRST) == ["verified"] * 3


def test_a_read_only_register_answers_and_refuses_to_write(started):
    register = Register.open(databases.url_of(started.path), started.surroundings, read_only=True)
    try:
        with register.datastore.read() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM event")).scalar() == 6
        with pytest.raises(EnvironmentFailed, match="cannot be written"), register.datastore.write() as connection:
            connection.execute(sa.text("UPDATE docket SET ended_on = 1"))
    finally:
        register.close()


@pytest.mark.parametrize("one", workers(3))
def test_a_block_gives_back_the_values_that_were_sealed(one):
    values = msgspec.structs.asdict(one) | {"note": "catatan", "extra": {"B": "2", "A": "1"}}
    personal = {name: values[name] for name in ("nik", "name", "birth_date", "sex", "education", "note", "extra")}
    assert unseal(seal(personal)) == personal
    assert seal(personal) == seal(dict(reversed(personal.items())))
    assert commit(b"1" * 16, seal(personal)) != commit(b"2" * 16, seal(personal))
    assert unseal(seal(personal | {"note": None, "extra": {}})).keys() == personal.keys() - {"note", "extra"}
