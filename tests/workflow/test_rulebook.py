"""The procedures we ship, how a region differs, and how a procedure is found."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Misused
from domain.guards import GUARDS
from domain.procedure import Procedure, Step
from tests.workflow.procedures import SMALL, region, write
from workflow.rulebook import BUILT_IN, Rulebook

SHIPPED = ["kota-metro@2025.1", "kota-serang@2025.1", "nasional@2025.1"]
STEPS = {
    "register", "verify", "classify-out", "leave-out", "propose", "propose-late", "return-proposal",
    "resubmit-proposal", "approve", "reject", "announce", "propose-ni", "return-ni", "resubmit-ni", "refuse-ni",
    "assign-ni", "withdraw", "appoint", "swear-in", "start-duty", "review", "minute", "return-to-opd", "outsource",
    "end-outsourcing", "not-renew", "record-death", "dismiss-dishonourably", "move-unit", "amend-contract",
    "amend-person",
}  # fmt: skip


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook()


def labels(procedure: Procedure) -> list[tuple[str, str]]:
    found = [procedure.title, *(stage.label for stage in procedure.stages.values())]
    for step in procedure.steps.values():
        found += [step.label, *(field.label for field in step.fields), *(reason.label for reason in step.reasons)]
    return [(label.en, label.id) for label in found]


def test_the_shipped_procedures_are_the_national_one_and_two_cities(rulebook):
    assert rulebook.names() == SHIPPED


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_shipped_procedure_has_exactly_the_steps_of_this_release(rulebook, reference):
    procedure = rulebook.load(reference)
    assert procedure.reference == reference
    assert set(procedure.steps) == STEPS


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_label_is_there_in_both_languages(rulebook, reference):
    assert all(en.strip() and local.strip() for en, local in labels(rulebook.load(reference)))


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_step_cites_its_legal_basis_and_so_does_every_deadline(rulebook, reference):
    steps = rulebook.load(reference).steps.values()
    assert all(step.legal_basis for step in steps)
    assert all(step.deadline.basis for step in steps if step.deadline)


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_choice_has_an_example_that_it_offers(rulebook, reference):
    for step in rulebook.load(reference).steps.values():
        assert all(field.example in field.choices for field in step.fields if field.choices)
        assert all(field.example for field in step.fields)


def test_every_guard_of_the_office_is_asked_for_by_a_step(rulebook):
    asked = {guard for step in rulebook.load("nasional").steps.values() for guard in step.guards}
    assert asked == set(GUARDS)


def test_the_ends_of_a_case_are_those_of_the_design(rulebook):
    stages = rulebook.load("nasional").stages
    ended = {code for code, stage in stages.items() if stage.ended}
    assert ended == {
        "deceased", "dismissed-dishonourably", "outsourcing-ended", "not-renewed",
    }  # fmt: skip
    assert {stages[code].employment.value for code in ended} == {"none"}
    assert {code for code, stage in stages.items() if stage.employment.value == "formation"} == {
        "appointed", "sworn-in", "active",
    }  # fmt: skip


def test_a_supplementary_proposal_is_marked_by_the_step_itself(rulebook):
    late, in_time = (rulebook.load("nasional").steps[name] for name in ("propose-late", "propose"))
    assert (late.event, late.constants) == (in_time.event, {"outside_criteria": True})
    assert in_time.constants == {}


def differing(a: Procedure, b: Procedure) -> dict[str, set[str]]:
    def parts(left: Step, right: Step) -> set[str]:
        return {name for name in Step.__struct_fields__ if getattr(left, name) != getattr(right, name)}

    return {name: parts(a.steps[name], b.steps[name]) for name in a.steps if a.steps[name] != b.steps[name]}


def test_serang_returns_to_the_opd_and_outsources_and_differs_in_nothing_else(rulebook):
    nasional, serang = rulebook.load("nasional"), rulebook.load("kota-serang")
    assert serang.stages == nasional.stages
    assert differing(nasional, serang) == {
        "return-to-opd": {"enabled", "legal_basis"},
        "outsource": {"enabled"},
        "end-outsourcing": {"enabled"},
    }
    assert not serang.steps["not-renew"].enabled


def test_metro_decides_not_to_renew_and_differs_in_nothing_else(rulebook):
    nasional, metro = rulebook.load("nasional"), rulebook.load("kota-metro")
    assert metro.stages == nasional.stages
    assert differing(nasional, metro) == {"start-duty": {"deadline"}, "not-renew": {"enabled", "deadline"}}
    assert not any(metro.steps[name].enabled for name in ("return-to-opd", "outsource", "end-outsourcing"))


def test_open_means_every_stage_that_is_not_ended(rulebook):
    procedure = rulebook.load("nasional")
    assert set(procedure.steps["minute"].sources) == {
        code for code, stage in procedure.stages.items() if not stage.ended
    }


def test_a_name_alone_is_its_latest_version_by_number_and_not_by_letter(tmp_path):
    for version in ("2025.9", "2025.10"):
        write(tmp_path, SMALL.replace('version = "1"', f'version = "{version}"'), f"small@{version}")
    rulebook = Rulebook(tmp_path)
    assert rulebook.load("small").version == "2025.10"
    assert rulebook.names() == ["small@2025.9", "small@2025.10"]


def test_a_file_is_read_once(rulebook):
    assert rulebook.load("kota-metro") is rulebook.load("kota-metro@2025.1")


@pytest.mark.parametrize("asked", ["kota-serangg", "kota-serang@2024.1", "../procedures/kota-serang@2025.1", ""])
def test_an_unknown_procedure_names_those_there_are(rulebook, asked):
    with pytest.raises(Misused) as refused:
        rulebook.load(asked)
    assert all(reference in str(refused.value) for reference in SHIPPED)


def test_an_unknown_procedure_names_the_nearest(rulebook):
    with pytest.raises(Misused, match="nearest is `kota-serang`"):
        rulebook.load("kota-seran")


def test_a_good_file_anywhere_is_read(tmp_path):
    procedure = Rulebook().read(write(tmp_path, SMALL))
    assert procedure.open_steps("listed") == ["leave"]
    assert procedure.parameter("minimum_wage", date(2025, 12, 31)) == 100


def test_a_file_anywhere_extends_what_is_built_in(tmp_path):
    written = region('[steps.start-duty]\nfrom_add = ["appointed"]\n', extends="nasional@2025.1")
    procedure = Rulebook().read(write(tmp_path, written, "region@2"))
    assert procedure.steps["start-duty"].sources == ("sworn-in", "appointed")
    assert procedure.extends == "nasional@2025.1"


def test_a_region_appends_replaces_and_adds(tmp_path):
    write(tmp_path, SMALL)
    own = """
[stages.kept]
label = { en = "kept", id = "dipertahankan" }
employment = "outsourced"

[steps.leave]
reasons_add = [{ code = "moved", label = { en = "moved", id = "pindah" } }]
guards = []

[steps.keep]
label = { en = "keep", id = "pertahankan" }
from = ["listed"]
to = "kept"
event = "ReturnedToOpd"
authority = "OPD"
role = "clerk"
legal_basis = "synthetic"
"""
    procedure = Rulebook(tmp_path).read(write(tmp_path, region(own), "region@2"))
    leave = procedure.steps["leave"]
    assert [reason.code for reason in leave.reasons] == ["own-request", "other", "moved"]
    assert (leave.guards, leave.reason_required) == ((), True)
    assert leave.sources == ("listed", "kept")
    assert procedure.open_steps("listed") == ["leave", "keep"]
    assert Rulebook(tmp_path).load("small").steps["leave"].sources == ("listed",)


def test_no_procedure_is_named_by_a_path(rulebook):
    assert all("/" not in (rulebook.load(name).extends or "") for name in SHIPPED)
    assert BUILT_IN.name == "procedures"


def test_a_region_changes_the_figures_of_a_parameter_and_keeps_its_basis(tmp_path):
    write(tmp_path, SMALL)
    own = "[parameters.minimum_wage]\nvalues = [{ since = 2025-01-01, value = 300 }]\n"
    parameter = Rulebook(tmp_path).read(write(tmp_path, region(own), "region@2")).parameters["minimum_wage"]
    assert (parameter.basis, parameter.on(date(2026, 1, 1))) == ("synthetic", 300)
