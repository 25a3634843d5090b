"""The servicers of every domain, made and joined."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from hub.attendance import service as attendance
from hub.attendance.lessons import LessonsOfAttendance
from hub.attendance.live import LiveBoard
from hub.attendance.rpc import AttendanceServicer, RoomServicer, StatisticsServicer
from hub.attendance.service.personal_data import personal_data as attendance_personal_data
from hub.courses.college import CollegeOfThisHub
from hub.courses.due import CurriculumOfThisHub
from hub.courses.rpc import CoursesServicer, CurriculumServicer, EnrolmentsServicer, OneRosterServicer, ProgressServicer
from hub.courses.service.erasure import personal_data as courses_personal_data
from hub.db.database import Database
from hub.devices.authority import Authority
from hub.devices.command_board import CommandBoard
from hub.devices.rpc import DeviceServicer, DevicesServicer, EnrolmentServicer
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.rpc import FacesServicer
from hub.jobs.rpc import JobsServicer
from hub.notifications.broker_access import BrokerAccess
from hub.notifications.rpc import NotificationsServicer
from hub.rpc.auth import Gate, UserGate
from hub.rpc.server import Service
from hub.school.rpc.rollover import RolloverServicer
from hub.school.rpc.school import SchoolServicer
from hub.school.rpc.statistics import SchoolStatisticsServicer
from hub.school.rpc.workbook import StructureServicer
from hub.settings import Settings
from hub.timetable import queries as timetable_queries
from hub.timetable.load import LoadsOfTimetable
from hub.timetable.rpc import (
    AssistantServicer,
    AvailabilityServicer,
    PlanningServicer,
    TimetableServicer,
    VersionsServicer,
)
from hub.timetable.schedule.rpc import ScheduleServicer
from hub.timetable.teaching import TeachingOfThisHub
from hub.users.passwords import Passwords
from hub.users.rpc.account import AccountServicer
from hub.users.rpc.auth import AuthServicer
from hub.users.rpc.registration import RegistrationServicer
from hub.users.rpc.users import UsersServicer
from hub.users.sealing import SecretBox
from hub.users.service import sign_in
from hub.users.tokens import AccessTokens, TokenKeys
from smartroster.attendance.v1 import attendance_pb2_grpc, room_pb2_grpc
from smartroster.attendance.v1 import statistics_pb2_grpc as attendance_statistics_pb2_grpc
from smartroster.courses.v1 import (
    courses_pb2_grpc,
    curriculum_pb2_grpc,
    enrolments_pb2_grpc,
    one_roster_pb2_grpc,
    progress_pb2_grpc,
)
from smartroster.devices.v1 import devices_pb2_grpc
from smartroster.faces.v1 import faces_pb2_grpc
from smartroster.jobs.v1 import jobs_pb2_grpc
from smartroster.notifications.v1 import notifications_pb2_grpc
from smartroster.school.v1 import rollover_pb2_grpc, school_pb2_grpc, statistics_pb2_grpc, structure_pb2_grpc
from smartroster.timetable.v1 import (
    assistant_pb2_grpc,
    availability_pb2_grpc,
    planning_pb2_grpc,
    schedule_pb2_grpc,
    timetable_pb2_grpc,
    versions_pb2_grpc,
)
from smartroster.users.v1 import account_pb2_grpc, registration_pb2_grpc, users_pb2_grpc


@dataclass(frozen=True, slots=True)
class Parts:
    """What servicers are made from. `stack` closes at the hub's stop; `address_of` a door answers once it is open."""

    settings: Settings
    stack: AsyncExitStack
    database: Database
    authority: Authority
    access: BrokerAccess
    keys: KeyRing
    encoder: FaceEncoder
    address_of: Callable[[str], Callable[[], str]]
    web_url: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Services:
    """The services of each port, and who may come in at the API port."""

    api: list[Service]
    device: list[Service]
    enrolment: list[Service]
    users: Gate


def services_of(parts: Parts) -> Services:
    """Every servicer of the hub."""
    settings, database, authority = parts.settings, parts.database, parts.authority
    access, keys, encoder = parts.access, parts.keys, parts.encoder
    college, loads = CollegeOfThisHub(), LoadsOfTimetable()
    passwords = Passwords()
    parts.stack.callback(passwords.close)
    tokens = AccessTokens(TokenKeys.load_or_create(settings.secrets_dir), audience=settings.site)
    box = SecretBox.open(settings.secrets_dir)
    board = CommandBoard(database)
    live = LiveBoard()
    device_address = parts.address_of("device")
    api = [
        Service(
            users_pb2_grpc.add_AuthServiceServicer_to_server,
            AuthServicer(database, passwords=passwords, tokens=tokens, box=box, college=college, loads=loads),
        ),
        Service(
            account_pb2_grpc.add_AccountServiceServicer_to_server,
            AccountServicer(database, passwords=passwords, box=box, issuer=settings.site),
        ),
        Service(
            users_pb2_grpc.add_UsersServiceServicer_to_server,
            UsersServicer(
                database,
                passwords=passwords,
                college=college,
                loads=loads,
                sources=[attendance_personal_data, courses_personal_data],
            ),
        ),
        Service(
            registration_pb2_grpc.add_RegistrationServiceServicer_to_server,
            RegistrationServicer(database, college=college),
        ),
        Service(school_pb2_grpc.add_SchoolServiceServicer_to_server, SchoolServicer(database, college=college)),
        Service(
            statistics_pb2_grpc.add_SchoolStatisticsServiceServicer_to_server,
            SchoolStatisticsServicer(database, teaching=TeachingOfThisHub()),
        ),
        Service(structure_pb2_grpc.add_StructureServiceServicer_to_server, StructureServicer(database)),
        Service(
            rollover_pb2_grpc.add_RolloverServiceServicer_to_server,
            RolloverServicer(database, curriculum=CurriculumOfThisHub()),
        ),
        Service(courses_pb2_grpc.add_CoursesServiceServicer_to_server, CoursesServicer(database)),
        Service(curriculum_pb2_grpc.add_CurriculumServiceServicer_to_server, CurriculumServicer(database)),
        Service(enrolments_pb2_grpc.add_EnrolmentsServiceServicer_to_server, EnrolmentsServicer(database)),
        Service(
            one_roster_pb2_grpc.add_OneRosterServiceServicer_to_server, OneRosterServicer(database, college=college)
        ),
        Service(
            progress_pb2_grpc.add_ProgressServiceServicer_to_server,
            ProgressServicer(database, lessons=LessonsOfAttendance()),
        ),
        Service(
            timetable_pb2_grpc.add_TimetableServiceServicer_to_server,
            TimetableServicer(database, materialise=attendance.materialise),
        ),
        Service(
            versions_pb2_grpc.add_VersionsServiceServicer_to_server,
            VersionsServicer(database, materialise=attendance.materialise),
        ),
        Service(availability_pb2_grpc.add_AvailabilityServiceServicer_to_server, AvailabilityServicer(database)),
        Service(assistant_pb2_grpc.add_AssistantServiceServicer_to_server, AssistantServicer(database)),
        Service(planning_pb2_grpc.add_PlanningServiceServicer_to_server, PlanningServicer(database)),
        Service(
            schedule_pb2_grpc.add_ScheduleServiceServicer_to_server,
            ScheduleServicer(database, site=settings.site, door=parts.web_url),
        ),
        Service(faces_pb2_grpc.add_FacesServiceServicer_to_server, FacesServicer(database, keys=keys, encoder=encoder)),
        Service(
            devices_pb2_grpc.add_DevicesServiceServicer_to_server,
            DevicesServicer(
                database,
                authority=authority,
                board=board,
                find_room=timetable_queries.get_room,
                enrolment_address=parts.address_of("enrolment"),
            ),
        ),
        Service(attendance_statistics_pb2_grpc.add_StatisticsServiceServicer_to_server, StatisticsServicer(database)),
        Service(
            attendance_pb2_grpc.add_AttendanceServiceServicer_to_server,
            AttendanceServicer(database, keys=keys, encoder=encoder, live=live),
        ),
        Service(jobs_pb2_grpc.add_JobsServiceServicer_to_server, JobsServicer(database)),
        Service(
            notifications_pb2_grpc.add_NotificationsServiceServicer_to_server,
            NotificationsServicer(database, broker_access=access),
        ),
    ]
    device = [
        Service(
            devices_pb2_grpc.add_DeviceServiceServicer_to_server,
            DeviceServicer(database, authority=authority, board=board, device_address=device_address),
        ),
        Service(
            room_pb2_grpc.add_RoomServiceServicer_to_server,
            RoomServicer(database, keys=keys, engine_id=settings.face_engine, live=live),
        ),
    ]
    enrolment = [
        Service(
            devices_pb2_grpc.add_EnrolmentServiceServicer_to_server,
            EnrolmentServicer(database, authority=authority, device_address=device_address),
        )
    ]
    return Services(api, device, enrolment, UserGate(sign_in.TokenAuthenticator(database, tokens)))
