"""What is told of a procedure file that is wrong: every fault, with its line."""

from __future__ import annotations

import re

import pytest

from domain.errors import Misused
from tests.workflow.procedures import SMALL, line_of, region, told, write
from workflow.rulebook import Rulebook

FAULTS = [
    # name, words of SMALL, what stands there instead, words of the fault, words on the line that is named
    ("syntax", 'to = "listed"', "to = listed", "not TOML", "to = listed"),
    ("key twice", 'to = "gone"', 'to = "gone"\nto = "listed"', "not TOML", 'to = "listed"\nevent = "Withdrawn"'),
    ("a day that is none", "since = 2026-01-01", "since = 2026-02-30", "not TOML", "2026-02-30"),
    ("unknown top key", "version =", "vers = 1\nversion =", "`vers` is no key", "vers = 1"),
    ("unknown step key", "guards =", "gaurds =", "`gaurds` is no key", "gaurds ="),
    ("unknown stage key", "ended = true", "end = true", "`end` is no key", "end = true"),
    ("unknown key in a reason", 'code = "other",', 'code = "other", x = 1,', "`x` is no key", 'code = "other"'),
    ("wrong type", "reason_required = true", 'reason_required = "yes"', "true or false", "reason_required"),
    ("number for a text", 'authority = "OPD"', "authority = 1", "must be a text", "authority = 1"),
    ("text for a list", 'from = ["@open"]', 'from = "@open"', "must be a list", 'from = "@open"'),
    ("text for a date", "since = 2026-01-01", 'since = "2026"', "must be a date", 'since = "2026"'),
    ("unknown employment", '"non-asn"', '"asn"', "must be one of: non-asn", 'employment = "asn"'),
    ("unknown source", 'from = ["@open"]', 'from = ["lsted"]', "no stage `lsted`; the nearest is `listed`", "lsted"),
    ("unknown target", 'to = "gone"', 'to = "going"', "there is no stage `going`", 'to = "going"'),
    ("unknown guard", '["eligible"]', '["elegible"]', "no guard `elegible`; the nearest is `eligible`", "elegible"),
    ("unknown event", '"Withdrawn"', '"Withdrew"', "no event kind `Withdrew`; the nearest", '"Withdrew"'),
    ("no legal basis", 'legal_basis = "UU 20/2023"\nguards', "guards", "`leave` lacks `legal_basis`", "[steps.leave]"),
    ("blank legal basis", 'legal_basis = "UU 20/2023"\nguards', 'legal_basis = " "\nguards', "is empty", 'basis = " "'),
    ("label in one language", ', id = "tinggalkan"', "", "no words in the language `id`", 'en = "leave"'),
    ("blank label", 'id = "lain"', 'id = ""', "`id` is empty", 'code = "other"'),
    ("reason twice", 'code = "other"', 'code = "own-request"', "stands twice", 'en = "other"'),
    ("reason required, none given", "reasons = [", "fields = []\nreasons = []\nx = [", "names none", "reason_required"),
    ("stage twice the same", '["@open"]', '["listed", "listed"]', "`listed` stands twice", '["listed", "listed"]'),
    ("odd name", "[stages.gone]", "[stages.Gone]", "lower-case words", "[stages.Gone]"),
    ("two that open a case", '["@open"]', "[]", "`register` opens a case already", 'from = []\nto = "gone"'),
    ("file name differs", 'name = "small"', 'name = "smell"', "name and version say", 'name = "smell"'),
    ("extends a path", "version =", 'extends = "../x.toml"\nversion =', "never a path", "extends"),
    ("extends unknown", "version =", 'extends = "smoll@1"\nversion =', "there is no procedure smoll@1", "extends"),
    ("extends itself", "version =", 'extends = "small@1"\nversion =', "in a circle", "extends"),
    ("parameter out of order", "since = 2026", "since = 2024", "later than the one before", "values = ["),
    (
        "parameter without basis",
        'basis = "synthetic"\n',
        "",
        "`minimum_wage` lacks `basis`",
        "[parameters.minimum_wage]",
    ),
]


@pytest.mark.parametrize(("was", "now", "fault", "at"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_with_its_line(tmp_path, was, now, fault, at):
    assert SMALL.count(was) >= 1
    written = SMALL.replace(was, now, 1)
    sentences = [line for line in told(write(tmp_path, written)).splitlines() if fault in line]
    assert sentences
    assert sentences[0].startswith(f"small@1.toml, line {line_of(written, at)}:")


SCOPE = 'event = "Rejected"\nfields = [{ name = "scope", label = { en = "a", id = "b" }, %s }]'
START = 'event = "DutyStarted"\nfields = [{ name = "contract_start", label = { en = "a", id = "b" }, %s }]'
WAGE = 'fields = [{ name = "wage", type = "money", label = { en = "a", id = "b" } }]'
LATE = 'deadline = { within = 7, unit = "weeks", after = "regster" }'

IN_THE_STEP = [
    ("field of no event", WAGE, "has no field `wage`"),
    ("choice without choices", SCOPE % 'type = "choice", required = true', "a list of `choices` belong together"),
    ("choices of a text", SCOPE % 'type = "text", required = true, choices = ["a"]', "a list of `choices` belong"),
    ("field of another type", START % 'type = "text", required = true', "does not hold `contract_start` as `text`"),
    ("required fact not asked for", 'event = "Rejected"', "the event `Rejected` needs `scope`"),
    ("optional field for a required fact", SCOPE % 'type = "text"', "needs `scope`"),
    ("constant of no event", "constants = { wage = 1 }", "has no field `wage`"),
    ("constant of another type", 'event = "NiProposed"\nconstants = { drh_complete = "yes" }', "in `drh_complete`"),
    ("deadline of two kinds", "deadline = { by = 2025-01-01, within = 7 }", "a deadline is `by` a date"),
    ("deadline after nothing", "deadline = { within = 7 }", "a deadline is `by` a date"),
    ("deadline after an unknown step", LATE, "no step and no day of a case `regster`; the nearest is `register`"),
    ("deadline in unknown units", LATE, "`unit` must be one of: working-days, days, months"),
    ("deadline of no day", 'deadline = { within = 0, after = "register" }', "`within` must be from 1 to 3660"),
    ("deadline of many years", 'deadline = { within = 99999, after = "register" }', "`within` must be from 1 to 3660"),
    ("deadline before a step", 'deadline = { within = 7, before = "register" }', "no day of a case `register`"),
    ("deadline that repeats", 'deadlines = [{ every = "quarter", within = 7 }]', "a step that records `Evaluated`"),
    (
        "deadline of odd periods",
        'deadlines = [{ every = "month", within = 7 }]',
        "`every` must be one of: quarter, year",
    ),
    (
        "deadline of a period, and after",
        'deadlines = [{ every = "year", within = 7, after = "register" }]',
        "a deadline is",
    ),
    ("deadline of odd people", 'deadlines = [{ by = 2025-01-01, formation = "pns" }]', "one of: pppk-pw, pppk"),
    (
        "day of a letter without one",
        'deadlines = [{ within = 1, after = "register", since = 2025-01-01 }]',
        "of a letter",
    ),
    (
        "window of a field that is none",
        'deadlines = [{ by = 2025-01-01, window = true, field = "x" }]',
        "`field` of a deadline",
    ),
    (
        "field without a window",
        START % 'type = "date", required = true' + '\ndeadlines = [{ by = 2025-01-01, field = "contract_start" }]',
        "`field` of a deadline",
    ),
    ("two letters of a day", "deadlines = [{ by = 2025-01-01 }, { by = 2025-01-02 }]", "two letters of the same day"),
    ("document twice", 'documents = [{ kind = "sk" }, { kind = "sk" }]', "`sk` stands twice in `documents`"),
]


@pytest.mark.parametrize(("keys", "fault"), [row[1:] for row in IN_THE_STEP], ids=[row[0] for row in IN_THE_STEP])
def test_a_fault_inside_a_step_names_a_line_of_that_step(tmp_path, keys, fault):
    written = SMALL.replace('event = "Withdrawn"\n', "" if "event" in keys else 'event = "Withdrawn"\n')
    written = written.replace("[steps.leave]\n", f"[steps.leave]\n{keys}\n")
    sentence = next(line for line in told(write(tmp_path, written)).splitlines() if fault in line)
    line = int(re.findall(r"line (\d+):", sentence)[0])
    first = line_of(written, "[steps.leave]")
    assert first <= line <= first + keys.count("\n") + 1


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path):
    written = SMALL
    for was, now in [('"non-asn"', '"asn"'), ('to = "gone"', 'to = "going"'), ("guards", "gaurds"), ("basis", "x")]:
        written = written.replace(was, now, 1)
    lines = [int(number) for number in re.findall(r"line (\d+):", told(write(tmp_path, written)))]
    assert len(lines) >= 5
    assert lines == sorted(lines)


def test_an_unreachable_step_and_a_stage_without_a_way_out_are_told(tmp_path):
    lonely = '[stages.lonely]\nlabel = { en = "a", id = "b" }\nemployment = "non-asn"\n\n[steps.register]'
    written = SMALL.replace("[steps.register]", lonely).replace('["@open"]', '["lonely"]')
    sentences = told(write(tmp_path, written))
    assert "`leave` can never be taken" in sentences
    assert "no step leads out of the stage `listed`" in sentences


def test_a_step_from_an_ended_stage_is_told(tmp_path):
    assert "`gone` is ended" in told(write(tmp_path, SMALL.replace('["@open"]', '["listed", "gone"]')))


def test_files_that_extend_each_other_in_a_circle_are_told(tmp_path):
    write(tmp_path, region("", "1", "region@2"), "region@1")
    write(tmp_path, region("", "2", "region@1"), "region@2")
    with pytest.raises(Misused, match="in a circle: region@2 > region@1 > region@2"):
        Rulebook(tmp_path).load("region@2")


def test_a_fault_in_a_regional_file_is_told_with_a_line_of_that_file(tmp_path):
    write(tmp_path, SMALL)
    written = region('[steps.leave]\nto = "nowhere"\n')
    assert f"region@2.toml, line {line_of(written, 'to =')}:" in told(write(tmp_path, written, "region@2"))


def test_an_item_appended_twice_is_told_where_it_was_appended(tmp_path):
    write(tmp_path, SMALL)
    written = region('[steps.leave]\nenabled = true\nguards_add = [\n  "wage-floor",\n  "eligible",\n]\n')
    sentences = told(write(tmp_path, written, "region@2"))
    assert f"region@2.toml, line {line_of(written, 'eligible')}: `eligible` stands twice" in sentences


def test_a_file_that_is_too_long_is_not_read(tmp_path):
    assert "longer than 1000000 bytes" in told(write(tmp_path, SMALL + "# " + "x" * 1_000_000))


def test_a_file_in_another_encoding_names_the_line(tmp_path):
    path = tmp_path / "small@1.toml"
    path.write_bytes(SMALL.replace("Kecil", "K\xe9cil").encode("latin-1"))
    assert "line 3: the file is not UTF-8" in told(path)


@pytest.mark.parametrize("hostile", ["x = " + "[" * 20_000, "x = " + "1" * 5_000])
def test_a_hostile_file_is_refused_and_not_a_crash(tmp_path, hostile):
    assert "small@1.toml, line " in told(write(tmp_path, hostile))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(Misused, match=r"none@1\.toml cannot be read"):
        Rulebook(tmp_path).read(tmp_path / "none@1.toml")


def test_the_loader_can_be_given_other_guards(tmp_path):
    with pytest.raises(Misused, match="there is no guard `eligible`"):
        Rulebook(tmp_path, guards=()).read(write(tmp_path, SMALL))


@pytest.mark.parametrize("extends", ["", "small@1"])
def test_no_line_can_be_lost_or_doubled_so_that_the_loader_crashes(tmp_path, extends):
    """Either the file still makes sense or it is refused with a line; nothing else escapes."""
    write(tmp_path, SMALL)
    lines = (region(SMALL.split("}", 1)[1], "2") if extends else SMALL).splitlines(keepends=True)
    name = "region@2" if extends else "other@1"
    for number in range(len(lines)):
        for copies in (0, 2):
            mangled = [*lines[:number], *[lines[number]] * copies, *lines[number + 1 :]]
            path = write(tmp_path, "".join(mangled).replace('"small"', '"other"'), name)
            try:
                Rulebook(tmp_path).read(path)
            except Misused as refused:
                assert f"{name}.toml, line " in str(refused)  # noqa: PT017  most are refused, not all
