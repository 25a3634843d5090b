"""A small college, made through the API as an administrator would."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from provisioning.demo.cast import GRACE, TRAINEES, Person, registration_photos
from provisioning.demo.processes import DemoFailed
from provisioning.hub_client import HubClient, new_request_id
from provisioning.profile import utc_now
from smartroster.attendance.v1 import attendance_pb2, room_pb2
from smartroster.courses.v1 import courses_pb2, curriculum_pb2, enrolments_pb2
from smartroster.faces.v1 import faces_pb2
from smartroster.jobs.v1 import jobs_pb2
from smartroster.school.v1 import school_pb2
from smartroster.timetable.v1 import planning_pb2, timetable_pb2, versions_pb2
from smartroster.users.v1 import users_pb2

PLACE = (-1.2921, 36.8219)
ROOM = "B12"
LATE_GRACE = timedelta(seconds=50)
LESSON = timedelta(minutes=12)
_TERM = timedelta(days=60)


@dataclass(slots=True)
class College:
    room_id: str = ""
    term_id: str = ""
    time_zone: str = ""
    first_plan: str = ""
    """The job that generates it."""
    user_ids: dict[str, str] = field(default_factory=dict)
    """By e-mail."""

    def id_of(self, person: Person) -> str:
        return self.user_ids[person.email]


def found_college(hub: HubClient, *, trainer_password: str) -> College:
    """Everything but faces and sessions."""
    college = College(time_zone=_zone_with_time_left())
    today = utc_now().astimezone(ZoneInfo(college.time_zone)).date()
    first_day = today - _TERM
    first, last = first_day.isoformat(), (today + _TERM).isoformat()
    school = school_pb2.School(name="Karen Technical College", code="KTC", time_zone=college.time_zone, locale="en")
    hub.call(school_pb2.CreateSchoolRequest(request_id=new_request_id(), school=school), school_pb2.School)
    department = hub.call(
        school_pb2.CreateDepartmentRequest(
            request_id=new_request_id(), department=school_pb2.Department(code="ICT", name="Computing")
        ),
        school_pb2.Department,
    )
    programme = hub.call(
        school_pb2.CreateProgrammeRequest(
            request_id=new_request_id(),
            programme=school_pb2.Programme(
                department_id=department.id,
                code="DSE",
                name="Software Engineering",
                level="diploma",
                duration_years=2,
                terms_per_year=3,
            ),
        ),
        school_pb2.Programme,
    )
    group = hub.call(
        school_pb2.CreateClassGroupRequest(
            request_id=new_request_id(),
            class_group=school_pb2.ClassGroup(
                programme_id=programme.id, intake_year=first_day.year, stream="A", capacity=30
            ),
        ),
        school_pb2.ClassGroup,
    )
    year = hub.call(
        school_pb2.CreateAcademicYearRequest(
            request_id=new_request_id(),
            academic_year=school_pb2.AcademicYear(name="Demo", start_date=first, end_date=last, active=True),
        ),
        school_pb2.AcademicYear,
    )
    term = hub.call(
        school_pb2.CreateTermRequest(
            request_id=new_request_id(),
            term=school_pb2.Term(academic_year_id=year.id, number=1, start_date=first, end_date=last),
        ),
        school_pb2.Term,
    )
    _create_people(hub, college, department.id, group.id, first, trainer_password)
    course = hub.call(
        courses_pb2.CreateCourseRequest(
            request_id=new_request_id(),
            course=courses_pb2.Course(
                code="CMP1",
                title="Compilers",
                department_id=department.id,
                credit_hours=3,
                weekly_theory=Duration(seconds=int(LESSON.total_seconds())),
                default_session_length=Duration(seconds=int(LESSON.total_seconds())),
            ),
        ),
        courses_pb2.Course,
    )
    line = curriculum_pb2.ProgrammeCourse(
        programme_id=programme.id,
        course_id=course.id,
        year_of_study=1,
        term_number=1,
        kind=curriculum_pb2.ProgrammeCourse.KIND_CORE,
    )
    hub.call(
        curriculum_pb2.CreateProgrammeCourseRequest(request_id=new_request_id(), programme_course=line),
        curriculum_pb2.ProgrammeCourse,
    )
    hub.call(
        enrolments_pb2.CreateEnrolmentRequest(
            request_id=new_request_id(),
            enrolment=enrolments_pb2.Enrolment(
                class_group_id=group.id, course_id=course.id, term_id=term.id, trainer_id=college.id_of(GRACE)
            ),
        ),
        enrolments_pb2.Enrolment,
    )
    college.term_id = term.id
    college.room_id = _create_room(hub)
    begin_first_plan(hub, college)
    return college


def register_faces(hub: HubClient, college: College) -> int:
    """Consent and templates of everybody who has photos; how many templates there are."""
    templates = 0
    for person in (GRACE, *TRAINEES):
        if not person.photos:
            continue
        person_id = college.id_of(person)
        hub.call(faces_pb2.GiveConsentRequest(request_id=new_request_id(), person_id=person_id), faces_pb2.Consent)
        made = hub.call(
            faces_pb2.RegisterFaceRequest(
                request_id=new_request_id(), person_id=person_id, photos=registration_photos(person)
            ),
            faces_pb2.FaceRegistration,
        )
        templates += made.template_count
    return templates


def set_policy(hub: HubClient) -> None:
    """A lesson of minutes has a grace of seconds; a face that looks like a picture is not let in."""
    policy = room_pb2.AttendancePolicy(
        late_grace=Duration(seconds=int(LATE_GRACE.total_seconds())), reject_suspect_faces=True
    )
    mask = FieldMask(paths=["late_grace", "reject_suspect_faces"])
    hub.call(
        attendance_pb2.UpdateAttendancePolicyRequest(attendance_policy=policy, update_mask=mask),
        room_pb2.AttendancePolicy,
    )


def begin_first_plan(hub: HubClient, college: College) -> None:
    """Have the hub generate a plan by ordinary hours, of which the lesson's will be a change; it takes a while when the
    search is new to this computer.
    """
    hours = [(8, 10), (10, 12), (14, 16)]
    periods = [
        planning_pb2.Period(start_time_of_day=f"{start:02}:00", end_time_of_day=f"{end:02}:00") for start, end in hours
    ]
    _set_pattern(hub, [planning_pb2.PatternDay(weekday=day, periods=periods) for day in range(1, 6)])
    college.first_plan = _generate(hub, college, "Ordinary hours")


def plan_lesson(hub: HubClient, college: College, start_time: datetime) -> tuple[attendance_pb2.Session, str] | None:
    """Generate the term's timetable anew for a day pattern whose one teaching period begins at the given time, and
    publish it; the lesson that it makes, and in words what was done. None when it was published too late for that time.
    """
    first = _end_of(hub, college.first_plan)
    local = start_time.astimezone(ZoneInfo(college.time_zone))
    period = planning_pb2.Period(
        start_time_of_day=local.time().isoformat(), end_time_of_day=(local + LESSON).time().isoformat()
    )
    _set_pattern(hub, [planning_pb2.PatternDay(weekday=local.isoweekday(), periods=[period])])
    job = _end_of(hub, _generate(hub, college, "The demo's lesson", base=str(first.result["version_id"])))
    request = versions_pb2.PublishTimetableRequest(
        term_id=college.term_id, timetable_version_id=str(job.result["version_id"])
    )
    published = hub.call(request, versions_pb2.PublishTimetableResponse)
    sessions = hub.items(
        attendance_pb2.ListSessionsRequest(room_id=college.room_id), attendance_pb2.ListSessionsResponse
    )
    found = [one for one in sessions if one.planned_start_time == _timestamp(start_time)]
    if not found and utc_now() >= start_time:
        return None
    if len(found) != 1:
        raise DemoFailed(f"The published timetable has {len(found)} lessons at {start_time:%H:%M:%S} UTC, not one.")
    return found[0], (
        f"generated in {job.result['elapsed_seconds']:.1f} s: {published.published_entries} lesson a week, none left "
        f"over; published: {published.created_sessions} sessions"
    )


def _set_pattern(hub: HubClient, days: Sequence[planning_pb2.PatternDay]) -> None:
    request = planning_pb2.UpdateDayPatternRequest(day_pattern=planning_pb2.DayPattern(days=days))
    hub.call(request, planning_pb2.DayPattern)


def _generate(hub: HubClient, college: College, title: str, *, base: str = "") -> str:
    """The job's id."""
    request = planning_pb2.GenerateTimetableRequest(
        request_id=new_request_id(),
        term_id=college.term_id,
        base_version_id=base,
        moves=1000,
        cores=1,
        title=title,
    )
    return hub.call(request, jobs_pb2.Job).id


def _end_of(hub: HubClient, job_id: str) -> jobs_pb2.Job:
    """The generation that has placed every lesson; raises DemoFailed for another."""
    *_, job = hub.stream(jobs_pb2.WatchJobRequest(job_id=job_id), jobs_pb2.Job)
    if job.state != jobs_pb2.Job.STATE_SUCCEEDED or job.result["unplaced"]:
        raise DemoFailed(f"No timetable was generated: {job.failure or job.result}")
    return job


def _create_people(
    hub: HubClient, college: College, department_id: str, group_id: str, member_since: str, trainer_password: str
) -> None:
    trainer = users_pb2.User(
        email=GRACE.email,
        given_name=GRACE.given_name,
        family_name=GRACE.family_name,
        roles=[users_pb2.ROLE_TRAINER],
        trainer=users_pb2.TrainerProfile(staff_number=GRACE.number, department_id=department_id),
    )
    users = [(trainer, trainer_password)]
    for person in TRAINEES:
        profile = users_pb2.TraineeProfile(
            admission_number=person.number, class_group_id=group_id, membership_start_date=member_since
        )
        user = users_pb2.User(
            email=person.email,
            given_name=person.given_name,
            family_name=person.family_name,
            roles=[users_pb2.ROLE_TRAINEE],
            trainee=profile,
        )
        users.append((user, ""))
    for user, password in users:
        made = hub.call(
            users_pb2.CreateUserRequest(
                request_id=new_request_id(), user=user, password=password, email_verified=bool(password)
            ),
            users_pb2.User,
        )
        college.user_ids[made.email] = made.id


def _create_room(hub: HubClient) -> str:
    circle = timetable_pb2.Geofence.Circle(
        centre=timetable_pb2.LatLng(latitude=PLACE[0], longitude=PLACE[1]), radius_m=30
    )
    room = timetable_pb2.Room(
        code=ROOM,
        name="Computing lab",
        room_type="lab",
        capacity=30,
        geofence=timetable_pb2.Geofence(circle=circle),
        max_accuracy_m=50,
        state=timetable_pb2.Room.STATE_IN_USE,
    )
    return hub.call(timetable_pb2.CreateRoomRequest(request_id=new_request_id(), room=room), timetable_pb2.Room).id


def _zone_with_time_left() -> str:
    """Nairobi's, unless it is about midnight there: a lesson begins and ends on one day."""
    hour = utc_now().astimezone(ZoneInfo("Africa/Nairobi")).hour
    return "Africa/Nairobi" if 0 < hour < 23 else "Africa/Accra"  # noqa: PLR2004 (an hour of the day)


def _timestamp(instant: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
