"""The interval table: half-open pieces, their thirteen relations, and that only what changed is touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from domain.document import Document
from domain.outcome import Outcome
from tests.databases import fresh
from tests.engine import CLERK, Engine, codes, workers
from tests.scenario import whole
from workflow.amend import Amendment, Target, amend
from workflow.past import Past, PastAct, record_past

TABLES = ("stage_interval", "post_interval", "person_interval")
ALWAYS = 2**63 - 1
FIRST = date(2025, 8, 1)
FOREVER = date.max.toordinal() + 1


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.fixture
def engine(tmp_path: Path, database: str) -> Iterator[Engine]:
    """Three workers registered on day 0; the second and the third never move."""
    engine = Engine(fresh(database, tmp_path))
    engine.imports(workers(3), FIRST)
    yield engine
    believed(engine)
    kept, rebuilt = engine.rebuilt()
    assert kept.fingerprint == rebuilt.fingerprint
    engine.close()


def believed(engine: Engine) -> list[tuple[Any, ...]]:
    """The stage pieces of case 1 that are believed now; every table's pieces follow each other without gap."""
    for table in TABLES:
        for case in (1, 2, 3):
            query = f"SELECT valid_from, valid_to FROM {table} WHERE number = ? AND known_to = ? ORDER BY valid_from"
            now = engine.rows(query, case, ALWAYS)
            assert all(one[1] == other[0] for one, other in pairwise(now)), "neighbours meet and never overlap"
            assert not now or now[-1][1] == FOREVER
    query = (
        "SELECT valid_from, valid_to, stage FROM stage_interval WHERE number = 1 AND known_to = ? ORDER BY valid_from"
    )
    return [
        (first - FIRST.toordinal(), None if last == FOREVER else last - FIRST.toordinal(), stage)
        for first, last, stage in engine.rows(query, ALWAYS)
    ]


class Touched:
    """How many rows a command closed and opened, by table; unchanged rows are the same rows."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.before = self.rows()

    def rows(self) -> dict[str, set[tuple[Any, ...]]]:
        return {table: set(self.engine.rows(f"SELECT * FROM {table}")) for table in TABLES}

    def by_now(self) -> dict[str, tuple[int, int]]:
        """(closed, opened) of each table that changed."""
        after = self.rows()
        told = {}
        for table in TABLES:
            gone, new = self.before[table] - after[table], after[table] - self.before[table]
            assert all(row[0] == 1 for row in gone | new), "only case 1 moved"
            closed = {(*row[:4], *row[5:]) for row in gone}
            ended = {(*row[:4], *row[5:]) for row in new if row[4] != ALWAYS}
            assert closed == ended, "a row is closed and otherwise left as it was"
            if gone or new:
                told[table.partition("_")[0]] = (len(gone), len(new) - len(ended))
        return told


def corrects(engine: Engine, seq: int, **instead: Any) -> Outcome:
    cascade = instead.pop("cascade", False)
    outcome = amend(
        engine.register, Amendment("correct", [Target(1, seq)], "keliru", cascade=cascade, **instead), CLERK
    )
    assert outcome.command is not None, codes(outcome)
    return outcome


def rescinds(engine: Engine, *seqs: int, cascade: bool = False) -> None:
    targets = [Target(1, seq) for seq in seqs]
    outcome = amend(engine.register, Amendment("rescind", targets, "keliru", cascade=cascade), CLERK)
    assert outcome.command is not None, codes(outcome)


# --- pieces


def test_a_piece_holds_on_its_first_day_and_no_longer_on_its_last(engine: Engine) -> None:
    engine.takes("verify", [1], day(5))
    engine.takes("propose", [1], day(9))
    assert believed(engine) == [(0, 5, "registered"), (5, 9, "verified"), (9, None, "proposed")]
    stages = [engine.stages(day(on))[:1] for on in (-1, 0, 4, 5, 8, 9)]
    assert stages == [[], ["registered"], ["registered"], ["verified"], ["verified"], ["proposed"]]


def test_a_belief_holds_at_its_own_moment_and_not_one_microsecond_before(engine: Engine) -> None:
    engine.takes("verify", [1], day(5))
    [(moment,)] = engine.rows("SELECT max(recorded_at) FROM command")
    assert engine.stages(day(5), moment)[0] == "verified"
    assert engine.stages(day(5), moment - 1)[0] == "registered"


def test_of_several_acts_of_one_day_only_the_last_holds_a_piece(engine: Engine) -> None:
    engine.takes("verify", [1], day(5))
    engine.takes("leave-out", [1], day(5))
    engine.takes("review", [1], day(5))
    assert believed(engine) == [(0, 5, "registered"), (5, None, "policy-review")]
    assert engine.roster(day(5))[0]["step"] == "review"


def test_acts_on_the_day_of_the_registration_leave_no_piece_of_it(engine: Engine) -> None:
    engine.takes("verify", [1], FIRST)
    assert believed(engine) == [(0, None, "verified")]


@pytest.mark.parametrize(
    ("moved", "pieces"),
    [  # verify held [5, 10); where it is moved to begin decides how the two versions lie to each other
        (0, [(0, 10, "verified"), (10, None, "proposed")]),
        (1, [(0, 1, "registered"), (1, 10, "verified"), (10, None, "proposed")]),
        (5, [(0, 5, "registered"), (5, 10, "verified"), (10, None, "proposed")]),
        (7, [(0, 7, "registered"), (7, 10, "verified"), (10, None, "proposed")]),
        (10, [(0, 10, "registered"), (10, None, "proposed")]),
    ],
)
def test_a_piece_that_begins_elsewhere(engine: Engine, moved: int, pieces: list[Any]) -> None:
    engine.takes("verify", [1], day(5))
    engine.takes("propose", [1], day(10))
    corrects(engine, 2, on=day(moved))
    assert believed(engine) == pieces


# [start, end) of return-ni, which holds from one day until resubmit-ni; a second version of the same is put in its
# place, in each of Allen's thirteen relations to the first
RELATIONS = {
    "before": ((20, 25), (10, 15)), "meets": ((20, 25), (15, 20)), "overlaps": ((20, 25), (17, 22)),
    "starts": ((20, 25), (20, 22)), "during": ((20, 25), (22, 24)), "finishes": ((20, 25), (22, 25)),
    "equals": ((20, 25), (20, 25)), "finished by": ((20, 25), (17, 25)), "contains": ((20, 25), (17, 27)),
    "started by": ((20, 25), (20, 27)), "overlapped by": ((20, 25), (22, 27)), "met by": ((20, 25), (25, 30)),
    "after": ((20, 25), (27, 30)),
}  # fmt: skip


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_new_version_of_a_piece_in_each_of_allen_s_relations_to_the_old_one(engine: Engine, relation: str) -> None:
    (start, end), (new_start, new_end) = RELATIONS[relation]
    engine.brings([1], "verify", "propose", "approve", "announce", "propose-ni", on=day(1))
    engine.takes("return-ni", [1], day(start))
    engine.takes("resubmit-ni", [1], day(end))
    [(moment,)] = engine.rows("SELECT max(recorded_at) FROM command")
    was = {number: engine.stages(day(number), moment) for number in range(32)}
    both = [(7, new_start), (8, new_end)]
    for seq, on in both if new_start < end else reversed(both):  # the piece may not end before it begins
        corrects(engine, seq, on=day(on))
    now = [number for number in range(32) if engine.stages(day(number))[0] == "ni-returned"]
    assert now == list(range(new_start, new_end))
    assert {number: engine.stages(day(number), moment) for number in range(32)} == was
    assert [piece for piece in believed(engine) if piece[2] == "ni-returned"] == [(new_start, new_end, "ni-returned")]


# --- what is touched


def test_an_act_at_the_end_closes_one_piece_and_opens_two(engine: Engine) -> None:
    touched = Touched(engine)
    engine.takes("verify", [1], day(5))
    assert touched.by_now() == {"stage": (1, 2)}


def test_a_meeting_touches_nothing(engine: Engine) -> None:
    touched = Touched(engine)
    engine.takes("minute", [1], day(5))
    assert touched.by_now() == {}


def test_a_move_of_unit_touches_the_post_alone_and_a_new_name_the_person_alone(engine: Engine) -> None:
    touched = Touched(engine)
    engine.takes("move-unit", [1], day(5), fields={"unit": "Dinas Baru"})
    assert touched.by_now() == {"post": (1, 2)}
    touched = Touched(engine)
    engine.takes("amend-person", [1], day(6), fields={"name": "Nama Baru"})
    assert touched.by_now() == {"person": (1, 2)}
    assert [engine.roster(day(on))[0]["name"] == "Nama Baru" for on in (5, 6)] == [False, True]


def test_a_late_act_in_the_middle_leaves_the_pieces_on_both_sides_alone(engine: Engine) -> None:
    engine.brings([1], "verify", "propose", "approve", "announce", "propose-ni", on=day(1))
    engine.takes("refuse-ni", [1], day(20))
    engine.takes("review", [1], day(25))
    touched = Touched(engine)
    engine.takes("return-ni", [1], day(10))
    assert touched.by_now() == {"stage": (1, 2)}


def test_a_correction_of_a_date_touches_the_two_pieces_that_meet_there(engine: Engine) -> None:
    engine.brings([1], "verify", "propose", "approve", "announce", "propose-ni", on=day(1))
    touched = Touched(engine)
    engine.takes("move-unit", [1], day(30), fields={"unit": "Dinas Baru"})
    touched = Touched(engine)
    corrects(engine, 6, on=day(9))
    assert touched.by_now() == {"stage": (2, 2)}


def test_a_correction_that_says_the_same_touches_nothing(engine: Engine) -> None:
    engine.takes("verify", [1], day(5))
    touched = Touched(engine)
    corrects(engine, 2, on=day(5))
    assert touched.by_now() == {}


def test_another_document_of_a_meeting_touches_nothing_and_of_a_step_its_piece(engine: Engine) -> None:
    engine.takes("minute", [1], day(3))
    engine.takes("verify", [1], day(5))
    touched = Touched(engine)
    corrects(engine, 2, papers=(Document("notulen", "9"),))
    assert touched.by_now() == {}
    corrects(engine, 3, papers=(Document("sptjm-opd", "9"),))
    assert touched.by_now() == {"stage": (1, 1)}


def test_a_rescission_and_its_own_give_the_same_pieces_again(engine: Engine) -> None:
    engine.takes("verify", [1], day(5))
    before = believed(engine)
    rescinds(engine, 2)
    assert believed(engine) == [(0, None, "registered")]
    rescinds(engine, 3)
    assert believed(engine) == before
    assert len(engine.rows("SELECT * FROM stage_interval WHERE number = 1")) == 6


def test_a_void_case_has_no_piece_and_gets_all_of_them_back(engine: Engine) -> None:
    engine.takes("verify", [1], day(5))
    before = believed(engine)
    touched = Touched(engine)
    rescinds(engine, 1)
    assert touched.by_now() == {"stage": (2, 0), "post": (1, 0), "person": (1, 0)}
    assert believed(engine) == []
    rescinds(engine, 3)
    assert believed(engine) == before


def test_a_command_with_many_acts_of_a_case_is_believed_at_one_moment(engine: Engine) -> None:
    steps = engine.register.rulebook.load("kota-serang").steps
    acts = [
        PastAct(at + 2, engine.case(1), whole(steps[step], day(at + 3)), None, ())
        for at, step in enumerate(["verify", "propose", "approve", "announce"])
    ]
    touched = Touched(engine)
    outcome = record_past(engine.register, Past(acts), CLERK)
    assert outcome.command is not None
    assert touched.by_now() == {"stage": (1, 5)}
    assert len(engine.rows("SELECT DISTINCT known_from FROM stage_interval WHERE number = 1")) == 2


def test_what_a_cascade_takes_back_is_closed_once(engine: Engine) -> None:
    engine.brings([1], "verify", "propose", "approve", "announce", "propose-ni", on=day(1))
    touched = Touched(engine)
    rescinds(engine, 2, cascade=True)
    assert touched.by_now() == {"stage": (6, 1)}
    assert believed(engine) == [(0, None, "registered")]
