"""A term with everything that planning its week asks for, and no plan."""

from datetime import time
from uuid import UUID

from hub.courses.models import ProgrammeCourse
from hub.db.unit_of_work import UnitOfWork
from hub.timetable.models import TrainerAvailability
from hub.timetable.policy import DayPattern, Period
from hub.timetable.rules import AvailabilityKind
from hub.timetable.service import planning_rules
from tests.factories.courses import make_course, make_enrolment
from tests.factories.school import make_class_group, make_department, make_programme, make_school, make_term
from tests.factories.timetable import make_room
from tests.factories.users import make_trainer

HOURS = [Period(time(hour), time(hour + 1)) for hour in (8, 9, 10)] + [
    Period(time(11), time(12), is_break=True),
    Period(time(12), time(13), is_lunch=True),
    *(Period(time(hour), time(hour + 1)) for hour in (13, 14)),
]


async def make_term_to_plan(uow: UnitOfWork) -> UUID:
    """Two class groups with three courses each (2 h theory, 2 h practical), two trainers, a lab and two classrooms."""
    await make_school(uow)
    term = await make_term(uow)
    department = await make_department(uow)
    programme = await make_programme(uow, department_id=department.id)
    trainers = [await make_trainer(uow, department_id=department.id) for _ in range(2)]
    courses = [await make_course(uow, department_id=department.id) for _ in range(3)]
    for stream in "AB":
        group = await make_class_group(uow, programme_id=programme.id, stream=stream, capacity=30)
        for number, course in enumerate(courses):
            enrolment = await make_enrolment(
                uow,
                class_group_id=group.id,
                course_id=course.id,
                term_id=term.id,
                trainer_id=trainers[number % 2].id,
            )
            line = await uow.session.get_one(ProgrammeCourse, enrolment.programme_course_id)
            line.practical_room_type = "Lab"
    for code, room_type in (("C1", "classroom"), ("C2", "classroom"), ("L1", "lab"), ("V1", "virtual")):
        await make_room(uow, code=code, room_type=room_type)
    # The first trainer is there from Tuesday on.
    uow.session.add(
        TrainerAvailability(
            trainer_id=trainers[0].id,
            windows=[
                {"weekday": 1, "start": "00:00:00", "end": "23:00:00", "kind": AvailabilityKind.UNAVAILABLE.value}
            ],
        )
    )
    await planning_rules.replace_day_pattern(uow, pattern=DayPattern(dict.fromkeys((1, 2, 3, 4, 5), HOURS)), etag="")
    return term.id
