"""The commands that mend the past, as a clerk types them: what each does, refuses and shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office import Office
from tests.two_times.asked import ONE, TWO, events, stage
from workflow.demo.people import Person

# --- correct


def test_a_mistyped_date_is_corrected_and_both_versions_stay(proposed: Office) -> None:
    proposed.ok("correct", ONE, 4, "--on", "2025-09-02", "--reason", "salah ketik", at="2025-09-10")
    assert [stage(proposed, day) for day in ("2025-09-01", "2025-09-02")] == ["proposed", "need-approved"]
    assert stage(proposed, "2025-09-02", "--known-at", "2025-09-09") == "proposed"
    approved, correction = events(proposed)[3:]
    assert (approved["effective_on"], approved["corrected_by"], approved["rescinded_by"]) == ("2025-09-04", [5], None)
    assert (correction["step"], correction["target"], correction["reason"]) == ("correct", 4, "salah ketik")
    assert (correction["effective_on"], correction["fields"]["on"]) == ("2025-09-04", "2025-09-02")
    assert proposed.json("show", ONE, "--as-of", "2025-09-10")["since"] == "2025-09-02"


def test_a_correction_is_itself_corrected_in_its_place_and_rescinded(proposed: Office) -> None:
    proposed.ok("correct", ONE, 4, "--on", "2025-09-02", "--reason", "salah", at="2025-09-10")
    proposed.ok("correct", ONE, 4, "--set-document", "keputusan-menpan B/7 2025-09-02", "--reason", "nomor salah")
    proposed.ok("correct", ONE, 5, "--on", "2025-09-03", "--reason", "salah lagi")
    shown = proposed.json("show", ONE)
    assert (shown["since"], shown["document"]) == ("2025-09-03", "B/7")
    proposed.ok("rescind", ONE, 5, "--reason", "tidak jadi")
    shown = proposed.json("show", ONE)
    assert (shown["since"], shown["document"]) == ("2025-09-04", "B/7")
    assert [event["fields"]["number"] for event in events(proposed)[4:]] == [1, 2, 1, 1]


def test_fields_of_an_act_and_facts_of_the_person_are_corrected_on_the_event_that_stated_them(verified: Office) -> None:
    words = ("--set", "position=Pengemudi", "--set", "name=Nama Benar", "--reason", "ijazah")
    verified.ok("correct", ONE, 1, *words, at="2025-08-19")
    [row] = [row for row in verified.json("roster") if row["case"] == ONE]
    assert (row["position"], row["name"]) == ("Pengemudi", "Nama Benar")
    [before] = [row for row in verified.json("roster", "--known-at", "2025-08-18") if row["case"] == ONE]
    assert "Nama Benar" not in before.values()


def test_a_nik_that_never_was_right_is_free_at_once_and_both_find_the_case(
    verified: Office, everyone: list[Person]
) -> None:
    wrong, right = everyone[0].worker.nik, "3673010101900077"
    verified.ok("correct", ONE, 1, "--set", f"nik={right}", "--reason", "KTP", at="2025-08-19")
    assert [verified.json("show", nik)["case"] for nik in (wrong, right)] == [ONE, ONE]
    assert "former NIK" in verified.run("show", wrong).stderr
    assert "former NIK" not in verified.run("show", right).stderr
    other = verified.write("other.csv", f"NIK;Nama;Unit Kerja\n{wrong};Orang Lain;Dinas Kesehatan\n")
    assert verified.json("import", other)["recorded"] == 1
    verified.refused("rescind", ONE, 3, "--reason", "ternyata benar")
    held = verified.refused("correct", TWO, 1, "--set", f"nik={right}", "--reason", "KTP")
    assert "another person" in held
    assert right not in held


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((ONE, 2, "--reason", "x"), 2, "Say what it was in truth"),
        ((ONE, 2, "--on", "2025-08-19"), 2, "--reason"),
        ((ONE, "--on", "2025-08-19", "--reason", "x"), 2, "Say which events"),
        ((ONE, 9, "--on", "2025-08-19", "--reason", "x"), 1, "no event 9"),
        ((ONE, 2, "--set", "wage=1", "--reason", "x"), 1, "has no field wage"),
        ((ONE, 1, "--set", "unit=", "--reason", "x"), 1, "cannot be left empty"),
        ((ONE, 1, "--set", "nik=12", "--reason", "x"), 1, "not a valid"),
        ((ONE, 2, "--on", "2025-08-01", "--reason", "x"), 1, "before the case was registered"),
        ((ONE, 2, "--set-document", "notulen 1 2025-08-18", "--reason", "x"), 1, "the document sptjm-opd is missing"),
        (("36.73-000999", 1, "--on", "2025-08-01", "--reason", "x"), 1, "no such case"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(verified: Office, words: Any, code: int, said: str) -> None:
    assert said in verified.refused("correct", *words, code=code)


def test_an_act_that_was_taken_back_cannot_be_corrected_until_it_is_back(verified: Office) -> None:
    verified.ok("rescind", ONE, 2, "--reason", "keliru")
    said = verified.refused("correct", ONE, 2, "--on", "2025-08-19", "--reason", "x")
    assert "Rescind event 3 to bring it back." in said
    verified.ok("rescind", ONE, 3, "--reason", "benar")
    verified.ok("correct", ONE, 2, "--on", "2025-08-19", "--reason", "x")


def test_an_act_before_the_registration_needs_the_registration_moved(verified: Office) -> None:
    late = ("advance", "minute", ONE, "--on", "2025-08-01", "--document", "notulen 1 2025-08-01")
    assert "lantik correct CASE 1 --on" in verified.refused(*late)
    verified.ok("correct", ONE, 1, "--on", "2025-08-01", "--reason", "daftar lama")
    verified.ok(*late)
    assert verified.json("show", ONE, "--as-of", "2025-08-05")["since"] == "2025-08-01"


def test_a_whole_decree_is_corrected_by_its_command_and_a_list_by_a_file(
    verified: Office, everyone: list[Person]
) -> None:
    command = verified.json("log", "--step", "verify")[0]["command"]
    done = verified.json("correct", "--command", command, "--on", "2025-08-19", "--reason", "tanggal SPTJM")
    assert (done["recorded"], len(done["rows"])) == (20, 20)
    assert verified.count("stage", "--as-of", "2025-08-18") == {"registered": 20}
    rows = [f"{person.worker.nik};1;Jabatan {at}" for at, person in enumerate(everyone[:3], 1)]
    names = verified.write("names.csv", "\n".join(["NIK;seq;Jabatan", *rows]))
    verified.ok("correct", "--from", names, "--reason", "daftar jabatan")
    assert [row["position"] for row in verified.json("roster")[:3]] == ["Jabatan 1", "Jabatan 2", "Jabatan 3"]
    empty = verified.write("empty.csv", f"case;seq;warna\n{ONE};1;merah\n")
    assert "Say what it was in truth" in verified.refused("correct", "--from", empty, "--reason", "x", code=2)
    bad = verified.write("bad.csv", f"case;seq\n{ONE};2\n{TWO};x\n36.73-000999;1\n")
    said = verified.refused("rescind", "--from", bad, "--reason", "x")
    assert "3" in said
    assert "4" in said


# --- rescind, cascade


def test_what_could_not_stand_is_named_and_taken_along_only_if_agreed(proposed: Office) -> None:
    said = proposed.refused("rescind", ONE, 2, "--reason", "SPTJM dicabut")
    assert "propose of 2025-08-20 (event 3) could not stand any more" in said
    assert "approve of 2025-09-04 (event 4) could not stand any more" in said
    words = ("rescind", ONE, 2, "--reason", "SPTJM dicabut", "--cascade")
    before = proposed.stored()
    preview = proposed.json(*words, "--dry-run")
    assert proposed.stored() == before
    assert [finding["code"] for finding in preview["rows"][0]["findings"]] == ["taken-along"] * 2
    done = proposed.json(*words)
    assert stage(proposed, "2025-09-04") == "registered"
    assert [event["rescinded_by"] for event in events(proposed)] == [None, 5, 6, 7, None, None, None]
    proposed.ok("rescind", "--command", done["command"], "--reason", "SPTJM berlaku")
    assert stage(proposed, "2025-09-04") == "need-approved"
    assert [event["rescinded_by"] for event in events(proposed)] == [None, None, None, None, 8, 9, 10, *[None] * 3]


def test_a_meeting_between_is_left_where_it_stands(proposed: Office) -> None:
    proposed.ok("advance", "minute", ONE, "--on", "2025-08-25", "--document", "notulen 1 2025-08-25")
    proposed.ok("rescind", ONE, 3, "--reason", "usul dicabut", "--cascade")
    assert [event["step"] for event in events(proposed) if event["rescinded_by"] is None][:3] == [
        "register", "verify", "minute",
    ]  # fmt: skip


def test_a_case_that_is_taken_back_as_a_whole_is_void(verified: Office, everyone: list[Person]) -> None:
    verified.ok("rescind", ONE, 1, "--reason", "dua kali")
    assert verified.total() == 19
    assert len(events(verified)) == 3
    assert "no place in the register" in verified.run("show", ONE).stderr
    assert "taken back as a whole" in verified.refused(
        "advance", "minute", ONE, "--on", "2025-08-25", "--document", "notulen 1 2025-08-25"
    )
    assert verified.json("import", verified.workers(everyone[:20]), "--on", "2025-08-07")["recorded"] == 1
    assert verified.total() == 20


def test_an_ending_frees_the_worker_for_another_case_and_its_rescission_does_not_make_two(
    verified: Office, everyone: list[Person]
) -> None:
    verified.ok("advance", "record-death", ONE, "--on", "2025-09-01", "--document", "akta-kematian 1 2025-09-01")
    one = verified.workers(everyone[:1], "one.csv")
    assert "Give --on 2025-09-01" in verified.refused("import", one, "--on", "2025-08-30", "--reopen")
    verified.ok("import", one, "--on", "2025-09-01", "--reopen")
    again = "36.73-000021"
    said = verified.refused("rescind", ONE, 3, "--reason", "orang lain yang meninggal")
    assert f"lantik rescind {again} 1" in said
    verified.ok("rescind", again, 1, "--reason", "orang lain yang meninggal")
    verified.ok("rescind", ONE, 3, "--reason", "orang lain yang meninggal")
    assert verified.total("--as-of", "2025-09-02") == 20


# --- late acts and replacements


def test_a_late_act_is_recorded_at_its_place_and_with_cascade_takes_along_what_cannot_follow(proposed: Office) -> None:
    late = ("advance", "leave-out", ONE, "--on", "2025-08-19", "--reason", "no-budget")
    assert "propose of 2025-08-20 (event 3) could not stand any more" in proposed.refused(*late)
    done = proposed.json(*late, "--cascade")
    assert (done["recorded"], done["warned"]) == (1, 1)
    assert [stage(proposed, day) for day in ("2025-08-18", "2025-08-19", "2025-09-04")] == [
        "verified", "not-proposed", "not-proposed",
    ]  # fmt: skip
    assert [event["rescinded_by"] for event in events(proposed)] == [None, None, 6, 7, None, None, None]


def test_a_replacement_takes_the_place_of_the_act_that_it_takes_back(proposed: Office) -> None:
    second = ("--document", "notulen 1 2025-08-20")
    proposed.ok("advance", "minute", ONE, "--on", "2025-08-20", *second)
    other = ("--document", "surat-usulan 801/2 2025-08-20", "--document", "sptjm-ppk 801/3 2025-08-20")
    proposed.ok("advance", "propose", ONE, "--on", "2025-08-20", *other, "--replaces", 3, "--set", "formation=pppk")
    [row] = [row for row in proposed.json("roster", "--as-of", "2025-08-20") if row["case"] == ONE]
    assert (row["document"], row["formation"]) == ("801/2", "pppk")
    assert stage(proposed, "2025-09-04") == "need-approved"
    last = events(proposed)[-1]
    assert (last["target"], events(proposed)[2]["rescinded_by"]) == (3, last["seq"])
    for seq in (1, 3, 99):
        assert f"event {seq} is no act that stands" in proposed.refused(
            "advance", "propose", ONE, "--on", "2025-08-20", *other, "--replaces", seq
        )


# --- undo


def test_undo_takes_back_one_s_own_last_command_and_nobody_else_s(proposed: Office) -> None:
    proposed.actor = "another"
    assert "You have recorded nothing" in proposed.refused("undo")
    minute = ("advance", "minute", ONE, "--on", "2025-09-05", "--document", "notulen 1 2025-09-05")
    proposed.ok(*minute)
    proposed.actor = "clerk"
    assert ONE in proposed.refused("undo")
    proposed.actor = "another"
    proposed.ok("undo")
    assert events(proposed)[-1]["step"] == "rescind"
    assert events(proposed)[-1]["target"] == 5
    proposed.ok("undo")
    assert [event["rescinded_by"] for event in events(proposed)][4:] == [None, 7, None]


def test_undo_of_an_import_frees_everybody(office: Office, everyone: list[Person]) -> None:
    office.ok("import", office.workers(everyone[:5]), "--on", "2025-08-07")
    office.ok("undo")
    assert office.total() == 0
    assert office.json("import", office.workers(everyone[:5]), "--on", "2025-08-07")["recorded"] == 5


# --- merge


def test_a_merger_takes_one_case_off_the_rosters_and_its_rescission_brings_it_back(
    verified: Office, everyone: list[Person]
) -> None:
    before = verified.ok("roster", "--known-at", "2025-08-18", "--format", "csv").stdout
    verified.ok("merge", ONE, TWO, "--reason", "terdaftar dua kali", at="2025-08-19")
    assert verified.total("--as-of", "2025-08-07") == verified.total() == 19
    assert verified.ok("roster", "--known-at", "2025-08-18", "--format", "csv").stdout == before
    assert len(events(verified, TWO)) == 3
    nik = everyone[1].worker.nik
    done = verified.json("advance", "minute", nik, "--on", "2025-08-20", "--document", "notulen 1 2025-08-20")
    assert [row["case"] for row in done["rows"]] == [ONE]
    assert verified.json("import", verified.workers(everyone[:20]), "--on", "2025-08-07")["unchanged"] == 20
    verified.ok("rescind", TWO, 3, "--reason", "ternyata dua orang")
    assert verified.total() == 20
    done = verified.json("advance", "minute", nik, "--on", "2025-08-20", "--document", "notulen 1 2025-08-20")
    assert [row["case"] for row in done["rows"]] == [TWO]
    verified.refused("merge", ONE, ONE, "--reason", "x")
