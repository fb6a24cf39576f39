"""Procedures as answers: which there are, and one of them as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.guards import GUARDS
from domain.procedure import Procedure, Step
from domain.procedure_words import EMPLOYMENT, limit_words, sources_words, target_words, who_words
from domain.text import Text, text
from projections.export.shape import Answer, Column

_BLANK = " "
Line = dict[str, Text | str]


def procedures_answer(procedures: Sequence[Procedure], language: str) -> Answer:
    """The procedures there are."""
    columns = (
        Column("name", text("Name")),
        Column("version", text("Version")),
        Column("extends", text("Extends")),
        Column("title", text("Title")),
    )
    rows = [
        {
            "name": procedure.name,
            "version": procedure.version,
            "extends": procedure.extends,
            "title": procedure.title.in_language(language),
        }
        for procedure in procedures
    ]
    return Answer(columns, rows)


def procedure_row_answer(row: Mapping[str, Any]) -> Answer:
    """A procedure, or one step of it, for programs: one object with the keys of the row."""
    return Answer([Column(key, text(key)) for key in row], [row], single=True)


def procedure_answer(procedure: Procedure, language: str, step: Step | None = None) -> Answer:
    """A procedure for people: its stages, its steps as they follow each other, its figures; or one step alone."""
    name = procedure.reference
    if step is not None:
        title = text("{step} in {procedure}", step=step.name, procedure=name)
        return Answer(_columns(procedure), list(_step(step, procedure, language)), title=title)
    lines = [*_stages(procedure, language), *_steps(procedure, language), *_parameters(procedure)]
    off = ", ".join(step.name for step in procedure.steps.values() if not step.enabled)
    title = text("{name}: {title}", name=name, title=procedure.title.in_language(language))
    return Answer(_columns(procedure), lines, title=title, footer=[text("Switched off: {steps}.", steps=off or "-")])


def _columns(procedure: Procedure) -> Sequence[Column]:
    longest = max(map(len, [*procedure.stages, *procedure.steps]))
    return Column("name", text("Name"), width=longest), Column("said", text("What it says"))


def _heading(words: Text, said: Text | str = _BLANK) -> Line:
    return {"name": words, "said": said}


def _stages(procedure: Procedure, language: str) -> Iterator[Line]:
    yield _heading(text("STAGES"))
    for code, stage in procedure.stages.items():
        said = text(
            "{label}; {employment}", label=stage.label.in_language(language), employment=EMPLOYMENT[stage.employment]
        )
        yield {"name": code, "said": text("{stage}; the case ends", stage=said) if stage.ended else said}


def _steps(procedure: Procedure, language: str) -> Iterator[Line]:
    """Steps under the stage that they start from; those of many stages last."""
    left = {step.name: step for step in procedure.steps.values() if step.enabled}
    for code in ["", *procedure.stages]:
        here = [step for step in left.values() if list(step.sources[:1]) == ([code] if code else [])]
        here = [step for step in here if len(step.sources) < _MANY]
        if here:
            yield _heading(text("FROM"), code) if code else _heading(text("AT THE BEGINNING"))
        for step in here:
            del left[step.name]
            yield from _step(step, procedure, language)
    if left:
        yield _heading(text("FROM MANY STAGES"))
    for step in left.values():
        yield from _step(step, procedure, language)


_MANY = 6
"""A step that starts from so many stages is shown after those of single stages."""


def _step(step: Step, procedure: Procedure, language: str) -> Iterator[Line]:
    label = step.label.in_language(language)
    yield {
        "name": step.name,
        "said": text(
            "{label}: act of {authority}, role {role}",
            label=label,
            authority=who_words(step.authority),
            role=who_words(step.role),
        ),
    }
    for said in _details(step, procedure):
        yield {"name": _BLANK, "said": said}


def _details(step: Step, procedure: Procedure) -> Iterator[Text]:
    yield text("{sources} → {target}", sources=sources_words(step, procedure), target=target_words(step))
    if step.four_eyes:
        yield text("somebody else has to confirm it")
    if step.opens:
        yield text("a linked case opens as {stage}", stage=step.opens)
    for required, words in ((True, _PAPERS), (False, _MORE_PAPERS)):
        if papers := ", ".join(rule.kind for rule in step.documents if rule.required is required):
            yield text(words.template, names=papers)
    for required, words in ((True, _FIELDS), (False, _MORE_FIELDS)):
        if fields := ", ".join(rule.name for rule in step.fields if rule.required is required):
            yield text(words.template, names=fields)
    if step.reasons:
        words = _REASONS if step.reason_required else _MORE_REASONS
        yield text(words.template, names=", ".join(reason.code for reason in step.reasons))
    for name in step.guards:
        about = GUARDS[name].about if name in GUARDS else name
        yield text("rule {guard}: {about}", guard=name, about=about)
    for limit in step.limits:
        yield text("time limit: {limit}", limit=limit_words(limit))
    yield text("legal basis: {basis}", basis=step.legal_basis)


_PAPERS, _MORE_PAPERS = text("documents: {names}"), text("documents, if there are: {names}")
_FIELDS, _MORE_FIELDS = text("fields: {names}"), text("fields, if known: {names}")
_REASONS, _MORE_REASONS = text("a reason, one of: {names}"), text("a reason, if there is one of: {names}")


def _parameters(procedure: Procedure) -> Iterator[Line]:
    rule = procedure.four_eyes
    if rule is not None and rule.corrections:
        yield _heading(text("FOUR EYES"), text("what corrects or takes back is confirmed by somebody else"))
    if rule is not None and rule.above is not None:
        yield _heading(
            text("FOUR EYES"),
            text("what is about more than {above:,} cases is confirmed by somebody else", above=rule.above),
        )
    if procedure.parameters:
        yield _heading(text("PARAMETERS"))
    for name, parameter in procedure.parameters.items():
        for dated in parameter.values:
            value = ", ".join(map(str, dated.value)) if isinstance(dated.value, list) else dated.value
            yield {
                "name": name,
                "said": text("{value} since {since} ({basis})", value=value, since=dated.since, basis=parameter.basis),
            }


def changes_answer(rows: Sequence[Mapping[str, Any]], first: str, second: str, form: str) -> Answer:
    """What changed from one procedure to another: for people the sentences, for programs what was and what is."""
    title = text("From {first} to {second}", first=first, second=second)
    count = text("{count:,} changes.", count=len(rows))
    if form == "table":
        return Answer([Column("sentence", text("What changed"))], rows, title=title, footer=[count])
    return Answer([Column(key, text(key)) for key in ("what", "where", "before", "after", "sentence")], rows)
