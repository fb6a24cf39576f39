"""The rows of an import judged against the register: what opens a case, what is there already, what a human decides.

An error refuses a row. A question does not: the row waits in the inbox for whoever decides, unless it waits there
already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain.case import Case
from domain.document import Document
from domain.draft import Draft, Request, draft
from domain.findings import Finding, Severity
from domain.names import same_name
from domain.outcome import Verdict
from domain.rules import Rules
from domain.text import Text, text
from domain.timeline import Timeline
from workflow.intake.workers import WorkerRow
from workflow.lookups import Held, Loaded, Lookups, Waited
from workflow.register import Register
from workflow.units import UnitBook, other_kind

PERSONAL = ("nik", "name", "birth_date", "sex", "education", "note", "extra")
FACTS = ("position", "category", "in_bkn_database", "cpns_2024", "pppk_2024", "first_contract")

TWO_UNITS, OTHER_NAME = "claimed-by-two-units", "name-differs"
"""Questions about a worker who has an open case: what is decided is what becomes of that case."""


class Terms(NamedTuple):
    """What is the same for all rows: the registration as it is asked for, and the rules it is judged by.

    reopen: whether a worker whose last case ended gets a new one. deciding: whether a human decides by this judgement,
    so that rows are judged though they wait.
    """

    asked: Draft
    rules: Rules
    reopen: bool = False
    deciding: bool = False


class Judged(NamedTuple):
    """One row. case: the one that it opened, or is about. unit: by its own name. hash: by which the row is known again.

    follows: the person, whose last case ended. differing: columns in which the row differs from an open case.
    """

    row: WorkerRow
    verdict: Verdict
    findings: tuple[Finding, ...]
    case: int | None = None
    unit: str | None = None
    hash: bytes = b""
    follows: Held | None = None
    differing: tuple[str, ...] = ()

    @property
    def nik(self) -> str | None:
        return self.row.worker.nik if self.row.worker else None


def terms_of(
    register: Register, on: date, documents: tuple[Document, ...], *, reopen: bool = False, deciding: bool = False
) -> Terms:
    """The terms of a registration as of `on`: by the procedure of new cases on that day."""
    rules = register.rules(register.procedure_on(on))
    step = next(step for step in rules.procedure.steps.values() if not step.sources)
    return Terms(draft(step, Request(step.name, on, documents), register.today), rules, reopen, deciding)


def judge_rows(
    lookups: Lookups,
    rows: Sequence[WorkerRow],
    terms: Terms,
    book: UnitBook,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[Judged]:
    """Judge every row; a bounded number of statements however many there are."""
    hashes = {row.number: row_hash(lookups, row) for row in rows if row.worker or row.cells}
    niks = [row.worker.nik for row in rows if row.worker]
    before = lookups.imported_before(hashes.values())
    waited = lookups.queued_before(hashes.values())
    held = lookups.holders("nik", niks)
    open_cases = lookups.load({one.open_case for one in held.values() if one.open_case}, with_person=True)
    decided = Case(UUID(int=0), Timeline(())).decide(terms.asked, terms.rules, lookups.register.rules)
    code, judged = lookups.register.settings.code, []
    for done, row in enumerate(rows, 1):
        own = (*row.findings, *decided.findings, *_about_papers(row, terms))
        one = Judged(row, Verdict.REFUSED, own, hash=hashes.get(row.number, b""))
        holder = held.get(one.nik or "")
        if not _stopped(one):
            one = _known(one, before, waited, holder, terms) or _anew(one, holder, open_cases, terms, book, code)
            one = _as_before(one, waited)
        judged.append(one)
        if done % 1000 == 0:
            progress(done, len(rows))
    progress(len(rows), len(rows))
    return _once_a_person(judged)


def row_hash(lookups: Lookups, row: WorkerRow) -> bytes:
    """What a row is known by when it comes again, in this file or another."""
    return lookups.hashed("row", msgspec.json.encode(row.worker or row.cells, order="deterministic").decode())


def _stopped(one: Judged) -> bool:
    """Whether something is wrong with a row that nobody can decide away."""
    unreadable = one.row.worker is None and not one.row.cells
    return unreadable or any(finding.severity is Severity.ERROR for finding in one.findings)


def _known(
    one: Judged, before: Mapping[bytes, int], waited: Mapping[bytes, Waited], held: Held | None, terms: Terms
) -> Judged | None:
    """Unchanged, if the same row was imported before or waits; else None."""
    reopens = terms.reopen and held is not None and held.open_case is None
    if one.hash in before and not reopens:
        return one._replace(verdict=Verdict.UNCHANGED, findings=(), case=before[one.hash])
    waits = waited.get(one.hash)
    if waits is not None and waits.open and not terms.deciding:
        finding = Finding(
            "waits-already",
            text("the same row waits in the inbox, as item {item}", item=waits.item),
            text("See lantik inbox {item}.", item=waits.item),
            severity=Severity.WARNING,
        )
        return one._replace(verdict=Verdict.UNCHANGED, findings=(finding,))
    return None


def _anew(
    one: Judged, held: Held | None, open_cases: Mapping[int, Loaded], terms: Terms, book: UnitBook, code: str
) -> Judged:
    """A row that nobody knows yet, against its unit and against what the register has of the worker."""
    written = one.row.worker.unit if one.row.worker else one.row.cells["unit"]
    unit, unknown = book.resolve(written)
    told = tuple(filter(None, [unknown, other_kind(written, code)]))
    one = one._replace(unit=unit, findings=(*one.findings, *told))
    if unknown is not None:
        return one
    if held is not None and held.open_case is not None:
        one = _against_open_case(one, open_cases[held.open_case])
        if one.verdict is Verdict.UNCHANGED:
            return one
    elif held is not None:
        one = _after_ending(one, held, terms)
    return one._replace(verdict=_verdict(one.findings))


def _as_before(one: Judged, waited: Mapping[bytes, Waited]) -> Judged:
    """With a word about it, if the same row was turned away before and is to wait again."""
    was = waited.get(one.hash)
    if one.verdict is not Verdict.QUEUED or was is None or was.open:
        return one
    finding = Finding(
        "turned-away-before",
        text("the same row was turned away before, as item {item}", item=was.item),
        text("For the reason see lantik inbox {item}.", item=was.item),
        severity=Severity.WARNING,
    )
    return one._replace(findings=(*one.findings, finding))


def _verdict(findings: Sequence[Finding]) -> Verdict:
    graves = {finding.severity for finding in findings}
    if Severity.ERROR in graves:
        return Verdict.REFUSED
    return Verdict.QUEUED if Severity.QUESTION in graves else Verdict.PASSED


def _after_ending(one: Judged, held: Held, terms: Terms) -> Judged:
    one = one._replace(case=held.last_case, follows=held)
    if not terms.reopen:
        finding = Finding(
            "case-ended",
            text("the worker's last case ended"),
            text("To open a new case for the same person, import with --reopen."),
        )
        return one._replace(findings=(*one.findings, finding))
    if held.ended_on is not None and terms.asked.on.toordinal() < held.ended_on:
        ended = date.fromordinal(held.ended_on)
        finding = Finding(
            "before-ending",
            text("the last case ended on {ended}, after {on}", ended=ended, on=terms.asked.on),
            text("Give --on {ended} or later.", ended=ended),
        )
        return one._replace(findings=(*one.findings, finding))
    return one


def _against_open_case(one: Judged, loaded: Loaded) -> Judged:
    """Unchanged if the register says the same; else a question, or an error, by the names of the columns."""
    differing = _differing(one, loaded)
    one = one._replace(case=loaded.number, differing=differing)
    if not differing:
        return one._replace(verdict=Verdict.UNCHANGED, findings=())
    found = []
    if "unit" in differing:
        found.append(_TWO_UNITS)
    if "name" in differing:
        found.append(_OTHER_NAME._replace(message=_filled(_OTHER_NAME, differing)))
    if not found:
        found.append(_DIFFERS._replace(message=_filled(_DIFFERS, differing), column=differing[0]))
    return one._replace(findings=(*one.findings, *found))


def _differing(one: Judged, loaded: Loaded) -> tuple[str, ...]:
    """The columns in which a row says something else than the open case, as far as whoever asks may see it."""
    worker, standing = one.row.worker, loaded.case.last
    assert worker is not None
    seen = PERSONAL if standing.values else ()  # a server hides persons of other units
    stated = [
        (name, getattr(worker, name), standing.values.get(name)) for name in seen if name not in ("note", "extra")
    ]
    stated += [(name, getattr(worker, name), getattr(standing, name)) for name in FACTS]
    stated += [("unit", one.unit, standing.unit), ("wage", worker.wage, standing.previous_wage)]
    stated += [("formation", worker.formation, standing.formation)]
    differing = [name for name, said, kept in stated if said is not None and said != kept]
    if "name" in differing and same_name(worker.name, standing.values.get("name") or ""):
        differing.remove("name")
    return tuple(differing)


def _filled(finding: Finding, differing: Sequence[str]) -> Text:
    return finding.message._replace(values={"columns": ", ".join(differing)})


_TWO_UNITS = Finding(
    TWO_UNITS,
    text("another unit has an open case of this worker"),
    text("BKPSDM's verifier decides which unit the worker belongs to."),
    "import check 2",
    Severity.QUESTION,
    "unit",
)
_OTHER_NAME = Finding(
    OTHER_NAME,
    text("the worker has an open case under another name, and differs from it in: {columns}"),
    text("BKPSDM's verifier compares both with the identity card and decides whether it is one person."),
    "import check 7",
    Severity.QUESTION,
    "name",
)
_DIFFERS = Finding(
    "differs-from-case",
    text("the worker has an open case and differs from it in: {columns}"),
    text("Leave the row out: what was recorded is corrected with lantik correct, not imported over."),
    "register: import",
)
_NO_FIRST = Finding(
    "extension-without-first",
    text("The registration rests on an extension, and the row names no first contract."),
    text("Enter the day of the first contract; without one, BKPSDM's verifier decides."),
    "import check 12",
    Severity.QUESTION,
    "first_contract",
)


def _about_papers(row: WorkerRow, terms: Terms) -> tuple[Finding, ...]:
    extends = terms.asked.document("sk-perpanjangan") is not None
    return (_NO_FIRST,) if extends and row.worker and row.worker.first_contract is None else ()


def _once_a_person(judged: list[Judged]) -> list[Judged]:
    """Refuse rows that would open two cases of one person, who has two NIK since a merger."""
    times = Counter(one.follows.person for one in judged if one.follows and one.verdict is Verdict.PASSED)
    return [
        one._replace(verdict=Verdict.REFUSED, findings=(*one.findings, _TWO_NIKS))
        if one.follows and one.verdict is Verdict.PASSED and times[one.follows.person] > 1
        else one
        for one in judged
    ]


_TWO_NIKS = Finding(
    "one-person-twice",
    text("another row names the same person by another NIK"),
    text("Keep the row whose NIK is right."),
    "register: claims",
)
