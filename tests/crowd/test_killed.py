"""Killed under load: nothing acknowledged is lost, nothing is half applied, and a command given again settles it.

LANTIK_KILLS says how often; a few times unless asked for more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

import pytest

from tests.crowd.audit import recorded_in
from tests.crowd.cut_off import MANY, Said, Writer, give, hear
from tests.databases import Place
from tests.engine import Engine, workers
from tests.postgres import Server
from tests.workflow.writers import SPAWN, real_clock

KILLS = int(os.environ.get("LANTIK_KILLS", "3"))


def prepared(place: Place) -> dict[UUID, int]:
    engine = Engine(place, seed=5)
    engine.imports(workers(MANY + 1, seed=9)[:MANY])
    engine.close()
    return recorded_in(place)


def kept(before: dict[UUID, int], writers: Sequence[Writer], after: dict[UUID, int]) -> Counter[str]:
    """What was acknowledged is there, with all its events; nothing else is but what was begun and cut off.

    How often a command was cut off, by what was said of it and what came when it was given again.
    """
    acknowledged = {command: events for writer in writers for command, events in writer.acknowledged.items()}
    assert (before | acknowledged).items() <= after.items(), "nothing acknowledged is lost or half there"
    begun = {said.command for writer in writers for said in writer.said}
    assert after.keys() <= before.keys() | begun
    then: Counter[str] = Counter()
    for writer in writers:
        answers = [said for said in writer.said if said.how != "begins"]
        for cut, again in pairwise(answers):
            if cut.how in ("lost", "unsettled") and again.how not in ("lost", "unsettled"):
                assert again.command == cut.command
                then[f"{cut.how}, then {again.how}"] += 1
    assert not then["lost, then unchanged"], "what is told as not recorded is not"
    return then


@pytest.mark.postgresql
def test_a_server_that_is_killed_under_load_loses_nothing_that_it_acknowledged(database):
    server = Server("fsync=off", "max_connections=40", "shared_buffers=64MB")  # the machine lives on
    try:
        place = server.url(server.create())
        before = prepared(place)
        answering = SPAWN.Event()
        writers = [Writer(place, at, answering=answering) for at in range(4)]
        for turn in range(KILLS):
            hear(writers, 8 + turn % 5)
            answering.clear()
            server.kill()
            server.start()
            answering.set()
        hear(writers, 8)
        for writer in writers:
            writer.finish()
        after = recorded_in(place)
        cut = kept(before, writers, after)
        assert after.keys() == before.keys() | {key for one in writers for key in one.settled}
        assert cut.total() >= KILLS, "each time somebody was cut off"
        print(dict(cut) | {"commands": len(after), "events": sum(after.values())})
    finally:
        server.remove()


@pytest.mark.sqlite
def test_a_process_that_is_killed_while_it_writes_a_file_loses_nothing_that_it_said(database, tmp_path):
    place = tmp_path / "lantik.db"
    before = prepared(place)
    writers: list[Writer] = []
    then: Counter[str] = Counter()
    for turn in range(KILLS):
        two = [Writer(place, 2 * turn + at) for at in range(2)]
        hear(two, 5 + turn % 4)
        for writer in two:
            writer.kill()
        engine = Engine(place, seed=3000 + turn, clock=real_clock)
        for writer in two:
            if (last := writer.said[-1]).how == "begins":
                how, events = give(engine, writer.at, last.turn, last.command)
                writer.said.append(Said(how, last.turn, last.command, events))
                then[f"killed, then {how}"] += 1
        engine.close()
        writers += two
    after = recorded_in(place)
    kept(before, writers, after)
    assert after.keys() == before.keys() | {key for one in writers for key in one.settled}
    assert then.keys() <= {"killed, then recorded", "killed, then unchanged"}
    print(dict(then) | {"commands": len(after), "events": sum(after.values())})
