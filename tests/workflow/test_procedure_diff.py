"""What one procedure says otherwise than another, in words: each kind of change, and nothing that did not change."""

# ruff: noqa: E501  a row of a table is a line

from __future__ import annotations

import msgspec
import pytest

from tests.office import Office
from tests.workflow.procedures import SMALL, write
from workflow.procedure_diff import change_row, changes
from workflow.rulebook import Rulebook

CHANGES = [
    # words of SMALL, what stands there instead, what, where, the sentence
    ('en = "listed", id = "terdata"', 'en = "known", id = "terdata"', "label-en", "listed is called otherwise: listed → "
     "known"),
    ('employment = "none"', 'employment = "outsourced"', "employment", "gone means another employment: no employment → "
     "outsourced"),
    ('authority = "PPK"', 'authority = "BKN"', "authority", "leave is the act of another authority: PPK → BKN"),
    ('guards = ["eligible"]', "", "guards", "leave: the rule eligible is no longer asked"),
    ('guards = ["eligible"]', 'guards = ["eligible", "drh-complete"]', "guards", "leave: the rule drh-complete is asked "
     "now"),
    ("reason_required = true", "", "reason_required", "leave: a reason may be left out now"),
    ('{ code = "other", label = { en = "other", id = "lain" } },', "", "reasons", "leave: the reason other is gone"),
    ('code = "other", label = { en = "other"', 'code = "other", label = { en = "else"', "reasons",
     "leave: the reason other is otherwise now: label en other, id lain → label en else, id lain"),
    ('event = "Withdrawn"', 'event = "Withdrawn"\ndocuments = [{ kind = "sk" }]', "documents",
     "leave: the document sk is asked for now"),
    ('event = "Withdrawn"', 'event = "Withdrawn"\ndeadline = { within = 1, after = "register", basis = "UU" }',
     "deadlines", "leave: this time limit is new: within 1 working day after register (UU)"),
    ('event = "Withdrawn"', 'event = "Withdrawn"\ndeadlines = [{ by = 2025-09-04, since = 2025-08-20, window = true }]',
     "deadlines", "leave: this time limit is new: by 2025-09-04, as a letter of 2025-08-20 says, and nobody owes it"),
    ("value = 200", "value = 300", "values", "minimum_wage: the value since 2026-01-01 is 300, no longer 200"),
    (", { since = 2026-01-01, value = 200 }", "", "values", "minimum_wage: the value since 2026-01-01 is gone: 200"),
    ('basis = "synthetic"', 'basis = "decree"', "basis", "minimum_wage has another legal basis: synthetic → decree"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "what", "sentence"), CHANGES, ids=[f"{row[2]}: {row[3]}" for row in CHANGES])
def test_a_change_is_told_in_words_and_alone(tmp_path, was, now, what, sentence):
    assert was in SMALL
    (tmp_path / "before").mkdir()
    before = Rulebook(tmp_path).read(write(tmp_path / "before", SMALL))
    after = Rulebook(tmp_path).read(write(tmp_path, SMALL.replace(was, now, 1)))
    [change] = changes(before, after)
    assert (change.what, str(change.sentence)) == (what, sentence)
    [back] = changes(after, before)
    assert (back.before, back.after) == (change.after, change.before)


def test_what_a_step_starts_from_and_leads_to(tmp_path):
    first = Rulebook().load("nasional@2025.2")
    verify = msgspec.structs.replace(first.steps["verify"], sources=("rejected",), to=None)
    second = msgspec.structs.replace(first, steps=first.steps | {"verify": verify})
    assert [str(change.sentence) for change in changes(first, second)] == [
        "verify may start from rejected too",
        "verify may no longer start from registered",
        "verify leads elsewhere: verified → the stage stays",
    ]


def test_what_is_new_and_what_is_gone_is_told_whole():
    first, second = Rulebook().load("nasional@2025.1"), Rulebook().load("nasional@2025.2")
    new = {(change.what, change.where) for change in changes(first, second) if change.before is None}
    assert {("stage-added", "coaching"), ("step-added", "retire"), ("parameter-added", "retirement_age")} <= new
    gone = {(change.what, change.where) for change in changes(second, first) if change.after is None}
    assert {("stage-removed", "coaching"), ("step-removed", "retire"), ("parameter-removed", "retirement_age")} <= gone
    [retire] = [change for change in changes(first, second) if change.where == "retire"]
    assert str(retire.sentence) == "the step retire is new"
    assert retire.after["to"] == "retired"


@pytest.mark.parametrize("name", Rulebook().names())
def test_a_procedure_does_not_differ_from_itself(name):
    assert changes(Rulebook().load(name), Rulebook().load(name)) == []


def test_serang_and_metro_differ_in_what_the_cities_decided():
    found = changes(Rulebook().load("kota-serang"), Rulebook().load("kota-metro"))
    switched = {change.where: change.after for change in found if change.what == "enabled"}
    assert switched == {
        "return-to-opd": False,
        "outsource": False,
        "renew-outsourcing": False,
        "end-outsourcing": False,
        "not-renew": True,
    }


def test_every_change_can_be_written_for_programs():
    for change in changes(Rulebook().load("nasional@2025.1"), Rulebook().load("kab-lebak")):
        row = change_row(change)
        assert row.keys() == {"what", "where", "before", "after", "sentence"}
        msgspec.json.encode(row)


def test_a_clerk_asks_for_it_by_names_and_by_files(office: Office, tmp_path):
    rows = office.json("procedure", "diff", "kota-serang@2025.2", "kota-metro@2025.2")
    assert {"what": "enabled", "where": "outsource", "before": True, "after": False,
            "sentence": "outsource is switched off"} in rows  # fmt: skip
    path = write(tmp_path, SMALL)
    assert office.json("procedure", "diff", path, path) == []
    said = office.ok("procedure", "diff", "kota-serang@2025.2", "kota-metro@2025.2").stdout
    assert "From kota-serang@2025.2 to kota-metro@2025.2" in said
    assert "not-renew is switched on" in said
    assert f"{len(rows)} changes." in said
    assert "there is no procedure" in office.refused("procedure", "diff", "kota-sorong", "kota-metro", code=2)
