"""Every guard against its decision table, each row under the procedure that is shipped."""

from __future__ import annotations

from datetime import date

import pytest

from domain.draft import draft
from domain.guards import GUARDS
from tests.decisions import Table, appointment, contract, dismissal, leaving, papers, proposal, upgrade
from tests.scenario import TODAY, given, rules_of, way_to, whole

TABLES: Table = {
    guard: rows
    for module in (proposal, appointment, contract, upgrade, leaving, dismissal, papers)
    for guard, rows in module.TABLE.items()
}


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{guard}: {row.said}") for guard, rows in TABLES.items() for row in rows]
)
def test_a_row_of_a_decision_table(row):
    row.judge()


@pytest.mark.parametrize("row", [pytest.param(row, id=row.said) for row in papers.REASONS])
def test_a_reason_brings_its_papers(row):
    row.judge()


def test_every_guard_has_a_table_with_what_passes_and_what_does_not():
    assert TABLES.keys() == GUARDS.keys()
    for guard, rows in TABLES.items():
        assert any(not row.refused and not row.warned for row in rows), guard
        assert any(row.refused or row.warned for row in rows), guard


def test_every_row_asks_for_a_step_that_its_guard_judges_or_is_there_to_show_that_it_does_not():
    for guard, rows in TABLES.items():
        judged = [guard in rules_of(row.under).procedure.steps[row.step].guards for row in rows]
        assert sum(judged) >= 2, guard


def test_a_stage_that_a_region_lets_a_contract_end_in_may_have_none():
    case = given(*way_to("appointed"))
    step = case.rules.procedure.steps["expire"]
    asked = draft(step, whole(step, date(2026, 11, 1)), TODAY)
    [finding] = GUARDS["contract-over"].check(case.case.last, asked, case.rules.procedure)
    assert (finding.code, finding.refuses) == ("no-contract", True)
    assert "cancel-appointment" in str(finding.remedy)


def test_no_age_tells_a_birth_date():
    rows = [row for row in TABLES["age-reached"] if row.values]
    for row in rows:
        case = given(*row.before, values=row.values, **row.about).when(row.step, row.on)
        said = "".join(f"{one.message}{one.remedy}" for one in case.judged.findings)
        assert str(row.values["birth_date"]) not in said
    assert len(rows) > 5


def test_every_guard_says_what_it_asks_and_who_can_supply_it():
    for name, guard in GUARDS.items():
        assert guard.about, name
        assert guard.who, name
