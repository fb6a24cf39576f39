"""One decree and one oath for 3,794 part-timers and 15 full-timers; rosters follow the TMT and not the ceremony."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import appoint, of, swear_in
from tests.office import Office
from workflow.demo.people import Person

THE_DAY, THE_EVE = ("--as-of", "2025-10-23"), ("--as-of", "2025-10-22")


@pytest.fixture(scope="module")
def sworn_with_tmt(
    with_numbers: Office, everyone: list[Person], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Office]:
    """The city after the oath of 2025-10-23, by the TMT of the decree."""
    offices = {}
    for tmt in ("2025-10-23", "2025-10-01"):
        office = offices[tmt] = with_numbers.copy(tmp_path_factory.mktemp(f"tmt-{tmt}"))
        appoint(office, of(everyone, "paruh-waktu", "penuh-waktu"), tmt)
        swear_in(office)
    return offices


class TestWithTheTmtOnTheDayOfTheOath:
    @pytest.fixture
    def sworn(self, sworn_with_tmt: dict[str, Office]) -> Office:
        return sworn_with_tmt["2025-10-23"]

    def test_nobody_is_appointed_on_the_eve_and_3_809_are_on_the_day(self, sworn: Office) -> None:
        employed = ("--status", "pppk-pw", "--status", "pppk")
        assert sworn.total(*employed, *THE_EVE) == 0
        assert sworn.count("status", *employed, *THE_DAY) == {"pppk-pw": 3_794, "pppk": 15}
        assert sworn.total(*employed, *THE_DAY) == 3_809

    def test_the_stage_of_all_is_sworn_in_and_the_others_stay_where_they_were(self, sworn: Office) -> None:
        assert sworn.count("stage", *THE_DAY) == {"drh-filling": 117, "not-eligible": 1_331, "sworn-in": 3_809}

    def test_a_filter_for_part_timers_leaves_the_full_timers_out(self, sworn: Office) -> None:
        rows = sworn.json("roster", "--status", "pppk-pw", *THE_DAY)
        assert len(rows) == 3_794
        assert {row["formation"] for row in rows} == {"pppk-pw"}
        assert len(sworn.json("roster", "--formation", "pppk", *THE_DAY)) == 15

    def test_each_row_rests_on_the_record_of_the_oath(self, sworn: Office) -> None:
        rows = sworn.json("roster", "--stage", "sworn-in", *THE_DAY)
        assert {(row["since"], row["step"], row["document"]) for row in rows} == {
            ("2025-10-23", "swear-in", "BA/1/2025")
        }
        assert sworn.total("--where-document", "821/17/2025", *THE_DAY) == 3_809

    def test_the_oath_is_one_command_of_one_moment(self, sworn: Office) -> None:
        rows = sworn.json("log", "--step", "swear-in")
        assert len(rows) == 3_809
        assert len({(row["command"], row["recorded_at"], row["actor"]) for row in rows}) == 1

    def test_swearing_in_again_is_refused_for_each_of_them(self, sworn: Office) -> None:
        again = ("--stage", "sworn-in", "--on", "2025-10-23", "--document", "berita-acara BA/2/2025 2025-10-23")
        said = sworn.refused("advance", "swear-in", *again)
        assert "3,809 of 3,809" in said
        assert "swear-in cannot be taken while the case is sworn-in" in said


class TestWithTheTmtOnTheFirstOfOctober:
    @pytest.fixture
    def sworn(self, sworn_with_tmt: dict[str, Office]) -> Office:
        return sworn_with_tmt["2025-10-01"]

    @pytest.mark.parametrize(
        ("day", "part_time", "full_time"),
        [("2025-09-30", 0, 0), ("2025-10-01", 3_794, 15), ("2025-10-22", 3_794, 15), ("2025-10-23", 3_794, 15)],
    )
    def test_rosters_follow_the_tmt(self, sworn: Office, day: str, part_time: int, full_time: int) -> None:
        totals = sworn.count("status", "--as-of", day)
        assert (totals.get("pppk-pw", 0), totals.get("pppk", 0)) == (part_time, full_time)

    def test_the_stage_tells_the_decree_from_the_oath(self, sworn: Office) -> None:
        assert sworn.count("stage", *THE_EVE)["appointed"] == 3_809
        assert sworn.count("stage", *THE_DAY)["sworn-in"] == 3_809

    def test_the_difference_between_eve_and_day_is_the_oath(self, sworn: Office) -> None:
        rows = sworn.json("diff", "2025-10-22", "2025-10-23")
        assert len(rows) == 3_809
        assert {row["before"]["stage"] for row in rows} == {"appointed"}
        assert {row["after"]["status"] for row in rows} == {"pppk-pw", "pppk"}
        assert {tuple(event["step"] for event in row["events"]) for row in rows} == {("swear-in",)}
