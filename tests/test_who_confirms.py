"""Who may propose and who may confirm, where roles are enforced: by role, by unit, and never alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.logins import at_desk
from tests.mending import BECAUSE, FIRST, events
from tests.office import Office
from tests.staff import Staff, add_user, attempts, staffed
from tests.test_four_eyes import VERIFY, put, strict, waiting

ON = ("--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
VERIFIERS = """
name = "kota-serang"
version = "2027.1"
extends = "kota-serang@2025.2"
title = { en = "Kota Serang, our own", id = "Kota Serang, milik sendiri" }

[steps.verify]
role = "verifier"
four_eyes = true
"""


@pytest.fixture
def staff(office: Office, everyone: list[Any]) -> Staff:
    """Twenty workers; their verification is the act of a verifier, and needs another."""
    own = office.write("kota-serang@2027.1.toml", VERIFIERS)
    office.ok("procedure", "adopt", own, "--on", "2025-08-01")
    office.ok("import", office.workers(everyone[:20]), "--on", "2025-08-07")
    return staffed(office)


def seated(staff: Staff, name: str, *roles: str, units: tuple[str, ...] = ()) -> Office:
    add_user(staff.keeper, name, *roles, units=units)
    return at_desk(staff.office, name)


class TestRoles:
    def test_who_lacks_the_role_of_a_step_proposes_it_and_who_has_it_confirms(self, staff: Staff) -> None:
        dewi, rina = seated(staff, "dewi", "clerk"), seated(staff, "rina", "verifier")
        assert "--propose" in dewi.refused(*VERIFY, FIRST)
        item = put(dewi, *VERIFY, FIRST, "--propose")
        agus = seated(staff, "agus", "clerk")
        assert "confirm is for: verifier, approver. Yours: clerk. Ask a keeper" in agus.refused("confirm", item)
        done = rina.json("confirm", item)
        [event] = [row for row in events(rina, FIRST) if row["step"] == "verify"]
        assert (event["actor"], event["proposed_by"], event["role"]) == ("rina", "dewi", "verifier")
        assert done["recorded"] == 1

    @pytest.mark.parametrize("role", ["verifier", "approver"])
    def test_whose_role_comes_later_may_confirm(self, staff: Staff, role: str) -> None:
        later = seated(staff, "rina", role)
        item = put(staff.whole, *VERIFY, FIRST)
        assert later.json("confirm", item)["recorded"] == 1
        assert events(later, FIRST)[-1]["role"] == role

    def test_keepers_and_auditors_confirm_no_step_and_propose_none(self, staff: Staff) -> None:
        item = put(staff.whole, *VERIFY, FIRST)
        for office in (staff.keeper, staff.auditor):
            office.refused("confirm", item)
            office.refused("decline", item, "--reason", "tidak")
            office.refused(*VERIFY, FIRST, "--propose")
        assert waiting(staff.office) == [(item,)]
        assert sorted(one[:3] for one in attempts(staff.office)) == [
            (user, doing, "role") for user in ("andi", "budi") for doing in ("confirm", "decline", "verify")
        ]

    def test_who_may_do_all_may_not_confirm_their_own(self, staff: Staff) -> None:
        item = put(staff.whole, *VERIFY, FIRST)
        assert "your own" in staff.whole.refused("confirm", item)
        assert attempts(staff.office)[-1][:3] == ("wati", "confirm", "four-eyes")

    def test_a_procedure_is_migrated_to_by_one_keeper_and_confirmed_by_another(self, staff: Staff) -> None:
        strict(staff.office)
        second = seated(staff, "umar", "keeper")
        item = put(staff.keeper, "procedure", "migrate", "kota-serang@2025.2", FIRST, *BECAUSE)
        staff.whole.refused("confirm", item)
        assert second.json("confirm", item)["recorded"] == 1


class TestScope:
    def test_an_item_about_others_is_neither_seen_nor_settled(self, staff: Staff) -> None:
        numbers = [row["case"] for row in staff.others[:2]]
        strict(staff.office, above=100)
        item = put(staff.whole, *VERIFY, *numbers)
        assert staff.clerk.json("inbox") == [row for row in staff.clerk.json("inbox") if row["kind"] == "due"]
        assert not [row for row in staff.clerk.json("inbox", "--all") if row["item"] == item]
        for words in (("inbox", item), ("confirm", item), ("decline", item, "--reason", "tidak")):
            told = staff.clerk.refused(*words)
            assert not any(number in told for number in numbers)
        assert {one[2] for one in attempts(staff.office)} == {"scope"}

    def test_an_item_about_ones_own_unit_is_confirmed_there(self, staff: Staff) -> None:
        numbers = [row["case"] for row in staff.own[:2]]
        item = put(staff.whole, *VERIFY, *numbers)
        assert [row["item"] for row in staff.clerk.json("inbox") if row["item"]] == [item]
        assert staff.clerk.json("confirm", item)["recorded"] == 2

    def test_who_moved_to_another_unit_is_no_longer_theirs_to_confirm(self, staff: Staff) -> None:
        number = staff.own[0]["case"]
        item = put(staff.whole, *VERIFY, number)
        move = ("advance", "move-unit", number, "--on", "2025-08-08", "--set", f"unit={staff.others[0]['unit']}",
                "--document", "sk-penempatan 1/2 2025-08-08")  # fmt: skip
        staff.whole.ok(*move)
        assert "not among the units" in staff.clerk.refused("confirm", item)
        assert waiting(staff.office) == [(item,)]
        assert number not in str(attempts(staff.office)[-1])

    def test_a_scoped_clerks_import_is_confirmed_by_whoever_sees_more(self, staff: Staff) -> None:
        """Whose case a row may be about is told to some and not to others; what was foreseen is the same."""
        heading = "nik,name,unit\n"
        other = staff.others[0]
        rows = f"{other['nik']},{other['name']},{staff.unit}\n3673012003950009,Satu Lagi,{staff.unit}\n"
        item = put(staff.clerk, "import", staff.clerk.write("two.csv", heading + rows), "--propose")
        done = staff.whole.json("confirm", item)
        assert (done["recorded"], done["queued"]) == (1, 1)
        [queued] = [row for row in staff.whole.json("inbox", "--all") if row["kind"] == "queued"]
        assert (queued["state"], queued["row"], queued["codes"]) == ("open", 2, ["claimed-by-two-units"])
