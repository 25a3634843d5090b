"""`roster jobs` against a hub that runs as a process of its own; the job waits, for no hub knows its kind."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.jobs import service
from tests.fixtures.terminal import Terminal, open_terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with open_terminal(tmp_path_factory.mktemp("jobs"), empty=True, in_process=True) as terminal:
        yield terminal


def _submit(terminal: Terminal) -> str:
    async def submit() -> str:
        database = Database.open(f"sqlite:///{terminal.hub.data_dir / 'hub.db'}")
        async with database.unit_of_work(SYSTEM) as uow:
            job = await service.submit(uow, kind="test.wait", params={"rows": 3}, title="Count rows")
        await database.dispose()
        return str(job.id)

    return asyncio.run(submit())


@pytest.mark.e2e
def test_job_is_listed_shown_cancelled_and_watched_to_its_end(terminal: Terminal) -> None:
    job_id = _submit(terminal)
    (listed,) = terminal.json("jobs", "list", "--state", "queued")
    assert (listed["id"], listed["title"], listed["params"]) == (job_id, "Count rows", {"rows": 3.0})
    assert "Count rows" in terminal.run("jobs", "show", job_id).stdout
    assert terminal.run("jobs", "cancel", job_id).stdout.endswith("Count rows is cancelled.\n")
    assert "ended already" in terminal.refused("jobs", "cancel", job_id)
    watched = terminal.run("jobs", "watch", job_id)
    assert (watched.returncode, watched.stdout) == (1, "Count rows: cancelled.\n")
    lines = terminal.run("jobs", "watch", job_id, "--json").stdout.splitlines()
    assert json.loads(lines[-1])["state"] == "STATE_CANCELLED"


@pytest.mark.e2e
def test_unknown_job_is_refused_with_what_to_do(terminal: Terminal) -> None:
    said = terminal.refused("jobs", "show", "0190b6f5-7c1e-7d2a-8a3b-1c2d3e4f5a6b")
    assert "roster jobs list" in said
