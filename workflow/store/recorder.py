"""`eventsourcing`'s recorders on SQLAlchemy Core.

Positions are given explicitly under the write lock, so they have no gaps and follow commit order, and
one statement inserts all events of a command. A recorder joins the write transaction of its thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
)
from sqlalchemy import exc

from workflow.store.datastore import Datastore
from workflow.store.tables import event, tracking

PAGE = 1000


class Recorder(ProcessRecorder):
    """Application, tracking and process recorder in one: all four share the datastore's transactions."""

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        """Append events in one statement.

        kwargs: tracking; command, the id of the row they refer to; after, the last position where it is known.

        Raises IntegrityError if a version of a stream is there already, or a tracking id is not newer.
        """
        command: UUID | None = kwargs.get("command")
        tracked: Tracking | None = kwargs.get("tracking")
        with _conflicts(), self.datastore.write() as connection:
            head = kwargs.get("after")
            if head is None:
                head = connection.execute(sa.select(sa.func.max(event.c.position))).scalar() or 0
            first = head + 1
            command_id = command.bytes if command else None
            rows = [
                (
                    position,
                    _bytes(stored.originator_id),
                    stored.originator_version,
                    stored.topic,
                    stored.state,
                    command_id,
                )
                for position, stored in enumerate(stored_events, first)
            ]
            self.datastore.database.insert(connection, event, rows)
            if tracked is not None:
                self._track(connection, tracked)
        return list(range(first, first + len(stored_events)))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        version = event.c.originator_version
        query = sa.select(version, event.c.topic, event.c.state)
        query = query.where(event.c.originator_id == _bytes(originator_id))
        if gt is not None:
            query = query.where(version > gt)
        if lte is not None:
            query = query.where(version <= lte)
        query = query.order_by(version.desc() if desc else version).limit(limit)
        with self.datastore.read() as connection:
            return [StoredEvent(originator_id, *row) for row in connection.execute(query)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        position = event.c.position
        query = sa.select(event.c.originator_id, event.c.originator_version, event.c.topic, event.c.state, position)
        if start is not None:
            query = query.where(position >= start if inclusive_of_start else position > start)
        if stop is not None:
            query = query.where(position <= stop)
        if topics:
            query = query.where(event.c.topic.in_(list(topics)))
        with self.datastore.read() as connection:
            rows = connection.execute(query.order_by(position).limit(limit))
            return [Notification(UUID(bytes=row[0]), *row[1:]) for row in rows]

    def max_notification_id(self) -> int | None:
        with self.datastore.read() as connection:
            found: int | None = connection.execute(sa.select(sa.func.max(event.c.position))).scalar()
            return found

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return PollingSubscription(self, gt, topics)

    def insert_tracking(self, tracking: Tracking) -> None:
        with _conflicts(), self.datastore.write() as connection:
            self._track(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        query = sa.select(tracking.c.position).where(tracking.c.application_name == application_name)
        with self.datastore.read() as connection:
            found: int | None = connection.execute(query).scalar()
            return found

    def _track(self, connection: sa.Connection, tracked: Tracking) -> None:
        """Move the position forward; an id that is not newer falls through to the insert, which conflicts."""
        newer = (tracking.c.application_name == tracked.application_name) & (
            tracking.c.position < tracked.notification_id
        )
        moved = connection.execute(tracking.update().where(newer).values(position=tracked.notification_id))
        if moved.rowcount == 0:
            row = {"application_name": tracked.application_name, "position": tracked.notification_id}
            connection.execute(tracking.insert().values(row))


def _bytes(originator_id: UUID | str) -> bytes:
    return originator_id.bytes if isinstance(originator_id, UUID) else UUID(originator_id).bytes


@contextmanager
def _conflicts() -> Iterator[None]:
    """`eventsourcing`'s error for ours; the row that conflicts is not quoted."""
    try:
        yield
    except exc.IntegrityError as conflict:
        raise IntegrityError(str(conflict.orig)) from None


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Follows the log by asking for what is new: SQLite tells nobody that it was written to."""

    def __init__(
        self, recorder: Recorder, gt: int | None = None, topics: Sequence[str] = (), pause: float = 0.05
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._at, self._pause = gt or 0, pause
        self._page: Iterator[Notification] = iter(())
        self._stopping = threading.Event()

    def stop(self) -> None:
        super().stop()
        self._stopping.set()

    def __next__(self) -> Notification:
        while not self._stopping.is_set():
            for notification in self._page:
                self._at = notification.id
                return notification
            found = self._recorder.select_notifications(self._at, PAGE, topics=self._topics, inclusive_of_start=False)
            self._page = iter(found)
            if not found:
                self._stopping.wait(self._pause)
        raise StopIteration
