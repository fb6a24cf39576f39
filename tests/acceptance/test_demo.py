"""The demo through the command line: once whole (some ten seconds), else with a small city."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

import cli
from tests.office import JAKARTA, Office
from workflow.demo import folder as lists
from workflow.demo import people

AFTER = datetime(2026, 2, 1, 9, 0, tzinfo=JAKARTA)
FIGURE = re.compile(r"^  (?P<what>.*?) +(?P<published>[\d,]+) +(?P<register>[\d,]+)  (?P<sign>.) .+$", re.MULTILINE)


class Played(NamedTuple):
    folder: Path
    result: Result

    @property
    def office(self) -> Office:
        return Office(self.folder, now=AFTER)


def figures(result: Result) -> dict[str, re.Match[str]]:
    """The lines that compare, by what they count."""
    [compared] = re.findall(r"^Published and recorded$(.+)^Left in", result.stdout, re.MULTILINE | re.DOTALL)
    return {match["what"]: match for match in FIGURE.finditer(compared)}


def play(folder: Path, *words: str, lang: str = "en") -> Result:
    told = ["--lang", lang, "demo", "--folder", str(folder), *words]
    return CliRunner().invoke(cli.lantik, told, obj=cli.Desk(), catch_exceptions=False)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("whole"))
        yield Played(Path("demo"), play(Path("demo")))


@pytest.fixture
def small_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """All groups of the story, most with three people each."""
    small = {
        group: mix if group == "belum-siap" else tuple((standing, min(number, 3)) for standing, number in mix)
        for group, mix in people.GROUPS.items()
    }
    monkeypatch.setattr(people, "GROUPS", small)


# --- the whole year


def test_it_ends_well_because_every_figure_is_the_published_one(played: Played) -> None:
    assert played.result.exit_code == 0, played.result.output
    told = figures(played.result)
    assert len(told) == 17
    assert all(one["published"] == one["register"] and one["sign"] == " " for one in told.values())


def test_the_register_answers_the_published_totals(played: Played) -> None:
    count = played.office.count
    assert count("status", "--as-of", "2025-10-22") == {"non-asn": 5_255, "none": 2}
    assert count("status", "--as-of", "2025-10-23", "--stage", "sworn-in") == {"pppk-pw": 3_794, "pppk": 15}
    assert count("stage", "--as-of", "2025-08-20", "--formation", "pppk-pw")["proposed"] == 3_911
    assert count("stage", "--as-of", "2025-12-12", "--stage", "proposed", "--stage", "not-eligible") == {
        "proposed": 526,
        "not-eligible": 805,
    }
    january = count("status", "--as-of", "2026-01-20")
    assert january == {"non-asn": 115, "none": 2, "pppk-pw": 3_794, "pppk": 15, "outsourced": 1_331}
    assert sum(january.values()) - 117 == 5_140


def test_what_was_believed_of_10_january_changed_on_the_20th(played: Played) -> None:
    believed = ("stage", "--as-of", "2026-01-10", "--known-at")
    assert played.office.count(*believed, "2026-01-15").get("outsourced", 0) == 0
    assert played.office.count(*believed, "2026-01-15")["proposed"] == 526
    assert played.office.count(*believed, "2026-01-21")["outsourced"] == 1_331


def test_it_proves_the_declared_totals_and_tells_what_is_owed(played: Played) -> None:
    shown = " ".join(played.result.stdout.split())
    for sum_of_parts in ("3,809 = 3,794 + 15", "526 = 149 + 377", "1,331 = 526 + 805", "1,331 = 1,331"):
        assert f": {sum_of_parts}." in shown
    assert "start-duty PPK 3,809 late" in shown


def test_the_117_who_were_not_ready_stay_open_where_nobody_told_more(played: Played) -> None:
    unready = played.office.count("stage", "--as-of", "2026-01-31", "--where-document", "800/DEMO-101/2025")
    assert unready.pop("sworn-in") == 3_794
    assert unready == {"ni-proposed": 60, "drh-filling": 40, "withdrawn": 10, "ni-refused": 5, "deceased": 2}


def test_it_shows_a_refusal_with_its_way_out_and_what_another_city_would_allow(played: Played) -> None:
    shown = " ".join(played.result.stdout.split())
    assert "outsource cannot be taken while the case is sworn-in" in shown
    assert "Open steps of a case that is sworn-in: start-duty" in shown
    assert "Nothing stands against it." in shown
    assert "There is no way: the step is switched off in this procedure." in shown
    assert "It would be refused." in shown


def test_what_it_prints_fits_a_page_and_names_nobody(played: Played) -> None:
    noted = (played.folder / lists.COMMANDS).read_text(encoding="utf-8")
    for line in (*played.result.stdout.splitlines(), *noted.splitlines()):
        assert len(line) <= 100, line
    assert not re.search(r"\d{16}", played.result.stdout + noted)


def test_the_commands_to_go_on_work_as_printed(played: Played) -> None:
    going_on = played.result.stdout.split("To go on")[1].replace("\\\n", " ")
    [database] = re.findall(r"export LANTIK_DB=(\S+)", going_on)
    typed = re.findall(r"^  (lantik .+)$", going_on, re.MULTILINE)
    assert len(typed) == 10
    for line in typed:
        desk = cli.Desk(clock=lambda: AFTER)
        done = CliRunner().invoke(cli.lantik, shlex.split(line)[1:], obj=desk, env={"LANTIK_DB": database})
        assert done.exit_code == 0, (line, done.stderr)
        assert done.stdout.strip() or "-o" in line, line
    assert (played.folder / "ni-proposed.xlsx").stat().st_size > 1_000


def test_every_file_that_it_names_is_there(played: Played) -> None:
    assert [name for name in lists.FILES if not (played.folder / name).is_file()] == []


# --- a small city


@pytest.mark.usefixtures("small_city")
def test_a_total_that_is_not_the_published_one_makes_it_fail(tmp_path: Path) -> None:
    result = play(tmp_path / "demo")
    assert result.exit_code == 1
    told = figures(result)
    differing = [what for what, one in told.items() if one["sign"] == "≠"]
    assert "sworn in part-time, 2025-10-23" in differing
    assert all((one["published"] != one["register"]) == (one["sign"] == "≠") for one in told.values())
    assert f"{len(differing)} totals differ from the published figures." in result.stderr


@pytest.mark.usefixtures("small_city")
def test_played_again_it_replaces_what_it_made_and_keeps_what_it_did_not(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    states = []
    for lang in ("en", "id"):
        assert play(place, lang=lang).exit_code == 1  # a small city has other totals
        states.append(Office(place, now=AFTER).json("views", "status"))
        (place / "mine.txt").write_text("kept")
    assert states[0] == states[1]
    assert states[0]["position"] > 0
    assert (place / "mine.txt").read_text() == "kept"
    written = (place / lists.COMMANDS).read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("lantik") for line in written) == 37  # a long path folds what follows


@pytest.mark.usefixtures("small_city")
def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    names = []
    for seed in ("1", "2"):
        play(tmp_path / seed, "--seed", seed)
        names.append([row["name"] for row in Office(tmp_path / seed, now=AFTER).json("roster")])
    assert len(names[0]) == len(names[1])
    assert names[0] != names[1]


@pytest.mark.usefixtures("small_city")
def test_a_command_that_is_refused_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lists._LATE, "susulan-149", "no-such-reason")
    result = play(tmp_path / "demo")
    assert result.exit_code == 1
    assert "The demo stopped, because lantik advance propose-late ended with 1" in result.stderr
    assert "no-such-reason is no reason of propose-late" in result.stderr
    assert not re.search(r"\d{16}", result.stderr)
    assert "return-ni" not in result.stdout


# --- folders that are not its own


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "lantik.db").write_text("the real register")
    result = play(tmp_path)
    assert result.exit_code == 1
    assert "holds something that is not of a former demo; nothing was touched" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["lantik.db"]
    assert (tmp_path / "lantik.db").read_text() == "the real register"


def test_a_file_that_the_former_demo_did_not_make_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / lists.MARK).write_text("opd.csv\n../outside.txt\n")
    (tmp_path / "opd.csv").write_text("made by a demo")
    (tmp_path / "ni.csv").write_text("mine")
    result = play(tmp_path)
    assert result.exit_code == 1
    assert "ni.csv" in result.stderr
    assert (tmp_path / "ni.csv").read_text() == "mine"
    assert (tmp_path / "opd.csv").read_text() == "made by a demo"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("")
    result = play(tmp_path / "demo")
    assert result.exit_code == 1
    assert "is a file" in result.stderr


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = play(tmp_path / "file" / "demo")
    assert result.exit_code == 5
    assert "The demo cannot write into" in result.stderr
