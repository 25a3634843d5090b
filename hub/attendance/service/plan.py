"""Sessions from the weekly plan, and single ones beside it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, text
from uuid6 import uuid7

from hub.attendance import queries
from hub.attendance.errors import SessionConflict
from hub.attendance.models import AttendanceSession
from hub.attendance.rules import SESSION_HORIZON, SessionKind, SessionState
from hub.attendance.service import lifecycle
from hub.courses import queries as courses
from hub.db.unit_of_work import UnitOfWork
from hub.devices import service as devices_service
from hub.errors import InvalidArgument
from hub.school import queries as school
from hub.timetable import queries as timetable
from hub.timetable.rules import Occurrence

_LONGEST_SESSION = timedelta(hours=24)


async def materialise(uow: UnitOfWork) -> tuple[int, datetime]:
    """Make the dated sessions of published entries over the coming 14 days; answers how many and until when.

    Future sessions that have not started follow their entries: moved, or cancelled where there is no lesson any more.
    Repeating it changes nothing.
    """
    await _one_planner(uow)
    until = uow.now + SESSION_HORIZON
    policy = await queries.school_policy(uow)
    wanted = {
        (occurrence.entry_id, occurrence.day): occurrence
        for occurrence in await timetable.occurrences(uow, start=uow.now, end=until)
        if occurrence.start_time + policy.start_late >= uow.now
    }
    rows = await uow.session.scalars(
        select(AttendanceSession)
        .where(AttendanceSession.entry_id.is_not(None), AttendanceSession.planned_end_time > uow.now)
        .order_by(AttendanceSession.id)
        .with_for_update()
    )
    known = {(session.entry_id, session.session_date): session for session in rows if session.entry_id}
    rooms: set[UUID] = set()
    for key, session in known.items():
        if session.state is SessionState.SCHEDULED and session.planned_start_time > uow.now:
            rooms |= await _follow(uow, session, wanted.get(key), until=until)
    titles = await _titles(uow, {occurrence.enrolment_id for key, occurrence in wanted.items() if key not in known})
    new = [
        _session_of(occurrence, titles[occurrence.enrolment_id])
        for key, occurrence in wanted.items()
        if key not in known
    ]
    uow.session.add_all(new)
    await uow.session.flush()
    if new:
        uow.audit("attendance.materialise", object_type="timetable", object_id="sessions", after={"created": len(new)})
    for room_id in sorted(rooms | {session.room_id for session in new}):
        await devices_service.request_sync(uow, room_id=room_id)
    return len(new), until


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
    await _one_planner(uow)
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


async def _one_planner(uow: UnitOfWork) -> None:
    """One at a time, on all hubs: two that plan at once would not see each other's sessions."""
    if uow.session.get_bind().dialect.name == "postgresql":
        await uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('attendance_sessions'))"))


async def _follow(
    uow: UnitOfWork, session: AttendanceSession, occurrence: Occurrence | None, *, until: datetime
) -> set[UUID]:
    """Bring a session to where its entry is now; answers the rooms concerned."""
    if occurrence is None:
        if session.planned_start_time >= until:
            return set()
        await lifecycle.close_unstarted(
            uow, session, SessionState.CANCELLED, reason="It is no longer in the timetable."
        )
        await lifecycle.tell_cancelled(uow, session)
        return set()
    place = {
        "room_id": occurrence.room_id,
        "trainer_id": occurrence.trainer_id,
        "class_group_id": occurrence.class_group_id,
        "enrolment_id": occurrence.enrolment_id,
        "planned_start_time": occurrence.start_time,
        "planned_end_time": occurrence.end_time,
    }
    before = {name: getattr(session, name) for name in place}
    if before == place:
        return set()
    for name, value in place.items():
        setattr(session, name, value)
    uow.audit("attendance.follow_entry", object_type="session", object_id=session.id, before=before, after=place)
    return {before["room_id"], occurrence.room_id}


async def _titles(uow: UnitOfWork, enrolment_ids: Collection[UUID]) -> dict[UUID, str]:
    """The title of each enrolment's course."""
    titles = {}
    for enrolment_id in enrolment_ids:
        enrolment = await courses.get_enrolment(uow, enrolment_id)
        titles[enrolment_id] = (await courses.get_course(uow, enrolment.course_id)).title
    return titles


def _session_of(occurrence: Occurrence, title: str) -> AttendanceSession:
    return AttendanceSession(
        id=uuid7(),
        enrolment_id=occurrence.enrolment_id,
        class_group_id=occurrence.class_group_id,
        trainer_id=occurrence.trainer_id,
        room_id=occurrence.room_id,
        entry_id=occurrence.entry_id,
        session_date=occurrence.day,
        planned_start_time=occurrence.start_time,
        planned_end_time=occurrence.end_time,
        kind=SessionKind.REGULAR,
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
