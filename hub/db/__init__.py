"""The database: declarative base, units of work, outbox, audit and request log. It knows no domain."""
