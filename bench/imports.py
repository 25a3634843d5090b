"""`python -m bench.imports [--rows 10000] [--json]`: users by .xlsx, all checks, against bare reading and inserting.

Ours: a filled-in template goes to a hub process as ImportTrainees; timed from the call to the outcome. The hub reads
it, checks each row (form, class group, everyone's e-mail and number), stores users, roles, profiles, memberships, audit
entries and the events that send invitations, and commits. Comparator: openpyxl reads the same file, and one executemany
puts its rows into a table of a bare SQLite file with the hub's settings. Neither hashes a password.
"""

import argparse
import io
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from bench.report import Figure, Report, spread
from bench.rig import HubProcess
from provisioning.hub_client import HubClient, new_request_id
from provisioning.seed.college import Size, Trainee, make_college
from provisioning.seed.filling import fill_template
from provisioning.seed.names import people
from provisioning.seed.upload import trainee_row, upload
from smartroster.imports.v1 import imports_pb2
from smartroster.school.v1 import school_pb2
from smartroster.users.v1 import registration_pb2

ROUNDS = 5
SCHOOL = Size("Bench School", "BS", 1, 1, 1, 3, 4)
SINCE = date(2026, 9, 7)


def workbook(client: HubClient, group: str, rows: int, number: int) -> bytes:
    """A file of people whom no other round has."""
    template = client.call(registration_pb2.GetTraineesTemplateRequest(), imports_pb2.Workbook).content
    everyone = people(random.Random(number), domain=f"round{number}.example")  # noqa: S311 (made-up people)
    trainees = (
        Trainee(next(everyone), f"R{number}/{serial:06d}", group, date(2006, 1, 1 + serial % 28))
        for serial in range(rows)
    )
    return fill_template(template, {"Trainees": (trainee_row(one, since=SINCE) for one in trainees)})


def unlimited_group(client: HubClient) -> str:
    programmes = client.call(school_pb2.ListProgrammesRequest(), school_pb2.ListProgrammesResponse).programmes
    group = school_pb2.ClassGroup(
        programme_id=programmes[0].id, intake_year=SINCE.year, stream="X", name="EVERYONE", capacity=0
    )
    request = school_pb2.CreateClassGroupRequest(request_id=new_request_id(), class_group=group)
    return client.call(request, school_pb2.ClassGroup).name


def import_by_hub(client: HubClient, content: bytes, rows: int) -> float:
    start = time.perf_counter()
    *_, last = client.stream(registration_pb2.ImportTraineesRequest(workbook=content), imports_pb2.ImportUpdate)
    seconds = time.perf_counter() - start
    assert last.outcome.committed, last.outcome.problems[:3]
    assert last.outcome.created == rows
    return seconds


def import_bare(path: Path, content: bytes, rows: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    start = time.perf_counter()
    page = load_workbook(io.BytesIO(content), read_only=True)["Trainees"]
    cells = page.iter_rows(values_only=True)
    headers = next(cells)
    columns = ", ".join(f'"{header}"' for header in headers)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"CREATE TABLE IF NOT EXISTS trainees ({columns})")
    marks = ", ".join("?" * len(headers))
    connection.executemany(f"INSERT INTO trainees VALUES ({marks})", (tuple(map(_plain, row)) for row in cells))  # noqa: S608 (our own words)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    assert connection.execute("SELECT count(*) FROM trainees").fetchone()[0] % rows == 0
    connection.close()
    return seconds


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    ours: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        hub = HubProcess(Path(folder) / "hub")
        hub.start()
        try:
            hub.create_admin()
            client = hub.client()
            upload(client, make_college(SCHOOL, seed=1, start_year=2026))
            group = unlimited_group(client)
            for number in range(ROUNDS + 1):
                content = workbook(client, group, arguments.rows, number)
                theirs = import_bare(Path(folder) / "bare.db", content, arguments.rows)
                mine = import_by_hub(client, content, arguments.rows)
                if number > 0:  # the first one warms up
                    bare.append(theirs)
                    ours.append(mine)
        finally:
            hub.kill()
    report = Report("imports")
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, bare, strict=True))
    report.figures["import_seconds"] = Figure(statistics.median(ours), "s", statistics.median(bare), ratio, "<= 2.5")
    report.figures["rows_per_second"] = Figure(arguments.rows / statistics.median(ours), "1/s")
    if spread(bare) > 0.25:
        report.invalid_because.append(f"import_seconds: the comparator's rounds spread by {spread(bare):.0%}")
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
