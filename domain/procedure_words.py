"""What a procedure says, in words: its time limits, where a step starts, what a stage makes of a worker."""

from __future__ import annotations

from domain.procedure import Deadline, Employment, Procedure, Step
from domain.text import Text, text

EMPLOYMENT = {
    Employment.NON_ASN: text("non-ASN"),
    Employment.FORMATION: text("employed, as the formation says"),
    Employment.OUTSOURCED: text("outsourced"),
    Employment.NONE: text("no employment"),
}
_PEOPLE = {
    "approver": text("approver"),
    "clerk": text("clerk"),
    "mayor": text("mayor"),
    "regent": text("regent"),
    "superior": text("superior"),
    "verifier": text("verifier"),
    "worker": text("worker"),
}


def who_words(code: str) -> Text | str:
    """An authority or a role; those that are called by an abbreviation, or only in one region, as they are."""
    return _PEOPLE.get(code, code)


def limit_words(limit: Deadline) -> Text:
    """A time limit as one phrase: "within 7 working days after approve"."""
    said = _term(limit)
    if limit.window:
        said = text("{limit}, and nobody owes it", limit=said)
    if limit.formation:
        said = text("{limit}, for {formation} only", limit=said, formation=limit.formation)
    return text("{limit} ({basis})", limit=said, basis=limit.basis) if limit.basis else said


def _term(limit: Deadline) -> Text:
    if limit.by is not None:
        if limit.since is not None:
            return text("by {day}, as a letter of {since} says", day=limit.by, since=limit.since)
        return text("by {day}", day=limit.by)
    term = _length(limit.within or 0, limit.unit)
    if limit.every is not None:
        every = text("quarter") if limit.every == "quarter" else text("year")
        return text("for every {period}, within {term} after its end", period=every, term=term)
    if limit.before is not None:
        return text("{term} before {event}", term=term, event=limit.before)
    return text("within {term} after {event}", term=term, event=limit.after or "-")


def _length(many: int, unit: str) -> Text:
    words = {
        "working-days": (text("1 working day"), text("{many} working days", many=many)),
        "days": (text("1 day"), text("{many} days", many=many)),
        "months": (text("1 month"), text("{many} months", many=many)),
    }
    return words[unit][many != 1]


def sources_words(step: Step, procedure: Procedure) -> Text:
    """Where a step starts: stages by their codes, or a group that has a name."""
    sources = set(step.sources)
    if not sources:
        return text("the beginning")
    if sources == {code for code, stage in procedure.stages.items() if not stage.ended}:
        return text("every open stage")
    if sources == {code for code, stage in procedure.stages.items() if stage.employment is Employment.FORMATION}:
        return text("every employed stage")
    return text("{stages}", stages=", ".join(step.sources))


def target_words(step: Step) -> Text:
    """Where a step leads."""
    return text("the stage stays") if step.to is None else text("{stage}", stage=step.to)
