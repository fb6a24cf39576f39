"""A connection that is lost at any moment: a command is recorded once or not at all, and the truth is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.errors import Busy, LantikError, Lost, Unsettled
from tests import databases
from tests.engine import Engine, workers
from tests.office import Office
from tests.postgres import Server
from tests.proxy import Wire, at
from workflow.register import Register
from workflow.store.datastore import Datastore
from workflow.unsettled import settle

pytestmark = pytest.mark.postgresql
FIRST = date(2025, 8, 1)
ID = UUID(int=77, version=4)


class Waiting:
    """Tries again so many times, without a pause; `first` is done each time."""

    def __init__(self, times: int = 3, first: Callable[[], None] = lambda: None) -> None:
        self.left, self._first = times, first
        self.asked: list[LantikError] = []

    def __call__(self, lost: Lost) -> bool:
        self.asked.append(lost)
        self._first()
        self.left -= 1
        return self.left >= 0


@pytest.fixture
def started(engine: Engine) -> Engine:
    """Three workers are registered."""
    engine.imports(workers(3))
    return engine


COMMIT = (b"INTO event", b"COMMIT\0")
SENT_WITH_COMMIT = ((b"INTO event",), (b"INTO stage_interval",), COMMIT)
"""All that a command writes is one round trip with its commit."""


def wire(engine: Engine, *parts: bytes, **how: bool) -> Wire:
    port = sa.make_url(databases.url_of(engine.path)).port
    assert port is not None
    return Wire(port, at(*parts), **how)


def at_other_end(engine: Engine, wired: Wire, waiting: Waiting) -> Engine:
    """The same register through the wire."""
    return Engine(databases.through(engine.path, wired.port), seed=3, patience=waiting, clock=engine.clock)


def verify(engine: Engine, command_id: UUID | None = None) -> list[str]:
    outcome = engine.takes("verify", [1, 2, 3], FIRST, command_id=command_id)
    return [row.verdict.value for row in outcome.rows]


def stored(engine: Engine) -> tuple[list[str], int]:
    """The commands that are recorded, and how many events."""
    names = [name for (name,) in engine.rows("SELECT name FROM command ORDER BY recorded_at")]
    return names, engine.rows("SELECT count(*) FROM event")[0][0]


ONCE = (["register", "verify"], 6)
NOT = (["register"], 3)


@pytest.mark.parametrize(
    "parts",
    [(b"pg_advisory_xact_lock",), (b"FROM docket",), *SENT_WITH_COMMIT],
    ids=lambda parts: parts[-1].decode().strip("\0"),
)
@pytest.mark.parametrize("before", [True, False])
def test_a_command_that_is_cut_short_is_recorded_once(
    started: Engine, parts: tuple[bytes, ...], before: bool, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = Waiting()
    with wire(started, *parts, before=before) as wired:
        engine = at_other_end(started, wired, waiting)
        wired.cuts = 1
        assert verify(engine) == ["recorded"] * 3
        engine.close()
        assert wired.cuts == 0
    assert stored(started) == ONCE
    recorded = parts in SENT_WITH_COMMIT and not before
    assert len(waiting.asked) == (0 if recorded else 1), "what was recorded is not given again"
    assert caplog.messages == [], "nobody but us tells of it"


@pytest.mark.parametrize(("part", "before"), [(b"FROM docket", True), (b"FROM docket", False), (b"INTO event", True)])
def test_without_patience_nothing_was_recorded_and_that_is_said(started: Engine, part: bytes, before: bool) -> None:
    with wire(started, part, before=before) as wired:
        engine = at_other_end(started, wired, Waiting(0))
        wired.cuts = 1
        with pytest.raises(Lost, match=r"^The connection to the database register_\d+ was lost. Nothing was recorded;"):
            verify(engine)
        engine.close()
    assert stored(started) == NOT


@pytest.mark.parametrize(("before", "then", "verdict"), [(True, NOT, "recorded"), (False, ONCE, "unchanged")])
def test_what_cannot_be_asked_is_not_known_and_the_command_given_again_settles_it(
    started: Engine, before: bool, then: tuple[list[str], int], verdict: str
) -> None:
    with wire(started, *COMMIT, before=before, gone=True) as wired:
        engine = at_other_end(started, wired, Waiting(2))
        wired.cuts = 1
        with pytest.raises(Unsettled, match=f"is not known. Give it again with --command-id {ID}: it is recorded once"):
            verify(engine, ID)
        engine.close()
    assert stored(started) == then
    assert verify(started, ID) == [verdict] * 3
    assert stored(started) == ONCE


def test_a_commit_that_another_still_holds_up_is_waited_for(started: Engine) -> None:
    """Whoever asks too early would not see what is recorded a moment later."""
    engine = Engine(started.path, busy_timeout=0.05, clock=started.clock)
    with started.register.datastore.write(), pytest.raises(Unsettled) as unsettled:
        settle(engine.register, ID)
    assert isinstance(unsettled.value.__cause__, Busy)
    engine.close()


def test_an_office_is_told_that_the_database_is_away_and_what_was_recorded(tmp_path: Path) -> None:
    own = Server("fsync=off")
    try:
        office = Office(tmp_path, place=own.url(own.create())).init()
        own.stop()
        said = office.run("roster")
        assert (said.exit_code, said.stdout) == (5, "")
        assert "The database register_1 cannot be reached. Nothing was recorded; check the server" in said.stderr
        own.start()
        assert office.json("roster") == []
    finally:
        own.remove()


def test_a_server_that_comes_back_is_waited_for() -> None:
    own = Server("fsync=off")
    try:
        place = own.url(own.create())
        waiting = Waiting(9, own.start)
        engine = Engine(place, patience=waiting)
        engine.imports(workers(2))
        own.stop("immediate")
        assert engine.takes("verify", [1, 2], FIRST).command is not None
        assert stored(engine) == (["register", "verify"], 4)
        engine.close()
        own.stop("immediate")
        Register.open(place, engine.surroundings).close()
        assert str(waiting.asked[-1]) == (
            "The database register_1 cannot be reached. Nothing was recorded; check the server and --db."
        )
        assert len(waiting.asked) == 2
    finally:
        own.remove()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"database": "nowhere"}, "There is no database nowhere. Nothing was recorded; check --db."),
        ({"username": "nobody"}, r"The database register_\d+ lets nobody in by this name and password"),
    ],
)
def test_what_will_not_get_better_is_not_tried_again(started: Engine, change: dict[str, str], told: str) -> None:
    waiting = Waiting()
    store = Datastore(sa.make_url(databases.url_of(started.path)).set(**change).render_as_string(), patience=waiting)
    with pytest.raises(LantikError, match=told), store.read():
        pass
    store.close()
    assert waiting.asked == []


def test_of_several_hosts_the_one_that_takes_entries_is_found(started: Engine, tmp_path: Path) -> None:
    url = sa.make_url(databases.url_of(started.path))
    for hosts in ("127.0.0.1:1,127.0.0.1:{}", "127.0.0.1:{},127.0.0.1:1"):
        office = Office(tmp_path, place=f"postgresql://postgres@{hosts.format(url.port)}/{url.database}")
        office.now = started.clock.now
        assert len(office.json("roster")) == 3
