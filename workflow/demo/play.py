"""Plays Kota Serang's year through the commands that clerks use, and shows what the register makes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from domain.text import Text, text
from workflow.demo import story
from workflow.demo.folder import COMMANDS, claim, grouped, write_files, writing
from workflow.demo.office import Clerk, Line, Office, as_typed
from workflow.demo.people import Person, city
from workflow.demo.questions import WIDTH, ask_register, compare, show_way_on

T = TypeVar("T")


def play(folder: Path, seed: int, office: Office) -> int:
    """Build the register of the demo in `folder` and show it; how many figures differ from the published ones.

    Raises Refused if the folder holds something that is not of a demo, Stopped if a command of the story fails.
    """
    return _Play(folder, office).whole(seed)


class _Play:
    """One performance, with what each part of it took."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.folder, self.office = folder, office
        self.clerk = Clerk(office, folder)
        self.took: list[tuple[Text, float]] = []

    def whole(self, seed: int) -> int:
        claim(self.folder)
        tell = self.office.tell
        tell(text("Kota Serang, August 2025 to January 2026, with synthetic people (seed {seed}).", seed=seed))
        groups = self._timed(text("people and workbooks"), lambda: self._prepare(seed))
        case_of = self._part(story.lists())
        self._part(story.proposal())
        self._part(story.from_need_to_oath(story.deceased_of(groups, case_of)))
        self._part(story.the_others())
        self._part(story.declared())
        self._tell_what_is_open()
        case = self._timed(text("questions to the register"), lambda: ask_register(self.clerk))
        differing = self._timed(text("comparison with the published figures"), lambda: compare(self.clerk))
        show_way_on(self.clerk, case)
        self._tell_times()
        return differing

    def _prepare(self, seed: int) -> dict[str, list[Person]]:
        groups = grouped(city(seed))
        write_files(self.folder, groups)
        return groups

    def _part(self, part: story.Part) -> dict[str, str]:
        """Give the lines of one part; the cases that imports opened, by NIK."""
        self.office.show("")
        self.office.tell(part.title)
        return self._timed(part.title, lambda: {nik: case for line in part.lines for nik, case in self._give(line)})

    def _give(self, line: Line) -> list[tuple[str, str]]:
        """Give one line, note it and tell what it recorded; the cases it moved, by NIK where the answer has one."""
        began = self.office.elapsed()
        answered = self.clerk.give(line)
        self._note(line)
        self.office.tell(
            Text(
                "  {day}  {step:<13}{cases:>6}  {seconds:>5.2f} s  {what}",
                {
                    "day": line.when.date(),
                    "step": line.words[1] if line.words[0] == "advance" else line.words[0],
                    "cases": Text("{n:,}", {"n": answered["recorded"]}) if answered else "",
                    "seconds": self.office.elapsed() - began,
                    "what": line.what,
                },
            )
        )
        return [(row["nik"], row["case"]) for row in answered["rows"] if row["nik"]] if answered else []

    def _note(self, line: Line) -> None:
        """Keep the command line beside the register, with the moment at which it was given."""
        with writing(self.folder), (self.folder / COMMANDS).open("a", encoding="utf-8") as file:
            file.write(f"# {line.when:%Y-%m-%d %H:%M %z}\n{as_typed(self.clerk.typed(line), WIDTH)}\n")

    def _tell_what_is_open(self) -> None:
        tell = self.office.tell
        self.office.show("")
        tell(text("Document numbers say DEMO, because they are invented; so are days that no source gives."))
        tell(text("No source tells when duty began, or what became of the 117: their fates here are invented too."))

    def _timed(self, what: Text, do: Callable[[], T]) -> T:
        began = self.office.elapsed()
        done = do()
        self.took.append((what, self.office.elapsed() - began))
        return done

    def _tell_times(self) -> None:
        self.office.show("")
        self.office.tell(text("How long each part took"))
        self.office.show("")
        for what, seconds in (*self.took, (text("in all"), self.office.elapsed())):
            self.office.tell(Text("  {what:<76}{seconds:>6.1f} s", {"what": what, "seconds": seconds}))
