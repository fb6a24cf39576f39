"""Twenty faults, each planted in a copy of a shipped procedure: all are found, with their lines."""

# ruff: noqa: E501  a row of a table is a line

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import Misused
from tests.workflow.procedures import line_of
from workflow.procedure_warnings import checked
from workflow.rulebook import BUILT_IN, Rulebook

DAY = date(2026, 3, 2)

LONELY = '[stages.lonely]\nlabel = { en = "a", id = "b" }\nemployment = "non-asn"\n\n[stages.registered]'
TWIN = """[steps.leave-too]
label = { en = "leave", id = "tinggalkan" }
from = ["registered"]
to = "not-proposed"
event = "Verified"
authority = "BKPSDM"
role = "verifier"
legal_basis = "-"
documents = [
  { kind = "slip-gaji", required = false },
  { kind = "sptjm-opd", required = true },
  { kind = "surat-aktif", required = false },
]

[steps.verify]"""
PROPOSE = 'to = "proposed"\nevent = "SubmittedToKemenpanRb"'

NATIONAL = [
    # what, words of nasional, what stands there instead, words of the fault, words on the line that is named
    ("unknown guard", 'guards = ["eligible"]', 'guards = ["elligible"]', "no guard `elligible`; the nearest is", "ellig"),
    ("unknown field", 'name = "drh_complete"', 'name = "drh_compleet"', "has no field `drh_compleet`", "drh_compleet"),
    ("unknown kind", 'event = "Verified"', 'event = "Verifed"', "no event kind `Verifed`; the nearest", "Verifed"),
    ("unknown stage", 'to = "verified"', 'to = "verifeid"', "no stage `verifeid`; the nearest is", "verifeid"),
    ("unknown step in a limit", 'after = "assign-ni"', 'after = "asign-ni"', "`asign-ni`; the nearest is", "asign-ni"),
    ("unknown key", 'authority = "BKN"', 'autority = "BKN"', "`autority` is no key here", "autority"),
    ("stage out of reach", "[stages.registered]", LONELY, "no step leads to the stage `lonely`", "[stages.lonely]"),
    ("stage never left", 'from = ["@open"]\nto = "deceased"', 'from = ["active"]\nto = "deceased"',
     "no step leads out of the stage `policy-review`", "[stages.policy-review]"),
    ("step out of reach", 'to = "suspended"', 'to = "coaching"', "`reinstate` can never be taken", 'from = ["suspended"]'),
    ("two steps for the same", "[steps.verify]", TWIN, "ask for the same in the stage `registered`", "[steps.verify]"),
    (
        "no legal basis",
        'legal_basis = "B/3832/M.SM.01.00/2025"\ndocuments = [\n  { kind = "sptjm-opd"',
        'documents = [\n  { kind = "sptjm-opd"',
        "`verify` lacks `legal_basis`",
        "[steps.verify]",
    ),
    ("label in English only", ', id = "terdata di OPD"', "", "no words in the language `id`", 'en = "listed at the OPD"'),
    ("label in Indonesian only", 'en = "verify", ', "", "no words in the language `en`", 'id = "validasi"'),
    ("field of a wrong type", 'name = "wage", type = "money"', 'name = "wage", type = "date"', "does not hold `wage`",
     'name = "wage", type = "date"'),
    ("fact nobody is asked for", 'name = "scope", type = "choice", label', 'name = "note", type = "choice", label',
     "needs `scope`", "[steps.reject]"),
    ("reason twice", 'code = "no-budget"', 'code = "not-active"', "`not-active` stands twice", 'en = "no budget"'),
    ("limit of no form", "within = 7, unit = \"days\", after = \"assign-ni\"", "within = 7", "`by` a date, or `within`",
     "within = 7, basis"),
    ("figures out of order", "{ since = 2025-01-13, value = [\"year-evaluation\"] }",
     "{ since = 2025-01-13, value = 1 }, { since = 2025-01-13, value = 2 }", "each `since` later", "value = 1 }"),
]  # fmt: skip

REGIONAL = [
    # what, keys that the file of Kota Serang adds, words of the fault, words on the line that is named
    ("what others need is off", "[steps.announce]\nenabled = false\n", "`announce` is switched off, but these can never "
     "be taken without it: propose-ni", "enabled = false"),
    ("what a limit runs from is off", "[steps.swear-in-late]\nenabled = false\n[steps.expire]\ndeadlines = [\n"
     '  { within = 3, after = "swear-in-late" },\n]\n', "runs from `swear-in-late`, which is switched off", "within = 3"),
]  # fmt: skip


def in_a_copy(folder: Path, name: str, change: object) -> tuple[Path, str]:
    """A copy of a shipped file, and its text."""
    written = change((BUILT_IN / f"{name}.toml").read_text("utf-8"))  # type: ignore[operator]
    path = folder / f"{name}.toml"
    path.write_text(written, "utf-8")
    return path, written


def refusal(path: Path) -> str:
    with pytest.raises(Misused) as refused:
        checked(Rulebook(), path, DAY)
    return str(refused.value)


def found(path: Path, written: str, fault: str, at: str) -> bool:
    sentences = [line for line in refusal(path).splitlines() if fault in line]
    return bool(sentences) and sentences[0].startswith(f"{path.name}, line {line_of(written, at)}:")


@pytest.mark.parametrize(("was", "now", "fault", "at"), [row[1:] for row in NATIONAL], ids=[row[0] for row in NATIONAL])
def test_a_fault_planted_in_the_national_procedure_is_found_with_its_line(tmp_path, was, now, fault, at):
    def plant(written: str) -> str:
        assert was in written
        return written.replace(was, now, 1)

    path, written = in_a_copy(tmp_path, "nasional@2025.2", plant)
    assert found(path, written, fault, at), refusal(path)


@pytest.mark.parametrize(("added", "fault", "at"), [row[1:] for row in REGIONAL], ids=[row[0] for row in REGIONAL])
def test_a_fault_planted_in_a_regional_procedure_is_found_with_its_line(tmp_path, added, fault, at):
    head = 'name = "kota-contoh"\nversion = "1"\nextends = "nasional@2025.2"\ntitle = { en = "R", id = "W" }\n'
    path = tmp_path / "kota-contoh@1.toml"
    path.write_text(head + added, "utf-8")
    assert found(path, head + added, fault, at), refusal(path)


def test_they_are_twenty():
    assert len(NATIONAL) + len(REGIONAL) == 20


# --- warnings, which refuse nothing


def warned(path: Path) -> list[str]:
    return [str(warning) for warning in checked(Rulebook(), path, DAY)[1]]


@pytest.mark.parametrize("name", Rulebook().names())
def test_no_shipped_procedure_has_a_fault(name):
    assert checked(Rulebook(), BUILT_IN / f"{name}.toml", DAY)[0].reference == name


@pytest.mark.parametrize("name", ["kota-serang@2025.2", "kota-metro@2025.2", "kab-lebak@2025.2"])
def test_all_that_is_odd_about_a_region_is_a_wage_that_no_decree_sets(name):
    [warning] = warned(BUILT_IN / f"{name}.toml")
    assert "the guard `wage-floor` reads the parameter `minimum_wage`, which has no value" in warning


def test_a_stage_that_only_a_death_leads_out_of_is_told():
    """What becomes of those under review is for a region to decide: the national procedure says nothing."""
    told = "warning: only steps from every open stage lead out of the stage `policy-review`"
    assert any(warning.endswith(told) for warning in warned(BUILT_IN / "nasional@2025.2.toml"))


def test_a_guard_that_only_a_switched_off_step_could_satisfy_is_told(tmp_path):
    path, written = in_a_copy(tmp_path, "kota-serang@2025.2", lambda it: it + "\n[steps.evaluate]\nenabled = false\n")
    line = written[: written.rindex("enabled")].count("\n") + 1
    assert (
        f"{path.name}, line {line}: warning: no worker comes to dismiss-involuntarily with the reason performance any "
        "more, because of what is switched off here: evaluate"
    ) in warned(path)


def test_a_figure_that_nobody_reads_and_a_limit_without_a_basis_are_told(tmp_path):
    added = '[parameters.shoe_size]\nbasis = "synthetic"\nvalues = [{ since = 2025-01-01, value = 42 }]\n'
    added += '[parameters.minimum_wage]\nbasis = "synthetic"\nvalues = [{ since = 2025-01-01, value = 1 }]\n'
    added += '[steps.review]\ndeadlines = [{ within = 3, after = "reject" }]\n'
    path, written = in_a_copy(tmp_path, "kota-metro@2025.2", lambda it: it + "\n" + added)
    basis, figure = line_of(written, "deadlines = [{ within = 3"), line_of(written, "[parameters.shoe_size]")
    assert warned(path) == [
        f"{path.name}, line {figure}: warning: no guard reads the parameter `shoe_size`",
        f"{path.name}, line {basis}: warning: a time limit of `review` has no basis",
    ]
