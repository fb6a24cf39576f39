"""What is looked at before it is recorded: plans in files, and what somebody at a terminal agrees to."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

import cli
from tests.mending import BECAUSE, FIRST, SECOND, THIRD, events, notes, propose, stands
from tests.office import Office
from workflow.advance import Order
from workflow.amend import Amendment
from workflow.demo.people import Person
from workflow.merge import Merger
from workflow.migrate import Migration
from workflow.past import Past
from workflow.plans import VERSION
from workflow.registration import Intake

VERIFY = ("advance", "verify", "--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
PAST = "nik,step,effective_on,document_kind,document_number,document_date\n"


@pytest.fixture
def proposed(verified: Office) -> Office:
    """The twenty, proposed on 2025-08-20."""
    return propose(verified)


def planned(office: Office, *words: object, code: int = 0) -> Path:
    """The plan that a command writes, which records nothing."""
    path, before = office.folder / "the.plan", office.stored()
    result = office.run(*words, "--plan", path)
    assert result.exit_code == code, result.stderr
    assert "Nothing was recorded; lantik apply records what is in the.plan." in result.stderr
    assert office.stored() == before
    return path


def outcome(plan: Path) -> list[dict[str, Any]]:
    return list(json.loads(plan.read_bytes())["outcome"])


def recorded(office: Office) -> list[dict[str, Any]]:
    """All events as the log tells them, but for the ids that are drawn."""
    return [
        {**row, "command": None, "fields": {name: value for name, value in row["fields"].items() if name != "person"}}
        for row in office.json("log")
    ]


class Terminal(io.BytesIO):
    """Somebody at a terminal who answers, and what happens elsewhere before the answer."""

    def __init__(self, answer: str, meanwhile: Callable[[], object] = bool) -> None:
        super().__init__(answer.encode() + b"\n")
        self.meanwhile = meanwhile

    def isatty(self) -> bool:
        return True

    def read1(self, size: int | None = -1, /) -> bytes:
        self.meanwhile()
        return super().read1(-1 if size is None else size)


def at_a_terminal(office: Office, *words: object, answer: str = "y", meanwhile: Callable[[], object] = bool) -> Result:
    desk = cli.Desk(clock=lambda: office.now, entropy=office._chance.randbytes, busy_timeout=0.2)
    told = ["--db", str(office.place), "--actor", office.actor, *map(str, words)]
    terminal = Terminal(answer, meanwhile)
    return CliRunner().invoke(cli.lantik, told, obj=desk, input=terminal, catch_exceptions=False)


def meanwhile(office: Office, *words: object) -> Callable[[], object]:
    """What a colleague records, once, while somebody thinks."""
    left = [words]

    def happens() -> None:
        if left:
            office.ok(*left.pop())

    return happens


COMMANDS: dict[str, tuple[object, ...]] = {
    "advance": ("advance", "minute", FIRST, SECOND, "--on", "2025-08-21", "--document", "notulen 1 2025-08-21"),
    "advance a selection": ("advance", "leave-out", "--all", "--on", "2025-08-19", "--cascade", "--reason", "no-need"),
    "advance in between": (
        *("advance", "leave-out", FIRST, "--on", "2025-08-19", "--reason", "no-need", "--cascade"),
        *("--note", "Catatan: {a}"),
    ),
    "advance instead": (
        *("advance", "leave-out", FIRST, "--on", "2025-08-19", "--reason", "no-need", "--replaces", 3),
    ),
    "correct": ("correct", FIRST, 1, "--set", "name=Nama Benar", "--set", "position=Sopir", *BECAUSE),
    "correct a date": ("correct", FIRST, 2, "--on", "2025-08-21", "--cascade", *BECAUSE),
    "rescind": ("rescind", FIRST, 3, *BECAUSE),
    "rescind a cascade": ("rescind", "--document", "800/1", "--cascade", *BECAUSE),
    "undo": ("undo",),
    "merge": ("merge", FIRST, SECOND, *BECAUSE),
    "migrate": ("procedure", "migrate", "kota-metro@2025.1", FIRST, SECOND, *BECAUSE),
}


class TestAPlan:
    @pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
    def test_applied_at_once_records_what_the_command_itself_would(
        self, proposed: Office, tmp_path: Path, words: tuple[object, ...]
    ) -> None:
        folder = tmp_path / "other"
        folder.mkdir()
        other = proposed.copy(folder, seed=7)
        other.ok(*words)
        plan = planned(proposed, *words)
        assert {row["verdict"] for row in outcome(plan)} == {"passed"}
        proposed.ok("apply", plan)
        assert recorded(proposed) == recorded(other)
        assert proposed.json("roster") == other.json("roster")
        assert "equal to what was kept" in proposed.ok("views", "rebuild").stdout

    @pytest.mark.parametrize("kind", ["import", "import --history"])
    def test_of_an_import_needs_no_other_file(
        self, twenty: Office, everyone: list[Person], tmp_path: Path, kind: str
    ) -> None:
        folder = tmp_path / "other"
        folder.mkdir()
        other = twenty.copy(folder, seed=7)
        if kind == "import":
            words = ("import", twenty.workers(everyone[20:40]), "--on", "2025-08-09")
        else:
            rows = f"{everyone[0].worker.nik},verify,2025-08-12,sptjm-opd,54,2025-08-11\n"
            words = ("import", twenty.write("past.csv", PAST + rows), "--history")
        other.ok(*words)
        plan = planned(twenty, *words)
        words[1].unlink()
        twenty.ok("apply", plan)
        assert recorded(twenty) == recorded(other)
        assert twenty.json("roster") == other.json("roster")

    def test_tells_what_would_become_of_each_case(self, proposed: Office) -> None:
        plan = planned(proposed, "rescind", FIRST, 2, "--cascade", *BECAUSE)
        [row] = outcome(plan)
        assert (row["case"], row["verdict"], row["findings"]) == (FIRST, "passed", ["taken-along"])
        assert (row["stage_before"], row["stage_after"], row["taken_back"]) == ("proposed", "registered", [2, 3])
        whole = json.loads(plan.read_bytes())
        assert (whole["lantik"], whole["kind"], whole["actor"]) == (VERSION, "amend", "clerk")
        assert whole["made_at"] == "2025-08-20T09:00:00+07:00"

    def test_tells_what_will_be_owed_and_is_another_where_a_holiday_moves_that(self, proposed: Office) -> None:
        words = ("advance", "approve", FIRST, "--on", "2025-09-04", "--document", "keputusan-menpan B/1 2025-09-04")
        plan = planned(proposed, *words)
        decree = ("--off", "2025-09-10=Cuti bersama", "--document", "skb-3-menteri 9 2025-08-21")
        proposed.ok("holiday", "decree", *decree, at="2025-08-21")
        assert "the outcome would be another" in proposed.refused("apply", plan)
        [row] = outcome(planned(proposed, *words))
        proposed.ok(*words)
        owed = [one for one in proposed.json("due", "--as-of", "2025-09-04") if one["case"] == FIRST]
        assert row["due"] == [{"step": one["step"], "by": one["due"]} for one in owed]
        assert len(owed) > 0

    def test_can_be_read_by_its_owner_alone_also_in_the_place_of_another_file(self, verified: Office) -> None:
        old = verified.write("the.plan", "old")
        old.chmod(0o644)
        assert planned(verified, *COMMANDS["advance"]).stat().st_mode & 0o777 == 0o600
        old.unlink()
        assert planned(verified, *COMMANDS["advance"]).stat().st_mode & 0o777 == 0o600

    def test_applied_twice_is_already_recorded(self, verified: Office) -> None:
        plan = planned(verified, *COMMANDS["merge"])
        verified.ok("apply", plan)
        before = verified.stored()
        again = verified.json("apply", plan)
        assert (again["recorded"], again["unchanged"]) == (0, 1)
        assert [note["code"] for note in again["notes"]] == ["already-recorded"]
        assert verified.stored() == before

    def test_has_the_id_that_was_given_for_it(self, verified: Office) -> None:
        given = "00000000-0000-4000-8000-00000000000b"
        plan = planned(verified, *COMMANDS["advance"], "--command-id", given)
        assert verified.json("apply", plan)["command"] == given
        assert verified.json(*COMMANDS["advance"], "--command-id", given)["unchanged"] == 2

    def test_is_confirmed_by_whoever_applies_it(self, verified: Office) -> None:
        plan = planned(verified, *COMMANDS["advance"])
        verified.actor = "head"
        verified.ok("apply", plan)
        assert events(verified, FIRST)[-1]["actor"] == "head"

    def test_with_a_refused_row_is_written_and_records_nothing_without_partial(self, verified: Office) -> None:
        verified.ok("advance", "leave-out", FIRST, "--on", "2025-08-19", "--reason", "no-need")
        words = ("advance", "leave-out", FIRST, SECOND, "--on", "2025-08-19", "--reason", "no-need")
        plan = planned(verified, *words, code=1)
        assert [row["verdict"] for row in outcome(plan)] == ["refused", "passed"]
        assert "Refused: 1 of 2. Nothing was recorded." in verified.refused("apply", plan)
        assert verified.json("apply", plan, "--partial")["recorded"] == 1
        assert stands(verified, SECOND, "--as-of", "2025-08-19") == ("not-proposed", "2025-08-19")

    def test_made_with_partial_can_be_applied_as_it_is(self, verified: Office) -> None:
        verified.ok("advance", "leave-out", FIRST, "--on", "2025-08-19", "--reason", "no-need")
        words = ("advance", "leave-out", FIRST, SECOND, "--on", "2025-08-19", "--reason", "no-need", "--partial")
        assert verified.json("apply", planned(verified, *words))["recorded"] == 1

    def test_is_about_the_cases_that_a_selection_matched_then(self, proposed: Office) -> None:
        words = ("advance", "minute", "--on", "2025-08-21", "--document", "notulen 1 2025-08-21")
        proposed.ok("rescind", THIRD, 3, *BECAUSE)
        plan = planned(proposed, *words, "--stage", "proposed")
        proposed.ok("rescind", THIRD, 4, *BECAUSE)
        assert proposed.json("apply", plan)["recorded"] == 19
        assert [row["step"] for row in events(proposed, THIRD)][-1] == "rescind"


class TestAPlanThatIsNoLongerTrue:
    def test_records_nothing_and_names_the_case_with_what_was_and_what_is(self, verified: Office) -> None:
        plan = planned(verified, "advance", "leave-out", "--all", "--on", "2025-08-19", "--reason", "no-need")
        verified.ok("advance", "leave-out", SECOND, "--on", "2025-08-19", "--reason", "no-need")
        said = verified.refused("apply", plan)
        assert f"Refused ({SECOND}): the outcome would be another" in said
        assert "it was passed, verified → not-proposed; now it is refused (wrong-stage)." in said
        assert "Refused: 1 of 20. Nothing was recorded." in said
        assert FIRST not in said
        assert "--partial" not in said

    def test_is_told_to_programs_row_by_row(self, verified: Office) -> None:
        plan = planned(verified, *COMMANDS["advance"])
        verified.ok("rescind", FIRST, 1, *BECAUSE)
        told = verified.json("apply", plan, code=1)
        assert (told["command"], told["recorded"], told["refused"]) == (None, 0, 1)
        changed = [row["case"] for row in told["rows"] if "outcome-differs" in {one["code"] for one in row["findings"]}]
        assert changed == [FIRST]

    def test_is_not_recorded_in_part_either(self, verified: Office) -> None:
        plan = planned(verified, *COMMANDS["advance"], "--partial")
        verified.ok("rescind", FIRST, 1, *BECAUSE)
        assert "the outcome would be another" in verified.refused("apply", plan)
        assert "the outcome would be another" in verified.refused("apply", plan, "--partial")

    def test_where_a_refused_row_would_pass_now_it_is_another_too(self, verified: Office) -> None:
        verified.ok("advance", "leave-out", FIRST, "--on", "2025-08-19", "--reason", "no-need")
        words = ("advance", "leave-out", FIRST, SECOND, "--on", "2025-08-19", "--reason", "no-need", "--partial")
        plan = planned(verified, *words)
        verified.ok("rescind", FIRST, 3, *BECAUSE)
        said = verified.refused("apply", plan)
        assert "it was refused (wrong-stage); now it is passed, verified → not-proposed" in said

    def test_of_a_cascade_where_more_would_be_taken_back(self, proposed: Office) -> None:
        plan = planned(proposed, "rescind", FIRST, 2, "--cascade", *BECAUSE)
        notes(proposed, FIRST)
        assert proposed.json("apply", plan)["recorded"] == 1  # a minute stands wherever the case does
        plan = planned(proposed, "rescind", SECOND, 2, "--cascade", *BECAUSE)
        words = ("--on", "2025-09-04", "--document", "keputusan-menpan B/1 2025-09-04")
        proposed.ok("advance", "approve", SECOND, *words, at="2025-09-04")
        said = proposed.refused("apply", plan)
        assert "passed, proposed → registered (taken-along, #2, #3)" in said
        assert "passed, need-approved → registered (taken-along, #2, #3, #4)" in said

    def test_of_an_import_where_a_nik_was_registered_since(self, twenty: Office, everyone: list[Person]) -> None:
        plan = planned(twenty, "import", twenty.workers(everyone[20:40]), "--on", "2025-08-09")
        moved = msgspec.structs.replace(everyone[25].worker, unit="Dinas Contoh")
        other = twenty.workers([everyone[25]._replace(worker=moved)], "other.csv")
        twenty.ok("import", other, "--on", "2025-08-08")
        said = twenty.refused("apply", plan)
        assert "(#7): the outcome would be another" in said or "(#7 36.73-000021): the outcome would be another" in said
        assert everyone[25].worker.nik not in said

    def test_of_an_import_where_a_unit_has_another_name_since(self, twenty: Office, everyone: list[Person]) -> None:
        moved = msgspec.structs.replace(everyone[20].worker, unit="Dinas Contoh")
        rows = twenty.workers([everyone[20]._replace(worker=moved)])
        plan = planned(twenty, "import", rows, "--on", "2025-08-09")
        twenty.ok("unit", "alias", "Dinas Contoh", everyone[0].worker.unit)
        assert "the outcome would be another" in twenty.refused("apply", plan)

    def test_of_a_merger_where_a_case_was_merged_since(self, verified: Office) -> None:
        plan = planned(verified, *COMMANDS["merge"])
        verified.ok("merge", SECOND, FIRST, *BECAUSE)
        assert "neither of them void" in verified.refused("apply", plan)

    @pytest.mark.parametrize("kind", ["merge", "migrate", "import --history"])
    def test_of_any_kind_where_a_case_has_moved_on(self, verified: Office, everyone: list[Person], kind: str) -> None:
        words = COMMANDS.get(kind)
        if words is None:
            rows = f"{everyone[1].worker.nik},minute,2025-08-21,notulen,54,2025-08-21\n"
            words = ("import", verified.write("past.csv", PAST + rows), "--history")
        plan = planned(verified, *words)
        verified.ok("advance", "leave-out", SECOND, "--on", "2025-08-19", "--reason", "no-need")
        said = verified.refused("apply", plan)
        assert SECOND in said
        assert "the outcome would be another: it was passed, verified → " in said

    def test_is_no_obstacle_once_things_are_as_they_were(self, verified: Office) -> None:
        plan = planned(verified, *COMMANDS["advance"])
        verified.ok("rescind", FIRST, 1, *BECAUSE)
        verified.refused("apply", plan)
        verified.ok("rescind", FIRST, 3, *BECAUSE)
        assert verified.json("apply", plan)["recorded"] == 2


class TestAPlanThatIsNone:
    @pytest.fixture
    def plan(self, verified: Office) -> Path:
        return planned(verified, *COMMANDS["advance"])

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b'"minute"', b'"verify"'),
            (b'"passed"', b'"refused"'),
            (b'"actor":"clerk"', b'"actor":"head"'),
            (b'"made_at":"2025', b'"made_at":"2024'),
            (b'"kind":"advance"', b'"kind":"merge"'),
            (b'"command":"', b'"command":"0'),
            (FIRST.encode(), THIRD.encode()),
        ],
    )
    def test_is_refused_if_anything_in_it_was_changed(
        self, verified: Office, plan: Path, old: bytes, new: bytes
    ) -> None:
        written = plan.read_bytes()
        assert old in written
        if old == b'"command":"':
            at = written.index(old) + len(old)
            changed = written[:at] + (b"0" if written[at : at + 1] != b"0" else b"1") + written[at + 1 :]
        else:
            changed = written.replace(old, new)
        plan.write_bytes(changed)
        assert "the.plan was changed since it was made. Nothing was recorded" in verified.refused("apply", plan, code=3)

    def test_is_refused_with_the_outcome_of_another_plan(self, verified: Office, plan: Path) -> None:
        whole, other = json.loads(plan.read_bytes()), verified.folder / "other.plan"
        verified.ok("advance", "minute", FIRST, "--on", "2025-08-21", *BECAUSE_OF, "--plan", other)
        for key in ("outcome", "outcome_digest"):
            whole[key] = json.loads(other.read_bytes())[key]
        plan.write_bytes(msgspec.json.encode(whole))
        verified.refused("apply", plan, code=3)

    @pytest.mark.parametrize(
        "written",
        [
            b"",
            b"{}",
            b"[]",
            b"null",
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"lantik":2,"register":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b'{"lantik":2,"register":"x"',
            b'{"lantik":"1","register":"x"}',
        ],
        ids=["nothing", "empty", "list", "null", "no text", "deep", "deep inside", "cut off", "no number"],
    )
    def test_is_refused_in_one_sentence_if_it_cannot_be_read(self, verified: Office, written: bytes) -> None:
        path = verified.write("the.plan", written)
        assert verified.refused("apply", path, code=2) == "lantik: the.plan is no plan that can be read.\n"

    def test_is_refused_of_another_version(self, verified: Office, plan: Path) -> None:
        plan.write_bytes(plan.read_bytes().replace(b'{"lantik":2', b'{"lantik":99'))
        assert "a plan of another version of lantik (99)" in verified.refused("apply", plan, code=2)

    def test_is_refused_in_another_register(self, verified: Office, plan: Path, tmp_path: Path) -> None:
        folder = tmp_path / "other"
        folder.mkdir()
        other = Office(folder, seed=9).init()
        assert "a plan for another register" in other.refused("apply", plan, code=2)

    def test_is_refused_if_there_is_no_such_file(self, verified: Office) -> None:
        assert "cannot be read" in verified.refused("apply", verified.folder / "none", code=2)
        assert "cannot be read" in verified.refused("apply", "/dev/null/x", code=2)

    def test_that_cannot_be_written_is_told(self, verified: Office) -> None:
        said = verified.refused(*COMMANDS["advance"], "--plan", verified.folder / "none" / "the.plan", code=5)
        assert "Cannot write the.plan" in said


BECAUSE_OF = ("--document", "notulen 1 2025-08-21")


def test_a_change_of_what_a_plan_holds_needs_a_new_version() -> None:
    """Requests are lists in a plan: their parts in this order are what version 2 means."""
    kinds = (Order, Amendment, Merger, Intake, Past, Migration)
    parts = {kind.__name__: " ".join(kind._fields) for kind in kinds}
    assert (VERSION, parts) == (
        2,
        {
            "Order": "request workers partial dry_run replaces cascade command_id selection",
            "Amendment": "name targets reason on fields papers documents cascade dry_run command_id",
            "Merger": "keep lose amendment",
            "Intake": "rows on documents partial dry_run reopen command_id file sha256",
            "Past": "acts dry_run command_id",
            "Migration": "to reason workers documents partial dry_run command_id",
        },
    )


class TestAtATerminal:
    CASCADE = ("rescind", FIRST, 2, "--cascade", *BECAUSE)

    def test_a_selection_is_recorded_once_somebody_agreed(self, proposed: Office) -> None:
        done = at_a_terminal(proposed, *COMMANDS["advance"][:2], "--all", "--on", "2025-08-21", *BECAUSE_OF)
        assert (done.exit_code, "20 recorded" in done.stdout) == (0, True)
        assert "This records minute for 20 cases." in done.stderr

    def test_nobody_is_asked_about_cases_that_were_named(self, proposed: Office) -> None:
        done = at_a_terminal(proposed, *COMMANDS["advance"], answer="n")
        assert (done.exit_code, "2 recorded" in done.stdout) == (0, True)

    def test_nothing_is_recorded_where_somebody_disagreed(self, proposed: Office) -> None:
        before = proposed.stored()
        done = at_a_terminal(proposed, *self.CASCADE, answer="n")
        assert done.exit_code == 130
        assert "propose of 2025-08-20 (event 3) is taken back too" in done.stderr
        assert proposed.stored() == before

    def test_nobody_is_asked_with_yes_or_about_what_is_refused(self, proposed: Office) -> None:
        refused = at_a_terminal(proposed, "rescind", FIRST, 2, *BECAUSE)
        assert (refused.exit_code, "Record it?" in refused.stderr) == (1, False)
        done = at_a_terminal(proposed, *self.CASCADE, "--yes", answer="n")
        assert (done.exit_code, "Record it?" in done.stderr) == (0, False)

    def test_the_register_is_free_while_a_person_thinks(self, proposed: Office) -> None:
        elsewhere = meanwhile(proposed, "advance", "minute", THIRD, "--on", "2025-08-21", *BECAUSE_OF)
        done = at_a_terminal(proposed, *self.CASCADE, meanwhile=elsewhere)
        assert (done.exit_code, "1 recorded" in done.stdout) == (0, True)
        assert events(proposed, THIRD)[-1]["step"] == "minute"

    def test_what_is_no_longer_as_it_was_shown_is_not_recorded(self, proposed: Office) -> None:
        words = ("--on", "2025-08-20", "--document", "keputusan-menpan B/1 2025-08-20")
        elsewhere = meanwhile(proposed, "advance", "approve", FIRST, *words)
        done = at_a_terminal(proposed, *self.CASCADE, meanwhile=elsewhere)
        assert done.exit_code == 1
        assert f"({FIRST}): the outcome would be another" in done.stderr
        assert [row["rescinded_by"] for row in events(proposed, FIRST)] == [None] * 4

    def test_a_plan_says_who_made_it_and_is_asked_about(self, proposed: Office) -> None:
        plan = planned(proposed, *self.CASCADE)
        declined = at_a_terminal(proposed, "apply", plan, answer="n")
        assert declined.exit_code == 130
        assert "Planned by clerk at 2025-08-20T09:00:00+07:00: 1 rows." in declined.stderr
        assert at_a_terminal(proposed, "apply", plan).exit_code == 0
        again = at_a_terminal(proposed, "apply", plan, answer="n")
        assert (again.exit_code, "Record it?" in again.stderr) == (0, False)


def test_an_interrupted_plan_is_applied_whole_or_not_at_all(verified: Office, tmp_path: Path) -> None:
    plan = planned(verified, "advance", "leave-out", "--all", "--on", "2025-08-21", "--reason", "no-need")
    before, seen = verified.stored()[0], set()
    for at in range(1, 60):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        office, left = verified.copy(folder), [at]

        def strike(*_spoken: object, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt

        sa.event.listen(sa.engine.Engine, "before_cursor_execute", strike)
        try:
            code = office.run("apply", plan).exit_code
        finally:
            sa.event.remove(sa.engine.Engine, "before_cursor_execute", strike)
        seen.add((code, office.stored()[0] - before))
        if left[0] > 0:
            break
    assert seen == {(130, 0), (0, 20)}


def test_a_plan_of_a_whole_city_is_judged_with_a_few_statements(
    office: Office, everyone: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.ok("import", office.workers(everyone[:3_794]), "--on", "2025-08-07")
    plan = planned(office, *VERIFY, "--all")
    assert len(outcome(plan)) == 3_794
    spoken = [0]

    def count(*_spoken: object) -> None:
        spoken[0] += 1

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", count)
    try:
        assert office.json("apply", plan)["recorded"] == 3_794
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", count)
    assert spoken[0] < 60
