"""Undo, merge and the import of old history, as a clerk gives them, and what each refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mending import BECAUSE, FIRST, SECOND, THIRD, events, notes, propose, stands
from tests.office import Office
from workflow.demo.people import Person


@pytest.fixture
def proposed(verified: Office) -> Office:
    """The twenty, proposed on 2025-08-20."""
    return propose(verified)


class TestUndo:
    def test_takes_back_the_last_command_of_oneself(self, proposed: Office) -> None:
        assert proposed.json("undo")["recorded"] == 20
        assert proposed.count("stage") == {"verified": 20}
        assert events(proposed, FIRST)[-1]["step"] == "rescind"

    def test_is_refused_where_something_rests_on_it(self, proposed: Office) -> None:
        proposed.actor = "colleague"
        notes(proposed, FIRST)
        proposed.actor = "clerk"
        said = proposed.refused("undo")
        assert f"cannot be undone: 1 of its cases changed since ({FIRST})" in said

    def test_of_somebody_else_s_command_is_refused(self, proposed: Office) -> None:
        proposed.actor = "colleague"
        assert "You have recorded nothing in this register." in proposed.refused("undo")

    def test_leaves_what_somebody_else_recorded_last(self, verified: Office) -> None:
        notes(verified, FIRST)
        verified.actor = "colleague"
        notes(verified, SECOND)
        verified.actor = "clerk"
        assert verified.json("undo")["rows"][0]["case"] == FIRST
        assert verified.total("--where-document", "100/1", "--as-of", "2025-08-19") == 1


class TestMerge:
    @pytest.fixture
    def merged(self, verified: Office) -> Office:
        verified.ok("merge", FIRST, SECOND, *BECAUSE, at="2025-09-01")
        return verified

    @pytest.mark.parametrize("day", ["2025-08-07", "2025-08-18", "2025-12-31"])
    def test_the_losing_case_leaves_the_rosters_of_every_day(self, merged: Office, day: str) -> None:
        cases = [row["case"] for row in merged.json("roster", "--as-of", day)]
        assert len(cases) == 19
        assert FIRST in cases
        assert SECOND not in cases
        assert merged.total("--as-of", day, "--known-at", "2025-08-31") == 20

    def test_its_history_stays_and_no_acts_are_mixed(self, merged: Office) -> None:
        assert [row["step"] for row in events(merged, SECOND)] == ["register", "verify", "merge"]
        assert [row["step"] for row in events(merged, FIRST)] == ["register", "verify"]

    def test_its_nik_finds_the_other_for_writing(self, merged: Office, everyone: list[Person]) -> None:
        notes(merged, everyone[1].worker.nik)
        assert [row["step"] for row in events(merged, FIRST)] == ["register", "verify", "minute"]
        said = merged.refused("advance", "minute", SECOND, "--on", "2025-08-19", "--document", "notulen 2 2025-08-19")
        assert "merged into another" in said

    def test_rescinding_it_brings_the_case_and_its_nik_back(self, merged: Office, everyone: list[Person]) -> None:
        merged.ok("rescind", SECOND, 3, *BECAUSE, at="2025-09-03")
        assert merged.total("--as-of", "2025-08-07") == 20
        assert merged.total("--as-of", "2025-08-07", "--known-at", "2025-09-02") == 19
        notes(merged, everyone[1].worker.nik)
        assert events(merged, SECOND)[-1]["step"] == "minute"

    @pytest.mark.parametrize("pair", [(FIRST, FIRST), (FIRST, SECOND), (SECOND, THIRD)])
    def test_of_what_is_one_case_or_is_merged_is_refused(self, merged: Office, pair: tuple[str, str]) -> None:
        assert "Name two different cases, neither of them void." in merged.refused("merge", *pair, *BECAUSE)

    def test_can_be_rehearsed(self, verified: Office) -> None:
        before = verified.stored()
        assert "Nothing was recorded" in verified.ok("merge", FIRST, SECOND, *BECAUSE, "--dry-run").stderr
        assert verified.stored() == before


HEADINGS = "nik,step,effective_on,document_kind,document_number,document_date,reason,recorded_on\n"


class TestImportOfHistory:
    def rows(self, office: Office, *lines: str) -> Path:
        return office.write("past.csv", HEADINGS + "".join(f"{line}\n" for line in lines))

    @pytest.fixture
    def past(self, twenty: Office, everyone: list[Person]) -> Path:
        nik = everyone[0].worker.nik
        return self.rows(
            twenty,
            f"{nik},minute,2025-08-20,notulen,55,2025-08-20,,2025-08-22",
            f"{nik},verify,2025-08-12,sptjm-opd,54,2025-08-11,,2025-08-13",
            f"{nik},leave-out,2025-08-25,,,,no-need,",
        )

    def test_records_each_act_on_its_day_and_keeps_what_was_claimed(self, twenty: Office, past: Path) -> None:
        assert twenty.json("import", past, "--history", at="2025-10-01")["recorded"] == 3
        assert stands(twenty, FIRST, "--as-of", "2025-08-12") == ("verified", "2025-08-12")
        assert stands(twenty, FIRST) == ("not-proposed", "2025-08-25")
        acts = events(twenty, FIRST)[1:]
        assert [(act["step"], act["fields"].get("claimed_on")) for act in acts] == [
            ("verify", "2025-08-13"),
            ("minute", "2025-08-22"),
            ("leave-out", None),
        ]
        assert {act["recorded_at"][:10] for act in acts} == {"2025-10-01"}
        assert stands(twenty, FIRST, "--known-at", "2025-09-30") == ("registered", "2025-08-07")

    def test_warns_of_a_weekday_that_is_not_that_of_the_date(self, twenty: Office, everyone: list[Person]) -> None:
        """Scenario 10: "Jumat (12/12/2026)" is a Saturday; a Friday it was a year before."""
        rows = self.rows(twenty, f'{everyone[0].worker.nik},minute,"Jumat, 12/12/2026",notulen,55,2025-12-12,,')
        said = twenty.json("import", rows, "--history", at="2025-12-15")
        assert (said["recorded"], said["warned"]) == (1, 1)
        assert "weekday-differs" in [one["code"] for one in said["rows"][0]["findings"]]
        minute = ("--document", "notulen 56 2025-12-12")
        told = twenty.ok("advance", "minute", FIRST, "--on", "Jumat 12/12/2026", *minute)
        assert "Warning: 2026-12-12 is another day of the week." in told.stderr
        assert "another day" not in twenty.ok("advance", "minute", FIRST, "--on", "Jumat 12/12/2025", *minute).stderr

    def test_again_changes_nothing(self, twenty: Office, past: Path) -> None:
        twenty.ok("import", past, "--history")
        before = twenty.stored()
        again = twenty.json("import", past, "--history")
        assert (again["recorded"], again["unchanged"]) == (0, 3)
        assert twenty.stored() == before

    def test_is_refused_whole_with_every_row_that_is_wrong(self, twenty: Office, everyone: list[Person]) -> None:
        nik = everyone[0].worker.nik
        rows = self.rows(
            twenty,
            f"{nik},minute,2025-08-20,notulen,55,2025-08-20,,",
            f"{nik},swear-in,2025-08-21,berita-acara,BA/1,2025-08-21,,",
            f"{nik},fly,never,,,,,",
        )
        said = twenty.refused("import", rows, "--history")
        assert f"(#3 {FIRST}): swear-in cannot be taken while the case is registered" in said
        assert f"(#4 {FIRST}, column step): the row names no step" in said
        assert f"(#4 {FIRST}, column effective_on): this is no date" in said
        assert nik not in said

    @pytest.mark.parametrize("option", ["--partial", "--reopen"])
    def test_knows_no_partial_and_no_reopen(self, twenty: Office, past: Path, option: str) -> None:
        assert "--history cannot be combined" in twenty.refused("import", past, "--history", option, code=2)
