"""A small college, made through the API as an administrator would."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from provisioning.demo.cast import GRACE, TRAINEES, Person, registration_photos
from provisioning.hub_client import HubClient, new_request_id
from provisioning.profile import utc_now
from smartroster.attendance.v1 import attendance_pb2, room_pb2
from smartroster.courses.v1 import courses_pb2, curriculum_pb2, enrolments_pb2
from smartroster.faces.v1 import faces_pb2
from smartroster.school.v1 import school_pb2
from smartroster.timetable.v1 import timetable_pb2
from smartroster.users.v1 import users_pb2

PLACE = (-1.2921, 36.8219)
ROOM = "B12"
LATE_GRACE = timedelta(seconds=50)
LESSON = timedelta(minutes=12)
_TERM = timedelta(days=60)


@dataclass(slots=True)
class College:
    room_id: str = ""
    enrolment_id: str = ""
    user_ids: dict[str, str] = field(default_factory=dict)
    """By e-mail."""

    def id_of(self, person: Person) -> str:
        return self.user_ids[person.email]


def found_college(hub: HubClient, *, trainer_password: str) -> College:
    """Everything but faces and sessions."""
    college = College()
    today = utc_now().date()
    first_day = today - _TERM
    first, last = first_day.isoformat(), (today + _TERM).isoformat()
    school = school_pb2.School(name="Karen Technical College", code="KTC", time_zone="Africa/Nairobi", locale="en")
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
                weekly_theory=Duration(seconds=7200),
                default_session_length=Duration(seconds=3600),
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
    college.enrolment_id = hub.call(
        enrolments_pb2.CreateEnrolmentRequest(
            request_id=new_request_id(),
            enrolment=enrolments_pb2.Enrolment(
                class_group_id=group.id, course_id=course.id, term_id=term.id, trainer_id=college.id_of(GRACE)
            ),
        ),
        enrolments_pb2.Enrolment,
    ).id
    college.room_id = _create_room(hub)
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


def schedule_lesson(hub: HubClient, college: College, start_time: datetime) -> attendance_pb2.Session:
    session = attendance_pb2.Session(
        enrolment_id=college.enrolment_id,
        room_id=college.room_id,
        planned_start_time=_timestamp(start_time),
        planned_end_time=_timestamp(start_time + LESSON),
        kind=attendance_pb2.Session.KIND_REGULAR,
    )
    return hub.call(
        attendance_pb2.CreateSessionRequest(request_id=new_request_id(), session=session), attendance_pb2.Session
    )


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


def _timestamp(instant: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
