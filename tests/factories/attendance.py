"""A college with one lesson, and what its door reports. The lesson is on 2 March 2026, 08:00 to 10:00 in Nairobi."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from uuid6 import uuid7

from hub.attendance.models import AttendanceSession
from hub.attendance.rules import ClockQuality, ClockReading, FactKind, Liveness
from hub.attendance.service import plan
from hub.attendance.service.known import Fact
from hub.courses.models import Enrolment
from hub.db.unit_of_work import UnitOfWork
from hub.devices.models import Device, DeviceCondition
from hub.devices.rules import DeviceState
from hub.timetable.models import Room
from presence.geofence import Position
from tests.factories.courses import make_enrolment
from tests.factories.school import make_academic_year, make_class_group, make_school, make_term
from tests.factories.timetable import make_room
from tests.factories.users import make_trainee

START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
INSIDE = Position(-1.2921, 36.8219, 5.0)
BOOT = str(uuid4())


@dataclass(frozen=True, slots=True)
class Lesson:
    """`session` is SCHEDULED; `trainee_ids` are all who are expected."""

    room: Room
    device_id: UUID
    enrolment: Enrolment
    session: AttendanceSession
    trainee_ids: list[UUID]

    @property
    def trainer_id(self) -> UUID:
        return self.enrolment.trainer_id


async def make_lesson(uow: UnitOfWork, *, trainees: int = 3, start: datetime = START, end: datetime = END) -> Lesson:
    """A school with one class group in one room with one device. Call it once a database, before the start."""
    await make_school(uow)
    year = await make_academic_year(uow)
    term = await make_term(uow, academic_year_id=year.id)
    group = await make_class_group(uow, capacity=0)
    enrolment = await make_enrolment(uow, class_group_id=group.id, term_id=term.id)
    room = await make_room(uow)
    device_id = await make_room_device(uow, room.id)
    trainee_ids = [(await make_trainee(uow, class_group_id=group.id)).id for _ in range(trainees)]
    session = await plan.create_session(
        uow, enrolment_id=enrolment.id, room_id=room.id, planned_start_time=start, planned_end_time=end, title=""
    )
    return Lesson(room, device_id, enrolment, session, trainee_ids)


async def make_room_device(uow: UnitOfWork, room_id: UUID) -> UUID:
    """A device in service, as the registry holds it."""
    device = Device(id=uuid7(), name="Door", room_id=room_id, state=DeviceState.ACTIVE)
    uow.session.add(device)
    await uow.session.flush()
    uow.session.add(DeviceCondition(device_id=device.id))
    await uow.session.flush()
    return device.id


@dataclass(slots=True)
class DoorReports:
    """Makes the facts of one device, numbered as its outbox numbers them."""

    epoch: UUID = field(default_factory=uuid4)
    sequence: int = 0

    def check_in(
        self,
        person_id: UUID,
        at: datetime,
        *,
        similarity: float = 0.9,
        liveness: Liveness = Liveness.LIVE,
        position: Position | None = INSIDE,
        quality: ClockQuality = ClockQuality.SYNCED,
    ) -> Fact:
        return self.fact(
            FactKind.CHECK_IN, at, person_id=person_id, similarity=similarity, liveness=liveness, position=position,
            quality=quality,
        )  # fmt: skip

    def fact(
        self,
        kind: FactKind,
        at: datetime,
        *,
        person_id: UUID | None = None,
        similarity: float = 0.0,
        liveness: Liveness = Liveness.UNSPECIFIED,
        position: Position | None = INSIDE,
        quality: ClockQuality = ClockQuality.SYNCED,
    ) -> Fact:
        self.sequence += 1
        return Fact(
            event_id=uuid7(),
            epoch=self.epoch,
            sequence=self.sequence,
            captured=ClockReading(at, int(at.timestamp() * 1e9), BOOT, quality),
            agent_version="1.0.0",
            digest=uuid4().bytes,
            kind=kind,
            person_id=person_id,
            similarity=similarity,
            liveness=liveness,
            position=position,
            position_source="FIXED",
            engine="sface",
            gallery_version=1,
        )
