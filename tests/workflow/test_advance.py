"""One step for one or many cases: judged together, recorded whole, told row by row."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.draft import Request
from domain.errors import Misused, Refused
from domain.outcome import Verdict
from tests.engine import CLERK, Engine, codes, ni_of, workers
from tests.scenario import paper
from workflow.advance import Order, Who, advance
from workflow.dependants import cases_resting_on
from workflow.transaction import Transaction

COMMAND = UUID(int=7, version=4)
AUGUST = date(2025, 8, 5)
TO_NI = ("verify", "propose", "approve", "announce", "propose-ni")


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = "event command personal docket claim imported paper unit stage_interval post_interval person_interval"
    return {table: sorted(engine.rows(f"SELECT * FROM {table}"), key=repr) for table in tables.split()}


def test_a_case_is_taken_by_its_number_or_by_its_nik(engine):
    one, two = workers(2)
    engine.imports([one, two])
    outcome = engine.takes("verify", [one.nik, 2], AUGUST)
    assert [row.verdict for row in outcome.rows] == [Verdict.RECORDED] * 2
    assert [row.case for row in outcome.rows] == ["36.73-000001", "36.73-000002"]
    assert [row.nik for row in outcome.rows] == [one.nik, None]
    assert engine.stages(AUGUST) == ["verified", "verified"]


def test_one_refused_case_leaves_all_as_they_were_and_says_every_verdict(engine):
    engine.imports(workers(3))
    engine.takes("verify", [2], AUGUST)
    before = everything(engine)
    outcome = engine.takes("verify", [1, 2, 3], date(2025, 8, 6))
    assert outcome.command is None
    assert [row.verdict for row in outcome.rows] == [Verdict.PASSED, Verdict.REFUSED, Verdict.PASSED]
    refused = outcome.rows[1]
    assert (refused.stage, codes(outcome)) == ("verified", ["wrong-stage"])
    assert refused.open_steps == (
        "classify-out", "leave-out", "propose", "record-death", "minute", "hold", "release-hold", "attach",
        "move-unit", "amend-person",
    )  # fmt: skip
    assert everything(engine) == before


def test_with_partial_the_good_rows_are_recorded(engine):
    engine.imports(workers(3))
    engine.takes("verify", [2], AUGUST)
    outcome = engine.takes("verify", [1, 2, 3], date(2025, 8, 6), partial=True)
    assert [row.verdict for row in outcome.rows] == [Verdict.RECORDED, Verdict.REFUSED, Verdict.RECORDED]
    assert engine.stages(date(2025, 8, 6)) == ["verified"] * 3
    assert outcome.count(Verdict.RECORDED) == 2


def test_a_rehearsal_gives_the_same_verdicts_and_records_nothing(engine):
    engine.imports(workers(2))
    engine.takes("verify", [2], AUGUST)
    before = everything(engine)
    rehearsed = engine.takes("verify", [1, 2], date(2025, 8, 6), partial=True, dry_run=True)
    assert everything(engine) == before
    done = engine.takes("verify", [1, 2], date(2025, 8, 6), partial=True)
    assert rehearsed.command is None
    recorded = [row for row in done.rows if row.verdict is Verdict.RECORDED]
    assert [row._replace(verdict=Verdict.PASSED, due=tuple) for row in recorded] == [
        row._replace(due=tuple) for row in rehearsed.rows if row.verdict is Verdict.PASSED
    ]
    assert [row for row in done.rows if row.verdict is Verdict.REFUSED] == [
        row for row in rehearsed.rows if row.verdict is Verdict.REFUSED
    ]


def test_an_unknown_step_is_a_misspelling_and_names_those_there_are(engine):
    engine.imports(workers(1))
    with pytest.raises(Misused, match=r"There is no step fly\. The steps are: register, verify"):
        advance(engine.register, Order(Request("fly", AUGUST), [Who(engine.case(1))]), CLERK)


def test_a_case_is_opened_by_import_and_not_by_a_step(engine):
    engine.imports(workers(1))
    with pytest.raises(Misused, match="register opens a case: use lantik import"):
        engine.takes("register", [1], AUGUST)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("36.73-000009", "unknown-case", "there is no such case"),
        ("18.72-000001", "unknown-case", "no case of this register has this NIK"),
        ("3673014101900099", "unknown-case", "no case of this register has this NIK"),
    ],
)
def test_a_worker_that_the_register_does_not_know(engine, name, code, words):
    engine.imports(workers(1))
    [row] = engine.takes("verify", [name], AUGUST).rows
    [finding] = row.findings
    assert (row.verdict, finding.code, str(finding.message)) == (Verdict.REFUSED, code, words)
    assert str(finding.remedy)
    assert name not in f"{finding}"


def test_a_worker_who_is_named_twice_is_refused_both_times(engine):
    [one] = workers(1)
    engine.imports([one])
    outcome = engine.takes("verify", [1, one.nik], AUGUST)
    assert codes(outcome) == ["named-twice", "named-twice"]


def test_a_nik_means_the_open_case_and_there_is_none_after_an_ending(engine):
    [one] = workers(1)
    engine.imports([one])
    engine.takes("record-death", [1], date(2025, 8, 20))
    assert codes(engine.takes("minute", [one.nik], date(2025, 8, 10))) == ["no-open-case"]
    assert engine.takes("minute", [1], date(2025, 8, 10)).command is not None


def test_each_worker_s_own_fields_and_reason_lie_over_those_for_all(engine):
    engine.imports(workers(2))
    engine.takes("classify-out", [Who(engine.case(1), 2, {"reason": "no-selection"}), 2], AUGUST, reason="other")
    assert [engine.register.log_of_events.stream(number)[-1].act.reason for number in (1, 2)] == [
        "no-selection", "other",
    ]  # fmt: skip


def test_a_command_id_that_was_seen_changes_nothing_and_with_another_request_is_refused(engine):
    engine.imports(workers(2))
    first = engine.takes("verify", [1, 2], AUGUST, command_id=COMMAND)
    before = everything(engine)
    again = engine.takes("verify", [1, 2], AUGUST, command_id=COMMAND)
    assert (first.command, again.command) == (COMMAND, COMMAND)
    assert [row.verdict for row in again.rows] == [Verdict.UNCHANGED] * 2
    assert [row.case for row in again.rows] == ["36.73-000001", "36.73-000002"]
    with pytest.raises(Refused, match="was used for another request"):
        engine.takes("verify", [1], AUGUST, command_id=COMMAND)
    assert everything(engine) == before


def test_a_ni_belongs_to_one_person(engine):
    engine.imports(workers(3))
    last = engine.brings([1, 2, 3], *TO_NI)
    taken = ni_of(1)
    outcome = engine.takes("assign-ni", [Who(engine.case(n), fields={"ni": taken}) for n in (1, 2)], last)
    assert [finding.code for row in outcome.rows for finding in row.findings if finding.refuses] == ["ni-taken"] * 2
    engine.takes("assign-ni", [1], last, fields={"ni": taken})
    outcome = engine.takes("assign-ni", [2], last, fields={"ni": taken})
    assert [finding.code for finding in outcome.rows[0].findings if finding.refuses] == ["ni-taken"]
    assert outcome.command is None
    assert taken not in repr([row.findings for row in outcome.rows])
    assert engine.takes("assign-ni", [2], last, fields={"ni": ni_of(2)}).command is not None


def test_a_late_step_moves_the_past_and_leaves_what_follows(engine):
    engine.imports(workers(1), on=date(2025, 8, 1))
    engine.brings([1], *TO_NI, on=date(2025, 8, 10))
    engine.takes("refuse-ni", [1], date(2025, 9, 10))
    assert engine.takes("return-ni", [1], date(2025, 9, 1)).command is not None
    assert [engine.stages(day) for day in (date(2025, 8, 31), date(2025, 9, 1), date(2025, 9, 10))] == [
        ["ni-proposed"], ["ni-returned"], ["ni-refused"],
    ]  # fmt: skip


def test_a_late_step_that_would_make_later_acts_illegal_is_refused_with_them(engine):
    engine.imports(workers(1))
    engine.brings([1], *TO_NI, on=date(2025, 8, 10))
    before = everything(engine)
    outcome = engine.takes("record-death", [1], date(2025, 8, 12))
    assert codes(outcome) == ["later-act-illegal"] * 2
    assert [str(finding.message) for finding in outcome.rows[0].findings] == [
        "announce of 2025-08-13 (event 5) could not stand any more",
        "propose-ni of 2025-08-14 (event 6) could not stand any more",
    ]
    assert everything(engine) == before


def test_an_act_before_the_registration_is_refused(engine):
    engine.imports(workers(1), on=date(2025, 8, 5))
    [row] = engine.takes("verify", [1], date(2025, 8, 4)).rows
    assert [finding.code for finding in row.findings] == ["before-register"]
    assert row.open_steps is None


def test_one_decree_for_many_is_stored_once_in_bytes_and_once_as_paper(engine):
    engine.imports(workers(5))
    sk = paper("sptjm-opd", AUGUST, "800/1/DLH/2025")
    engine.takes("verify", range(1, 6), AUGUST, documents=(sk,))
    assert len(engine.rows("SELECT DISTINCT state FROM event WHERE topic = 'Verified.1'")) == 1
    assert engine.rows("SELECT count(*) FROM paper WHERE number = '800/1/DLH/2025'") == [(1,)]
    assert engine.register.documents(["800/1/DLH/2025"]) == (sk,)
    assert cases_resting_on(engine.register, "800/1/DLH/2025", AUGUST) == {1, 2, 3, 4, 5}
    assert cases_resting_on(engine.register, "800/1/DLH/2025", date(2025, 8, 4)) == set()


def test_a_command_on_one_case_changes_no_row_of_any_other(engine):
    engine.imports(workers(3))
    engine.brings([1, 2, 3], "verify", "propose")
    case_id = engine.rows("SELECT case_id FROM docket WHERE number = 2")[0][0]

    def others() -> list[list[tuple[object, ...]]]:
        views = [
            engine.rows(f"SELECT * FROM {table} WHERE number <> 2 ORDER BY 1, 2, 3")
            for table in ("stage_interval", "post_interval", "person_interval", "docket")
        ]
        events = [
            engine.rows(f"SELECT * FROM {table} WHERE originator_id <> ? ORDER BY 1, 2", case_id)
            for table in ("event", "personal")
        ]
        return [*views, *events]

    before = others()
    engine.takes("minute", [2], date(2025, 8, 2), note="catatan")
    engine.takes("reject", [2], date(2025, 8, 9))
    engine.takes("record-death", [2], date(2025, 8, 9))
    assert others() == before


def test_the_number_of_statements_does_not_depend_on_the_number_of_cases(engine):
    engine.imports(workers(310))
    counted = {}
    for cases in (range(1, 11), range(11, 311)):
        for step, on in (("verify", 2), ("propose", 3), ("minute", 2), ("minute", 9)):
            before = engine.statements
            assert engine.takes(step, cases, date(2025, 8, on), note="n" if on == 9 else None).command
            counted.setdefault((step, on), []).append(engine.statements - before)
    assert all(many <= few for few, many in counted.values()), counted


def test_nor_for_a_step_with_personal_fields(engine):
    engine.imports(workers(60))
    last = engine.brings(range(1, 61), *TO_NI)
    counted = []
    for cases in (range(1, 6), range(6, 61)):
        before = engine.statements
        who = [Who(engine.case(number), fields={"ni": ni_of(number)}) for number in cases]
        assert engine.takes("assign-ni", who, last).command
        counted.append(engine.statements - before)
    assert counted[1] <= counted[0]


def test_an_error_while_the_command_is_recorded_leaves_nothing(engine, monkeypatch):
    """Ctrl-C at the last moment: after the events were inserted and before the transaction ends."""
    engine.imports(workers(2))
    before = everything(engine)

    def interrupted(self: Transaction, kind: str, claims: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Transaction, "claim", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.takes("verify", [1, 2], AUGUST)
    monkeypatch.undo()
    assert everything(engine) == before
    assert engine.takes("verify", [1, 2], AUGUST).command is not None


def test_no_finding_names_a_person(engine):
    people = workers(4)
    engine.imports(people)
    engine.takes("record-death", [2], AUGUST)
    who = [one.nik for one in people] + ["3673014101900099"]
    told = repr([row.findings for row in engine.takes("swear-in", who, AUGUST, documents=()).rows])
    assert told
    assert not any(one.nik in told or one.name in told for one in people)
