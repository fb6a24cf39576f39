"""How the tables of a register came to be, revision by revision; run by `workflow.store.schema` through Alembic.

A new revision is a file in `versions`, `SCHEMA_VERSION` is raised with it, and the tests compare what the
revisions make with `workflow.store.tables`. On SQLite a batch makes a table anew: its triggers have to be made again.
"""
