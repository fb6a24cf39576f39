"""Each guard: one case that passes it, and one refused or warned with words, rule and remedy."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from domain.findings import Finding
from domain.guards import GUARDS
from domain.procedure import DatedValue, Parameter
from tests.scenario import given, paper, way_to

BORN = date(1990, 1, 1)
NI = "199001012025212001"


def told(finding: Finding, *words: str) -> None:
    said = f"{finding.message} {finding.remedy} {finding.rule}"
    assert all(word in said for word in words), said
    assert str(finding.message)
    assert str(finding.remedy)
    assert finding.rule


@pytest.mark.parametrize(
    "facts",
    [
        {"in_bkn_database": True, "cpns_2024": True, "pppk_2024": False},
        {"in_bkn_database": False, "cpns_2024": False, "pppk_2024": True},
        {"in_bkn_database": False, "cpns_2024": False, "pppk_2024": False, "category": "R5"},
    ],
    ids=["in the database with a selection", "all PPPK stages", "PPG"],
)
def test_eligible_by_each_of_the_three_criteria(facts):
    given("register", "verify", **facts).when("propose").warned()


@pytest.mark.parametrize(
    "facts",
    [
        {"in_bkn_database": True, "cpns_2024": False, "pppk_2024": False},
        {"in_bkn_database": False, "cpns_2024": True, "pppk_2024": False},
        {"in_bkn_database": None, "cpns_2024": None, "pppk_2024": None},
    ],
    ids=["the 149: in the database, no selection", "the 377: CPNS, not in the database", "nothing known"],
)
def test_not_eligible_names_the_way_of_a_supplementary_proposal(facts):
    [finding] = given("register", "verify", **facts).when("propose").refused("not-eligible")
    told(finding, "none of the", "KepmenPANRB 16/2025 diktum 4-5", "classify-out", "propose-late")


def test_a_supplementary_proposal_is_not_judged_by_the_criteria_and_says_so():
    case = given("register", "classify-out", in_bkn_database=False, pppk_2024=False).when("propose-late")
    case.warned()
    assert case.case.last.flags == ["outside-criteria"]


def test_a_complete_drh_goes_to_bkn():
    given(*way_to("drh-filling")).when("propose-ni", fields={"drh_complete": "ya"}).warned()


def test_an_incomplete_drh_does_not():
    [finding] = (
        given(*way_to("drh-filling")).when("propose-ni", fields={"drh_complete": "tidak"}).refused("drh-incomplete")
    )
    told(finding, "not complete", "withdraw", "BKN SE 6/2025")


@pytest.mark.parametrize(
    ("reason", "papers"), [("drh-not-filed", ()), ("own-request", (paper("surat-pengunduran-diri"),))]
)
def test_a_withdrawal_with_its_letter_or_without_a_drh(reason, papers):
    given(*way_to("drh-filling")).when("withdraw", reason=reason, documents=papers).warned()


def test_a_withdrawal_at_own_request_needs_the_letter():
    [finding] = (
        given(*way_to("drh-filling"))
        .when("withdraw", reason="own-request", documents=())
        .refused("no-withdrawal-letter")
    )
    told(finding, "needs the letter", "surat-pengunduran-diri", "drh-not-filed", "T12")


def test_a_ni_that_fits_the_person():
    values = {"birth_date": BORN, "sex": "P"}
    given(*way_to("ni-proposed"), values=values).when("assign-ni", fields={"ni": NI}).warned()


@pytest.mark.parametrize(
    ("ni", "values", "code"),
    [
        ("199001012025222001", {"birth_date": BORN, "sex": "P"}, "ni-digits"),
        (NI, {"birth_date": BORN, "sex": "L"}, "ni-sex"),
        (NI, {"birth_date": date(1990, 1, 2), "sex": "P"}, "ni-birth-date"),
    ],
)
def test_a_ni_that_does_not_fit_is_warned_and_never_quoted(ni, values, code):
    [finding] = given(*way_to("ni-proposed"), values=values).when("assign-ni", fields={"ni": ni}).warned(code)
    told(finding, "NI", "pertek", "import check 5")
    assert ni not in repr(finding)


def test_all_that_does_not_fit_in_a_ni_is_told_at_once():
    values = {"birth_date": date(1980, 1, 1), "sex": "L"}
    given(*way_to("ni-proposed"), values=values).when("assign-ni", fields={"ni": "199001012025222001"}).warned(
        "ni-digits", "ni-sex", "ni-birth-date"
    )


@pytest.mark.parametrize("facts", [{"previous_wage": 1_500_000}, {"previous_wage": None}])
def test_a_wage_of_at_least_the_last_pay(facts):
    given(*way_to("ni-assigned"), **facts).when("appoint", fields={"wage": "1.500.000"}).warned()


def test_a_wage_below_the_last_pay():
    case = given(*way_to("ni-assigned"), previous_wage=1_500_001)
    [finding] = case.when("appoint", fields={"wage": "1.500.000"}).refused("wage-below-floor")
    told(finding, "1500000", "1500001", "regional minimum wage", "diktum 19")


def test_a_wage_below_the_last_pay_is_no_matter_for_full_time():
    case = given(*way_to("ni-assigned"), previous_wage=9_000_000, formation="pppk")
    # the example of `propose` says pppk-pw; the formation of a full-time worker stays what the import said
    case.case.last.formation = "pppk"
    case.when("appoint", fields={"wage": "1.500.000"}).warned()


def test_a_wage_at_the_minimum_wage_of_the_day_is_enough():
    """No shipped procedure has a minimum wage yet: a region that sets one is judged by the day of the act."""
    case = given(*way_to("ni-assigned"), previous_wage=3_000_000)
    procedure = case.rules.procedure
    minimum = Parameter("synthetic", (DatedValue(date(2025, 1, 1), 2_000_000), DatedValue(date(2025, 9, 1), 2_500_000)))
    region = msgspec.structs.replace(procedure, parameters={"minimum_wage": minimum})
    judged = {}
    for on in (date(2025, 8, 31), date(2025, 9, 1)):
        asked = case.when("appoint", on, fields={"wage": "2000000"}).asked
        judged[on] = [one.code for one in GUARDS["wage-floor"].check(case.case.timeline.as_of(on), asked, region)]
    assert judged == {date(2025, 8, 31): [], date(2025, 9, 1): ["wage-below-floor"]}


def test_an_oath_on_the_day_of_the_decree():
    case = given(*way_to("appointed"))
    dated = case.case.last.decree.dated
    case.when("swear-in", dated).warned()


def test_an_oath_before_the_decree_is_normal_in_some_regions_but_shown():
    case = given(*way_to("ni-assigned")).when("appoint", documents=(paper("sk", date(2025, 8, 20)),)).accepted()
    [finding] = case.when("swear-in", date(2025, 8, 19)).warned("oath-before-decree")
    told(finding, "2025-08-19", "2025-08-20", "Check both dates", "import check 10")


DUTY = date(2025, 11, 1)


@pytest.mark.parametrize("end", ["2026-10-31", "2026-11-01"])
def test_a_contract_of_one_year(end):
    given(*way_to("sworn-in")).when(
        "start-duty", DUTY, fields={"contract_start": "2025-11-01", "contract_end": end}
    ).warned()


def test_a_contract_that_ends_before_it_starts():
    fields = {"contract_start": "2025-11-01", "contract_end": "2025-10-31"}
    [finding] = given(*way_to("sworn-in")).when("start-duty", DUTY, fields=fields).refused("contract-ends-before-start")
    told(finding, "2025-10-31", "2025-11-01", "contract_end", "PP 49/2018 art. 37")


@pytest.mark.parametrize(("end", "days"), [("2026-10-30", "364"), ("2030-10-31", "1826"), ("2025-11-01", "1")])
def test_a_contract_of_another_length_is_warned(end, days):
    fields = {"contract_start": "2025-11-01", "contract_end": end}
    [finding] = given(*way_to("sworn-in")).when("start-duty", DUTY, fields=fields).warned("contract-not-one-year")
    told(finding, f"{days} days", "diktum 13")


@pytest.mark.parametrize("kind", ["putusan", "sk-hukuman"])
def test_a_dishonourable_dismissal_with_a_verdict_or_a_decree(kind):
    given(*way_to("active")).when("dismiss-dishonourably", documents=(paper(kind),)).warned()


def test_a_dishonourable_dismissal_without_either():
    [finding] = given(*way_to("active")).when("dismiss-dishonourably", documents=()).refused("no-verdict-or-decree")
    told(finding, "final verdict", "putusan NUMBER DATE", "sk-hukuman NUMBER DATE", "UU 20/2023 art. 52")


def test_every_failed_rule_is_told_at_once():
    fields = {"contract_start": "2025-11-01", "contract_end": "2025-10-31", "colour": "red"}
    given(*way_to("sworn-in")).when("start-duty", DUTY, documents=(), reason="other", fields=fields).refused(
        "missing-document", "missing-document", "unknown-field", "unknown-reason", "contract-ends-before-start"
    )
