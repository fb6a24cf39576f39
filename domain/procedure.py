"""The shape of a procedure: stages, steps and what each step needs. Data only; `workflow.rulebook` reads the files.

A procedure says what may happen next; it never says what did happen. Events store the stage they led
to, so a case reads the same after its procedure has changed or gone.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import msgspec


class Employment(StrEnum):
    """What a stage makes of a worker: `FORMATION` gives the case's formation (pppk-pw or pppk)."""

    NON_ASN = "non-asn"
    FORMATION = "formation"
    OUTSOURCED = "outsourced"
    NONE = "none"


class FieldType(StrEnum):
    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    MONEY = "money"
    CHOICE = "choice"
    NI = "ni"
    UNIT = "unit"
    BOOLEAN = "boolean"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people read: English and Indonesian."""

    en: str
    id: str

    def in_language(self, language: str) -> str:
        return self.id if language == "id" else self.en


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ended: no further step, the worker's claim is free. Employment as in the design, `Stages`."""

    label: Label
    employment: Employment
    ended: bool = False


class DocumentRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """issuer: who can supply it, where that is not the authority whose act the step is."""

    kind: str
    required: bool = True
    issuer: str = ""


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact that a step takes: `name` is an attribute of the step's event kind, or personal (`ni`)."""

    name: str
    type: FieldType
    label: Label
    required: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """documents: kinds of papers that this reason calls for; `sk-hukuman|putusan` for one of several."""

    code: str
    label: Label
    documents: tuple[str, ...] = ()


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A time limit of a step. Late is shown, never blocked.

    One of four: `by` a last day, set by a letter of the day `since` (of several letters the latest one holds);
    `within` so many `unit` `after` a step or a day of the case (`contract_end`); `within` so many `unit` `before`
    such a day, 0 for the day itself; `every` quarter or year, `within` so many `unit` after its end.
    unit: `working-days`, `days` or `months`. The first day is not counted.
    window: nobody owes the step; it may be left undone, but is late after the last day. field: it is the day in this
    field of the step that the window is for, as that on which a set of papers was filed.
    formation: only for cases of this formation. Where each is owed, and from when: `domain.deadlines`.
    """

    by: date | None = None
    since: date | None = None
    within: int | None = None
    unit: str = "working-days"
    after: str | None = None
    before: str | None = None
    every: str | None = None
    window: bool = False
    field: str | None = None
    formation: str | None = None
    basis: str = ""


class FourEyes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one person proposes and another confirms: what corrects or takes back, and what is about more cases.

    above: how many cases are not yet many. A step may ask for it by itself.
    """

    corrections: bool = False
    above: int | None = None


class Step(msgspec.Struct, frozen=True):
    """One act that the procedure knows.

    sources: stages it may start from, empty for the first. to: its one target, None if the stage stays.
    event: the kind it records (`domain.events`). guards: names in `domain.guards`, all of them run.
    authority: whose act it is. role: who may record it. enabled: False where a region switched it off.
    constants: fields of the kind that the step itself gives, so nobody is asked for them.
    opens: the stage in which a linked case of the same person opens with the step, if it opens one.
    four_eyes: one person proposes it, another confirms.
    """

    name: str
    sources: tuple[str, ...]
    to: str | None
    event: str
    label: Label
    authority: str
    role: str
    legal_basis: str
    documents: tuple[DocumentRule, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    reasons: tuple[Reason, ...] = ()
    reason_required: bool = False
    guards: tuple[str, ...] = ()
    deadline: Deadline | None = None
    deadlines: tuple[Deadline, ...] = ()
    constants: dict[str, Any] = {}
    opens: str | None = None
    enabled: bool = True
    four_eyes: bool = False

    @property
    def limits(self) -> tuple[Deadline, ...]:
        """All its time limits; the files of 2025.1 write a single one as `deadline`."""
        return (self.deadline, *self.deadlines) if self.deadline else self.deadlines

    def field(self, name: str) -> FieldRule | None:
        return next((rule for rule in self.fields if rule.name == name), None)


class DatedValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: date
    value: Any


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that a rule uses, with its legal basis; looked up by the act's effective date."""

    basis: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> Any:
        """The value in force on `day`; None before the first."""
        in_force = [dated.value for dated in self.values if dated.since <= day]
        return in_force[-1] if in_force else None


class Procedure(msgspec.Struct, frozen=True):
    """name and version make the reference `kota-serang@2025.1` that events store."""

    name: str
    version: str
    title: Label
    stages: dict[str, Stage]
    steps: dict[str, Step]
    parameters: dict[str, Parameter] = {}
    extends: str | None = None
    four_eyes: FourEyes | None = None

    @property
    def reference(self) -> str:
        return f"{self.name}@{self.version}"

    def parameter(self, name: str, day: date) -> Any:
        """The value of a parameter on `day`, None if it is not set."""
        parameter = self.parameters.get(name)
        return parameter.on(day) if parameter else None

    def open_steps(self, stage: str | None) -> list[str]:
        """Names of the steps that may be taken from `stage`, in the order of the file."""
        return [
            step.name
            for step in self.steps.values()
            if step.enabled and (stage in step.sources or (stage is None and not step.sources))
        ]
