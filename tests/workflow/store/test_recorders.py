"""The recorder cases that ship with `eventsourcing`, unchanged, against our recorders on each database."""

from __future__ import annotations

import tempfile
from pathlib import Path

from eventsourcing.tests import persistence as library

from tests.databases import POSTGRES, SQLITE, fresh, url_of
from workflow.store.datastore import Datastore
from workflow.store.recorder import Recorder
from workflow.store.schema import make_current


class OnSqlite:
    """A register's tables, triggers included, in a folder of its own."""

    database = SQLITE

    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.datastore = Datastore(url_of(fresh(self.database, Path(self._folder.name))))
        with self.datastore.write() as connection:
            make_current(connection)

    def tearDown(self) -> None:
        self.datastore.close()
        self._folder.cleanup()

    def create_recorder(self) -> Recorder:
        return Recorder(self.datastore)


class OnPostgres(OnSqlite):
    database = POSTGRES


class TestApplicationRecorder(OnSqlite, library.ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(OnSqlite, library.TrackingRecorderTestCase):
    pass


class TestProcessRecorder(OnSqlite, library.ProcessRecorderTestCase):
    pass


class TestNonInterleavingNotificationIDs(OnSqlite, library.NonInterleavingNotificationIDsBaseCase):
    pass


class TestApplicationRecorderOnPostgres(OnPostgres, library.ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorderOnPostgres(OnPostgres, library.TrackingRecorderTestCase):
    pass


class TestProcessRecorderOnPostgres(OnPostgres, library.ProcessRecorderTestCase):
    pass


class TestNonInterleavingNotificationIDsOnPostgres(OnPostgres, library.NonInterleavingNotificationIDsBaseCase):
    pass
