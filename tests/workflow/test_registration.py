"""Cases opened from an office's list: all or nothing, once for each person, twice only after an ending."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
import pytest

from domain.errors import Refused
from domain.events import Registered
from domain.outcome import Verdict
from tests.engine import codes, workers
from tests.scenario import paper
from workflow.demo.people import UNITS

FIRST = date(2025, 8, 1)
COMMAND = UUID(int=9, version=4)


def verdicts(outcome) -> list[str]:
    return [row.verdict.value for row in outcome.rows]


def stored(engine) -> list[int]:
    return [engine.rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("event", "command", "personal", "claim")]


def test_each_row_opens_a_case_with_number_person_and_facts(engine):
    one, two = workers(2)
    outcome = engine.imports([one, two], FIRST, documents=(paper("sk-opd", FIRST),))
    assert verdicts(outcome) == ["recorded", "recorded"]
    assert [row.case for row in outcome.rows] == ["36.73-000001", "36.73-000002"]
    [recorded] = engine.register.log_of_events.stream(1)
    act = recorded.act
    assert isinstance(act, Registered)
    assert (act.number, act.unit, act.position, act.category) == (1, one.unit, one.position, one.category)
    assert (act.previous_wage, act.first_contract) == (one.wage, one.first_contract)
    assert (act.effective_on, act.stage, act.continues) == (FIRST, "registered", None)
    assert [paper.kind for paper in act.documents] == ["sk-opd"]
    assert {name: recorded.values[name] for name in ("nik", "name")} == {"nik": one.nik, "name": one.name}


def test_no_personal_value_is_in_the_stored_bytes(engine):
    people = workers(30)
    people[0] = msgspec.structs.replace(people[0], note="catatan rahasia", extra={"Alamat": "Jalan Mawar 1"})
    engine.imports(people)
    engine.takes("verify", range(1, 31), FIRST, note="janji temu rahasia")
    log = b"\n".join(state for (state,) in engine.rows("SELECT state FROM event"))
    commands = repr(engine.rows("SELECT * FROM command")) + repr(engine.rows("SELECT * FROM claim"))
    for secret in [v for one in people for v in (one.nik, one.name)] + ["rahasia", "Jalan Mawar"]:
        assert secret.encode() not in log
        assert secret not in commands
    born = [one.birth_date.isoformat().encode() for one in people]
    assert not any(day in log for day in born)


def test_the_event_proves_the_person_s_block_and_holds_no_more(engine):
    engine.imports(workers(3))
    pairs = engine.rows("SELECT e.state, p.salt, p.block FROM event e JOIN personal p USING (originator_id)")
    for state, salt, block in pairs:
        assert msgspec.json.decode(state)["commitment"] == sha256(salt + block).hexdigest()
    assert len({salt for _, salt, _ in pairs}) == 3


def test_importing_a_file_twice_changes_nothing(engine):
    people = workers(5)
    engine.imports(people)
    before = stored(engine)
    outcome = engine.imports(people, date(2025, 9, 1))
    assert (outcome.command, verdicts(outcome)) == (None, ["unchanged"] * 5)
    assert [row.case for row in outcome.rows] == [f"36.73-00000{n}" for n in range(1, 6)]
    assert stored(engine) == before


def test_a_row_that_says_less_than_the_case_is_unchanged(engine):
    [one] = workers(1)
    engine.imports([one])
    less = msgspec.structs.replace(one, education=None, wage=None, note="lain")
    assert verdicts(engine.imports([less])) == ["unchanged"]


def test_a_row_that_differs_is_refused_with_the_names_of_its_columns(engine):
    [one] = workers(1)
    engine.imports([one])
    other = msgspec.structs.replace(one, position="Sopir", wage=(one.wage or 0) + 1)
    outcome = engine.imports([other])
    [finding] = outcome.rows[0].findings
    assert finding.code == "differs-from-case"
    assert str(finding.message).endswith("differs from it in: position, wage")
    assert "lantik correct" in str(finding.remedy)
    assert outcome.rows[0].case == "36.73-000001"


def test_a_worker_whom_two_units_claim_waits_for_who_decides(engine):
    [one] = workers(1)
    engine.imports([one])
    other = next(unit.name for unit in UNITS if unit.name != one.unit)
    outcome = engine.imports([msgspec.structs.replace(one, unit=other)])
    [finding] = outcome.rows[0].findings
    assert (finding.code, finding.severity.value) == ("claimed-by-two-units", "question")
    assert "BKPSDM" in str(finding.remedy)
    assert other not in str(finding.message)


def test_one_bad_row_leaves_all_and_with_partial_the_good_are_recorded(engine):
    one, two, three = workers(3)
    engine.imports([two])
    clashing = msgspec.structs.replace(two, position="Sopir")
    before = stored(engine)
    assert verdicts(engine.imports([one, clashing, three])) == ["passed", "refused", "passed"]
    assert stored(engine) == before
    outcome = engine.imports([one, clashing, three], partial=True)
    assert verdicts(outcome) == ["recorded", "refused", "recorded"]
    assert [row.case for row in outcome.rows] == ["36.73-000002", "36.73-000001", "36.73-000003"]


def test_a_rehearsal_of_an_import_records_nothing(engine):
    people = workers(2)
    before = stored(engine)
    assert verdicts(engine.imports(people, dry_run=True)) == ["passed", "passed"]
    assert stored(engine) == before
    assert engine.rows("SELECT * FROM unit") == []
    assert verdicts(engine.imports(people)) == ["recorded", "recorded"]


def test_after_an_ending_a_new_case_needs_to_be_asked_for_and_continues_the_old(engine):
    [one] = workers(1)
    engine.imports([one])
    engine.takes("record-death", [1], date(2025, 8, 20))
    again = msgspec.structs.replace(one, position="Sopir")
    assert codes(engine.imports([again], date(2025, 9, 1))) == ["case-ended"]
    early = engine.imports([again], date(2025, 8, 19), reopen=True)
    assert codes(early) == ["before-ending"]
    assert str(early.rows[0].findings[0].remedy) == "Give --on 2025-08-20 or later."
    outcome = engine.imports([again], date(2025, 8, 20), reopen=True)
    assert (verdicts(outcome), outcome.rows[0].case) == (["recorded"], "36.73-000002")
    new, old = (engine.register.log_of_events.stream(number)[0].act for number in (2, 1))
    assert (new.person, new.continues) == (old.person, 1)
    assert engine.takes("verify", [one.nik], date(2025, 9, 2)).rows[0].case == "36.73-000002"


def test_the_same_command_again_is_already_recorded(engine):
    people = workers(2)
    engine.imports(people, command_id=COMMAND)
    before = stored(engine)
    again = engine.imports(people, command_id=COMMAND)
    assert [note.code for note in again.notes] == ["already-recorded"]
    assert (again.command, verdicts(again), stored(engine)) == (COMMAND, ["unchanged"] * 2, before)
    with pytest.raises(Refused, match="was used for another request"):
        engine.imports(workers(3), command_id=COMMAND)


def test_numbers_follow_each_other_without_gap(engine):
    people = workers(9)
    for first in (0, 3, 6):
        engine.imports(people[first : first + 3])
    assert engine.rows("SELECT number FROM docket ORDER BY number") == [(n,) for n in range(1, 10)]


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(engine):
    people = workers(311)
    engine.imports(people[:1])
    counted = {}
    for size, first in ((10, 1), (300, 11)):
        for time in ("first", "again"):
            before = engine.statements
            outcome = engine.imports(people[first : first + size])
            assert outcome.count(Verdict.RECORDED if time == "first" else Verdict.UNCHANGED) == size
            counted.setdefault(time, []).append(engine.statements - before)
        before = engine.statements
        changed = [msgspec.structs.replace(one, position="Sopir lain") for one in people[first : first + size]]
        assert engine.imports(changed).count(Verdict.REFUSED) == size
        counted.setdefault("differing", []).append(engine.statements - before)
    assert all(many <= few for few, many in counted.values()), counted


def test_no_finding_names_a_person(engine):
    people = workers(6)
    engine.imports(people)
    engine.takes("record-death", [1], FIRST)
    changed = [msgspec.structs.replace(one, position="Sopir lain", education="lain") for one in people]
    told = repr([row.findings for row in engine.imports(changed).rows])
    assert "differs" in told
    assert not any(one.nik in told or one.name in told for one in people)
