"""Who may call each RPC, and how far they see. The server refuses to start when an RPC and this table disagree.

A line is `"/package.Service/Method": {role: scope}`. Roles are those of users, plus DEVICE (a room device on the device
port) and ANYONE (no proof of identity asked). Who holds several roles has all their scopes.

    self        own records, own class group's timetable        (TRAINEE; any role for what is one's own)
    taught      own sessions, class groups taught, their trainees' attendance               (TRAINER)
    department  the department headed                                                       (HOD)
    school      everything                                                                  (DP_ACADEMICS, ADMIN)
    device      the device's own room
    public      answers anyone
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.db.principal import Principal
from hub.errors import PermissionDenied, Unauthenticated

TRAINEE = "TRAINEE"
TRAINER = "TRAINER"
HOD = "HOD"
DP_ACADEMICS = "DP_ACADEMICS"
ADMIN = "ADMIN"
DEVICE = "DEVICE"
ANYONE = "ANYONE"


class Reach(enum.StrEnum):
    SELF = "self"
    TAUGHT = "taught"
    DEPARTMENT = "department"
    SCHOOL = "school"
    DEVICE = "device"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Scope:
    """How far this call sees: queries add up the rows of each reach, and filter nothing when `everything`."""

    principal: Principal
    reaches: frozenset[Reach]

    def __contains__(self, reach: Reach) -> bool:
        return reach in self.reaches

    @property
    def everything(self) -> bool:
        return Reach.SCHOOL in self.reaches


Permission = Mapping[str, Reach]


class SignInRequired(Unauthenticated):
    pass


class RoleNotAllowed(PermissionDenied):
    pass


class PermissionTableIncomplete(RuntimeError):
    """An RPC is served without a permission, or a permission names no RPC: a mistake in the hub's code."""


# Usual sets. Combine with `|`.
# One's own things, whoever one is.
EVERY_USER: Permission = dict.fromkeys(
    (TRAINEE, TRAINER, HOD, DP_ACADEMICS, ADMIN), Reach.SELF
)  # one's own things, whoever one is
STAFF_SELF: Permission = dict.fromkeys((TRAINER, HOD, DP_ACADEMICS, ADMIN), Reach.SELF)
ADMINS: Permission = {ADMIN: Reach.SCHOOL}
STAFF_SCHOOL: Permission = {ADMIN: Reach.SCHOOL, DP_ACADEMICS: Reach.SCHOOL}
STAFF: Permission = {**STAFF_SCHOOL, HOD: Reach.DEPARTMENT, TRAINER: Reach.TAUGHT}
EVERYONE_BY_SCOPE: Permission = {**STAFF, TRAINEE: Reach.SELF}
# Facts about the college itself (departments, terms, rooms): who is signed in may read them all.
READ_BY_ALL: Permission = dict.fromkeys((TRAINEE, TRAINER, HOD, DP_ACADEMICS, ADMIN), Reach.SCHOOL)
# Drafts of a plan are for who plans; what is published is for all.
READ_PUBLISHED: Permission = {**EVERY_USER, **STAFF_SCHOOL}
# When trainers can teach: their own, those of the department headed, or all.
OWN_TIMES: Permission = {TRAINER: Reach.SELF, **STAFF_SCHOOL}
TRAINER_TIMES: Permission = {**OWN_TIMES, HOD: Reach.DEPARTMENT}
DEVICES: Permission = {DEVICE: Reach.DEVICE}
PUBLIC: Permission = {ANYONE: Reach.PUBLIC}

PERMISSIONS: dict[str, Permission] = {
    # health (grpc.health.v1), on every port
    "/grpc.health.v1.Health/Check": PUBLIC,
    "/grpc.health.v1.Health/List": PUBLIC,
    "/grpc.health.v1.Health/Watch": PUBLIC,
    # users
    "/smartroster.users.v1.AuthService/SignIn": PUBLIC,
    "/smartroster.users.v1.AuthService/RefreshToken": PUBLIC,
    "/smartroster.users.v1.AuthService/SignOut": PUBLIC,
    "/smartroster.users.v1.AuthService/ChangePassword": EVERY_USER,
    "/smartroster.users.v1.AuthService/SetPassword": PUBLIC,
    "/smartroster.users.v1.AuthService/RequestPasswordReset": PUBLIC,
    "/smartroster.users.v1.AuthService/RequestEmailVerification": PUBLIC,
    "/smartroster.users.v1.AuthService/VerifyEmail": PUBLIC,
    "/smartroster.users.v1.AuthService/GetMe": EVERY_USER,
    "/smartroster.users.v1.AccountService/ListSignInSessions": EVERY_USER,
    "/smartroster.users.v1.AccountService/EndSignInSession": EVERY_USER,
    "/smartroster.users.v1.AccountService/EndOtherSignInSessions": EVERY_USER,
    "/smartroster.users.v1.AccountService/GetSecondFactor": EVERY_USER,
    "/smartroster.users.v1.AccountService/EnrolSecondFactor": STAFF_SELF,
    "/smartroster.users.v1.AccountService/ConfirmSecondFactor": STAFF_SELF,
    "/smartroster.users.v1.AccountService/ReplaceRecoveryCodes": EVERY_USER,
    "/smartroster.users.v1.AccountService/DisableSecondFactor": EVERY_USER,
    "/smartroster.users.v1.UsersService/CreateUser": ADMINS,
    "/smartroster.users.v1.UsersService/BatchCreateUsers": ADMINS,
    "/smartroster.users.v1.UsersService/GetUser": EVERYONE_BY_SCOPE,
    "/smartroster.users.v1.UsersService/ListUsers": EVERYONE_BY_SCOPE,
    "/smartroster.users.v1.UsersService/UpdateUser": {**EVERY_USER, **ADMINS},
    "/smartroster.users.v1.UsersService/AssignRoles": ADMINS,
    "/smartroster.users.v1.UsersService/ResetSecondFactor": ADMINS,
    "/smartroster.users.v1.UsersService/DisableUser": ADMINS,
    "/smartroster.users.v1.UsersService/EnableUser": ADMINS,
    "/smartroster.users.v1.UsersService/ExportPersonalData": {**EVERY_USER, **ADMINS},
    "/smartroster.users.v1.UsersService/EraseUser": ADMINS,
    "/smartroster.users.v1.UsersService/ListAuditEntries": ADMINS,
    "/smartroster.users.v1.RegistrationService/GetTraineesTemplate": ADMINS,
    "/smartroster.users.v1.RegistrationService/ImportTrainees": ADMINS,
    "/smartroster.users.v1.RegistrationService/ExportTrainees": STAFF_SCHOOL,
    "/smartroster.users.v1.RegistrationService/GetTrainersTemplate": ADMINS,
    "/smartroster.users.v1.RegistrationService/ImportTrainers": ADMINS,
    "/smartroster.users.v1.RegistrationService/ExportTrainers": STAFF_SCHOOL,
    # school
    "/smartroster.school.v1.SchoolService/CreateSchool": ADMINS,
    "/smartroster.school.v1.SchoolService/GetSchool": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateSchool": ADMINS,
    "/smartroster.school.v1.SchoolService/SetLogo": ADMINS,
    "/smartroster.school.v1.SchoolService/GetLogo": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/DeleteLogo": ADMINS,
    "/smartroster.school.v1.SchoolService/CreateDepartment": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/GetDepartment": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ListDepartments": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateDepartment": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/ArchiveDepartment": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/RestoreDepartment": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/DeleteDepartment": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/AppointHead": ADMINS,
    "/smartroster.school.v1.SchoolService/CreateProgramme": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/GetProgramme": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ListProgrammes": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateProgramme": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/ArchiveProgramme": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/RestoreProgramme": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/DeleteProgramme": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/CreateClassGroup": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/GetClassGroup": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ListClassGroups": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateClassGroup": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/ArchiveClassGroup": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/RestoreClassGroup": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/DeleteClassGroup": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/CreateAcademicYear": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/GetAcademicYear": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ListAcademicYears": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateAcademicYear": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/ActivateAcademicYear": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/DeleteAcademicYear": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/CreateTerm": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/GetTerm": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ListTerms": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateTerm": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/DeleteTerm": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/CreateCalendarDay": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/GetCalendarDay": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ListCalendarDays": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/UpdateCalendarDay": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/DeleteCalendarDay": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolService/ListHolidayCountries": READ_BY_ALL,
    "/smartroster.school.v1.SchoolService/ImportHolidays": STAFF_SCHOOL,
    "/smartroster.school.v1.SchoolStatisticsService/ListStatistics": {**STAFF_SCHOOL, HOD: Reach.DEPARTMENT},
    "/smartroster.school.v1.RolloverService/RollOver": STAFF_SCHOOL,
    "/smartroster.school.v1.StructureService/GetStructureTemplate": STAFF_SCHOOL,
    "/smartroster.school.v1.StructureService/ImportStructure": STAFF_SCHOOL,
    "/smartroster.school.v1.StructureService/ExportStructure": STAFF_SCHOOL,
    # courses
    "/smartroster.courses.v1.CoursesService/CreateCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/GetCourse": READ_BY_ALL,
    "/smartroster.courses.v1.CoursesService/ListCourses": READ_BY_ALL,
    "/smartroster.courses.v1.CoursesService/UpdateCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/ArchiveCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/RestoreCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/DeleteCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/AddPrerequisite": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/RemovePrerequisite": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/GetPrerequisiteTree": READ_BY_ALL,
    "/smartroster.courses.v1.CoursesService/CreateTopic": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/ListTopics": READ_BY_ALL,
    "/smartroster.courses.v1.CoursesService/GetCourseOutline": READ_BY_ALL,
    "/smartroster.courses.v1.CoursesService/UpdateTopic": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/MoveTopic": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/ReorderTopics": STAFF_SCHOOL,
    "/smartroster.courses.v1.CoursesService/DeleteTopic": STAFF_SCHOOL,
    "/smartroster.courses.v1.CurriculumService/CreateProgrammeCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CurriculumService/GetProgrammeCourse": READ_BY_ALL,
    "/smartroster.courses.v1.CurriculumService/ListProgrammeCourses": READ_BY_ALL,
    "/smartroster.courses.v1.CurriculumService/UpdateProgrammeCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CurriculumService/ArchiveProgrammeCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CurriculumService/RestoreProgrammeCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.CurriculumService/DeleteProgrammeCourse": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/CreateEnrolment": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/GetEnrolment": EVERYONE_BY_SCOPE,
    "/smartroster.courses.v1.EnrolmentsService/ListEnrolments": EVERYONE_BY_SCOPE,
    "/smartroster.courses.v1.EnrolmentsService/UpdateEnrolment": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/StartEnrolment": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/CompleteEnrolment": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/CancelEnrolment": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/DeleteEnrolment": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/CreateEnrolmentException": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/ListEnrolmentExceptions": EVERYONE_BY_SCOPE,
    "/smartroster.courses.v1.EnrolmentsService/UpdateEnrolmentException": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/DeleteEnrolmentException": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/CreateTrainerLoan": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/ListTrainerLoans": STAFF,
    "/smartroster.courses.v1.EnrolmentsService/UpdateTrainerLoan": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/DeleteTrainerLoan": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/GetEnrolmentsTemplate": STAFF_SCHOOL,
    "/smartroster.courses.v1.EnrolmentsService/ImportEnrolments": STAFF_SCHOOL,
    # It makes accounts.
    "/smartroster.courses.v1.OneRosterService/ImportOneRoster": ADMINS,
    "/smartroster.courses.v1.ProgressService/SetCoveredTopics": STAFF,
    "/smartroster.courses.v1.ProgressService/GetCoveredTopics": EVERYONE_BY_SCOPE,
    "/smartroster.courses.v1.ProgressService/GetEnrolmentProgress": EVERYONE_BY_SCOPE,
    "/smartroster.courses.v1.ProgressService/ListEnrolmentProgress": EVERYONE_BY_SCOPE,
    # timetable
    "/smartroster.timetable.v1.TimetableService/CreateRoom": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/GetRoom": READ_BY_ALL,
    "/smartroster.timetable.v1.TimetableService/ListRooms": READ_BY_ALL,
    "/smartroster.timetable.v1.TimetableService/UpdateRoom": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/DeleteRoom": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/CreateTimetableEntry": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/GetTimetableEntry": EVERYONE_BY_SCOPE,
    "/smartroster.timetable.v1.TimetableService/ListTimetableEntries": EVERYONE_BY_SCOPE,
    "/smartroster.timetable.v1.TimetableService/UpdateTimetableEntry": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/DeleteTimetableEntry": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/PinTimetableEntries": STAFF_SCHOOL,
    "/smartroster.timetable.v1.TimetableService/CheckConflicts": STAFF_SCHOOL,
    "/smartroster.timetable.v1.VersionsService/CreateTimetableVersion": STAFF_SCHOOL,
    "/smartroster.timetable.v1.VersionsService/GetTimetableVersion": READ_PUBLISHED,
    "/smartroster.timetable.v1.VersionsService/ListTimetableVersions": READ_PUBLISHED,
    "/smartroster.timetable.v1.VersionsService/UpdateTimetableVersion": STAFF_SCHOOL,
    "/smartroster.timetable.v1.VersionsService/DeleteTimetableVersion": STAFF_SCHOOL,
    "/smartroster.timetable.v1.VersionsService/DiffTimetableVersions": STAFF_SCHOOL,
    "/smartroster.timetable.v1.VersionsService/PublishTimetable": STAFF_SCHOOL,
    "/smartroster.timetable.v1.AvailabilityService/GetTrainerAvailability": TRAINER_TIMES,
    "/smartroster.timetable.v1.AvailabilityService/ListTrainerAvailabilities": TRAINER_TIMES,
    "/smartroster.timetable.v1.AvailabilityService/UpdateTrainerAvailability": OWN_TIMES,
    "/smartroster.timetable.v1.AvailabilityService/CreateTrainerAbsence": OWN_TIMES,
    "/smartroster.timetable.v1.AvailabilityService/ListTrainerAbsences": TRAINER_TIMES,
    "/smartroster.timetable.v1.AvailabilityService/DeleteTrainerAbsence": OWN_TIMES,
    "/smartroster.timetable.v1.PlanningService/GetDayPattern": READ_BY_ALL,
    "/smartroster.timetable.v1.PlanningService/UpdateDayPattern": STAFF_SCHOOL,
    "/smartroster.timetable.v1.PlanningService/GetTimetablePolicy": READ_BY_ALL,
    "/smartroster.timetable.v1.PlanningService/UpdateTimetablePolicy": STAFF_SCHOOL,
    "/smartroster.timetable.v1.ScheduleService/GetWeeklySchedule": EVERYONE_BY_SCOPE,
    "/smartroster.timetable.v1.ScheduleService/ExportWeeklySchedule": EVERYONE_BY_SCOPE,
    "/smartroster.timetable.v1.ScheduleService/ListFreeRooms": READ_BY_ALL,
    "/smartroster.timetable.v1.ScheduleService/ListFreeTrainers": {**STAFF_SCHOOL, HOD: Reach.DEPARTMENT},
    "/smartroster.timetable.v1.ScheduleService/ListRoomUtilisations": {**STAFF_SCHOOL, HOD: Reach.SCHOOL},
    "/smartroster.timetable.v1.ScheduleService/ListTrainerLoads": {
        **STAFF_SCHOOL,
        HOD: Reach.DEPARTMENT,
        TRAINER: Reach.SELF,
    },
    "/smartroster.timetable.v1.ScheduleService/CreateFeed": EVERYONE_BY_SCOPE,
    "/smartroster.timetable.v1.ScheduleService/ListFeeds": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.timetable.v1.ScheduleService/RotateFeed": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.timetable.v1.ScheduleService/DeleteFeed": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.timetable.v1.PlanningService/GenerateTimetable": STAFF_SCHOOL,
    "/smartroster.timetable.v1.PlanningService/CheckTimetableVersion": STAFF_SCHOOL,
    "/smartroster.timetable.v1.AssistantService/SuggestAlternatives": STAFF_SCHOOL,
    "/smartroster.timetable.v1.AssistantService/ResolveTimetable": STAFF_SCHOOL,
    "/smartroster.timetable.v1.AssistantService/ApplyResolution": STAFF_SCHOOL,
    # faces
    "/smartroster.faces.v1.FacesService/GiveConsent": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.faces.v1.FacesService/WithdrawConsent": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.faces.v1.FacesService/RegisterFace": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.faces.v1.FacesService/GetFaceRegistration": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.faces.v1.FacesService/VerifyFace": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.faces.v1.FacesService/ListFaceClashes": STAFF_SCHOOL,
    "/smartroster.faces.v1.FacesService/ResolveFaceClash": STAFF_SCHOOL,
    "/smartroster.faces.v1.FacesService/ListErasureProofs": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.faces.v1.FacesService/RotateTemplateKey": ADMINS,
    # devices
    "/smartroster.devices.v1.DevicesService/ClaimDevice": ADMINS,
    "/smartroster.devices.v1.DevicesService/RenewClaim": ADMINS,
    "/smartroster.devices.v1.DevicesService/GetDevice": STAFF_SCHOOL,
    "/smartroster.devices.v1.DevicesService/ListDevices": STAFF_SCHOOL,
    "/smartroster.devices.v1.DevicesService/SuspendDevices": ADMINS,
    "/smartroster.devices.v1.DevicesService/ResumeDevices": ADMINS,
    "/smartroster.devices.v1.DevicesService/RevokeDevice": ADMINS,
    "/smartroster.devices.v1.DevicesService/MoveDevices": ADMINS,
    "/smartroster.devices.v1.DevicesService/CommandDevices": ADMINS,
    "/smartroster.devices.v1.DevicesService/ListDeviceAlarms": STAFF_SCHOOL,
    "/smartroster.devices.v1.DevicesService/ListDeviceLogs": ADMINS,
    "/smartroster.devices.v1.EnrolmentService/Enrol": PUBLIC,
    "/smartroster.devices.v1.EnrolmentService/RenewExpired": PUBLIC,
    "/smartroster.devices.v1.DeviceService/Heartbeat": DEVICES,
    "/smartroster.devices.v1.DeviceService/RenewCertificate": DEVICES,
    "/smartroster.devices.v1.DeviceService/WatchCommands": DEVICES,
    "/smartroster.devices.v1.DeviceService/UploadLog": DEVICES,
    # attendance
    "/smartroster.attendance.v1.AttendanceService/GetSession": EVERYONE_BY_SCOPE,
    "/smartroster.attendance.v1.AttendanceService/ListSessions": EVERYONE_BY_SCOPE,
    "/smartroster.attendance.v1.AttendanceService/StartSession": {TRAINER: Reach.TAUGHT},
    "/smartroster.attendance.v1.AttendanceService/EndSession": {TRAINER: Reach.TAUGHT},
    "/smartroster.attendance.v1.AttendanceService/CancelSession": STAFF,
    "/smartroster.attendance.v1.AttendanceService/ListAttendanceRecords": EVERYONE_BY_SCOPE,
    "/smartroster.attendance.v1.AttendanceService/MarkAttendance": STAFF,
    "/smartroster.attendance.v1.AttendanceService/ListCheckIns": STAFF,
    "/smartroster.attendance.v1.AttendanceService/WatchSession": EVERYONE_BY_SCOPE,
    "/smartroster.attendance.v1.AttendanceService/ListRecordChanges": EVERYONE_BY_SCOPE,
    "/smartroster.attendance.v1.AttendanceService/GetAttendancePolicy": READ_BY_ALL,
    "/smartroster.attendance.v1.AttendanceService/UpdateAttendancePolicy": STAFF_SCHOOL,
    "/smartroster.attendance.v1.AttendanceService/CreateSession": STAFF_SCHOOL,
    "/smartroster.attendance.v1.StatisticsService/ListAttendanceRates": EVERYONE_BY_SCOPE,
    "/smartroster.attendance.v1.RoomService/StreamCheckIns": DEVICES,
    "/smartroster.attendance.v1.RoomService/GetRoomConfig": DEVICES,
    "/smartroster.attendance.v1.RoomService/GetRoomSchedule": DEVICES,
    "/smartroster.attendance.v1.RoomService/SyncGallery": DEVICES,
    "/smartroster.attendance.v1.RoomService/AcknowledgeGallery": DEVICES,
    "/smartroster.attendance.v1.RoomService/GetGalleryKey": DEVICES,
    # jobs
    "/smartroster.jobs.v1.JobsService/GetJob": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.jobs.v1.JobsService/ListJobs": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.jobs.v1.JobsService/CancelJob": {**EVERY_USER, **STAFF_SCHOOL},
    "/smartroster.jobs.v1.JobsService/WatchJob": {**EVERY_USER, **STAFF_SCHOOL},
    # notifications
    "/smartroster.notifications.v1.NotificationsService/ListNotifications": EVERY_USER,
    "/smartroster.notifications.v1.NotificationsService/MarkNotifications": EVERY_USER,
    "/smartroster.notifications.v1.NotificationsService/WatchNotifications": EVERY_USER,
    "/smartroster.notifications.v1.NotificationsService/CreateBrokerCredentials": EVERY_USER,
}


def is_public(method: str, permissions: Mapping[str, Permission] = PERMISSIONS) -> bool:
    return ANYONE in permissions.get(method, {})


def scope_of(principal: Principal, method: str, permissions: Mapping[str, Permission] = PERMISSIONS) -> Scope:
    """What this principal sees through this method.

    Raises:
        SignInRequired: nobody is signed in and the method is not public.
        RoleNotAllowed: none of the principal's roles may call the method.
    """
    permission = permissions.get(method, {})
    held = {ANYONE} | principal.roles | ({DEVICE} if principal.kind == "device" else set())
    reaches = frozenset(reach for role, reach in permission.items() if role in held)
    if reaches:
        return Scope(principal, reaches)
    if principal.kind == "anonymous":
        raise SignInRequired("Sign in first: this needs an account.")
    allowed = " or ".join(sorted(permission)) or "nobody"
    raise RoleNotAllowed(f"Your roles do not allow this: it is for {allowed}. Ask an administrator if you need it.")


def check_complete(served: Iterable[str], permissions: Mapping[str, Permission] = PERMISSIONS) -> None:
    """Refuse a server whose RPCs and permissions disagree.

    Raises:
        PermissionTableIncomplete: names every RPC without a line and every line without an RPC.
    """
    served = set(served)
    missing = sorted(method for method in served if not permissions.get(method))
    unknown = sorted(set(permissions) - served)
    if missing or unknown:
        raise PermissionTableIncomplete(
            f"hub/rpc/permissions.py: no permission for {missing}; lines for no served RPC: {unknown}"
        )
