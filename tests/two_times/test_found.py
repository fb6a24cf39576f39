"""What the machine found, each fault as the shortest story that showed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from domain.errors import Refused
from tests.engine import CLERK, codes, ni_of
from tests.two_times.driver import SPARE_NIKS, Driver
from tests.two_times.watch import DAYS, POOL
from workflow import targets
from workflow.advance import Order, advance
from workflow.amend import Amendment, Target, amend
from workflow.past import Past, PastAct, record_past
from workflow.whom import Who


@pytest.fixture
def driver() -> Iterator[Driver]:
    driver = Driver()
    try:
        yield driver
        driver.check_everything()
    finally:
        driver.close()


@pytest.fixture
def unwatched() -> Iterator[Driver]:
    """A register whose model is not told everything."""
    driver = Driver()
    yield driver
    driver.close()


def rescinds(driver: Driver, *what: tuple[int, int], cascade: bool = False) -> list[str]:
    """The codes against taking events back; none if it was done."""
    return codes(
        amend(driver.register, Amendment("rescind", [Target(*one) for one in what], "keliru", cascade=cascade), CLERK)
    )


def test_a_case_that_comes_back_from_nothing_has_its_nik_again(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.undoes()
    driver.check_now()
    driver.undoes()
    driver.check_now()


def test_a_nik_that_was_given_away_meanwhile_does_not_come_back(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.amends([(1, 1)], None, cascade=False)
    driver.imports(0, 1, DAYS[0], reopen=False, variant=1)
    assert len(driver.model.cases) == 2
    assert not driver.amends([(1, 2)], None, cascade=False), "case 2 has the NIK by now"
    driver.check_now()


def test_a_nik_in_another_case_of_the_person_stays_theirs(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[2])
    driver.imports(0, 1, DAYS[3], reopen=True, variant=0)
    driver.amends([(2, 1)], None, cascade=False)
    driver.check_now()


def test_no_second_case_of_a_person_opens_again(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[2])
    driver.imports(0, 1, DAYS[3], reopen=True, variant=0)
    assert rescinds(driver, (1, 2)) == ["linked-case-open"]
    driver.takes("minute", [1], DAYS[2], replaces=2)
    order = Order(driver.request("minute", DAYS[2]), [Who(driver.engine.case(1))], replaces=2)
    assert codes(advance(driver.register, order, CLERK)) == ["linked-case-open"]
    driver.takes("record-death", [2], DAYS[5])
    assert rescinds(driver, (1, 2), (2, 2)) == ["linked-case-open"] * 2


def test_with_cascade_a_case_that_goes_on_takes_the_later_ones_along(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[2])
    driver.imports(0, 1, DAYS[3], reopen=True, variant=0)
    driver.takes("record-death", [2], DAYS[4])
    driver.imports(0, 1, DAYS[5], reopen=True, variant=1)
    assert driver.amends([(1, 2)], None, cascade=True)
    assert [bool(driver.model.row(number, DAYS[6])) for number in (1, 2, 3)] == [True, False, False]
    driver.undoes()
    driver.takes("minute", [1], DAYS[2], cascade=True, replaces=2)
    assert [bool(driver.model.row(number, DAYS[6])) for number in (1, 2, 3)] == [True, False, False]


def test_a_later_case_that_the_command_moves_itself_is_not_taken_back_but_refuses_it(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[2])
    driver.imports(0, 1, DAYS[3], reopen=True, variant=0)
    driver.takes("verify", [2], DAYS[4])
    assert rescinds(driver, (1, 2), (2, 2), cascade=True) == ["linked-case-open"]
    driver.check_now()


def test_an_ending_that_moves_moves_the_day_from_which_the_next_case_may_start(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[2])
    driver.amends([(1, 2)], {"on": DAYS[6]}, cascade=False)
    driver.imports(0, 1, DAYS[4], reopen=True, variant=0)
    assert len(driver.model.cases) == 1
    driver.imports(0, 1, DAYS[6], reopen=True, variant=0)
    assert len(driver.model.cases) == 2


def test_an_ended_case_that_was_taken_back_as_a_whole_can_be_imported_again(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[2])
    driver.amends([(1, 1)], None, cascade=False)
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    assert len(driver.model.cases) == 2


def test_a_void_case_refuses_a_step_and_a_past_act_in_words(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.amends([(1, 1)], None, cascade=False)
    order = Order(driver.request("minute", DAYS[2]), [Who(driver.engine.case(1))])
    assert codes(advance(driver.register, order, CLERK)) == ["case-void"]
    driver.records_past([1], [(0, DAYS[1])])


def test_what_a_fallen_act_had_replaced_is_judged_too(driver):
    """classify-out stood in the place of verify; when it falls verify is back, and legal or not on its own."""
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("verify", [1], DAYS[2])
    driver.takes("leave-out", [1], DAYS[3])
    driver.takes("propose", [1], DAYS[3], replaces=3)
    driver.takes("classify-out", [1], DAYS[1], cascade=True)
    assert driver.model.row(1, date.max)["stage"] == "not-eligible"
    assert [event.target for event in driver.model.cases[1][-3:]] == [2, 4, 3]


def test_a_replacement_is_judged_without_what_falls_before_it(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("verify", [1], DAYS[1])
    driver.takes("propose", [1], DAYS[2])
    driver.takes("classify-out", [1], DAYS[5], replaces=2, cascade=True)
    assert driver.model.row(1, date.max)["stage"] == "not-eligible"


def test_an_act_that_comes_back_is_judged_by_its_guards(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("verify", [1], DAYS[1])
    driver.takes("propose", [1], DAYS[2])
    driver.amends([(1, 3)], None, cascade=False)
    driver.amends([(1, 1)], {"fields": {"pppk_2024": "tidak", "category": "R3"}}, cascade=False)
    assert rescinds(driver, (1, 4)) == ["later-act-illegal"]


def test_a_correction_of_an_act_that_was_taken_back_cannot_be_corrected(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("minute", [1], DAYS[1])
    driver.amends([(1, 2)], {"on": DAYS[2]}, cascade=False)
    driver.amends([(1, 2)], None, cascade=False)
    assert not driver.amends([(1, 3)], {"on": DAYS[3]}, cascade=False)


def test_a_correction_of_a_correction_of_a_correction_says_who_it_is(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.amends([(1, 1)], {"on": DAYS[1]}, cascade=False)
    driver.amends([(1, 2)], {"on": DAYS[2]}, cascade=False)
    driver.amends([(1, 3)], {"fields": {"name": "Nama Benar"}}, cascade=False)
    assert driver.engine.roster(DAYS[3])[0]["name"] == "Nama Benar"


def test_a_merger_lends_its_nik_again_when_it_comes_back(driver):
    driver.imports(0, 2, DAYS[0], reopen=False, variant=0)
    driver.merges(1, 2)
    driver.check_now()
    driver.undoes()
    driver.check_now()
    driver.undoes()
    driver.check_now()


def test_a_merger_of_a_void_case_lends_nothing_once_it_is_taken_back(driver):
    driver.imports(0, 2, DAYS[0], reopen=False, variant=0)
    driver.merges(1, 2)
    driver.amends([(2, 1)], None, cascade=False)
    driver.check_now()
    driver.amends([(2, 2)], None, cascade=False)
    driver.check_now()


def test_a_nik_that_two_cases_of_two_persons_swap_is_no_clash(unwatched):
    """Two lines of a list were exchanged: each NIK belongs to the other worker."""
    unwatched.imports(0, 2, DAYS[0], reopen=False, variant=0)
    first, second = POOL[0].nik, POOL[1].nik
    both = [Target(1, 1, 2, {"nik": second}), Target(2, 1, 3, {"nik": first})]
    outcome = amend(unwatched.register, Amendment("correct", both, "tertukar"), CLERK)
    assert outcome.command is not None, codes(outcome)
    with unwatched.register.transaction(dry_run=True) as transaction:
        held = transaction.holders("nik", [first, second])
    assert [held[nik].open_case for nik in (first, second)] == [2, 1]
    kept, rebuilt = unwatched.engine.rebuilt()
    assert kept == rebuilt


def test_a_ni_that_was_taken_back_can_be_given_to_somebody_else_and_then_does_not_come_back(unwatched):
    unwatched.imports(0, 2, DAYS[0], reopen=False, variant=0)
    for step in ("verify", "propose", "approve", "announce", "propose-ni", "assign-ni"):
        unwatched.takes(step, [1, 2] if step != "assign-ni" else [1], DAYS[1])
    assert unwatched.amends([(1, 7)], None, cascade=False)
    request = unwatched.request("assign-ni", DAYS[2])
    order = Order(request, [Who(unwatched.engine.case(2), fields={"ni": ni_of(1)})])
    assert advance(unwatched.register, order, CLERK).command is not None
    assert rescinds(unwatched, (1, 8)) == ["ni-taken"]


def test_the_nik_of_a_void_case_is_no_reason_against_its_spare(driver):
    driver.imports(5, 1, DAYS[0], reopen=False, variant=0)
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    assert not driver.amends([(2, 1)], {"fields": {"nik": SPARE_NIKS[0]}}, cascade=False)
    driver.amends([(1, 1)], None, cascade=False)
    assert driver.amends([(2, 1)], {"fields": {"nik": SPARE_NIKS[0]}}, cascade=False)
    driver.check_now()


def test_nothing_is_left_to_undo_where_all_was_taken_back(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    first = driver.commands[0]
    driver.amends([(1, 1)], None, cascade=False)
    with pytest.raises(Refused, match="were taken back already"):
        targets.of_command(driver.register, first)


def test_a_list_with_a_worker_who_was_merged_can_be_imported_again(driver):
    driver.imports(0, 2, DAYS[0], reopen=False, variant=0)
    driver.merges(1, 2)
    outcome = driver.engine.imports([msgspec.structs.replace(one) for one in POOL[:2]], DAYS[0])
    assert [row.verdict for row in outcome.rows] == ["unchanged"] * 2


def test_a_lent_nik_that_became_one_s_own_stays_when_the_merger_is_taken_back(driver):
    driver.imports(0, 2, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[1])
    driver.merges(1, 2)
    driver.amends([(2, 1)], None, cascade=False)
    driver.imports(1, 1, DAYS[2], reopen=True, variant=1)
    assert driver.model.person == {1: 1, 2: 2, 3: 1}
    driver.amends([(2, 2)], None, cascade=False)
    driver.check_now()


def test_two_rows_of_one_person_open_no_two_cases(driver):
    """After a merger the person is found by two NIK."""
    driver.imports(0, 2, DAYS[0], reopen=False, variant=0)
    driver.merges(1, 2)
    driver.takes("record-death", [1], DAYS[1])
    driver.imports(0, 2, DAYS[2], reopen=True, variant=1)
    assert len(driver.model.cases) == 2


def test_a_case_does_not_come_to_begin_before_the_earlier_one_of_the_person_ended(driver):
    driver.imports(0, 1, DAYS[0], reopen=False, variant=0)
    driver.takes("record-death", [1], DAYS[3])
    driver.imports(0, 1, DAYS[3], reopen=True, variant=0)
    assert not driver.amends([(2, 1)], {"on": DAYS[2]}, cascade=False)
    assert not driver.amends([(1, 2)], {"on": DAYS[4]}, cascade=False)
    assert driver.amends([(2, 1)], {"on": DAYS[5]}, cascade=False)
    assert driver.amends([(1, 2)], {"on": DAYS[4]}, cascade=False)


def test_two_people_of_one_old_list_do_not_get_one_ni(unwatched):
    unwatched.imports(0, 2, DAYS[0], reopen=False, variant=0)
    for step in ("verify", "propose", "approve", "announce", "propose-ni"):
        unwatched.takes(step, [1, 2], DAYS[1])
    request = unwatched.request("assign-ni", DAYS[2])
    acts = [PastAct(at, unwatched.engine.case(at), request, None, ()) for at in (1, 2)]
    outcome = record_past(unwatched.register, Past(acts), CLERK)
    assert (outcome.command, codes(outcome)) == (None, ["ni-taken"] * 2)
    assert record_past(unwatched.register, Past(acts[:1]), CLERK).command is not None
