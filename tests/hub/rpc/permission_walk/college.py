"""A college of three sides, seen from its callers: what they own, what lies beside it, and what is far away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from uuid6 import uuid7

from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact, RecordChange
from hub.attendance.policy import Policy
from hub.attendance.rules import ClockQuality, FactKind, Judgement, Liveness, RecordSource, RecordState, SessionState
from hub.attendance.service import plan
from hub.courses.rules import ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.jobs.models import Job
from hub.notifications.models import Notification
from hub.notifications.rules import NotificationType, Priority
from hub.rpc.permissions import ADMIN, DP_ACADEMICS, HOD, TRAINEE, TRAINER, Reach
from hub.school.models import Term
from hub.school.rules import Period
from hub.timetable import service as timetable
from hub.timetable.models import TimetableFeed, TimetableVersion, TrainerAbsence, TrainerAvailability
from hub.timetable.rules import EntryKind, SessionType, Slot
from hub.timetable.service import versions
from hub.users.models import HodProfile, UserRole
from hub.users.rules import HodDraft, Role, TrainerDraft
from hub.users.tokens import secret_hash
from tests.factories.attendance import make_room_device
from tests.factories.courses import make_course, make_enrolment, make_exception, make_loan, make_topic
from tests.factories.school import (
    make_academic_year,
    make_calendar_day,
    make_class_group,
    make_department,
    make_programme,
    make_school,
    make_term,
)
from tests.factories.timetable import make_room
from tests.factories.users import draft_user, make_admin, make_dp_academics, make_trainee, make_trainer, make_user
from tests.hub.rpc.permission_walk.callers import CALLERS, TRAINER_AND_DEPUTY, TRAINER_AND_HOD, Caller, Nearness


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Objects that belong together. `session_id` starts in an hour; `active_session_id` is going on, with one record,
    one change of it and one check-in of the trainee. `draft_entry_id` is not published.
    """

    department_id: UUID
    programme_id: UUID
    class_group_id: UUID
    course_id: UUID
    enrolment_id: UUID
    line_id: UUID
    prerequisite_id: UUID
    topic_id: UUID
    exception_id: UUID
    loan_id: UUID
    trainer_id: UUID
    trainee_id: UUID
    room_id: UUID
    device_id: UUID
    entry_id: UUID
    draft_entry_id: UUID
    absence_id: UUID
    session_id: UUID
    active_session_id: UUID
    record_id: UUID
    change_id: UUID
    check_in_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class College:
    """`callers` has the user of each of CALLERS; `notifications`, `jobs` and `feeds` have one of every caller and
    trainee."""

    today: date
    term: Period
    academic_year_id: UUID
    term_id: UUID
    calendar_day_id: UUID
    version_id: UUID
    draft_id: UUID
    spare_room_id: UUID
    sides: Mapping[Nearness, Side]
    callers: Mapping[str, UUID]
    notifications: Mapping[UUID, UUID]
    jobs: Mapping[UUID, UUID]
    feeds: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Aim:
    """What one call is about: the objects of one side, for one of CALLERS."""

    college: College
    name: str
    reaches: frozenset[Reach]
    nearness: Nearness

    @property
    def caller(self) -> Caller:
        return CALLERS[self.name]

    @property
    def caller_id(self) -> UUID:
        return self.college.callers[self.name]

    @property
    def side(self) -> Side:
        return self.college.sides[self.caller.sides[self.nearness]]

    @property
    def person_id(self) -> UUID:
        """Whose things the call asks for: the caller's own where no further reach is given, else the side's trainee."""
        if self.nearness is Nearness.OWN and self.reaches <= {Reach.SELF}:
            return self.caller_id
        return self.side.trainee_id

    @property
    def is_seen(self) -> bool:
        """Whether the table lets the caller see that far."""
        return any(self.nearness in self.caller.seen[reach] for reach in self.reaches)

    @property
    def is_all_the_same(self) -> bool:
        """Whether the caller sees the whole school or may not call at all, so that one side is like the others."""
        return not self.reaches or Reach.SCHOOL in self.reaches


async def found_college(uow: UnitOfWork) -> College:
    """Seed a fresh database. The days are around today, because a whole hub lives by its own clock."""
    today = uow.now.astimezone(ZoneInfo("Africa/Nairobi")).date()
    period = Period(today - timedelta(days=60), today + timedelta(days=60))
    await make_school(uow)
    year = await make_academic_year(uow, period=period)
    term = await make_term(uow, academic_year_id=year.id, period=period)
    near, far = await make_department(uow), await make_department(uow)
    plans = await versions.open_draft(uow, term_id=term.id), await versions.open_draft(uow, term_id=term.id)
    sides = {
        Nearness.OWN: await _make_side(uow, near.id, term, plans, number=1),
        Nearness.BESIDE: await _make_side(uow, near.id, term, plans, number=2),
        Nearness.FAR: await _make_side(uow, far.id, term, plans, number=3),
    }
    plans[0].effective_date = period.first
    callers = {
        TRAINEE: sides[Nearness.OWN].trainee_id,
        TRAINER: sides[Nearness.OWN].trainer_id,
        HOD: await _make_head(uow, near.id),
        DP_ACADEMICS: (await make_dp_academics(uow)).id,
        ADMIN: (await make_admin(uow)).id,
        TRAINER_AND_HOD: sides[Nearness.BESIDE].trainer_id,
        TRAINER_AND_DEPUTY: (await make_trainer(uow, department_id=far.id)).id,
    }
    uow.session.add_all(
        [
            UserRole(user_id=callers[TRAINER_AND_HOD], role=Role.HOD),
            HodProfile(user_id=callers[TRAINER_AND_HOD], department_id=far.id),
            UserRole(user_id=callers[TRAINER_AND_DEPUTY], role=Role.DP_ACADEMICS),
        ]
    )
    await uow.session.flush()
    people = {*callers.values(), *(side.trainee_id for side in sides.values())}
    return College(
        today=today,
        term=period,
        academic_year_id=year.id,
        term_id=term.id,
        calendar_day_id=(await make_calendar_day(uow, day=period.first)).id,
        version_id=plans[0].id,
        draft_id=plans[1].id,
        spare_room_id=(await make_room(uow, code="SPARE")).id,
        sides=sides,
        callers=callers,
        notifications={person_id: await _notify(uow, person_id) for person_id in people},
        jobs={person_id: await _begin_job(uow, person_id) for person_id in people},
        feeds={person_id: await _make_feed(uow, person_id) for person_id in people},
    )


async def _make_feed(uow: UnitOfWork, person_id: UUID) -> UUID:
    feed = TimetableFeed(token_hash=secret_hash(str(person_id)), owner_id=person_id, person_id=person_id)
    uow.session.add(feed)
    await uow.session.flush()
    return feed.id


async def _make_head(uow: UnitOfWork, department_id: UUID) -> UUID:
    """A head of department who teaches nothing and has the one role, so that it alone is tried."""
    draft = draft_user(
        Role.HOD,
        roles=frozenset({Role.HOD, Role.TRAINER}),
        hod=HodDraft(department_id=department_id),
        trainer=TrainerDraft(staff_number="STAFF/HEAD", department_id=department_id),
    )
    head = await make_user(uow, draft)
    await uow.session.execute(delete(UserRole).where(UserRole.user_id == head.id, UserRole.role == Role.TRAINER))
    return head.id


async def _make_side(
    uow: UnitOfWork,
    department_id: UUID,
    term: Term,
    plans: tuple[TimetableVersion, TimetableVersion],
    *,
    number: int,
) -> Side:
    """`plans` are the one that is to be published and the draft."""
    programme = await make_programme(uow, department_id=department_id)
    group = await make_class_group(uow, programme_id=programme.id, intake_year=term.start_date.year)
    trainee = await make_trainee(uow, class_group_id=group.id, membership_start_date=term.start_date)
    trainer = await make_trainer(uow, department_id=department_id)
    absence = TrainerAbsence(trainer_id=trainer.id, start_date=term.end_date, end_date=term.end_date)
    uow.session.add_all([TrainerAvailability(trainer_id=trainer.id, windows=[]), absence])
    course = await make_course(uow, department_id=department_id)
    enrolment = await make_enrolment(
        uow, class_group_id=group.id, course_id=course.id, term_id=term.id, trainer_id=trainer.id
    )
    exception = await make_exception(
        uow, enrolment_id=enrolment.id, trainee_id=trainee.id, start_date=term.end_date, kind=ExceptionKind.ADDED
    )
    # To a department of its own: the borrower's head sees a loan too.
    loan = await make_loan(uow, trainer_id=trainer.id, department_id=(await make_department(uow)).id)
    room = await make_room(uow, code=f"W{number}")
    standing, drafted = [
        await timetable.create_entry(
            uow,
            draft=timetable.EntryDraft(
                enrolment_id=enrolment.id,
                room_id=room.id,
                session_type=SessionType.THEORY,
                kind=EntryKind.RECURRING,
                # Around the turn of the year nothing of the plan is to become a session while the walk goes on.
                slot=Slot(1, time(8), time(10), term.end_date - timedelta(days=14), term.end_date),
                version_id=version.id,
            ),
        )
        for version in plans
    ]
    session = await plan.create_session(
        uow,
        enrolment_id=enrolment.id,
        room_id=room.id,
        planned_start_time=uow.now + timedelta(hours=1),
        planned_end_time=uow.now + timedelta(hours=2),
        title="",
    )
    active = AttendanceSession(
        id=uuid7(),
        enrolment_id=enrolment.id,
        class_group_id=group.id,
        trainer_id=trainer.id,
        room_id=room.id,
        session_date=uow.now.astimezone(ZoneInfo("Africa/Nairobi")).date(),
        planned_start_time=uow.now - timedelta(minutes=50),
        planned_end_time=uow.now + timedelta(minutes=10),
        actual_start_time=uow.now - timedelta(minutes=50),
        state=SessionState.ACTIVE,
        title="Networks",
        policy=Policy().to_json(),
    )
    record = AttendanceRecord(
        id=uuid7(),
        session_id=active.id,
        trainee_id=trainee.id,
        state=RecordState.PRESENT,
        source=RecordSource.DEVICE,
    )
    held = AttendanceSession(
        id=uuid7(),
        enrolment_id=enrolment.id,
        class_group_id=group.id,
        trainer_id=trainer.id,
        room_id=room.id,
        session_date=active.session_date - timedelta(days=1),
        planned_start_time=active.planned_start_time - timedelta(days=1),
        planned_end_time=active.planned_end_time - timedelta(days=1),
        state=SessionState.COMPLETED,
        title="Networks",
        absences_final=True,
    )
    uow.session.add_all([active, held])
    await uow.session.flush()
    uow.session.add(
        AttendanceRecord(
            session_id=held.id, trainee_id=trainee.id, state=RecordState.PRESENT, source=RecordSource.DEVICE
        )
    )
    uow.session.add(record)
    await uow.session.flush()
    change = RecordChange(
        id=uuid7(),
        record_id=record.id,
        session_id=active.id,
        after=RecordState.PRESENT,
        change_time=uow.now,
        actor_kind="device",
        reason="",
    )
    check_in = _check_in(active, trainee.id, uow.now)
    uow.session.add_all([change, check_in])
    await uow.session.flush()
    return Side(
        department_id=department_id,
        programme_id=programme.id,
        class_group_id=group.id,
        course_id=course.id,
        enrolment_id=enrolment.id,
        line_id=enrolment.programme_course_id,
        prerequisite_id=(await make_course(uow, department_id=department_id)).id,
        topic_id=(await make_topic(uow, course_id=course.id)).id,
        exception_id=exception.id,
        loan_id=loan.id,
        trainer_id=trainer.id,
        trainee_id=trainee.id,
        room_id=room.id,
        device_id=await make_room_device(uow, room.id),
        entry_id=standing[0].id,
        draft_entry_id=drafted[0].id,
        absence_id=absence.id,
        session_id=session.id,
        active_session_id=active.id,
        record_id=record.id,
        change_id=change.id,
        check_in_id=check_in.event_id,
    )


def _check_in(session: AttendanceSession, person_id: UUID, at: datetime) -> DoorFact:
    return DoorFact(
        event_id=uuid7(),
        digest=b"",
        kind=FactKind.CHECK_IN,
        person_id=person_id,
        session_id=session.id,
        judgement=Judgement.PRESENT,
        capture_time=at,
        arrival_time=at,
        wall_time=at.astimezone(UTC),
        monotonic_ns=0,
        boot_id="",
        clock_quality=ClockQuality.SYNCED,
        similarity=0.9,
        liveness=Liveness.LIVE,
        position_source="FIXED",
        engine="sface",
        gallery_version=1,
        agent_version="1.0.0",
        shown="",
    )


async def _begin_job(uow: UnitOfWork, person_id: UUID) -> UUID:
    """A job of a kind that no hub knows, so that it waits for ever."""
    job = Job(
        id=uuid7(), kind="walk.wait", title="Wait", owner_id=person_id, params={}, create_time=uow.now,
        update_time=uow.now,
    )  # fmt: skip
    uow.session.add(job)
    await uow.session.flush()
    return job.id


async def _notify(uow: UnitOfWork, person_id: UUID) -> UUID:
    notification = Notification(
        id=uuid7(),
        event_id=uuid7(),
        recipient_id=person_id,
        type=NotificationType.SYSTEM,
        priority=Priority.LOW,
        title="Welcome",
        body="",
        object_type="user",
        object_id=person_id,
        create_time=uow.now,
    )
    uow.session.add(notification)
    await uow.session.flush()
    return notification.id
