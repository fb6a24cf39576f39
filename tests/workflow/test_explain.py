"""What a procedure allows, told to people and programs: what is open for a case, and every reason against a step."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from domain.draft import Request
from domain.findings import refusing
from tests.engine import Engine, workers
from workflow.explain import Explained, explain, explained_row, finding_row, possible, procedure_row, ranked, step_row
from workflow.rulebook import Rulebook

DAY = date(2025, 8, 20)
TO_OATH = ("verify", "propose", "approve", "announce", "propose-ni", "assign-ni", "appoint")
STEP_KEYS = {"step", "from", "to", "event", "label", "authority", "role", "deadline", "legal_basis", "reasons",
             "documents", "fields"}  # fmt: skip


@pytest.fixture
def case(engine: Engine) -> Engine:
    engine.imports(workers(1))
    return engine


def open_for(engine: Engine, day: date = DAY, under: str | None = None) -> list[str]:
    stream = engine.register.log_of_events.stream(1)
    return [step.name for step, findings in possible(engine.register, stream, day, under=under) if not findings]


def against(engine: Engine, step: str, day: date = DAY, under: str | None = None) -> list[str]:
    stream = engine.register.log_of_events.stream(1)
    found = explain(engine.register, stream, Request(step, day), under=under)
    return [one.code for one in refusing(objection.finding for objection in found.objections)]


def test_what_a_step_needs_does_not_make_it_impossible(case):
    assert open_for(case) == [
        "verify",
        "classify-out",
        "record-death",
        "minute",
        "hold",
        "attach",
        "move-unit",
        "amend-person",
    ]
    case.brings([1], *TO_OATH)
    assert open_for(case) == [
        "swear-in", "record-death", "dismiss-honourably", "dismiss-involuntarily", "dismiss-dishonourably",
        "cancel-appointment", "minute", "hold", "attach", "move-unit", "amend-contract", "amend-person",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "step"),
    [
        (("verify", "propose", "approve", "announce"), "withdraw"),
        ((*TO_OATH, "swear-in", "start-duty"), "dismiss-dishonourably"),
    ],
)
def test_a_step_that_only_lacks_one_of_several_papers_is_possible(case, steps, step):
    case.brings([1], *steps)
    assert step in open_for(case)
    assert against(case, step)


def test_every_step_that_is_possible_can_then_be_taken(case):
    case.brings([1], *TO_OATH[:4])
    for step in open_for(case):
        assert case.takes(step, [1], DAY, dry_run=True).rows[0].verdict == "passed", step


def test_a_step_has_all_its_reasons_at_once(case):
    assert against(case, "swear-in") == ["missing-document", "wrong-stage"]
    assert against(case, "classify-out") == ["missing-reason"]
    assert against(case, "appoint") == ["missing-document", "missing-field", "wrong-stage"]


def test_a_step_is_judged_on_the_day_that_was_asked_about(case):
    case.brings([1], "verify", on=date(2025, 8, 10))
    assert "propose" in open_for(case, date(2025, 8, 10))
    # classify-out on the 9th would leave the verification of the 10th without its stage
    assert open_for(case, date(2025, 8, 9)) == ["minute", "hold", "attach", "move-unit", "amend-person"]
    assert "before-register" in against(case, "verify", date(2025, 7, 31))


def test_the_same_case_under_another_region_s_procedure(case):
    case.brings([1], "classify-out", "review")
    assert "return-to-opd" in open_for(case)
    assert "return-to-opd" not in open_for(case, under="kota-metro")
    assert "not-renew" in open_for(case, under="kota-metro")
    assert "step-not-available" in against(case, "return-to-opd", under="kota-metro")
    assert "step-not-available" in against(case, "not-renew")


def test_asking_changes_nothing(case):
    before = case.rows("SELECT count(*) FROM event"), case.rows("SELECT count(*) FROM command")
    open_for(case)
    against(case, "verify")
    assert (case.rows("SELECT count(*) FROM event"), case.rows("SELECT count(*) FROM command")) == before


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_step_for_programs_says_enough_to_fill_it_in(language):
    for step in Rulebook().load("kota-serang").steps.values():
        row = step_row(step, language)
        assert row.keys() >= STEP_KEYS
        assert row["label"] == getattr(step.label, language)
        assert all(one.keys() == {"kind", "required"} for one in row["documents"])
        assert all(one.keys() == {"name", "type", "required", "choices", "example"} for one in row["fields"])
        assert all(one.keys() == {"code", "label", "documents"} for one in row["reasons"])
        msgspec.json.encode(row)


def test_a_procedure_for_programs_has_all_its_stages_and_steps():
    procedure = Rulebook().load("kota-metro")
    row = procedure_row(procedure)
    assert row.keys() >= {"name", "version", "extends", "stages", "steps"}
    assert [one["stage"] for one in row["stages"]] == list(procedure.stages)
    assert [one["step"] for one in row["steps"]] == list(procedure.steps)
    assert row["extends"] == "nasional@2025.2"


def test_a_finding_for_programs_is_said_in_the_reader_s_language(case):
    stream = case.register.log_of_events.stream(1)
    finding = explain(case.register, stream, Request("swear-in", DAY)).objections[0].finding
    row = finding_row(finding)
    assert row.keys() == {"code", "severity", "message", "rule", "remedy"}
    assert (row["code"], row["severity"], row["rule"]) == ("missing-document", "error", "PP 49/2018")
    assert finding_row(finding, lambda said: str(said).upper())["message"] == str(finding.message).upper()


def told(engine: Engine, step: str, day: date = DAY, **given: Any) -> Explained:
    return explain(engine.register, engine.register.log_of_events.stream(1), Request(step, day, **given))


def who(engine: Engine, step: str, **given: Any) -> dict[str, str | None]:
    return {one.finding.code: one.who for one in told(engine, step, **given).objections}


def test_it_is_told_who_can_supply_what_is_missing(case):
    assert who(case, "verify") == {"missing-document": "OPD"}  # the papers' issuer
    assert who(case, "leave-out") == {"missing-reason": "clerk", "wrong-stage": "BKPSDM"}  # who verifies first
    assert who(case, "return-proposal") == {
        "missing-document": "KemenPANRB",
        "wrong-stage": "BKPSDM",
    }  # whose act it is
    assert who(case, "not-renew") == {"missing-document": "PPK", "step-not-available": None}
    case.brings([1], *TO_OATH, "swear-in", "start-duty")
    asked = who(case, "dismiss-involuntarily", reason="performance")
    assert (asked["missing-field"], asked["no-year-evaluation"], asked["no-coaching"]) == (
        "approver",
        "superior",
        "superior",
    )


def test_the_way_is_told_with_what_each_step_needs(case):
    case.brings([1], *TO_OATH, "swear-in", "start-duty")
    row = explained_row(told(case, "dismiss-involuntarily", reason="performance"))
    assert (row["possible"], row["obstacle"]) == (False, None)
    evaluate, coach, dismiss = row["way"]
    assert evaluate["documents"] == ["hasil-evaluasi"]
    fields = {field["name"]: (field["choices"], field["example"]) for field in evaluate["fields"]}
    assert fields["scope"] == (["year"], "year")
    assert fields["predicate"] == (["kurang", "sangat-kurang"], "kurang")
    assert (coach["step"], coach["authority"]) == ("coach", "superior")
    assert [reason["code"] for reason in coach["reasons"]] == ["performance", "discipline"]
    assert (dismiss["to"], dismiss["reasons"]) == (
        "dismissed-involuntarily",
        [{"code": "performance", "documents": []}],
    )
    assert "the dismissal is not before the verdict" in dismiss["conditions"]


def test_a_step_that_only_lacks_papers_is_possible_and_its_own_way(case):
    found = told(case, "verify")
    assert (found.possible, [leg.step.name for leg in found.way.legs]) == (True, ["verify"])
    assert not told(case, "propose").possible


def order(engine: Engine, day: date = DAY) -> list[str]:
    stream = engine.register.log_of_events.stream(1)
    return [step.name for step, findings in ranked(engine.register, stream, day) if not findings]


def test_steps_that_go_on_come_before_those_that_stay_and_endings_come_last(case):
    assert order(case) == [
        "verify", "classify-out", "minute", "hold", "attach", "move-unit", "amend-person", "record-death",
    ]  # fmt: skip


def test_what_is_owed_comes_first_the_earliest_before_the_later(case):
    case.brings([1], "verify")
    assert order(case, date(2025, 8, 10))[:2] == ["propose", "classify-out"]  # the later one is first in the file
    case.brings([1], *TO_OATH[1:], "swear-in", "start-duty", on=date(2025, 10, 20))
    assert order(case, date(2026, 7, 20))[0] == "evaluate"  # which leaves the stage as it is


def test_what_is_not_possible_comes_after_all_that_is(case):
    stream = case.register.log_of_events.stream(1)
    possibles = [not findings for _, findings in ranked(case.register, stream, DAY)]
    assert possibles == sorted(possibles, reverse=True)
    assert not all(possibles)
