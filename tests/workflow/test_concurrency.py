"""Several people at one register, each in a process of their own: they wait for each other, and one wins."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from domain.errors import Busy
from tests.databases import Place, called, fresh
from tests.engine import Engine, workers
from tests.workflow import writers
from tests.workflow.writers import SPAWN, together

TO_OATH = ("verify", "propose", "approve", "announce", "propose-ni", "assign-ni", "appoint")


@pytest.fixture
def shared(tmp_path: Path, database: str) -> Place:
    """A register with one case ready for the oath, and seven that are registered."""
    place = fresh(database, tmp_path)
    engine = Engine(place)
    engine.imports(workers(8, seed=9))
    engine.brings([1], *TO_OATH)
    engine.close()
    return place


def sound(path: Place, events: int) -> None:
    """No gap in positions, dense versions, one moment for each command, views as rebuilt."""
    engine = Engine(path, clock=writers.real_clock)
    positions = [position for (position,) in engine.rows("SELECT position FROM event ORDER BY position")]
    assert positions == list(range(1, events + 1))
    gaps = engine.rows(
        "SELECT originator_id FROM event GROUP BY originator_id"
        " HAVING max(originator_version) <> count(*) OR min(originator_version) <> 1"
    )
    assert gaps == []
    moments = engine.rows("SELECT c.recorded_at FROM event e JOIN command c ON c.id = e.command_id ORDER BY e.position")
    assert moments == sorted(moments)
    kept, rebuilt = engine.rebuilt()
    assert kept.fingerprint == rebuilt.fingerprint
    engine.close()


def test_of_two_who_swear_in_one_worker_one_wins_and_the_other_is_told(shared):
    on = date(2025, 10, 23)
    came = together(writers.swear_in, shared, [(1, on), (1, on)])
    assert sorted(came) == [(["recorded"], []), (["refused"], ["wrong-stage"])]
    sound(shared, 8 + len(TO_OATH) + 1)


def test_of_two_who_register_one_worker_one_opens_the_case_and_the_other_is_refused(shared):
    """The two lists differ in the position: the second may not be taken for the same row."""
    on = date(2025, 8, 1)
    came = together(writers.import_one, shared, [("Sopir", on), ("Penjaga", on)])
    assert sorted(came) == [(["recorded"], []), (["refused"], ["differs-from-case"])]
    engine = Engine(shared, clock=writers.real_clock)
    assert engine.rows("SELECT count(*), max(number) FROM docket") == [(9, 9)]
    assert engine.rows("SELECT count(*) FROM claim WHERE kind = 'nik'") == [(9,)]
    engine.close()
    sound(shared, 8 + len(TO_OATH) + 1)


def test_of_two_who_import_the_same_row_one_records_it_and_for_the_other_it_is_unchanged(shared):
    came = together(writers.import_one, shared, [("Sopir", date(2025, 8, 1))] * 2)
    assert sorted(came) == [(["recorded"], []), (["unchanged"], [])]


def test_four_writers_wait_for_each_other_and_none_fails(shared):
    cases = [2, 3, 4, 5, 6, 7, 8]
    assert together(writers.minutes, shared, [(cases, 25, seed) for seed in range(4)]) == [25] * 4
    sound(shared, 8 + len(TO_OATH) + 100)


def test_a_writer_who_waits_too_long_is_told_and_nothing_was_recorded(shared):
    held, release = SPAWN.Event(), SPAWN.Event()
    other = SPAWN.Process(target=writers.hold_the_lock, args=(shared, held, release), daemon=True)
    other.start()
    try:
        assert held.wait(writers.PATIENCE)
        engine = Engine(shared, busy_timeout=0.05, clock=writers.real_clock)
        before = [engine.rows(f"SELECT count(*) FROM {table}") for table in ("event", "command", "personal", "paper")]
        told = f"Another user is writing to {called(shared)}. Nothing was recorded; try again."
        with pytest.raises(Busy, match=f"^{re.escape(told)}$"):
            engine.takes("minute", [1], date(2025, 9, 1))
        assert engine.roster(date(2025, 9, 1)), "readers do not wait"
        assert engine.takes("minute", [1], date(2025, 9, 1), dry_run=True).rows[0].verdict == "passed"
    finally:
        release.set()
        other.join(writers.PATIENCE)
    after = [engine.rows(f"SELECT count(*) FROM {table}") for table in ("event", "command", "personal", "paper")]
    assert after == before
    assert engine.takes("minute", [1], date(2025, 9, 1)).command is not None
    engine.close()


def test_the_views_are_rebuilt_while_another_writes_and_are_equal_to_what_was_kept(shared):
    rebuilt, written, read = together(writers.one_of, shared, [("rebuilds",), ("minutes",), ("reads",)])
    assert (rebuilt, written) == ([True] * 8, 40)
    assert read == [8] * 60
    sound(shared, 8 + len(TO_OATH) + 40)
