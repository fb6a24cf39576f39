"""The log as the read side sees it: recorded events with their command, and the personal values beside them.

`workflow.store` implements `Log`; the projections are handed one. Moments are microseconds since the
epoch, UTC, unique for each command and rising with position.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.events import Act, Fact
from domain.person import Values
from domain.standing import Entry, PostFacts, StageFacts, Standing

ALWAYS = 2**63 - 1
"""The moment after all moments: until when a belief holds that was never revised."""


class Command(NamedTuple):
    """One row of the table `command`: who did what when, in one transaction."""

    id: UUID
    recorded_at: int
    actor: str
    role: str | None
    known_by: str
    name: str


class Recorded(NamedTuple):
    """An event as it stands in the log."""

    position: int
    case: int
    seq: int
    fact: Fact
    command: Command
    values: Values | None = None

    @property
    def entry(self) -> Entry:
        return Entry(self.seq, self.fact, self.values)

    @property
    def act(self) -> Act:
        """What it says, where it is known to be an act."""
        assert isinstance(self.fact, Act)
        return self.fact


class Wanted(NamedTuple):
    """Which events: after a position, recorded in [since, until], by an actor, in a command or about a document.

    office: those of the office's own stream too, whose case is 0.
    """

    after: int = 0
    since: int | None = None
    until: int | None = None
    actor: str | None = None
    command: UUID | None = None
    document: str | None = None
    office: bool = False


class Tail(NamedTuple):
    """One act that came last, told by the facts before it; the standing after it tells the rest."""

    day: int
    stage: StageFacts
    post: PostFacts


class Change(NamedTuple):
    """What one command did to one case, and where the case stands now.

    tail: it added one act at the end; then `before` and `after` are not needed and are empty. Else they are
    the acts in order before and after. states_person: the command stated a name, NIK or NI, and the acts
    carry the personal values.
    """

    case: int
    standing: Standing
    tail: Tail | None = None
    before: Sequence[Entry] = ()
    after: Sequence[Entry] = ()
    states_person: bool = False


class Log(Protocol):
    """What projections may ask of the stored events. `case` is the number of a case."""

    def head(self) -> int:
        """The position of the last event, 0 if there is none."""
        ...

    def stream(self, case: int, known_at: int = ALWAYS) -> list[Recorded]:
        """All events of one case in the order recorded, with personal values."""
        ...

    def streams(self, cases: range | Collection[int]) -> Iterator[tuple[int, list[Recorded]]]:
        """The streams of many cases in order of number, with personal values, in one statement."""
        ...

    def events(self, wanted: Wanted) -> Iterator[Recorded]:
        """Events in order of position, with personal values."""
        ...

    def values(self, cases: Iterable[int]) -> Mapping[int, Mapping[int, Values]]:
        """Personal values by case and seq."""
        ...


class Views(Protocol):
    """What the write side asks of the views: to follow, in the transaction that appends."""

    @property
    def tables(self) -> Sequence[Any]:
        """The tables of the views, each with a column `number`: of a case."""
        ...

    def create(self, connection: Any) -> None:
        """Make the tables of the views."""
        ...

    def standings(self, connection: Any, cases: Iterable[int]) -> dict[int, Standing]:
        """Where each case stands after its last act, without personal values."""
        ...

    def follow(self, connection: Any, moment: int, changes: Iterable[Change]) -> None:
        """Take over what a command did, recorded at `moment`."""
        ...

    def numbers(self, units: Collection[str], schema: str) -> Any:
        """A query for the cases that have one of these units now, or had it last; in the tables of a schema."""
        ...

    def units_of(self, connection: Any, cases: Iterable[int]) -> dict[int, str]:
        """The unit that each case has now, or had last."""
        ...
