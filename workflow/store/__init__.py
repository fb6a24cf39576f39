"""The event store: `eventsourcing`'s recorders on SQLAlchemy Core, and the tables that guard what may be written."""
