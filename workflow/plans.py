"""A proposal as one JSON object that is whole in itself, for a file or for whoever is to confirm it.

Two seals, keyed by the register, tell a plan that was made by it from one that was written or changed by hand: one
over the request with its envelope, one over that and the outcome. A plan of an import holds the workers themselves.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.errors import IntegrityFailed, Misused
from domain.files import reason_of
from domain.findings import Finding
from domain.outcome import Foreseen
from domain.text import Text, text
from workflow.advance import Order
from workflow.amend import Amendment
from workflow.merge import Merger
from workflow.migrate import Migration
from workflow.past import Past
from workflow.proposal import Asked, Proposal
from workflow.register import Actor, Register
from workflow.registration import Intake

VERSION = 2
"""Of the form of a plan: raised with every change of what a request holds."""

LONGEST = 1 << 28
"""Bytes of a plan: some hundred thousand workers."""

_KINDS: dict[str, type[Asked]] = {
    "advance": Order,
    "amend": Amendment,
    "merge": Merger,
    "import": Intake,
    "import-history": Past,
    "migrate": Migration,
}


class _Head(msgspec.Struct, frozen=True):
    """What is read first: of which form it is, and for which register."""

    lantik: int
    register: str


class _Plan(_Head, frozen=True, kw_only=True):
    """made_at: ISO 8601, in the agency's zone. command: the id to record it under. digests: hex HMAC-SHA-256."""

    made_at: str
    actor: str
    kind: str
    command: UUID
    request: msgspec.Raw
    request_digest: str
    outcome: msgspec.Raw
    outcome_digest: str


class Plan(NamedTuple):
    """A plan as read: what it proposes, who made it and when."""

    proposal: Proposal
    made_at: str
    actor: str


def encode(register: Register, proposal: Proposal, by: Actor) -> bytes:
    """The plan of a proposal, made now."""
    settings = register.settings
    plan = _Plan(
        lantik=VERSION,
        register=_fingerprint(register),
        made_at=register.surroundings.clock().astimezone(settings.zone).isoformat(timespec="seconds"),
        actor=by.name,
        kind=kind_of(proposal.asked),
        command=proposal.command_id,
        request=msgspec.Raw(msgspec.json.encode(proposal.asked, enc_hook=str)),
        request_digest="",
        outcome=msgspec.Raw(msgspec.json.encode(proposal.foreseen)),
        outcome_digest="",
    )
    over_request, over_outcome = _seals(register, plan)
    plan = msgspec.structs.replace(plan, request_digest=over_request, outcome_digest=over_outcome)
    return msgspec.json.encode(plan) + b"\n"


def kind_of(asked: Asked) -> str:
    """What a plan calls such a request."""
    return next(kind for kind, of in _KINDS.items() if isinstance(asked, of))


def read(register: Register, file: Path) -> Plan:
    """The plan in a file. Raises Misused where it cannot be read, and what `decode` raises."""
    try:
        with file.open("rb") as opened:
            written = opened.read(LONGEST + 1)
    except OSError as error:
        raise Misused(
            text("The file {file} cannot be read: {reason}.", file=file.name, reason=reason_of(error))
        ) from error
    if len(written) > LONGEST:
        raise _no_plan(file.name)
    return decode(register, written, file.name)


def decode(register: Register, written: bytes, name: str) -> Plan:
    """The plan that was written; `name` is how messages call it.

    Raises Misused for what is no plan, of another form or of another register; IntegrityFailed for one that was
    changed since it was made.
    """
    head = _read(written, _Head, name)
    if head.lantik != VERSION:
        raise Misused(
            text("{file} is a plan of another version of lantik ({form}). Make it again.", file=name, form=head.lantik)
        )
    plan = _read(written, _Plan, name)
    if plan.register != _fingerprint(register):
        raise Misused(text("{file} is a plan for another register; check --db.", file=name))
    if not all(map(hmac.compare_digest, _seals(register, plan), (plan.request_digest, plan.outcome_digest))):
        raise IntegrityFailed(
            text("{file} was changed since it was made. Nothing was recorded; make the plan again.", file=name)
        )
    asked = _revived(_read(bytes(plan.request), _KINDS[plan.kind], name))
    foreseen = _read(bytes(plan.outcome), tuple[Foreseen, ...], name)
    return Plan(Proposal(asked, plan.command, foreseen), plan.made_at, plan.actor)


def _read(written: bytes, form: Any, name: str) -> Any:
    try:
        return msgspec.json.decode(written, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _no_plan(name) from None


def _no_plan(name: str) -> Misused:
    return Misused(text("{file} is no plan that can be read.", file=name))


def _fingerprint(register: Register) -> str:
    """What tells one register from another, and nothing of its key."""
    return hmac.new(register.settings.key, b"register", hashlib.sha256).hexdigest()[:32]


def _seals(register: Register, plan: _Plan) -> tuple[str, str]:
    """Over the request with all that is said about it, and over that and the outcome."""
    about = [plan.lantik, plan.register, plan.made_at, plan.actor, plan.kind, plan.command, bytes(plan.request)]
    over_request = hmac.new(register.settings.key, msgspec.json.encode(["plan", *about]), hashlib.sha256)
    over_outcome = over_request.copy()
    over_outcome.update(b"\n" + bytes(plan.outcome))
    return over_request.hexdigest(), over_outcome.hexdigest()


def _revived(asked: Asked) -> Asked:
    """The request with the sentences of its findings as they were: JSON knows a sentence inside another as a list."""
    match asked:
        case Order(workers=workers):
            return asked._replace(workers=[one._replace(findings=_findings(one.findings)) for one in workers])
        case Intake(rows=rows):
            return asked._replace(rows=[one._replace(findings=_findings(one.findings)) for one in rows])
        case Past(acts=acts):
            return asked._replace(acts=[one._replace(findings=_findings(one.findings)) for one in acts])
        case Amendment() | Merger() | Migration():
            return asked


def _findings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(one._replace(message=_sentence(one.message), remedy=_sentence(one.remedy)) for one in findings)


def _sentence(sentence: Text) -> Text:
    return text(
        sentence.template,
        **{
            name: _sentence(Text(*value)) if isinstance(value, list) and len(value) == 2 else value
            for name, value in sentence.values.items()
        },
    )
