"""Sessions from the weekly plan, and single ones beside it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from uuid6 import uuid7

from hub.attendance import queries
from hub.attendance.errors import SessionConflict
from hub.attendance.models import AttendanceSession
from hub.attendance.rules import SESSION_HORIZON, SessionKind, SessionState
from hub.attendance.service.following import Key, follow, one_planner
from hub.courses import queries as courses
from hub.courses.models import Course, Enrolment
from hub.db.unit_of_work import UnitOfWork
from hub.devices import service as devices_service
from hub.errors import InvalidArgument
from hub.school import queries as school
from hub.timetable import queries as timetable
from hub.timetable.rules import Materialised, Occurrence, monday_of

_LONGEST_SESSION = timedelta(hours=24)
_WEEK = timedelta(days=7)


async def materialise(uow: UnitOfWork) -> Materialised:
    """Make the dated sessions of the plans in force over the coming 14 days.

    Future sessions that have not started follow their lessons: moved, with another room or trainer, or cancelled where
    there is no lesson any more; those concerned are told. No other session is touched. Repeating it changes nothing.
    """
    await one_planner(uow)
    until = uow.now + SESSION_HORIZON
    policy = await queries.school_policy(uow)
    wanted: dict[Key, Occurrence] = {}
    # A week further, for sessions that move beyond the horizon. A lesson is held once a week, also in the week in which
    # a new version moves it: the first time counts.
    for occurrence in await timetable.occurrences(uow, start=uow.now, end=until + _WEEK):
        if occurrence.start_time + policy.start_late >= uow.now:
            wanted.setdefault((occurrence.lesson_id, occurrence.key_date), occurrence)
    changes = await follow(uow, wanted, until=until + _WEEK)
    known = await _known_keys(uow)
    new = [found for key, found in wanted.items() if key not in known and found.start_time < until]
    titles = await _titles(uow, {occurrence.enrolment_id for occurrence in new})
    made = [_session_of(occurrence, titles[occurrence.enrolment_id]) for occurrence in new]
    uow.session.add_all(made)
    await uow.session.flush()
    if made:
        uow.audit("attendance.materialise", object_type="timetable", object_id="sessions", after={"created": len(made)})
    rooms = {session.room_id for session in made} | changes.room_ids
    for room_id in sorted(rooms):
        await devices_service.request_sync(uow, room_id=room_id)
    return Materialised(len(made), changes.count, until)


async def _known_keys(uow: UnitOfWork) -> set[Key]:
    """The lessons from this week on that have a session, in whatever state but withdrawn."""
    monday = monday_of(await school.today(uow))
    rows = await uow.session.execute(
        select(AttendanceSession.lesson_id, AttendanceSession.lesson_key_date).where(
            AttendanceSession.lesson_key_date >= monday - _WEEK, ~AttendanceSession.withdrawn
        )
    )
    return {(row[0], row[1]) for row in rows if row[0] is not None and row[1] is not None}


async def create_session(
    uow: UnitOfWork,
    *,
    enrolment_id: UUID,
    room_id: UUID,
    planned_start_time: datetime,
    planned_end_time: datetime,
    title: str,
) -> AttendanceSession:
    """Schedule one session outside the weekly plan.

    Raises:
        EnrolmentNotFound, RoomNotFound
        InvalidArgument: the times are no session's.
        SessionConflict: room, trainer or class group has another session then.
    """
    enrolment = await courses.get_enrolment(uow, enrolment_id)
    room = await timetable.get_room(uow, room_id)
    if not timedelta(0) < planned_end_time - planned_start_time <= _LONGEST_SESSION:
        raise InvalidArgument.of("session.planned_end_time", "must be after the start, by at most 24 hours")
    if planned_end_time <= uow.now:
        raise InvalidArgument.of("session.planned_start_time", "is over: schedule a session that is still to come")
    zone = ZoneInfo((await school.get_school(uow)).time_zone)
    day = planned_start_time.astimezone(zone).date()
    if await school.is_calendar_day(uow, day, enrolment.class_group_id):
        raise InvalidArgument.of(
            "session.planned_start_time", f"{day} is a free day of the class group: choose another day"
        )
    await one_planner(uow)
    same = await uow.session.scalars(
        select(AttendanceSession).where(
            AttendanceSession.state.in_([SessionState.SCHEDULED, SessionState.ACTIVE]),
            AttendanceSession.planned_start_time < planned_end_time,
            AttendanceSession.planned_end_time > planned_start_time,
            or_(
                AttendanceSession.room_id == room_id,
                AttendanceSession.trainer_id == enrolment.trainer_id,
                AttendanceSession.class_group_id == enrolment.class_group_id,
            ),
        )
    )
    conflicts = list(same)
    if conflicts:
        raise _conflict(conflicts, room_id, enrolment.trainer_id)
    session = AttendanceSession(
        id=uuid7(),
        enrolment_id=enrolment.id,
        class_group_id=enrolment.class_group_id,
        trainer_id=enrolment.trainer_id,
        room_id=room.id,
        session_date=day,
        planned_start_time=planned_start_time,
        planned_end_time=planned_end_time,
        kind=SessionKind.REGULAR,
        title=title.strip() or (await _titles(uow, [enrolment.id]))[enrolment.id],
    )
    uow.session.add(session)
    await uow.session.flush()
    uow.audit(
        "attendance.create_session",
        object_type="session",
        object_id=session.id,
        after={
            "enrolment_id": enrolment.id,
            "room_id": room.id,
            "planned_start_time": planned_start_time,
            "planned_end_time": planned_end_time,
        },
    )
    await devices_service.request_sync(uow, room_id=room.id)
    return session


async def _titles(uow: UnitOfWork, enrolment_ids: Collection[UUID]) -> dict[UUID, str]:
    """The title of each enrolment's course."""
    rows = await uow.session.execute(
        select(Enrolment.id, Course.title)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    return {row[0]: row[1] for row in rows}


def _session_of(occurrence: Occurrence, title: str) -> AttendanceSession:
    return AttendanceSession(
        id=uuid7(),
        enrolment_id=occurrence.enrolment_id,
        class_group_id=occurrence.class_group_id,
        trainer_id=occurrence.trainer_id,
        room_id=occurrence.room_id,
        lesson_id=occurrence.lesson_id,
        lesson_key_date=occurrence.key_date,
        session_date=occurrence.day,
        planned_start_time=occurrence.start_time,
        planned_end_time=occurrence.end_time,
        kind=SessionKind.MAKEUP if occurrence.is_makeup else SessionKind.REGULAR,
        title=title,
    )


def _conflict(conflicts: Collection[AttendanceSession], room_id: UUID, trainer_id: UUID) -> SessionConflict:
    sentences = []
    for other in conflicts:
        who = "room" if other.room_id == room_id else "trainer" if other.trainer_id == trainer_id else "class group"
        sentences.append(
            f"the {who} has {other.title} from {other.planned_start_time:%Y-%m-%d %H:%M} to "
            f"{other.planned_end_time:%H:%M} UTC"
        )
    return SessionConflict(
        f"The session can't be held then: {'; '.join(sentences)}. Choose another time or room.",
        metadata={"session_ids": ",".join(str(other.id) for other in conflicts)},
    )
