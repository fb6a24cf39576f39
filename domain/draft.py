"""A step as a clerk asks for it, read against the procedure but not yet against any case.

Everything that can be judged without a case is judged here, once, however many cases the command moves:
the documents, the fields and their types, the reason, and what the dates say about each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec

from domain.dates import parse_date
from domain.document import Document
from domain.events import Act
from domain.findings import Finding, Severity
from domain.identity import is_ni, is_nik
from domain.procedure import FieldRule, FieldType, Step
from domain.text import Text, text

PERSONAL_FIELDS = frozenset({"nik", "ni", "name", "birth_date", "sex", "education"})
"""Fields of steps that go to the person's block and never into an event."""

ANY_PAPER = "*"
"""As the kind of a document that a step asks for: a paper of any kind."""

FAR_AHEAD = timedelta(days=366)
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(?<![0-9]{8})")
_YES = {"ya", "y", "yes", "true", "1", "benar"}
_NO = {"tidak", "t", "no", "n", "false", "0", "bukan"}


class Request(NamedTuple):
    """What was asked for: fields are the texts as typed or as they stood in the file."""

    step: str
    on: date
    documents: tuple[Document, ...] = ()
    fields: Mapping[str, str] = {}
    reason: str | None = None
    note: str | None = None


class Draft(NamedTuple):
    """values: the fields of the event. personal: what goes to the person's block."""

    step: Step
    on: date
    documents: tuple[Document, ...]
    values: dict[str, Any]
    personal: dict[str, Any]
    reason: str | None
    findings: tuple[Finding, ...]

    def document(self, kind: str) -> Document | None:
        """The first document of that kind."""
        return next((paper for paper in self.documents if paper.kind == kind), None)


def draft(step: Step, request: Request, today: date) -> Draft:
    """Read a request against its step; what is wrong with it is in `findings`."""
    values: dict[str, Any] = dict(step.constants)
    personal: dict[str, Any] = {"note": request.note} if request.note else {}
    findings = [
        *about_documents(step, request.documents, request.on),
        *about_reason(step, request.reason, request.documents),
        *_dates(request, today),
    ]
    for name, typed in request.fields.items():
        rule = step.field(name)
        if rule is None:
            findings.append(_unknown_field(step, name))
            continue
        value, finding = read_field(rule, typed)
        if finding:
            findings.append(finding)
        elif value is not None:
            (personal if name in PERSONAL_FIELDS else values)[name] = value
    findings += _missing_fields(step, request)
    return Draft(step, request.on, request.documents, values, personal, request.reason, tuple(findings))


def read_field(rule: FieldRule, typed: str) -> tuple[Any, Finding | None]:
    """The value of a field as its type reads it, or what is wrong with it. Never quotes what was typed."""
    typed = typed.strip()
    if not typed:
        return None, None
    value = _READERS[rule.type](rule, typed) if rule.name != "nik" else typed if is_nik(typed) else None
    if value is None:
        return None, Finding(
            "bad-field",
            text(
                "the field {field} is not a valid {type}",
                field=rule.name,
                type="NIK" if rule.name == "nik" else rule.type.value,
            ),
            text("Give {hint}.", hint=_hint(rule)),
            column=rule.name,
        )
    return value, None


def _hint(rule: FieldRule) -> Text | str:
    if rule.choices:
        return " | ".join(rule.choices)
    return text("for example {example}", example=rule.example) if rule.example else _HINTS[rule.type]


def _date(_rule: FieldRule, typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


def _integer(_rule: FieldRule, typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def money(typed: str) -> int | None:
    """Rupiah above zero from `Rp 1.500.000`, `1.500.000,00` or `1500000`; None for anything else."""
    bare = typed.removeprefix("Rp").strip().removesuffix(",00").removesuffix(",-")
    groups = bare.split(".")
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    digits = "".join(groups)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 13 and int(digits) > 0 else None


def _boolean(_rule: FieldRule, typed: str) -> bool | None:
    word = typed.casefold()
    return True if word in _YES else False if word in _NO else None


_READERS: dict[FieldType, Any] = {
    FieldType.TEXT: lambda _rule, typed: typed,
    FieldType.UNIT: lambda _rule, typed: typed,
    FieldType.DATE: _date,
    FieldType.INTEGER: _integer,
    FieldType.MONEY: lambda _rule, typed: money(typed),
    FieldType.CHOICE: lambda rule, typed: typed if typed in rule.choices else None,
    FieldType.NI: lambda _rule, typed: typed if is_ni(typed) else None,
    FieldType.BOOLEAN: _boolean,
}
_HINTS: dict[FieldType, Text | str] = {
    FieldType.TEXT: text("words"),
    FieldType.UNIT: text("a unit's name"),
    FieldType.DATE: "2025-12-31",
    FieldType.INTEGER: "12",
    FieldType.MONEY: "1500000",
    FieldType.CHOICE: "",
    FieldType.NI: text("18 digits YYYYMMDD YYYY 21 1 001"),
    FieldType.BOOLEAN: "ya | tidak",
}


def _missing_fields(step: Step, request: Request) -> Iterator[Finding]:
    for rule in step.fields:
        if rule.required and not request.fields.get(rule.name, "").strip():
            yield Finding(
                "missing-field",
                text("the field {field} is missing", field=rule.name),
                text("Add --set {field}=VALUE, or a column {field} to the file.", field=rule.name),
                rule=step.legal_basis,
                column=rule.name,
            )


def _unknown_field(step: Step, name: str) -> Finding:
    known = ", ".join(rule.name for rule in step.fields) or "-"
    return Finding(
        "unknown-field",
        text("{step} has no field {field}", step=step.name, field=name),
        text("Its fields are: {known}.", known=known),
        column=name,
    )


def _missing_document(step: Step, kind: str) -> Finding:
    any_kind = kind == ANY_PAPER
    return Finding(
        "missing-document",
        text("a document is missing, of any kind") if any_kind else text("the document {kind} is missing", kind=kind),
        text('Add --document "{kind} NUMBER DATE".', kind="KIND" if any_kind else kind),
        rule=step.legal_basis,
    )


def about_documents(step: Step, papers: Iterable[Document], on: date) -> Iterator[Finding]:
    """What is missing among the documents of a step, and what is odd about those that are there."""
    papers = list(papers)
    given = {paper.kind for paper in papers} | {ANY_PAPER for _ in papers}
    for rule in step.documents:
        if rule.required and rule.kind not in given:
            yield _missing_document(step, rule.kind)
    expected = {rule.kind for rule in step.documents}
    for paper in papers:
        if paper.kind not in expected and ANY_PAPER not in expected:
            yield Finding(
                "unexpected-document",
                text("{step} does not ask for a document of kind {kind}", step=step.name, kind=paper.kind),
                text("It asks for: {kinds}.", kinds=", ".join(sorted(expected)) or "-"),
                severity=Severity.WARNING,
            )
        if paper.dated and paper.dated > on:
            yield Finding(
                "document-after-act",
                text(
                    "the document {kind} is dated {dated}, after the act of {on}",
                    kind=paper.kind,
                    dated=paper.dated,
                    on=on,
                ),
                text("Check both dates; if both are right, nothing need be done."),
                "import check 10",
                Severity.WARNING,
            )


def about_reason(step: Step, code: str | None, papers: Iterable[Document]) -> Iterator[Finding]:
    """Whether a step has the reason it needs, and the reason the papers that it calls for."""
    codes = {reason.code: reason for reason in step.reasons}
    if code is None and step.reason_required:
        yield Finding(
            "missing-reason",
            text("{step} needs a reason", step=step.name),
            text("Add --reason with one of: {codes}.", codes=", ".join(codes)),
            rule=step.legal_basis,
        )
    if code is not None and code not in codes:
        yield Finding(
            "unknown-reason",
            # a column of reasons may hold free words about a person: only what looks like a code is quoted
            text("{reason} is no reason of {step}", reason=code, step=step.name)
            if _CODE.fullmatch(code)
            else text("what was given is no reason of {step}", step=step.name),
            text("Its reasons are: {codes}.", codes=", ".join(codes) or "-"),
        )
    given = {paper.kind for paper in papers}
    for one_of in codes[code].documents if code in codes else ():
        kinds = one_of.split("|")
        if given.isdisjoint(kinds):
            yield Finding(
                "no-paper-of-reason",
                text("the reason {reason} needs the document {kind}", reason=code, kind=" | ".join(kinds)),
                text('Add --document "{kind} NUMBER DATE".', kind=kinds[0]),
                rule=step.legal_basis,
            )


def _dates(request: Request, today: date) -> Iterator[Finding]:
    if request.on > today + FAR_AHEAD:
        yield Finding(
            "far-ahead",
            text("{on} is more than twelve months ahead", on=request.on),
            text("Check the year."),
            severity=Severity.WARNING,
        )


def may_be_empty(kind: type[Act], name: str) -> bool:
    """Whether an event can do without a field; nobody is without NIK, NI and name who was given them."""
    if name in PERSONAL_FIELDS:
        return name not in ("nik", "ni", "name")
    return any(field.name == name and field.default is None for field in msgspec.structs.fields(kind))
