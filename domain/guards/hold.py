"""A case that police or APIP look into waits."""

from __future__ import annotations

from collections.abc import Iterator

from domain.draft import Draft
from domain.findings import Finding
from domain.guards.guard import Guard
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text

_HOLD_RULE = "T39; PP 12/2017"


def not_on_hold(standing: Standing, _draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if standing.held:
        yield Finding(
            "on-hold",
            text("the case is on legal hold: police or APIP look into it"),
            text("The Inspektorat ends it with release-hold."),
            rule=_HOLD_RULE,
        )


def on_hold(standing: Standing, _draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    if not standing.held:
        yield Finding(
            "not-on-hold",
            text("the case is not on legal hold"),
            text("Nothing need be done."),
            rule=_HOLD_RULE,
        )


GUARDS = {
    "not-on-hold": Guard(text("no legal hold lies over the case"), not_on_hold, who="Inspektorat"),
    "on-hold": Guard(text("a legal hold lies over the case"), on_hold, who="Inspektorat"),
}
