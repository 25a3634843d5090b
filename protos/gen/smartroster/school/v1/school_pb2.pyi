import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class School(_message.Message):
    __slots__ = ("id", "name", "code", "address", "time_zone", "locale", "etag", "create_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    code: str
    address: str
    time_zone: str
    locale: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., code: _Optional[str] = ..., address: _Optional[str] = ..., time_zone: _Optional[str] = ..., locale: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Department(_message.Message):
    __slots__ = ("id", "code", "name", "hod_user_id", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    HOD_USER_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    code: str
    name: str
    hod_user_id: str
    etag: str
    def __init__(self, id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., hod_user_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class Programme(_message.Message):
    __slots__ = ("id", "department_id", "code", "name", "level", "duration_years", "terms_per_year", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    DURATION_YEARS_FIELD_NUMBER: _ClassVar[int]
    TERMS_PER_YEAR_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    department_id: str
    code: str
    name: str
    level: str
    duration_years: int
    terms_per_year: int
    etag: str
    def __init__(self, id: _Optional[str] = ..., department_id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., level: _Optional[str] = ..., duration_years: _Optional[int] = ..., terms_per_year: _Optional[int] = ..., etag: _Optional[str] = ...) -> None: ...

class ClassGroup(_message.Message):
    __slots__ = ("id", "programme_id", "intake_year", "stream", "name", "capacity", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    INTAKE_YEAR_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    programme_id: str
    intake_year: int
    stream: str
    name: str
    capacity: int
    etag: str
    def __init__(self, id: _Optional[str] = ..., programme_id: _Optional[str] = ..., intake_year: _Optional[int] = ..., stream: _Optional[str] = ..., name: _Optional[str] = ..., capacity: _Optional[int] = ..., etag: _Optional[str] = ...) -> None: ...

class AcademicYear(_message.Message):
    __slots__ = ("id", "name", "start_date", "end_date", "active", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    start_date: str
    end_date: str
    active: bool
    etag: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., active: _Optional[bool] = ..., etag: _Optional[str] = ...) -> None: ...

class Term(_message.Message):
    __slots__ = ("id", "academic_year_id", "number", "start_date", "end_date", "current", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    academic_year_id: str
    number: int
    start_date: str
    end_date: str
    current: bool
    etag: str
    def __init__(self, id: _Optional[str] = ..., academic_year_id: _Optional[str] = ..., number: _Optional[int] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., current: _Optional[bool] = ..., etag: _Optional[str] = ...) -> None: ...

class CalendarDay(_message.Message):
    __slots__ = ("id", "date", "kind", "name", "class_group_id")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[CalendarDay.Kind]
        KIND_HOLIDAY: _ClassVar[CalendarDay.Kind]
        KIND_CLOSURE: _ClassVar[CalendarDay.Kind]
        KIND_OFF_TIMETABLE: _ClassVar[CalendarDay.Kind]
    KIND_UNSPECIFIED: CalendarDay.Kind
    KIND_HOLIDAY: CalendarDay.Kind
    KIND_CLOSURE: CalendarDay.Kind
    KIND_OFF_TIMETABLE: CalendarDay.Kind
    ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    date: str
    kind: CalendarDay.Kind
    name: str
    class_group_id: str
    def __init__(self, id: _Optional[str] = ..., date: _Optional[str] = ..., kind: _Optional[_Union[CalendarDay.Kind, str]] = ..., name: _Optional[str] = ..., class_group_id: _Optional[str] = ...) -> None: ...

class CreateSchoolRequest(_message.Message):
    __slots__ = ("request_id", "school")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SCHOOL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    school: School
    def __init__(self, request_id: _Optional[str] = ..., school: _Optional[_Union[School, _Mapping]] = ...) -> None: ...

class GetSchoolRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UpdateSchoolRequest(_message.Message):
    __slots__ = ("school", "update_mask")
    SCHOOL_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    school: School
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, school: _Optional[_Union[School, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class CreateDepartmentRequest(_message.Message):
    __slots__ = ("request_id", "department")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    department: Department
    def __init__(self, request_id: _Optional[str] = ..., department: _Optional[_Union[Department, _Mapping]] = ...) -> None: ...

class GetDepartmentRequest(_message.Message):
    __slots__ = ("department_id",)
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    department_id: str
    def __init__(self, department_id: _Optional[str] = ...) -> None: ...

class ListDepartmentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDepartmentsResponse(_message.Message):
    __slots__ = ("departments", "next_page_token")
    DEPARTMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    departments: _containers.RepeatedCompositeFieldContainer[Department]
    next_page_token: str
    def __init__(self, departments: _Optional[_Iterable[_Union[Department, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateProgrammeRequest(_message.Message):
    __slots__ = ("request_id", "programme")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    programme: Programme
    def __init__(self, request_id: _Optional[str] = ..., programme: _Optional[_Union[Programme, _Mapping]] = ...) -> None: ...

class ListProgrammesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "department_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    department_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., department_id: _Optional[str] = ...) -> None: ...

class ListProgrammesResponse(_message.Message):
    __slots__ = ("programmes", "next_page_token")
    PROGRAMMES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    programmes: _containers.RepeatedCompositeFieldContainer[Programme]
    next_page_token: str
    def __init__(self, programmes: _Optional[_Iterable[_Union[Programme, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateClassGroupRequest(_message.Message):
    __slots__ = ("request_id", "class_group")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    class_group: ClassGroup
    def __init__(self, request_id: _Optional[str] = ..., class_group: _Optional[_Union[ClassGroup, _Mapping]] = ...) -> None: ...

class GetClassGroupRequest(_message.Message):
    __slots__ = ("class_group_id",)
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    def __init__(self, class_group_id: _Optional[str] = ...) -> None: ...

class ListClassGroupsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "programme_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    programme_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., programme_id: _Optional[str] = ...) -> None: ...

class ListClassGroupsResponse(_message.Message):
    __slots__ = ("class_groups", "next_page_token")
    CLASS_GROUPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    class_groups: _containers.RepeatedCompositeFieldContainer[ClassGroup]
    next_page_token: str
    def __init__(self, class_groups: _Optional[_Iterable[_Union[ClassGroup, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateAcademicYearRequest(_message.Message):
    __slots__ = ("request_id", "academic_year")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    academic_year: AcademicYear
    def __init__(self, request_id: _Optional[str] = ..., academic_year: _Optional[_Union[AcademicYear, _Mapping]] = ...) -> None: ...

class ListAcademicYearsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAcademicYearsResponse(_message.Message):
    __slots__ = ("academic_years", "next_page_token")
    ACADEMIC_YEARS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    academic_years: _containers.RepeatedCompositeFieldContainer[AcademicYear]
    next_page_token: str
    def __init__(self, academic_years: _Optional[_Iterable[_Union[AcademicYear, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateTermRequest(_message.Message):
    __slots__ = ("request_id", "term")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    term: Term
    def __init__(self, request_id: _Optional[str] = ..., term: _Optional[_Union[Term, _Mapping]] = ...) -> None: ...

class ListTermsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "academic_year_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    academic_year_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., academic_year_id: _Optional[str] = ...) -> None: ...

class ListTermsResponse(_message.Message):
    __slots__ = ("terms", "next_page_token")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    terms: _containers.RepeatedCompositeFieldContainer[Term]
    next_page_token: str
    def __init__(self, terms: _Optional[_Iterable[_Union[Term, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateCalendarDayRequest(_message.Message):
    __slots__ = ("request_id", "calendar_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    calendar_day: CalendarDay
    def __init__(self, request_id: _Optional[str] = ..., calendar_day: _Optional[_Union[CalendarDay, _Mapping]] = ...) -> None: ...

class ListCalendarDaysRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "start_date", "end_date")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    start_date: str
    end_date: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ...) -> None: ...

class ListCalendarDaysResponse(_message.Message):
    __slots__ = ("calendar_days", "next_page_token")
    CALENDAR_DAYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    calendar_days: _containers.RepeatedCompositeFieldContainer[CalendarDay]
    next_page_token: str
    def __init__(self, calendar_days: _Optional[_Iterable[_Union[CalendarDay, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
