"""Puts a made-up college into a hub, through the same calls that administrators use. A repeated upload goes on where an
earlier one was cut: what the hub has, by code or e-mail, stays as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from provisioning.errors import HubRefused, RosterError
from provisioning.hub_client import HubClient, new_request_id
from provisioning.seed.college import College, Trainee
from provisioning.seed.filling import Value, fill_column, fill_template
from smartroster.courses.v1 import courses_pb2, curriculum_pb2, enrolments_pb2
from smartroster.imports.v1 import imports_pb2
from smartroster.school.v1 import school_pb2, structure_pb2
from smartroster.timetable.v1 import planning_pb2, timetable_pb2
from smartroster.users.v1 import registration_pb2, users_pb2

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""What is being stored, how many are, how many there will be."""

_ROWS_A_FILE = 10_000
_PERIODS = (
    ("08:00", "09:00", ""),
    ("09:00", "10:00", ""),
    ("10:00", "10:30", "Tea"),
    ("10:30", "11:30", ""),
    ("11:30", "12:30", ""),
    ("12:30", "13:30", "Lunch"),
    ("13:30", "14:30", ""),
    ("14:30", "15:30", ""),
    ("15:30", "16:30", ""),
    ("16:30", "17:30", ""),
)
_MAX_WEEKLY_HOURS = 24
_FENCE_METRES = 30.0
_ACCURACY_METRES = 50.0


class SeedRefused(RosterError):
    """The hub does not take the made-up college."""


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """For callers that draw no bar."""


def upload(hub: HubClient, college: College, progress: Progress = no_progress) -> None:
    """Store the whole college.

    Raises:
        SeedRefused: the hub holds another school already, or refuses a row of a file.
        HubRefused: it refuses a call.
    """
    _Upload(hub, college, progress).run()


def trainee_row(trainee: Trainee, *, since: date) -> dict[str, Value]:
    """A row of the hub's sheet of trainees."""
    return {
        "E-mail": trainee.person.email,
        "Given name": trainee.person.given_name,
        "Family name": trainee.person.family_name,
        "Admission number": trainee.admission_number,
        "Class group": trainee.class_group,
        "Member since": since,
        "Phone": trainee.person.phone,
        "Gender": trainee.person.gender,
        "Birth date": trainee.birth_date,
    }


class _Upload:
    def __init__(self, hub: HubClient, college: College, progress: Progress) -> None:
        self._hub = hub
        self._college = college
        self._progress = progress

    def run(self) -> None:
        self._school()
        self._structure()
        departments = self._ids(school_pb2.ListDepartmentsRequest(), school_pb2.ListDepartmentsResponse, "code")
        programmes = self._ids(school_pb2.ListProgrammesRequest(), school_pb2.ListProgrammesResponse, "code")
        self._holidays()
        self._people()
        self._heads(departments)
        courses = self._courses(departments)
        self._curricula(programmes, courses)
        self._enrolments()
        self._rooms()
        self._day_pattern()

    def _school(self) -> None:
        college = self._college
        try:
            there = self._hub.call(school_pb2.GetSchoolRequest(), school_pb2.School)
        except HubRefused:
            levels = dict.fromkeys(["certificate", "diploma", "higher diploma", "bachelor"])
            wanted = school_pb2.School(
                name=college.name, code=college.code, time_zone="Africa/Nairobi", locale="en", programme_levels=levels
            )
            request = school_pb2.CreateSchoolRequest(request_id=new_request_id(), school=wanted)
            self._hub.call(request, school_pb2.School)
            return
        if there.code != college.code:
            raise SeedRefused(f"This hub serves {there.name} already: seed an empty hub (another --data-dir).")

    def _structure(self) -> None:
        college = self._college
        rows: dict[str, list[dict[str, Value]]] = {
            "Departments": [{"Code": one.code, "Name": one.name} for one in college.departments],
            "Programmes": [
                {
                    "Department": one.department,
                    "Code": one.code,
                    "Name": one.name,
                    "Level": one.level,
                    "Years": one.years,
                    "Terms a year": len(college.terms),
                }
                for one in college.programmes
            ],
            "ClassGroups": [
                {
                    "Programme": one.programme,
                    "Intake": one.intake_year,
                    "Stream": one.stream,
                    "Name": one.name,
                    "Places": one.capacity,
                }
                for one in college.class_groups
            ],
            "Terms": [
                {
                    "Academic year": college.year_name,
                    "Year from": college.start_date,
                    "Year to": college.end_date,
                    "Term": one.number,
                    "From": one.start_date,
                    "To": one.end_date,
                    "Active year": "yes",
                }
                for one in college.terms
            ],
        }
        template = self._hub.call(structure_pb2.GetStructureTemplateRequest(), imports_pb2.Workbook).content
        filled = fill_template(template, rows | {"Holidays": []})
        self._import("Structure", structure_pb2.ImportStructureRequest(workbook=filled))

    def _holidays(self) -> None:
        start, end = self._college.start_date.isoformat(), self._college.end_date.isoformat()
        request = school_pb2.ImportHolidaysRequest(country="KE", start_date=start, end_date=end)
        self._hub.call(request, school_pb2.ImportHolidaysResponse)

    def _people(self) -> None:
        college = self._college
        trainers: Iterable[dict[str, Value]] = (
            {
                "E-mail": one.person.email,
                "Given name": one.person.given_name,
                "Family name": one.person.family_name,
                "Staff number": one.staff_number,
                "Department": one.department,
                "Most hours a week": _MAX_WEEKLY_HOURS,
                "Phone": one.person.phone,
                "Gender": one.person.gender,
            }
            for one in college.trainers
        )
        template = self._hub.call(registration_pb2.GetTrainersTemplateRequest(), imports_pb2.Workbook).content
        for rows in _batches(trainers, _ROWS_A_FILE):
            filled = fill_template(template, {"Trainers": rows})
            self._import("Trainers", registration_pb2.ImportTrainersRequest(workbook=filled))
        trainees = (trainee_row(one, since=college.start_date) for one in college.trainees)
        template = self._hub.call(registration_pb2.GetTraineesTemplateRequest(), imports_pb2.Workbook).content
        for rows in _batches(trainees, _ROWS_A_FILE):
            filled = fill_template(template, {"Trainees": rows})
            self._import("Trainees", registration_pb2.ImportTraineesRequest(workbook=filled))

    def _heads(self, departments: dict[str, str]) -> None:
        listed = self._hub.items(school_pb2.ListDepartmentsRequest(), school_pb2.ListDepartmentsResponse)
        headed = {department.code for department in listed if department.hod_user_id}
        heads = [one for one in self._college.trainers if one.is_head]
        for one in self._missing("Heads of department", heads, lambda one: one.department in headed):
            request = school_pb2.AppointHeadRequest(
                department_id=departments[one.department],
                user_id=self._user_id(one.person.email),
                appointed_date=self._college.start_date.isoformat(),
            )
            self._hub.call(request, school_pb2.Department)

    def _courses(self, departments: dict[str, str]) -> dict[str, str]:
        there = self._ids(courses_pb2.ListCoursesRequest(), courses_pb2.ListCoursesResponse, "code")
        # A prerequisite stands before the course that needs it.
        for one in self._missing("Courses", self._college.courses, lambda one: one.code in there):
            course = courses_pb2.Course(
                code=one.code,
                title=one.title,
                department_id=departments[one.department],
                credit_hours=one.theory_hours + one.practical_hours,
                weekly_theory=_hours(one.theory_hours),
                weekly_practical=_hours(one.practical_hours),
                default_session_length=_hours(1 if one.practical_hours == 0 else 2),
                prerequisite_ids=[there[code] for code in one.prerequisites],
            )
            request = courses_pb2.CreateCourseRequest(request_id=new_request_id(), course=course)
            there[one.code] = self._hub.call(request, courses_pb2.Course).id
        return there

    def _curricula(self, programmes: dict[str, str], courses: dict[str, str]) -> None:
        rooms = {one.code: one.practical_room for one in self._college.courses}
        listed = self._hub.items(
            curriculum_pb2.ListProgrammeCoursesRequest(), curriculum_pb2.ListProgrammeCoursesResponse
        )
        there = {(one.programme_id, one.course_id) for one in listed}
        lines = [(programme, line) for programme in self._college.programmes for line in programme.curriculum]
        for programme, line in self._missing(
            "Curricula", lines, lambda both: (programmes[both[0].code], courses[both[1].course]) in there
        ):
            wanted = curriculum_pb2.ProgrammeCourse(
                programme_id=programmes[programme.code],
                course_id=courses[line.course],
                year_of_study=line.year_of_study,
                term_number=line.term,
                kind=curriculum_pb2.ProgrammeCourse.KIND_ELECTIVE
                if line.elective
                else curriculum_pb2.ProgrammeCourse.KIND_CORE,
                theory_room_type="classroom",
                practical_room_type=rooms[line.course],
            )
            self._hub.call(
                curriculum_pb2.CreateProgrammeCourseRequest(request_id=new_request_id(), programme_course=wanted),
                curriculum_pb2.ProgrammeCourse,
            )

    def _enrolments(self) -> None:
        """Every class group in the courses due, each with the trainer of its department who has least to do then."""
        courses = {course.code: course for course in self._college.courses}
        for term in self._hub.items(school_pb2.ListTermsRequest(), school_pb2.ListTermsResponse):
            hours = {(one.department, one.staff_number): 0 for one in self._college.trainers}

            def trainer_for(row: Mapping[str, Value], hours: dict[tuple[str, str], int] = hours) -> str:
                course = courses[str(row["Course code"])]
                least = min((one for one in hours if one[0] == course.department), key=lambda one: hours[one])
                hours[least] += course.theory_hours + course.practical_hours
                return least[1]

            request = enrolments_pb2.GetEnrolmentsTemplateRequest(term_id=term.id)
            template = self._hub.call(request, imports_pb2.Workbook).content
            filled = fill_column(template, "Enrolments", "Trainer", trainer_for)
            stage = f"Enrolments, term {term.number}"
            self._import(stage, enrolments_pb2.ImportEnrolmentsRequest(term_id=term.id, workbook=filled))

    def _rooms(self) -> None:
        there = self._ids(timetable_pb2.ListRoomsRequest(), timetable_pb2.ListRoomsResponse, "code")
        for one in self._missing("Rooms", self._college.rooms, lambda one: one.code in there):
            centre = timetable_pb2.LatLng(latitude=one.latitude, longitude=one.longitude)
            room = timetable_pb2.Room(
                code=one.code,
                name=one.name,
                building=one.building,
                room_type=one.room_type,
                capacity=one.capacity,
                facilities=one.facilities,
                geofence=timetable_pb2.Geofence(
                    circle=timetable_pb2.Geofence.Circle(centre=centre, radius_m=_FENCE_METRES)
                ),
                max_accuracy_m=_ACCURACY_METRES,
            )
            request = timetable_pb2.CreateRoomRequest(request_id=new_request_id(), room=room)
            self._hub.call(request, timetable_pb2.Room)

    def _day_pattern(self) -> None:
        """Eight teaching hours on five days, with a tea and a lunch break between; one that is there stays."""
        there = self._hub.call(planning_pb2.GetDayPatternRequest(), planning_pb2.DayPattern)
        if there.days:
            return
        periods = [
            planning_pb2.Period(start_time_of_day=start, end_time_of_day=end, is_break=name != "", name=name)
            for start, end, name in _PERIODS
        ]
        days = [planning_pb2.PatternDay(weekday=weekday, periods=periods) for weekday in range(1, 6)]
        request = planning_pb2.UpdateDayPatternRequest(day_pattern=planning_pb2.DayPattern(days=days))
        self._hub.call(request, planning_pb2.DayPattern)

    def _missing(self, stage: str, wanted: Sequence[T], is_there: Callable[[T], bool]) -> Iterator[T]:
        """What the hub lacks, one after another; what was handed out before is stored when the next is asked for."""
        for done, one in enumerate(wanted):
            self._progress(stage, done, len(wanted))
            if not is_there(one):
                yield one
        self._progress(stage, len(wanted), len(wanted))

    def _ids(self, request: Message, answer: type[Any], key: str) -> dict[str, str]:
        return {getattr(one, key): one.id for one in self._hub.items(request, answer)}

    def _user_id(self, email: str) -> str:
        request = users_pb2.ListUsersRequest(query=email)
        found: dict[str, str] = {one.email: one.id for one in self._hub.items(request, users_pb2.ListUsersResponse)}
        return found[email]

    def _import(self, stage: str, request: Message) -> None:
        for update in self._hub.stream(request, imports_pb2.ImportUpdate):
            if update.WhichOneof("update") == "progress":
                self._progress(stage, update.progress.done_rows, update.progress.total_rows)
                continue
            if update.outcome.problems:
                first = update.outcome.problems[0]
                raise SeedRefused(
                    f"The hub refuses {len(update.outcome.problems)} rows of the {stage.lower()}; the first, "
                    f"row {first.row}, {first.column}: {first.reason} ({first.value})."
                )


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _hours(count: int) -> Duration:
    duration = Duration()
    duration.FromTimedelta(timedelta(hours=count))
    return duration
