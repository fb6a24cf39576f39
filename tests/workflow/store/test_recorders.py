"""The recorder cases that ship with `eventsourcing`, unchanged, against our recorders on a SQLite file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from eventsourcing.tests import persistence as library

from workflow.store.datastore import Datastore
from workflow.store.recorder import Recorder
from workflow.store.tables import append_only_triggers, metadata


class OnSqlite:
    """A register's tables, triggers included, in a folder of its own."""

    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.datastore = Datastore(f"sqlite:///{Path(self._folder.name) / 'events.db'}")
        with self.datastore.write() as connection:
            metadata.create_all(connection)
            for trigger in append_only_triggers():
                connection.exec_driver_sql(trigger)

    def tearDown(self) -> None:
        self.datastore.close()
        self._folder.cleanup()

    def create_recorder(self) -> Recorder:
        return Recorder(self.datastore)


class TestApplicationRecorder(OnSqlite, library.ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(OnSqlite, library.TrackingRecorderTestCase):
    pass


class TestProcessRecorder(OnSqlite, library.ProcessRecorderTestCase):
    pass


class TestNonInterleavingNotificationIDs(OnSqlite, library.NonInterleavingNotificationIDsBaseCase):
    pass
