"""Names as people say them ("B12", an e-mail, a class group) to the objects that the API knows by id."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from provisioning.errors import BadInput, NotOne
from provisioning.hub_client import HubClient, is_uuid
from smartroster.courses.v1 import courses_pb2, enrolments_pb2
from smartroster.devices.v1 import devices_pb2
from smartroster.school.v1 import school_pb2
from smartroster.timetable.v1 import timetable_pb2
from smartroster.users.v1 import users_pb2

T = TypeVar("T")


def room(hub: HubClient, text: str) -> timetable_pb2.Room:
    if is_uuid(text):
        return hub.call(timetable_pb2.GetRoomRequest(room_id=text), timetable_pb2.Room)
    rooms = hub.items(timetable_pb2.ListRoomsRequest(code=text), timetable_pb2.ListRoomsResponse)
    return _only(timetable_pb2.Room, rooms, f'room "{text}"', "roster rooms list")


def user(hub: HubClient, text: str) -> users_pb2.User:
    """By id, e-mail, admission number, staff number, or a beginning of the name that fits one person alone."""
    if is_uuid(text):
        return hub.call(users_pb2.GetUserRequest(user_id=text), users_pb2.User)
    found = list(hub.items(users_pb2.ListUsersRequest(query=text, include_disabled=True), users_pb2.ListUsersResponse))
    exact = [
        one
        for one in found
        if text.casefold()
        in (one.email.casefold(), one.trainee.admission_number.casefold(), one.trainer.staff_number.casefold())
    ]
    return _only(users_pb2.User, exact or found, f'person "{text}"', f'roster users list "{text}"')


def device(hub: HubClient, text: str) -> devices_pb2.Device:
    if is_uuid(text):
        return hub.call(devices_pb2.GetDeviceRequest(device_id=text), devices_pb2.Device)
    devices = hub.items(devices_pb2.ListDevicesRequest(), devices_pb2.ListDevicesResponse)
    return _only(
        devices_pb2.Device, (one for one in devices if one.name == text), f'device "{text}"', "roster devices list"
    )


def department(hub: HubClient, text: str) -> school_pb2.Department:
    found = hub.items(school_pb2.ListDepartmentsRequest(include_archived=True), school_pb2.ListDepartmentsResponse)
    return _only(
        school_pb2.Department,
        (one for one in found if text in (one.id, one.code)),
        f'department "{text}"',
        "roster departments list",
    )


def programme(hub: HubClient, text: str) -> school_pb2.Programme:
    found = hub.items(school_pb2.ListProgrammesRequest(include_archived=True), school_pb2.ListProgrammesResponse)
    return _only(
        school_pb2.Programme,
        (one for one in found if text in (one.id, one.code)),
        f'programme "{text}"',
        "roster programmes list",
    )


def class_group(hub: HubClient, text: str) -> school_pb2.ClassGroup:
    found = hub.items(school_pb2.ListClassGroupsRequest(include_archived=True), school_pb2.ListClassGroupsResponse)
    return _only(
        school_pb2.ClassGroup,
        (one for one in found if text in (one.id, one.name)),
        f'class group "{text}"',
        "roster groups list",
    )


def course(hub: HubClient, text: str) -> courses_pb2.Course:
    found = hub.items(courses_pb2.ListCoursesRequest(include_archived=True), courses_pb2.ListCoursesResponse)
    return _only(
        courses_pb2.Course,
        (one for one in found if text in (one.id, one.code)),
        f'course "{text}"',
        "roster courses list",
    )


def academic_year(hub: HubClient, text: str) -> school_pb2.AcademicYear:
    found = hub.items(school_pb2.ListAcademicYearsRequest(), school_pb2.ListAcademicYearsResponse)
    return _only(
        school_pb2.AcademicYear,
        (one for one in found if text in (one.id, one.name)),
        f'academic year "{text}"',
        "roster years list",
    )


def term(hub: HubClient, text: str | None) -> school_pb2.Term:
    """By id, or by its first day; without either the term that runs."""
    found = hub.items(school_pb2.ListTermsRequest(), school_pb2.ListTermsResponse)
    if text is None:
        return _only(
            school_pb2.Term, (one for one in found if one.current), "term that runs today", "roster terms list"
        )
    return _only(
        school_pb2.Term,
        (one for one in found if text in (one.id, one.start_date)),
        f'term "{text}"',
        "roster terms list",
    )


def calendar_day(hub: HubClient, text: str, group: str | None) -> school_pb2.CalendarDay:
    """By id, or by its date: then that of the whole school, or of the class group."""
    if is_uuid(text):
        return hub.call(school_pb2.GetCalendarDayRequest(calendar_day_id=text), school_pb2.CalendarDay)
    date_text = day(text)
    group_id = class_group(hub, group).id if group else ""
    found = hub.items(
        school_pb2.ListCalendarDaysRequest(start_date=date_text, end_date=date_text),
        school_pb2.ListCalendarDaysResponse,
    )
    return _only(
        school_pb2.CalendarDay,
        (one for one in found if one.class_group_id == group_id),
        f'free day "{text}"',
        "roster calendar list",
    )


def enrolment(hub: HubClient, text: str) -> enrolments_pb2.Enrolment:
    """By id, or "COURSE@GROUP" in the term that runs."""
    if is_uuid(text):
        return hub.call(enrolments_pb2.GetEnrolmentRequest(enrolment_id=text), enrolments_pb2.Enrolment)
    code, _, group = text.partition("@")
    if not group:
        raise NotOne(f'"{text}" is no enrolment: give its id, or COURSE@CLASS-GROUP.')
    wanted = enrolments_pb2.ListEnrolmentsRequest(term_id=term(hub, None).id, class_group_id=class_group(hub, group).id)
    course_id = course(hub, code).id
    found = hub.items(wanted, enrolments_pb2.ListEnrolmentsResponse)
    return _only(
        enrolments_pb2.Enrolment,
        (one for one in found if one.course_id == course_id),
        f'enrolment "{text}"',
        "roster enrolments list",
    )


def enrolment_names(hub: HubClient, term_ids: Iterable[str]) -> dict[str, str]:
    """What `enrolment` takes, COURSE@GROUP, by the ids of the enrolments of these terms."""
    courses = courses_pb2.ListCoursesRequest(include_archived=True)
    groups = school_pb2.ListClassGroupsRequest(include_archived=True)
    codes = {one.id: one.code for one in hub.items(courses, courses_pb2.ListCoursesResponse)}
    names = {one.id: one.name for one in hub.items(groups, school_pb2.ListClassGroupsResponse)}
    return {
        one.id: f"{codes[one.course_id]}@{names[one.class_group_id]}"
        for term_id in set(term_ids)
        for one in hub.items(
            enrolments_pb2.ListEnrolmentsRequest(term_id=term_id), enrolments_pb2.ListEnrolmentsResponse
        )
    }


def room_codes(hub: HubClient) -> dict[str, str]:
    """By the rooms' ids."""
    return {one.id: one.code for one in hub.items(timetable_pb2.ListRoomsRequest(), timetable_pb2.ListRoomsResponse)}


def put(message: Message, **values: object) -> list[str]:
    """Set those of the fields that are not None; answers which, for an update mask."""
    given = [name for name, value in values.items() if value is not None]
    for name in given:
        setattr(message, name, values[name])
    return given


def mask(changed: list[str]) -> FieldMask:
    """The update mask of what `put` has set; BadInput when that is nothing."""
    if not changed:
        raise BadInput("Say what is to change: see --help.")
    return FieldMask(paths=changed)


def day(text: str) -> str:
    """A day as the API takes it; "today" is one too."""
    if text == "today":
        return date.today().isoformat()  # noqa: DTZ011 (the day where the admin sits)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotOne(f'"{text}" is no day: give it as YYYY-MM-DD.') from None


def _only(_kind: type[T], found: Iterable[Any], what: str, list_command: str) -> T:
    found = list(found)
    if len(found) == 1:
        only: T = found[0]
        return only
    if not found:
        raise NotOne(f"There is no {what}: see `{list_command}`.")
    raise NotOne(f"{len(found)} fit {what}: give the id, see `{list_command}`.")
