"""The procedures we ship, how a region differs, and how a procedure is found."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Misused
from domain.guards import GUARDS
from domain.procedure import Procedure, Step
from tests.workflow.procedures import SMALL, region, write
from workflow.machine import machine_for
from workflow.rulebook import BUILT_IN, Rulebook

OLD = ["kota-metro@2025.1", "kota-serang@2025.1", "nasional@2025.1"]
SHIPPED = ["kab-lebak@2025.2", "kota-metro@2025.2", "kota-serang@2025.2", "nasional@2025.2"]
STEPS = {
    "register", "verify", "classify-out", "leave-out", "propose", "propose-late", "return-proposal",
    "resubmit-proposal", "approve", "reject", "announce", "propose-ni", "withdraw", "return-ni", "resubmit-ni",
    "refuse-ni", "assign-ni", "appoint", "swear-in", "swear-in-late", "start-duty", "evaluate", "coach", "recover",
    "suspend", "reinstate", "extend", "expire", "request-exit", "grant-exit", "defer-exit", "refuse-exit",
    "leave-anyway", "record-death", "retire", "dismiss-honourably", "dismiss-involuntarily", "dismiss-dishonourably",
    "propose-full-time", "set-full-time-need", "request-conversion", "upgrade", "refuse-upgrade",
    "cancel-appointment", "review", "minute", "return-to-opd", "outsource", "renew-outsourcing", "end-outsourcing",
    "not-renew", "lay-off", "hire-individually", "reopen", "hold", "release-hold", "move-unit", "amend-contract",
    "amend-person", "attach",
}  # fmt: skip
STAGES = {
    "registered", "verified", "not-eligible", "not-proposed", "proposed", "proposal-returned", "rejected",
    "need-approved", "drh-filling", "ni-proposed", "ni-returned", "ni-refused", "withdrawn", "ni-assigned",
    "appointed", "sworn-in", "active", "coaching", "suspended", "exit-requested", "upgrade-proposed", "upgraded",
    "contract-ended", "resigned", "deceased", "retired", "dismissed-honourably", "dismissed-involuntarily",
    "dismissed-dishonourably", "appointment-cancelled", "policy-review", "returned-to-opd", "outsourced",
    "outsourcing-ended", "individual-provider", "not-renewed", "laid-off",
}  # fmt: skip
OWN = {"kab-lebak@2025.2": ({"keep-on"}, {"kept-without-pay"})}
"""Steps and stages that a region has of its own."""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook()


def labels(procedure: Procedure) -> list[tuple[str, str]]:
    found = [procedure.title, *(stage.label for stage in procedure.stages.values())]
    for step in procedure.steps.values():
        found += [step.label, *(field.label for field in step.fields), *(reason.label for reason in step.reasons)]
    return [(label.en, label.id) for label in found]


def test_the_shipped_procedures_are_the_national_one_and_three_regions_and_what_was_published_before(rulebook):
    assert rulebook.names() == sorted(OLD + SHIPPED)


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_shipped_procedure_has_exactly_the_steps_and_stages_of_the_design(rulebook, reference):
    procedure = rulebook.load(reference)
    steps, stages = OWN.get(reference, (set(), set()))
    assert procedure.reference == reference
    assert set(procedure.steps) == STEPS | steps
    assert set(procedure.stages) == STAGES | stages


@pytest.mark.parametrize("reference", OLD)
def test_what_was_published_before_is_as_it_was(rulebook, reference):
    procedure = rulebook.load(reference)
    assert (len(procedure.steps), len(procedure.stages), procedure.parameters) == (31, 24, {})


@pytest.mark.parametrize("reference", OLD)
def test_what_a_case_went_through_before_it_can_go_through_now(rulebook, reference):
    """A case may be moved to the next version: stages, fields and ways are all there, and lead to the same."""
    before = rulebook.load(reference)
    after = rulebook.load(before.name)
    assert before.stages.keys() <= after.stages.keys()
    for name, step in before.steps.items():
        later = after.steps[name]
        assert (later.to, later.event) == (step.to, step.event)
        assert set(step.sources) <= set(later.sources)
        assert {field.name for field in step.fields} <= {field.name for field in later.fields}
        assert {reason.code for reason in step.reasons} <= {reason.code for reason in later.reasons}
        assert {one.kind for one in later.documents if one.required} == {
            one.kind for one in step.documents if one.required
        }


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_label_is_there_in_both_languages(rulebook, reference):
    assert all(en.strip() and local.strip() for en, local in labels(rulebook.load(reference)))


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_step_cites_its_legal_basis_and_so_does_every_deadline(rulebook, reference):
    steps = rulebook.load(reference).steps.values()
    assert all(step.legal_basis for step in steps)
    limits = [limit for step in steps for limit in step.limits]
    assert len(limits) > 25
    assert all(limit.basis for limit in limits)


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_choice_has_an_example_that_it_offers(rulebook, reference):
    for step in rulebook.load(reference).steps.values():
        assert all(field.example in field.choices for field in step.fields if field.choices)
        assert all(field.example for field in step.fields)


def test_every_guard_of_the_office_is_asked_for_by_a_step(rulebook):
    asked = {guard for step in rulebook.load("nasional").steps.values() for guard in step.guards}
    assert asked == set(GUARDS)


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_figure_that_a_guard_reads_is_there_with_its_basis_and_no_other(rulebook, reference):
    procedure = rulebook.load(reference)
    read = {name for guard in GUARDS.values() for name in guard.parameters}
    assert set(procedure.parameters) == read - {"minimum_wage"}, "no decree of a minimum wage has been sourced"
    assert all(parameter.basis and parameter.values for parameter in procedure.parameters.values())


@pytest.mark.parametrize("reference", SHIPPED)
def test_every_paper_that_a_reason_calls_for_is_one_that_its_step_knows(rulebook, reference):
    procedure = rulebook.load(reference)
    called_for = [
        (step, one_of) for step in procedure.steps.values() for reason in step.reasons for one_of in reason.documents
    ]
    assert len(called_for) >= (13 if "2025.2" in reference else 0)
    for step, one_of in called_for:
        assert set(one_of.split("|")) <= {rule.kind for rule in step.documents}


@pytest.mark.parametrize("reference", SHIPPED)
def test_who_dismisses_cancels_reopens_or_holds_is_an_approver(rulebook, reference):
    roles = {name: step.role for name, step in rulebook.load(reference).steps.items()}
    assert set(roles.values()) == {"clerk", "verifier", "approver"}
    assert {name for name, role in roles.items() if role == "approver"} == {
        "suspend", "reinstate", "expire", "grant-exit", "leave-anyway", "retire", "dismiss-honourably",
        "dismiss-involuntarily", "dismiss-dishonourably", "upgrade", "cancel-appointment", "not-renew", "lay-off",
        "reopen", "hold", "release-hold",
    }  # fmt: skip


@pytest.mark.parametrize("reference", SHIPPED)
def test_each_dismissal_says_its_class_by_the_stage_and_its_law_by_a_field(rulebook, reference):
    procedure = rulebook.load(reference)
    dismissals = {name: step for name, step in procedure.steps.items() if step.event == "Dismissed"}
    assert {name: step.to for name, step in dismissals.items()} == {
        "leave-anyway": "dismissed-involuntarily",
        "dismiss-honourably": "dismissed-honourably",
        "dismiss-involuntarily": "dismissed-involuntarily",
        "dismiss-dishonourably": "dismissed-dishonourably",
    }
    grounds = {name: [reason.code for reason in step.reasons] for name, step in dismissals.items()}
    disputed = set(procedure.parameter("disputed_grounds", date(2026, 1, 1)))
    assert set(grounds["dismiss-involuntarily"]) & set(grounds["dismiss-dishonourably"]) == disputed
    assert disputed == {"serious-discipline", "planned-crime"}


def test_the_ends_of_a_case_are_those_of_the_design(rulebook):
    stages = rulebook.load("nasional").stages
    ended = {code for code, stage in stages.items() if stage.ended}
    assert ended == {
        "upgraded", "contract-ended", "resigned", "deceased", "retired", "dismissed-honourably",
        "dismissed-involuntarily", "dismissed-dishonourably", "outsourcing-ended", "not-renewed",
    }  # fmt: skip
    assert {code for code, stage in stages.items() if stage.employment.value == "none"} == ended | {"laid-off"}
    assert {code for code, stage in stages.items() if stage.employment.value == "outsourced"} == {
        "outsourced", "individual-provider",
    }  # fmt: skip
    assert {code for code, stage in stages.items() if stage.employment.value == "formation"} == {
        "appointed", "sworn-in", "active", "coaching", "suspended", "exit-requested", "upgrade-proposed",
    }  # fmt: skip


def test_a_supplementary_proposal_is_marked_by_the_step_itself(rulebook):
    late, in_time = (rulebook.load("nasional").steps[name] for name in ("propose-late", "propose"))
    assert (late.event, late.constants) == (in_time.event, {"outside_criteria": True})
    assert in_time.constants == {}


def differing(a: Procedure, b: Procedure) -> dict[str, set[str]]:
    def parts(left: Step, right: Step) -> set[str]:
        return {name for name in Step.__struct_fields__ if getattr(left, name) != getattr(right, name)}

    return {name: parts(a.steps[name], b.steps[name]) for name in a.steps if a.steps[name] != b.steps[name]}


def differing_figures(a: Procedure, b: Procedure) -> dict[str, object]:
    """The figures of `b` of a day in 2026 that `a` has not."""
    day = date(2026, 1, 1)
    return {name: b.parameter(name, day) for name in b.parameters if a.parameter(name, day) != b.parameter(name, day)}


def test_serang_returns_to_the_opd_and_outsources_and_differs_in_nothing_else(rulebook):
    nasional, serang = rulebook.load("nasional"), rulebook.load("kota-serang")
    assert serang.stages == nasional.stages
    assert differing(nasional, serang) == {
        "return-to-opd": {"enabled", "legal_basis"},
        "outsource": {"enabled"},
        "renew-outsourcing": {"enabled"},
        "end-outsourcing": {"enabled"},
    }
    assert not any(serang.steps[name].enabled for name in ("not-renew", "lay-off", "hire-individually"))
    assert differing_figures(nasional, serang) == {"performance_dismissal_needs": ["year-evaluation", "coaching"]}


def test_metro_decides_not_to_renew_and_differs_in_nothing_else(rulebook):
    nasional, metro = rulebook.load("nasional"), rulebook.load("kota-metro")
    assert metro.stages == nasional.stages
    assert differing(nasional, metro) == {"start-duty": {"deadlines"}, "not-renew": {"enabled", "deadlines"}}
    assert not any(
        metro.steps[name].enabled
        for name in (
            "return-to-opd", "outsource", "renew-outsourcing", "end-outsourcing", "lay-off", "hire-individually",
        )
    )  # fmt: skip
    assert differing_figures(nasional, metro) == {"upgrade_without_evaluation": "refuse"}


def test_lebak_keeps_people_on_by_a_step_of_its_own_and_outsources_three_jobs(rulebook):
    nasional, lebak = rulebook.load("nasional"), rulebook.load("kab-lebak")
    assert lebak.stages.keys() - nasional.stages.keys() == {"kept-without-pay"}
    assert differing(nasional, lebak) == {
        "classify-out": {"reasons"},
        "outsource": {"enabled", "sources", "fields"},
        "renew-outsourcing": {"enabled"},
        "end-outsourcing": {"enabled"},
    } | {name: {"sources"} for name, step in nasional.steps.items() if len(step.sources) > 20}
    assert lebak.steps["outsource"].field("job").choices == ("cleaning", "security", "driver")
    assert lebak.steps["keep-on"].sources == ("policy-review",)
    assert not differing_figures(nasional, lebak)


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
    assert rulebook.load("kota-metro") is rulebook.load("kota-metro@2025.2")


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
    written = region('[steps.start-duty]\nfrom_add = ["appointed"]\n', extends="nasional@2025.2")
    procedure = Rulebook().read(write(tmp_path, written, "region@2"))
    assert procedure.steps["start-duty"].sources == ("sworn-in", "appointed")
    assert procedure.extends == "nasional@2025.2"


def test_a_region_may_switch_on_what_no_shipped_one_does(tmp_path):
    """Laying off, individual providers, and duty before the oath: T37, T38 and Ternate."""
    switched = ("swear-in-late", "lay-off", "hire-individually", "renew-outsourcing", "end-outsourcing")
    own = "".join(f"[steps.{name}]\nenabled = true\n" for name in switched)
    own += '[steps.start-duty]\nfrom_add = ["appointed"]\n'
    machine = machine_for(Rulebook().read(write(tmp_path, region(own, extends="nasional@2025.2"), "region@2")))
    for before, step, after in (
        ("policy-review", "lay-off", "laid-off"),
        ("laid-off", "reopen", "registered"),
        ("policy-review", "hire-individually", "individual-provider"),
        ("individual-provider", "renew-outsourcing", "individual-provider"),
        ("individual-provider", "end-outsourcing", "outsourcing-ended"),
        ("appointed", "start-duty", "active"),
        ("active", "swear-in-late", "active"),
    ):
        assert machine.lead(before, step) == after


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
