"""Decision tables of the guards: for each rule what passes it, what it refuses, and what it only warns of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from tests.scenario import NOTHING, Fact, given


class Row(NamedTuple):
    """One case: `before` happened, then `step` is asked for, with what `instead` says otherwise than the examples.

    refused, warned: the codes of the findings, all of them. words: what the findings say, remedies and rules included.
    about, values: facts and personal values of the registration.
    """

    said: str
    before: Sequence[Fact]
    step: str
    on: date | None = None
    instead: dict[str, Any] = NOTHING
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    under: str = "kota-serang"
    about: dict[str, Any] = NOTHING
    values: dict[str, Any] | None = None

    def judge(self) -> None:
        """Ask for the step, and look at every finding."""
        case = given(*self.before, under=self.under, values=self.values, **self.about)
        case.when(self.step, self.on, **self.instead)
        assert case.judged is not None
        findings = case.judged.findings
        assert sorted(one.code for one in findings if one.refuses) == sorted(self.refused)
        assert sorted(one.code for one in findings if not one.refuses) == sorted(self.warned)
        assert (case.recorded is None) == bool(self.refused)
        said = " ".join(f"{one.message} {one.remedy} {one.rule}" for one in findings)
        assert all(word in said for word in self.words), said
        assert all(str(one.message) and str(one.remedy) and one.rule for one in findings)


Table = dict[str, list[Row]]
