"""A clerk who has one unit tries the people of the others, with every command that there is."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from tests import postgres
from tests.logins import at_desk
from tests.office import Office
from tests.staff import ALL, Staff, add_user, attempts, staffed
from tests.test_help import commands
from workflow.demo.people import Person

NAMES_NO_CASE = """
    agencies, copy, demo, holiday decree, holiday list, init, national count, national roster, procedure adopt,
    procedure check, procedure diff, procedure list, procedure show, share, template, unit alias, unit import,
    unit list, upgrade, user add, user grant, user list, user revoke, views rebuild
"""
"""Commands whose arguments and answers are of no case."""

WHO = ("{nik}", "{case}")
STEP = '--on 2025-08-20 --document "surat-usulan 800/9 2025-08-19" --document "sptjm-ppk 800/10 2025-08-19"'
DENIED: dict[str, list[str]] = {
    "advance": [
        *(f"advance propose {who} {{step}}" for who in WHO),
        "advance propose {own} {case} {step}",
        "advance propose {nik} {step} --dry-run",
        "advance propose {case} {step} --plan {new}",
        "advance propose {case} {step} --propose",
        "advance propose --from {file} {step} --partial",
        "advance propose --from {cases} {step}",
        "advance move-unit {case} --set unit={unit} {step}",
        "advance verify {case} {step} --replaces 2 --cascade",
    ],
    "apply": ["apply {plan}", "apply {plan_import}"],
    "cohort define": [
        "cohort define mine {nik}",
        "cohort define mine {own} {case}",
        "cohort define mine --from {file}",
    ],
    "confirm": ["confirm {item} --yes"],
    "correct": [
        *(f'correct {who} 1 --on 2025-08-06 --reason "mistyped"' for who in WHO),
        'correct --command {command} --on 2025-08-06 --reason "mistyped"',
        'correct --from {events} --on 2025-08-06 --reason "mistyped"',
        'correct {case} 1 --set unit={unit} --reason "ours" --dry-run',
    ],
    "decline": ['decline {item} --reason "not ours"'],
    "history": [f"history {who} --format {form}" for who in WHO for form in ("table", "json")]
    + ["history {case} --known-at 2025-08-10"],
    "import": [
        "import {workers}",
        "import {workers} --partial",
        "import {workers} --dry-run",
        "import {workers} --propose",
        "import {past} --history",
    ],
    "inbox": ["inbox {item}"],
    "merge": [
        *(f'merge {{own}} {who} --reason "one person"' for who in WHO),
        'merge {case} {own} --reason "one person"',
    ],
    "readings": ["readings {case}", "readings {nik}"],
    "rescind": [
        *(f'rescind {who} 2 --reason "never was"' for who in WHO),
        'rescind --command {command} --reason "never was"',
        'rescind --document {document} --reason "never was"',
        'rescind --from {events} --reason "never was"',
        'rescind {case} 2 --reason "never was" --plan {new}',
    ],
    "show": [*(f"show {who}" for who in WHO), "show {case} --format json --as-of 2025-08-07 --mask"],
    "steps": [f"steps {who}" for who in WHO],
    "why": [f"why {who} propose" for who in WHO],
}
"""By command, what is denied and kept as an attempt. {own} is a case of the clerk's."""

READING = ("history", "inbox", "readings", "show", "steps", "why")

CONFINED: dict[str, list[str]] = {
    "advance": [
        "advance propose --all {step} --dry-run --format json",
        "advance propose --stage verified {step} --dry-run",
    ],
    "attempts": [],
    "cohort check": ["cohort check everyone some --format json", "cohort check fixed some --format json"],
    "cohort list": ["cohort list --format json"],
    "cohort show": ["cohort show everyone --format json", "cohort show fixed --format json"],
    "count": ["count --by unit --format json"],
    "diff": [
        "diff 2025-08-10 2025-08-19 --format json",
        "diff --belief 2025-08-10 2025-08-19 --format json",
        "diff 2025-08-10 2025-08-19 --where-document {document}",
    ],
    "document show": ["document show {document} --format json"],
    "due": ["due --format json", "due --late"],
    "find": ["find {nik}", "find {name}", "find {part}"],
    "inbox": ["inbox --all --format json"],
    "log": [
        "log --format jsonl",
        "log --command {command}",
        "log --document {document} --format json",
        "log --by wati",
    ],
    "procedure adopted": ["procedure adopted --format json"],
    "procedure diagram": ["procedure diagram kota-serang --counts"],
    "procedure migrate": [],
    "procedure rehearse": ["procedure rehearse kota-metro --format json"],
    "receipt verify": [],
    "roster": [
        "roster --format json",
        "roster",
        "roster --unit {unit} --format csv",
        "roster --where-document {document} --format jsonl",
        "roster --known-at 2025-08-10 --format json",
    ],
    "undo": [],
    "views status": ["views status --format json"],
}
"""By command, what is answered as if there were nobody but the clerk's people; tried further below where empty."""


class Scene(NamedTuple):
    """The staff, what the words in braces stand for, and what nobody may hear of the others."""

    staff: Staff
    words: Mapping[str, str]
    secrets: list[str]


@pytest.fixture(scope="module")
def scene(_twenty: Office, tmp_path_factory: pytest.TempPathFactory, everyone: list[Person]) -> Iterator[Scene]:
    mark = postgres.made_so_far()
    office = _twenty.copy(tmp_path_factory.mktemp("scope"))
    told = ("--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
    office.ok("advance", "verify", "--all", *told, at="2025-08-18")
    office.ok("advance", "propose", office.json("roster")[0]["case"], *shlex.split(STEP))
    staff = staffed(office)
    add_user(staff.keeper, "tuti", *ALL, units=[staff.unit])
    staff.keeper.ok("user", "grant", "tuti", "--role", "auditor")
    yield Scene(staff, _words(staff, everyone), _secrets(staff))
    postgres.sweep(mark)


def _words(staff: Staff, everyone: list[Person]) -> dict[str, str]:
    office, whole = staff.office, staff.whole
    other, own = staff.others[1], staff.own[0]
    verified = whole.json("log", "--step", "verify")[0]["command"]
    whole.ok("cohort", "define", "everyone", "--all")
    whole.ok("cohort", "define", "fixed", *(row["case"] for row in (*staff.own, *staff.others)))
    whole.ok("cohort", "define", "some", *(row["case"] for row in staff.others[:3]))
    files = {
        "file": office.write("who.csv", f"nik\n{own['nik']}\n{other['nik']}\n"),
        "cases": office.write("cases.csv", f"case\n{own['case']}\n{other['case']}\n"),
        "events": office.write("events.csv", f"case,seq\n{own['case']},2\n{other['case']},2\n"),
        "past": office.write("past.csv", f"nik,step,effective_on\n{other['nik']},verify,2025-08-17\n"),
        "workers": office.workers([one for one in everyone[20:60] if one.worker.unit != staff.unit][:2], "more.csv"),
        "plan": office.folder / "others.plan",
        "plan_import": office.folder / "workers.plan",
        "new": office.folder / "new.plan",
    }
    propose = ("advance", "propose", other["case"], *shlex.split(STEP))
    whole.ok(*propose, "--plan", files["plan"])
    whole.ok("import", files["workers"], "--plan", files["plan_import"])
    item = whole.json(*propose, "--propose")["proposal"]
    values = {"nik": other["nik"], "case": other["case"], "name": f'"{other["name"]}"', "unit": f'"{other["unit"]}"'}
    values |= {
        "own": own["case"],
        "part": other["nik"][:9],
        "step": STEP,
        "command": verified,
        "document": "800/1",
        "item": str(item),
    }
    return {**values, **{name: str(path) for name, path in files.items()}}


def _secrets(staff: Staff) -> list[str]:
    """Names and numbers of the others; a name that one of the clerk's people has too is no secret."""
    own = json.dumps(staff.own)
    told = [row[key] for row in staff.others for key in ("case", "nik", "name")]
    return [value for value in told if value not in own]


def _tried(table: Mapping[str, list[str]]) -> list[Any]:
    return [pytest.param(words, id=words) for tries in table.values() for words in tries]


def _leaves() -> set[str]:
    return {" ".join(path) for path, command in commands() if not isinstance(command, click.Group)}


def _given(scene: Scene, written: str) -> list[str]:
    return shlex.split(written.format(**scene.words))


def _typed(scene: Scene, words: list[str]) -> str:
    """What whoever asks has said themself, in the files they gave too."""
    files = [Path(word) for word in words if word.endswith((".csv", ".plan"))]
    return " ".join([*words, *(path.read_text() for path in files if path.exists())])


def _leaks(scene: Scene, words: list[str], *said: str) -> list[str]:
    typed = _typed(scene, words)
    return [secret for secret in scene.secrets if secret not in typed and any(secret in one for one in said)]


def test_every_command_is_tried_from_outside() -> None:
    named = {name.strip() for name in NAMES_NO_CASE.split(",")}
    assert _leaves() == named | DENIED.keys() | CONFINED.keys()
    assert not named & (DENIED.keys() | CONFINED.keys())


@pytest.mark.parametrize("written", _tried(DENIED))
def test_what_is_about_others_is_denied_and_the_attempt_kept(scene: Scene, written: str) -> None:
    clerk, words = scene.staff.clerk, _given(scene, written)
    stored, kept = clerk.stored(), attempts(scene.staff.office)
    result = clerk.run(*words)
    assert result.exit_code == 1, (result.stdout, result.stderr)
    assert "yours" in result.stderr
    assert not _leaks(scene, words, result.stdout, result.stderr)
    assert clerk.stored() == stored
    assert not Path(scene.words["new"]).exists()
    (attempt,) = (Counter(attempts(scene.staff.office)) - Counter(kept)).elements()
    assert attempt[0] == "siti"
    assert attempt[2] == "scope"
    assert not [row["nik"] for row in scene.staff.others if row["nik"] in str(attempt)]


WRITING = {name: tries for name, tries in DENIED.items() if name not in READING}


@pytest.mark.parametrize("written", _tried(WRITING))
def test_who_may_read_all_moves_only_their_own(scene: Scene, written: str) -> None:
    """An auditor who is the clerk of one unit too: what they see of others they may not touch."""
    both, words = at_desk(scene.staff.office, "tuti"), _given(scene, written)
    stored, kept = both.stored(), attempts(scene.staff.office)
    result = both.run(*words)
    assert result.exit_code == 1, (result.stdout, result.stderr)
    assert "yours" in result.stderr
    assert both.stored() == stored
    assert not Path(scene.words["new"]).exists()
    (attempt,) = (Counter(attempts(scene.staff.office)) - Counter(kept)).elements()
    assert (attempt[0], attempt[2]) == ("tuti", "scope")


@pytest.mark.parametrize("written", _tried(CONFINED))
def test_what_is_asked_of_all_is_answered_of_ones_own(scene: Scene, written: str) -> None:
    clerk, words = scene.staff.clerk, _given(scene, written)
    stored, kept = clerk.stored(), attempts(scene.staff.office)
    result = clerk.run(*words)
    assert result.exit_code in (0, 1), result.stderr
    assert "lantik:" not in result.stderr, result.stderr
    assert not _leaks(scene, words, result.stdout, result.stderr)
    assert clerk.stored() == stored
    assert attempts(scene.staff.office) == kept


@pytest.mark.parametrize("words", ["roster", "count --by unit,stage", "due", "diff 2025-08-10 2025-08-19", "find a"])
def test_the_answer_is_that_of_the_whole_for_the_unit(scene: Scene, words: str) -> None:
    whole, clerk = (seat.json(*words.split()) for seat in (scene.staff.whole, scene.staff.clerk))
    units = [_unit_of(scene, row) for row in whole]
    assert clerk == [row for row, unit in zip(whole, units, strict=True) if unit == scene.staff.unit]
    assert clerk or words == "due"


def _unit_of(scene: Scene, row: dict[str, Any]) -> str:
    own = {one["case"] for one in scene.staff.own}
    return row["unit"] if "unit" in row else scene.staff.unit if row["case"] in own else ""


def test_of_a_cohort_only_ones_own_members_are_told(scene: Scene) -> None:
    (defined,) = [
        one for one in scene.staff.clerk.json("log") if one["step"] == "define" and one["fields"]["name"] == "fixed"
    ]
    own = [int(row["case"][-6:]) for row in scene.staff.own]
    assert defined["fields"]["numbers"] == own
    listed = {row["name"]: row["members"] for row in scene.staff.clerk.json("cohort", "list")}
    assert listed == {"everyone": None, "fixed": len(own), "some": 0}
