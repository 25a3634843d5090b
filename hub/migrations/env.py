"""Alembic's entry: on the connection that `hub.db.migrate` gives, or on the one that ROSTER_HUB_DATABASE_URL names."""

import os

from alembic import context
from sqlalchemy import Connection

from hub.db.migrate import sync_engine
from hub.db.schema import import_all_models


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=import_all_models(),
        compare_type=True,
        # SQLite cannot alter most of a table: alembic makes it anew.
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with sync_engine(os.environ["ROSTER_HUB_DATABASE_URL"]).connect() as own:
        _run(own)
