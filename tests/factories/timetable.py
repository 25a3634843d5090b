"""A college small enough for one lesson: everything that a timetable entry needs."""
# ruff: noqa: ANN401 (overrides are fields by name)

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import EnrolmentState, ProgrammeCourseKind
from hub.db.unit_of_work import UnitOfWork
from hub.school.models import AcademicYear, ClassGroup, Department, Programme, School, Term
from hub.timetable import service
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.rules import EntryKind, RoomState, SessionType, Slot
from hub.users.models import Membership, TraineeProfile, TrainerProfile, User, UserRole
from hub.users.rules import EmploymentType, Role, TraineeState, UserState

TERM = (date(2026, 1, 5), date(2026, 4, 3))
MONDAY_EIGHT = Slot(1, time(8), time(10), *TERM)


@dataclass(frozen=True, slots=True)
class LessonBasis:
    department_id: UUID
    class_group_id: UUID
    term_id: UUID
    trainer_id: UUID
    course_id: UUID
    enrolment_id: UUID
    room_id: UUID


async def make_user(uow: UnitOfWork, *, role: Role, name: str = "Asha", state: UserState = UserState.ACTIVE) -> User:
    """An account with a role and no profile."""
    user_id = uuid7()
    email = f"{name.lower()}.{user_id.hex[-8:]}@college.example"
    user = User(
        id=user_id,
        email=email,
        email_key=email,
        given_name=name,
        family_name="Mwangi",
        state=state,
        search_text=f"{name.lower()} mwangi",
        role_rows=[UserRole(user_id=user_id, role=role)],
    )
    uow.session.add(user)
    await uow.session.flush()
    return user


async def make_trainer(uow: UnitOfWork, department_id: UUID, *, name: str = "Grace") -> User:
    user = await make_user(uow, role=Role.TRAINER, name=name)
    uow.session.add(
        TrainerProfile(
            user_id=user.id,
            staff_number=f"S-{user.id.hex[-8:]}",
            department_id=department_id,
            employment_type=EmploymentType.FULL_TIME,
        )
    )
    await uow.session.flush()
    return user


async def make_trainee(
    uow: UnitOfWork, class_group_id: UUID, *, name: str = "Asha", since: date = date(2026, 1, 1)
) -> User:
    user = await make_user(uow, role=Role.TRAINEE, name=name)
    uow.session.add(
        TraineeProfile(user_id=user.id, admission_number=f"A-{user.id.hex[-8:]}", state=TraineeState.ACTIVE)
    )
    await uow.session.flush()
    uow.session.add(Membership(trainee_id=user.id, class_group_id=class_group_id, start_date=since))
    await uow.session.flush()
    return user


async def make_room(uow: UnitOfWork, *, code: str = "B12", **overrides: Any) -> Room:
    """A room in Nairobi with a geofence of 50 m and 40 seats."""
    return await service.create_room(
        uow,
        values={
            "code": code,
            "name": f"Room {code}",
            "building": "B",
            "floor": "1",
            "room_type": "classroom",
            "capacity": 40,
            "facilities": [],
            "geofence": {"circle": {"latitude": -1.2921, "longitude": 36.8219, "radius_m": 50.0}},
            "max_accuracy_m": 30.0,
            "state": RoomState.IN_USE,
            **overrides,
        },
    )


async def make_enrolment(uow: UnitOfWork, *, class_group_id: UUID, term_id: UUID, department_id: UUID) -> Enrolment:
    """Another course for a class group, with another trainer."""
    course = Course(code=f"C-{uuid7().hex[-8:]}", title="Networks", department_id=department_id)
    uow.session.add(course)
    trainer = await make_trainer(uow, department_id, name="Linus")
    group = await uow.session.get_one(ClassGroup, class_group_id)
    line = await map_course(uow, programme_id=group.programme_id, course_id=course.id)
    enrolment = Enrolment(
        programme_course_id=line.id,
        class_group_id=class_group_id,
        course_id=course.id,
        term_id=term_id,
        trainer_id=trainer.id,
        state=EnrolmentState.IN_PROGRESS,
    )
    uow.session.add(enrolment)
    await uow.session.flush()
    return enrolment


async def map_course(uow: UnitOfWork, *, programme_id: UUID, course_id: UUID) -> ProgrammeCourse:
    """The programme has the course in its first term."""
    line = ProgrammeCourse(
        programme_id=programme_id, course_id=course_id, year_of_study=1, term_number=1, kind=ProgrammeCourseKind.CORE
    )
    uow.session.add(line)
    await uow.session.flush()
    return line


async def make_lesson_basis(uow: UnitOfWork, *, time_zone: str = "Africa/Nairobi") -> LessonBasis:
    """Everything that a timetable entry needs; call it once a database."""
    department = Department(code="ICT", name="Computing")
    uow.session.add_all([School(name="Karen Technical", code="KTC", time_zone=time_zone), department])
    await uow.session.flush()
    programme = Programme(
        department_id=department.id,
        code="DIT",
        name="Information Technology",
        level="diploma",
        duration_years=3,
        terms_per_year=3,
    )
    year = AcademicYear(name="2026", start_date=date(2026, 1, 1), end_date=date(2026, 12, 31), active=True)
    uow.session.add_all([programme, year])
    await uow.session.flush()
    group = ClassGroup(programme_id=programme.id, intake_year=2026, name="DIT-2026-A")
    term = Term(academic_year_id=year.id, number=1, start_date=TERM[0], end_date=TERM[1])
    course = Course(code="ICT101", title="Programming", department_id=department.id)
    uow.session.add_all([group, term, course])
    await uow.session.flush()
    trainer = await make_trainer(uow, department.id)
    line = await map_course(uow, programme_id=programme.id, course_id=course.id)
    enrolment = Enrolment(
        programme_course_id=line.id,
        class_group_id=group.id,
        course_id=course.id,
        term_id=term.id,
        trainer_id=trainer.id,
        state=EnrolmentState.IN_PROGRESS,
    )
    uow.session.add(enrolment)
    room = await make_room(uow)
    return LessonBasis(department.id, group.id, term.id, trainer.id, course.id, enrolment.id, room.id)


async def make_entry(uow: UnitOfWork, basis: LessonBasis, *, slot: Slot = MONDAY_EIGHT) -> TimetableEntry:
    """A draft entry of the basis' enrolment in its room."""
    entry, _ = await service.create_entry(uow, draft=draft_entry(basis, slot=slot))
    return entry


def draft_entry(
    basis: LessonBasis, *, slot: Slot = MONDAY_EIGHT, kind: EntryKind = EntryKind.RECURRING, **others: Any
) -> service.EntryDraft:
    """Of the basis' enrolment in its room."""
    values: dict[str, Any] = {
        "enrolment_id": basis.enrolment_id,
        "room_id": basis.room_id,
        "session_type": SessionType.THEORY,
        "kind": kind,
        "slot": slot,
    }
    return service.EntryDraft(**values | others)
