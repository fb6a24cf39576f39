"""What `PERSISTENCE_MODULE` names: the factory through which `eventsourcing` gets our recorders."""

from __future__ import annotations

from typing import cast

from eventsourcing.persistence import InfrastructureFactory, TrackingRecorder
from eventsourcing.utils import Environment, EnvType

from workflow.store.datastore import BUSY_TIMEOUT, Datastore
from workflow.store.recorder import Recorder


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Environment: LANTIK_URL, LANTIK_READ_ONLY (y), LANTIK_BUSY_TIMEOUT (seconds)."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self.datastore = Datastore(
            self.env.get("LANTIK_URL") or "",
            read_only=self.env.get("LANTIK_READ_ONLY") == "y",
            busy_timeout=float(self.env.get("LANTIK_BUSY_TIMEOUT") or BUSY_TIMEOUT),
        )

    def aggregate_recorder(self, purpose: str = "events") -> Recorder:  # noqa: ARG002  there are no snapshots
        return Recorder(self.datastore)

    def application_recorder(self) -> Recorder:
        return Recorder(self.datastore)

    def process_recorder(self) -> Recorder:
        return Recorder(self.datastore)

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        made = tracking_recorder_class or Recorder
        return cast("type[Recorder]", made)(self.datastore)

    def close(self) -> None:
        self.datastore.close()
