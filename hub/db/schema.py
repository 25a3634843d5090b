"""Every table of the hub in one metadata, for migrations and tests."""

import importlib
import importlib.util
import pkgutil

from sqlalchemy import MetaData

import hub
from hub.db import audit, held_answer, outbox_tables
from hub.db.base import Base

_FOUNDATION = (audit, held_answer, outbox_tables)


def import_all_models() -> MetaData:
    """Import `hub.<domain>.models` of every domain that has one, and `hub.jobs.tables`; answers the whole metadata."""
    for module in pkgutil.iter_modules(hub.__path__):
        if not module.ispkg or module.name == "migrations":
            continue
        for tables in ("models", "tables"):
            name = f"hub.{module.name}.{tables}"
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    return Base.metadata
