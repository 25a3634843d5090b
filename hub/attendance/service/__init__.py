"""Use cases: `ingest` takes what devices report, `lifecycle` moves sessions, `register` keeps the records, `planning` makes
sessions from the timetable and holds the policy."""
