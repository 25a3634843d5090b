"""What the hub says at the end, compared with what the story says."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC

from rich.console import Console
from rich.table import Table

from provisioning.demo.cast import BARACK, EILEEN, GRACE, JOE, KATHERINE, Person
from provisioning.demo.college import College
from provisioning.hub_client import HubClient
from provisioning.output import enum_text
from smartroster.attendance.v1 import attendance_pb2

EXPECTED = ((BARACK, "present"), (JOE, "present"), (EILEEN, "late"), (KATHERINE, "absent"))
ALERTS_EXPECTED = ("Started", "Unknown face", "Possible photo", "Ended")


@dataclass(frozen=True, slots=True)
class Line:
    """Of the register."""

    trainee: str
    expected: str
    state: str
    first_check_in_time: str
    right: bool


@dataclass(slots=True)
class Outcome:
    ok: bool = False
    register: list[Line] = field(default_factory=list)
    register_final: bool = False
    alerts: int = 0
    alert_repeats: int = 0
    alerts_missing: list[str] = field(default_factory=list)
    check_ins: dict[str, int] = field(default_factory=dict)
    session_state: str = ""
    seconds: float = 0.0
    failure: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def read_register(hub: HubClient, college: College, session_id: str) -> list[Line]:
    records = {
        record.trainee_id: record
        for record in hub.items(
            attendance_pb2.ListAttendanceRecordsRequest(session_id=session_id),
            attendance_pb2.ListAttendanceRecordsResponse,
        )
    }
    lines = [_line(person, wanted, records.pop(college.id_of(person), None)) for person, wanted in EXPECTED]
    # Somebody who has no business in this register.
    lines += [
        Line(record.trainee_name or record.trainee_id, "not here", enum_text(record, "state"), "", right=False)
        for record in records.values()
    ]
    return lines


def count_check_ins(hub: HubClient, college: College, walks: list[tuple[str, Person]], kept: int) -> dict[str, int]:
    """Stored, doubled and lost check-ins: each walk (device id, person) is one check-in at the hub, or `kept` is wrong.

    `kept` is what the agents still hold when nothing should be left.
    """
    stored = list(hub.items(attendance_pb2.ListCheckInsRequest(), attendance_pb2.ListCheckInsResponse))
    by_id = Counter(one.check_in_id for one in stored)
    by_sequence = Counter((one.device_id, one.epoch, one.sequence) for one in stored)
    doubled = sum(count - 1 for count in by_id.values()) + sum(count - 1 for count in by_sequence.values())
    arrived = Counter((one.device_id, one.person_id) for one in stored)
    wanted = Counter((device_id, college.id_of(person)) for device_id, person in walks)
    missing = sum(max(count - arrived[walk], 0) for walk, count in wanted.items())
    return {"stored": len(by_id), "duplicate": doubled, "lost": missing + kept}


def is_started_by_trainer(hub: HubClient, college: College, session_id: str) -> bool:
    """Whether the trainer's face, and nothing else, started the session."""
    stored = hub.items(
        attendance_pb2.ListCheckInsRequest(session_id=session_id, person_id=college.id_of(GRACE)),
        attendance_pb2.ListCheckInsResponse,
    )
    return any(enum_text(one, "judgement") == "session started" for one in stored)


def show(outcome: Outcome, console: Console) -> None:
    table = Table(title="The register", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading in ("Trainee", "The story says", "The hub says", "First seen (UTC)", ""):
        table.add_column(heading)
    for line in outcome.register:
        mark = "[green]✓[/]" if line.right else "[bold red]✗ wrong[/]"
        table.add_row(line.trainee, line.expected, line.state or "nothing", line.first_check_in_time, mark)
    console.print()
    console.print(table)
    counts = outcome.check_ins
    console.print(
        f"\ncheck-ins: {counts.get('stored', 0)} stored, {counts.get('duplicate', 0)} doubled, "
        f"{counts.get('lost', 0)} lost · alerts: {outcome.alerts} received, {outcome.alert_repeats} repeats dropped"
        + (f", missing: {', '.join(outcome.alerts_missing)}" if outcome.alerts_missing else "")
    )
    if outcome.failure:
        console.print(f"\n[bold red]{outcome.failure}[/]")
    verdict = "[bold green]Right: the register is what the story says." if outcome.ok else "[bold red]Wrong."
    console.print(f"\n{verdict}[/] [dim]{outcome.seconds:.0f} s[/]")


def _line(person: Person, wanted: str, record: attendance_pb2.AttendanceRecord | None) -> Line:
    if record is None:
        return Line(person.name, wanted, "", "", right=False)
    state = enum_text(record, "state")
    seen = (
        f"{record.first_check_in_time.ToDatetime(tzinfo=UTC):%H:%M:%S}"
        if record.HasField("first_check_in_time")
        else ""
    )
    return Line(person.name, wanted, state, seen, right=state == wanted and not record.provisional)
