"""Each step of each shipped procedure, from every stage that a case can be in: led, or refused."""

from __future__ import annotations

import pytest

from domain.kinds import KINDS
from tests.scenario import WAYS, given, rules_of, way_to

ENDED = {
    "upgraded", "contract-ended", "resigned", "deceased", "retired", "dismissed-honourably", "dismissed-involuntarily",
    "dismissed-dishonourably", "outsourcing-ended", "not-renewed",
}  # fmt: skip
EMPLOYED = "appointed sworn-in active coaching suspended exit-requested upgrade-proposed"
BEFORE_ACTIVE = "need-approved drh-filling ni-proposed ni-returned ni-assigned appointed sworn-in active"

# step: (stages it starts from, stage it leads to, event), as the domain page has them (T01 to T41)
NATIONAL = {
    "verify": ("registered", "verified", "Verified"),
    "classify-out": ("registered verified", "not-eligible", "ClassifiedOut"),
    "leave-out": ("verified", "not-proposed", "LeftOut"),
    "propose": ("verified", "proposed", "SubmittedToKemenpanRb"),
    "propose-late": ("not-eligible", "proposed", "SubmittedToKemenpanRb"),
    "return-proposal": ("proposed", "proposal-returned", "ProposalReturned"),
    "resubmit-proposal": ("proposal-returned", "proposed", "ProposalResubmitted"),
    "approve": ("proposed", "need-approved", "Approved"),
    "reject": ("proposed", "rejected", "Rejected"),
    "announce": ("need-approved", "drh-filling", "NeedAnnounced"),
    "propose-ni": ("drh-filling", "ni-proposed", "NiProposed"),
    "withdraw": ("drh-filling ni-proposed", "withdrawn", "Withdrawn"),
    "return-ni": ("ni-proposed", "ni-returned", "NiReturned"),
    "resubmit-ni": ("ni-returned", "ni-proposed", "NiResubmitted"),
    "refuse-ni": ("ni-proposed ni-returned", "ni-refused", "NiRefused"),
    "assign-ni": ("ni-proposed", "ni-assigned", "NiAssigned"),
    "appoint": ("ni-assigned", "appointed", "Appointed"),
    "swear-in": ("appointed", "sworn-in", "SwornIn"),
    "start-duty": ("sworn-in", "active", "DutyStarted"),
    "evaluate": ("active coaching exit-requested upgrade-proposed", None, "Evaluated"),
    "coach": ("active coaching", "coaching", "CoachingStarted"),
    "recover": ("coaching", "active", "CoachingEnded"),
    "suspend": ("active coaching", "suspended", "Suspended"),
    "reinstate": ("suspended", "active", "Reinstated"),
    "extend": ("active coaching exit-requested upgrade-proposed", None, "ContractExtended"),
    "propose-full-time": ("active", "upgrade-proposed", "FullTimeProposed"),
    "set-full-time-need": ("upgrade-proposed", None, "FullTimeNeedSet"),
    "request-conversion": ("upgrade-proposed", None, "ConversionRequested"),
    "upgrade": ("upgrade-proposed", "upgraded", "Upgraded"),
    "refuse-upgrade": ("upgrade-proposed", "active", "UpgradeRefused"),
    "expire": ("active coaching suspended exit-requested upgrade-proposed", "contract-ended", "Ended"),
    "request-exit": ("active coaching", "exit-requested", "ExitRequested"),
    "grant-exit": ("exit-requested", "resigned", "Ended"),
    "defer-exit": ("exit-requested", None, "ExitDeferred"),
    "refuse-exit": ("exit-requested", "active", "ExitRefused"),
    "leave-anyway": ("exit-requested", "dismissed-involuntarily", "Dismissed"),
    "record-death": ("@open", "deceased", "Died"),
    "retire": (EMPLOYED, "retired", "Ended"),
    "dismiss-honourably": (EMPLOYED, "dismissed-honourably", "Dismissed"),
    "dismiss-involuntarily": (EMPLOYED, "dismissed-involuntarily", "Dismissed"),
    "dismiss-dishonourably": (EMPLOYED, "dismissed-dishonourably", "Dismissed"),
    "cancel-appointment": (BEFORE_ACTIVE, "appointment-cancelled", "AppointmentCancelled"),
    "review": ("not-eligible not-proposed rejected ni-refused", "policy-review", "PolicyReviewed"),
    "minute": ("@open", None, "MeetingNoted"),
    "reopen": ("withdrawn appointment-cancelled laid-off", "registered", "Reopened"),
    "hold": ("@open", None, "HoldPlaced"),
    "release-hold": ("@open", None, "HoldReleased"),
    "attach": ("@open", None, "PapersAttached"),
    "move-unit": ("@open", None, "UnitMoved"),
    "amend-contract": (EMPLOYED, None, "ContractAmended"),
    "amend-person": ("@open", None, "PersonAmended"),
}
REGIONAL = {
    "swear-in-late": ("active", None, "SwornIn"),
    "return-to-opd": ("policy-review rejected not-eligible", "returned-to-opd", "ReturnedToOpd"),
    "outsource": ("returned-to-opd", "outsourced", "ConvertedToOutsourcing"),
    "renew-outsourcing": ("outsourced individual-provider", None, "OutsourcingRenewed"),
    "end-outsourcing": ("outsourced individual-provider", "outsourcing-ended", "OutsourcingEnded"),
    "not-renew": ("policy-review", "not-renewed", "NotRenewed"),
    "lay-off": ("policy-review", "laid-off", "LaidOff"),
    "hire-individually": ("policy-review", "individual-provider", "HiredIndividually"),
}
ON = {
    "nasional": set(),
    "kota-serang": {"return-to-opd", "outsource", "renew-outsourcing", "end-outsourcing"},
    "kota-metro": {"not-renew"},
    "kab-lebak": {"keep-on", "outsource", "renew-outsourcing", "end-outsourcing"},
}
LEBAK = {
    "keep-on": ("policy-review", "kept-without-pay", "PolicyReviewed"),
    "outsource": ("policy-review kept-without-pay", "outsourced", "ConvertedToOutsourcing"),
}
TABLES = {region: NATIONAL | REGIONAL | (LEBAK if region == "kab-lebak" else {}) for region in WAYS}
EVERY = [(region, step) for region, table in TABLES.items() for step in table]
LED = [
    pytest.param(region, step, stage, id=f"{region}: {step} from {stage}")
    for region, step in EVERY
    for stage in WAYS[region]
    if step in NATIONAL.keys() | ON[region]
    and (stage in TABLES[region][step][0].split() or (TABLES[region][step][0] == "@open" and stage not in ENDED))
]
FIRST_THE = {"release-hold": "hold"}
"""Steps that need another one before them, which leaves the stage as it is."""


def test_the_table_above_has_every_step_but_register():
    for region, table in TABLES.items():
        assert set(rules_of(region).procedure.steps) == table.keys() | {"register"}


@pytest.mark.parametrize("region", WAYS)
def test_there_is_a_way_to_every_stage_that_can_be_reached(region):
    rules = rules_of(region)
    led_to = {rules.lead(stage, step) for stage in (None, *WAYS[region]) for step in rules.open_steps(stage)}
    assert led_to == WAYS[region].keys()


@pytest.mark.parametrize(("region", "step", "stage"), LED)
def test_a_step_leads_where_the_domain_page_says(region, step, stage):
    _, leads_to, kind = TABLES[region][step]
    before = [FIRST_THE[step]] if step in FIRST_THE else []
    case = given(*way_to(stage, region), *before, under=region).stands(stage)
    since = case.case.last.since
    case.when(step).then(KINDS[f"{kind}.1"], step=step, stage=leads_to).stands(leads_to or stage)
    assert case.recorded is not None
    moved = leads_to not in (None, stage)
    assert case.case.last.since == (case.recorded.effective_on if moved else since)
    assert case.recorded.procedure == rules_of(region).procedure.reference


@pytest.mark.parametrize(("region", "step"), EVERY)
def test_elsewhere_it_is_refused_with_the_stages_it_starts_from(region, step):
    legal = {values[2] for values in (param.values for param in LED) if values[:2] == (region, step)}
    for stage in WAYS[region].keys() - legal:
        [finding] = (
            given(*way_to(stage, region), under=region)
            .when(step)
            .refused("wrong-stage" if step in NATIONAL.keys() | ON[region] else "step-not-available")
        )
        assert finding.rule == rules_of(region).procedure.steps[step].legal_basis
        if finding.code == "step-not-available":
            assert str(finding.message) == f"transition not available in {region}: {step}"
            assert str(finding.remedy) == f"See lantik procedure show {region}."
        else:
            assert stage in str(finding.message)
            sources = rules_of(region).procedure.steps[step].sources
            assert str(finding.remedy) == f"It starts from: {', '.join(sources)}."


@pytest.mark.parametrize("region", WAYS)
def test_the_open_steps_of_a_stage_are_those_that_lead_on_and_none_where_the_case_ended(region):
    for stage in WAYS[region]:
        legal = {values[1] for values in (param.values for param in LED) if values[::2] == (region, stage)}
        assert set(rules_of(region).open_steps(stage)) == legal
        assert bool(legal) == (stage not in ENDED)


def test_a_case_is_registered_once():
    given(*way_to("verified")).when("register").refused("wrong-stage")
