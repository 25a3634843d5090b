"""What a room's device needs to run its door: rules, sessions, and the people whom its gallery holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.attendance import queries
from hub.attendance.models import AttendanceRecord, AttendanceSession
from hub.attendance.policy import Policy
from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries as devices
from hub.school import queries as school
from hub.timetable import queries as timetable
from hub.timetable.models import Room

# A device that is cut off goes on with what it has: over a weekend and the week after.
HORIZON = timedelta(days=7)
# A session that is over may still be reported on; the door itself no longer needs it for long.
LOOK_BACK = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class DoorRules:
    room: Room
    policy: Policy
    time_zone: str


@dataclass(frozen=True, slots=True)
class DoorSession:
    session: AttendanceSession
    policy: Policy
    trainee_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class DoorSchedule:
    sessions: list[DoorSession]
    horizon_end_time: datetime

    @property
    def person_ids(self) -> set[UUID]:
        """Everybody whom the door must know."""
        return {person_id for entry in self.sessions for person_id in (*entry.session.trainer_ids, *entry.trainee_ids)}


async def room_of(uow: UnitOfWork, device_id: UUID) -> Room:
    """The room where the device stands."""
    return await timetable.get_room(uow, (await devices.get_device(uow, device_id)).room_id)


async def door_rules(uow: UnitOfWork, device_id: UUID) -> DoorRules:
    return DoorRules(
        room=await room_of(uow, device_id),
        policy=await queries.school_policy(uow),
        time_zone=(await school.get_school(uow)).time_zone,
    )


async def door_schedule(uow: UnitOfWork, device_id: UUID) -> DoorSchedule:
    """The room's sessions from three hours ago to seven days ahead, with who is expected in each."""
    room = await room_of(uow, device_id)
    until = uow.now + HORIZON
    policy = await queries.school_policy(uow)
    sessions = await queries.sessions_in_rooms(uow, [room.id], start=uow.now - LOOK_BACK, end=until)
    sessions.sort(key=lambda session: (session.planned_start_time, session.id))
    listed = await _listed(uow, sessions)
    expected: dict[tuple[UUID, object], list[UUID]] = {}
    found = []
    for session in sessions:
        key = (session.enrolment_id, session.session_date)
        if session.id not in listed and key not in expected:
            expected[key] = await queries.expected_in(uow, session)
        trainee_ids = listed[session.id] if session.id in listed else expected[key]
        found.append(DoorSession(session, queries.view_of(session, policy).policy, sorted(trainee_ids)))
    return DoorSchedule(found, until)


async def _listed(uow: UnitOfWork, sessions: list[AttendanceSession]) -> Mapping[UUID, list[UUID]]:
    """Who is in the registers of those that have started."""
    rows = await uow.session.execute(
        select(AttendanceRecord.session_id, AttendanceRecord.trainee_id).where(
            AttendanceRecord.session_id.in_([session.id for session in sessions])
        )
    )
    listed: dict[UUID, list[UUID]] = {}
    for session_id, trainee_id in rows:
        listed.setdefault(session_id, []).append(trainee_id)
    return listed
