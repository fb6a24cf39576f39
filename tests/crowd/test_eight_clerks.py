"""Eight processes on one register: every success is stored once, every refusal left nothing, nobody starves.

LANTIK_ROUNDS says how often each does all it does; a few times unless asked for more.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.crowd import clerks
from tests.crowd.audit import recorded_in
from tests.crowd.clerks import OWN, Came, at_work, people_of
from tests.databases import Place, fresh
from tests.engine import Engine
from tests.workflow.writers import PATIENCE, SPAWN, together

CLERKS = 8
ROUNDS = int(os.environ.get("LANTIK_ROUNDS", "2"))
TO_OATH = ("verify", "propose", "approve", "announce", "propose-ni", "assign-ni", "appoint")


@pytest.fixture
def crowded(tmp_path: Path, database: str) -> Place:
    """One case on duty, the others as they are needed: registered, or ready for the oath."""
    place = fresh(database, tmp_path)
    engine = Engine(place)
    engine.imports(people_of(CLERKS, ROUNDS)[0])
    engine.brings([clerks.COACHED, *range(OWN + CLERKS, OWN + CLERKS + ROUNDS)], *TO_OATH)
    engine.brings([clerks.COACHED], "swear-in", "start-duty", on=clerks.ON.replace(day=1))
    engine.close()
    return place


def test_eight_at_once_record_each_success_once_and_nothing_of_a_refusal(crowded):
    before = recorded_in(crowded)
    meet = SPAWN.Barrier(CLERKS)
    given = [(at, CLERKS, ROUNDS, meet) for at in range(CLERKS)]
    each: list[list[Came]] = together(at_work, crowded, given, PATIENCE * ROUNDS)

    after = recorded_in(crowded)
    said = [came for of_one in each for came in of_one]
    recorded = {came.command: came.events for came in said if came.how == "recorded"}
    assert len(recorded) == sum(came.how == "recorded" for came in said), "nothing is recorded twice"
    assert after == before | recorded, "what was told as recorded is there, and nothing else is"
    assert {came.command for came in said if came.how == "unchanged" and came.act == "again"} <= recorded.keys()
    assert {came.how for came in said} <= {
        "recorded",
        "unchanged",
        "refused",
        "differs",
        "conflict",
        "exit 1",
        "exit 4",
    }

    for of_one in each:
        ways = Counter((came.act, came.how) for came in of_one)
        assert len(of_one) == ROUNDS * 9
        assert ways["own", "recorded"] == ways["hot", "recorded"] == ways["version", "conflict"] == ROUNDS, (
            "none starves"
        )
    ways = Counter((came.act, came.how) for came in said)
    for act in ("oath", "name"):
        assert (ways[act, "recorded"], ways[act, "refused"]) == (ROUNDS, (CLERKS - 1) * ROUNDS)
    assert (ways["row", "recorded"], ways["row", "unchanged"]) == (ROUNDS, (CLERKS - 1) * ROUNDS)
    assert ways["again", "recorded"] + ways["misuse", "recorded"] == ROUNDS
    assert ways["stale", "recorded"] >= ROUNDS, "of those who looked first, the first is not refused"
