"""What the hub does for sessions by itself: tells what is due, ends what runs over, and makes absences final."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import and_, or_, select

from hub.attendance import events, queries, rules
from hub.attendance.models import AttendanceSession, DeviceMove
from hub.attendance.policy import Policy
from hub.attendance.rules import SessionState
from hub.attendance.service import lifecycle
from hub.attendance.service.plan import materialise
from hub.courses.events import EnrolmentMoved
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.devices import service as devices_service
from hub.devices.events import DeviceMovedRoom
from hub.events import Event
from hub.school import queries as school
from hub.school.events import CalendarDayCreated, CalendarDayDeleted
from hub.timetable.events import RoomChanged, TimetablePublished

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]
Job = tuple[str, Any, Callable[[UnitOfWork, datetime], Awaitable[None]]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [
        (DeviceMovedRoom, remember_move),
        (RoomChanged, tell_room_changed),
        (CalendarDayCreated, follow_calendar),
        (CalendarDayDeleted, follow_calendar),
        (EnrolmentMoved, follow_enrolment),
        (TimetablePublished, follow_plan),
    ]


def jobs() -> list[Job]:
    return [
        ("attendance.watch_sessions", IntervalTrigger(seconds=15, timezone="UTC"), watch_sessions),
        ("attendance.materialise", IntervalTrigger(hours=1, timezone="UTC"), top_up),
    ]


async def remember_move(uow: UnitOfWork, event: DeviceMovedRoom) -> None:
    """Keep where the device stood, for what it captured there and reports later."""
    if await uow.session.get(DeviceMove, event.event_id) is None:
        uow.session.add(
            DeviceMove(
                event_id=event.event_id,
                device_id=event.device_id,
                from_room_id=event.from_room_id,
                moved_time=event.occurred_time,
            )
        )


async def tell_room_changed(uow: UnitOfWork, event: RoomChanged) -> None:
    await devices_service.request_sync(uow, room_id=event.room_id)


async def follow_calendar(uow: UnitOfWork, event: CalendarDayCreated | CalendarDayDeleted) -> None:
    """Cancel the sessions of a day that became free, and make those of one that is so no more, within the horizon.

    What was cancelled stays cancelled: everyone was told.
    """
    today = await school.today(uow)
    if today <= event.day <= today + rules.SESSION_HORIZON:
        await materialise(uow)


async def follow_enrolment(uow: UnitOfWork, event: EnrolmentMoved) -> None:
    """Cancel the sessions to come of an enrolment that was cancelled: those of the plan, and those beside it."""
    if event.after != EnrolmentState.CANCELLED:
        return
    await materialise(uow)
    beside = await uow.session.scalars(
        select(AttendanceSession)
        .where(
            AttendanceSession.enrolment_id == event.enrolment_id,
            AttendanceSession.lesson_id.is_(None),
            AttendanceSession.state == SessionState.SCHEDULED,
        )
        .order_by(AttendanceSession.id)
        .with_for_update()
    )
    for session in beside:
        await lifecycle.close_unstarted(
            uow, session, SessionState.CANCELLED, reason="The class group does not take the course any more."
        )
        await lifecycle.tell_cancelled(uow, session)


async def follow_plan(uow: UnitOfWork, event: TimetablePublished) -> None:  # noqa: ARG001 (a handler's signature)
    """Bring sessions to where the new version says, should its publisher not have done so."""
    await materialise(uow)


async def top_up(uow: UnitOfWork, scheduled_for: datetime) -> None:  # noqa: ARG001 (a job's signature)
    """Keep the horizon of dated sessions full."""
    if await school.find_school(uow) is not None:
        await materialise(uow)


async def watch_sessions(uow: UnitOfWork, scheduled_for: datetime) -> None:  # noqa: ARG001 (a job's signature)
    """Look at each session that something may be due for; repeating it changes nothing."""
    sessions = await uow.session.scalars(
        select(AttendanceSession)
        .where(
            or_(
                and_(
                    AttendanceSession.state == SessionState.SCHEDULED,
                    AttendanceSession.planned_start_time <= uow.now + rules.STARTING_SOON,
                ),
                AttendanceSession.state == SessionState.ACTIVE,
                and_(
                    AttendanceSession.state == SessionState.COMPLETED,
                    AttendanceSession.absences_final.is_(False),
                ),
            )
        )
        .order_by(AttendanceSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    policy = await queries.school_policy(uow)
    for session in sessions.all():
        match session.state:
            case SessionState.SCHEDULED:
                await _watch_scheduled(uow, session, policy)
            case SessionState.ACTIVE:
                await _watch_active(uow, session)
            case _:
                until = session.actual_end_time or session.planned_end_time
                session.absences_final = await lifecycle.is_reported(uow, session, until=until)


async def _watch_scheduled(uow: UnitOfWork, session: AttendanceSession, policy: Policy) -> None:
    view = queries.view_of(session, policy)
    if uow.now < session.planned_start_time:
        if lifecycle.tell_once(session, "starting_soon"):
            counts = (await queries.counts_of(uow, [session]))[session.id]
            uow.publish(
                events.SessionStartingSoon(**await lifecycle.session_facts(uow, session), expected=counts.expected)
            )
        return
    if uow.now <= view.start_closes:
        return
    if lifecycle.tell_once(session, "not_started"):
        uow.publish(events.SessionNotStarted(**await lifecycle.session_facts(uow, session)))
    # A device that is cut off may still hold the trainer's start: until it has reported, nothing is missed for good.
    if await lifecycle.is_reported(uow, session, until=view.start_closes):
        await lifecycle.close_unstarted(
            uow, session, SessionState.MISSED, reason="Nobody started it in its start window."
        )


async def _watch_active(uow: UnitOfWork, session: AttendanceSession) -> None:
    view = queries.view_of(session, Policy())
    if uow.now >= view.closes:
        await lifecycle.end(uow, session, at=view.closes, reason="it ended by itself")
        return
    due = session.planned_start_time + rules.LOW_TURNOUT_AFTER
    if due <= uow.now < due + timedelta(minutes=5) and lifecycle.tell_once(session, "turnout"):
        counts = (await queries.counts_of(uow, [session]))[session.id]
        arrived = counts.present + counts.late
        if arrived < rules.LOW_TURNOUT_SHARE * (counts.expected - counts.excused):
            uow.publish(
                events.LowTurnout(
                    **await lifecycle.session_facts(uow, session), expected=counts.expected, arrived=arrived
                )
            )
