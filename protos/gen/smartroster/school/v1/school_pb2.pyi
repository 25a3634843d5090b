import datetime

from google.protobuf import empty_pb2 as _empty_pb2
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
    __slots__ = ("id", "name", "code", "address", "time_zone", "locale", "etag", "create_time", "logo_media_type", "logo_sha256", "programme_levels", "default_policies")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    LOGO_MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    LOGO_SHA256_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_LEVELS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_POLICIES_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    code: str
    address: str
    time_zone: str
    locale: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    logo_media_type: str
    logo_sha256: str
    programme_levels: _containers.RepeatedScalarFieldContainer[str]
    default_policies: DefaultPolicies
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., code: _Optional[str] = ..., address: _Optional[str] = ..., time_zone: _Optional[str] = ..., locale: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., logo_media_type: _Optional[str] = ..., logo_sha256: _Optional[str] = ..., programme_levels: _Optional[_Iterable[str]] = ..., default_policies: _Optional[_Union[DefaultPolicies, _Mapping]] = ...) -> None: ...

class DefaultPolicies(_message.Message):
    __slots__ = ("class_group_capacity", "programme_duration_years", "terms_per_year", "holiday_country", "holiday_subdivision")
    CLASS_GROUP_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_DURATION_YEARS_FIELD_NUMBER: _ClassVar[int]
    TERMS_PER_YEAR_FIELD_NUMBER: _ClassVar[int]
    HOLIDAY_COUNTRY_FIELD_NUMBER: _ClassVar[int]
    HOLIDAY_SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
    class_group_capacity: int
    programme_duration_years: int
    terms_per_year: int
    holiday_country: str
    holiday_subdivision: str
    def __init__(self, class_group_capacity: _Optional[int] = ..., programme_duration_years: _Optional[int] = ..., terms_per_year: _Optional[int] = ..., holiday_country: _Optional[str] = ..., holiday_subdivision: _Optional[str] = ...) -> None: ...

class Logo(_message.Message):
    __slots__ = ("content", "media_type", "width", "height")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    media_type: str
    width: int
    height: int
    def __init__(self, content: _Optional[bytes] = ..., media_type: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ...) -> None: ...

class Department(_message.Message):
    __slots__ = ("id", "code", "name", "hod_user_id", "etag", "archived")
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    HOD_USER_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    id: str
    code: str
    name: str
    hod_user_id: str
    etag: str
    archived: bool
    def __init__(self, id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., hod_user_id: _Optional[str] = ..., etag: _Optional[str] = ..., archived: _Optional[bool] = ...) -> None: ...

class Programme(_message.Message):
    __slots__ = ("id", "department_id", "code", "name", "level", "duration_years", "terms_per_year", "etag", "archived")
    ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    DURATION_YEARS_FIELD_NUMBER: _ClassVar[int]
    TERMS_PER_YEAR_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    id: str
    department_id: str
    code: str
    name: str
    level: str
    duration_years: int
    terms_per_year: int
    etag: str
    archived: bool
    def __init__(self, id: _Optional[str] = ..., department_id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., level: _Optional[str] = ..., duration_years: _Optional[int] = ..., terms_per_year: _Optional[int] = ..., etag: _Optional[str] = ..., archived: _Optional[bool] = ...) -> None: ...

class ClassGroup(_message.Message):
    __slots__ = ("id", "programme_id", "intake_year", "stream", "name", "capacity", "etag", "archived", "year_of_study", "graduation_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    INTAKE_YEAR_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    YEAR_OF_STUDY_FIELD_NUMBER: _ClassVar[int]
    GRADUATION_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    programme_id: str
    intake_year: int
    stream: str
    name: str
    capacity: int
    etag: str
    archived: bool
    year_of_study: int
    graduation_date: str
    def __init__(self, id: _Optional[str] = ..., programme_id: _Optional[str] = ..., intake_year: _Optional[int] = ..., stream: _Optional[str] = ..., name: _Optional[str] = ..., capacity: _Optional[int] = ..., etag: _Optional[str] = ..., archived: _Optional[bool] = ..., year_of_study: _Optional[int] = ..., graduation_date: _Optional[str] = ...) -> None: ...

class AcademicYear(_message.Message):
    __slots__ = ("id", "name", "start_date", "end_date", "active", "etag", "current", "length_days")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    LENGTH_DAYS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    start_date: str
    end_date: str
    active: bool
    etag: str
    current: bool
    length_days: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., active: _Optional[bool] = ..., etag: _Optional[str] = ..., current: _Optional[bool] = ..., length_days: _Optional[int] = ...) -> None: ...

class Term(_message.Message):
    __slots__ = ("id", "academic_year_id", "number", "start_date", "end_date", "current", "etag", "length_days")
    ID_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    LENGTH_DAYS_FIELD_NUMBER: _ClassVar[int]
    id: str
    academic_year_id: str
    number: int
    start_date: str
    end_date: str
    current: bool
    etag: str
    length_days: int
    def __init__(self, id: _Optional[str] = ..., academic_year_id: _Optional[str] = ..., number: _Optional[int] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., current: _Optional[bool] = ..., etag: _Optional[str] = ..., length_days: _Optional[int] = ...) -> None: ...

class CalendarDay(_message.Message):
    __slots__ = ("id", "date", "kind", "name", "class_group_id", "etag")
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
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    date: str
    kind: CalendarDay.Kind
    name: str
    class_group_id: str
    etag: str
    def __init__(self, id: _Optional[str] = ..., date: _Optional[str] = ..., kind: _Optional[_Union[CalendarDay.Kind, str]] = ..., name: _Optional[str] = ..., class_group_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class HolidayCountry(_message.Message):
    __slots__ = ("code", "name", "subdivisions")
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUBDIVISIONS_FIELD_NUMBER: _ClassVar[int]
    code: str
    name: str
    subdivisions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, code: _Optional[str] = ..., name: _Optional[str] = ..., subdivisions: _Optional[_Iterable[str]] = ...) -> None: ...

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

class SetLogoRequest(_message.Message):
    __slots__ = ("content", "etag")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    etag: str
    def __init__(self, content: _Optional[bytes] = ..., etag: _Optional[str] = ...) -> None: ...

class GetLogoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeleteLogoRequest(_message.Message):
    __slots__ = ("etag",)
    ETAG_FIELD_NUMBER: _ClassVar[int]
    etag: str
    def __init__(self, etag: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("page_size", "page_token", "query", "include_archived", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    query: str
    include_archived: bool
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., query: _Optional[str] = ..., include_archived: _Optional[bool] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListDepartmentsResponse(_message.Message):
    __slots__ = ("departments", "next_page_token")
    DEPARTMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    departments: _containers.RepeatedCompositeFieldContainer[Department]
    next_page_token: str
    def __init__(self, departments: _Optional[_Iterable[_Union[Department, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateDepartmentRequest(_message.Message):
    __slots__ = ("department", "update_mask")
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    department: Department
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, department: _Optional[_Union[Department, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ArchiveDepartmentRequest(_message.Message):
    __slots__ = ("department_id", "etag")
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    department_id: str
    etag: str
    def __init__(self, department_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class RestoreDepartmentRequest(_message.Message):
    __slots__ = ("department_id", "etag")
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    department_id: str
    etag: str
    def __init__(self, department_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteDepartmentRequest(_message.Message):
    __slots__ = ("department_id", "etag")
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    department_id: str
    etag: str
    def __init__(self, department_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class AppointHeadRequest(_message.Message):
    __slots__ = ("department_id", "user_id", "appointed_date")
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    APPOINTED_DATE_FIELD_NUMBER: _ClassVar[int]
    department_id: str
    user_id: str
    appointed_date: str
    def __init__(self, department_id: _Optional[str] = ..., user_id: _Optional[str] = ..., appointed_date: _Optional[str] = ...) -> None: ...

class CreateProgrammeRequest(_message.Message):
    __slots__ = ("request_id", "programme")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    programme: Programme
    def __init__(self, request_id: _Optional[str] = ..., programme: _Optional[_Union[Programme, _Mapping]] = ...) -> None: ...

class GetProgrammeRequest(_message.Message):
    __slots__ = ("programme_id",)
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    programme_id: str
    def __init__(self, programme_id: _Optional[str] = ...) -> None: ...

class ListProgrammesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "department_id", "query", "level", "include_archived", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    department_id: str
    query: str
    level: str
    include_archived: bool
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., department_id: _Optional[str] = ..., query: _Optional[str] = ..., level: _Optional[str] = ..., include_archived: _Optional[bool] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListProgrammesResponse(_message.Message):
    __slots__ = ("programmes", "next_page_token")
    PROGRAMMES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    programmes: _containers.RepeatedCompositeFieldContainer[Programme]
    next_page_token: str
    def __init__(self, programmes: _Optional[_Iterable[_Union[Programme, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateProgrammeRequest(_message.Message):
    __slots__ = ("programme", "update_mask")
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    programme: Programme
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, programme: _Optional[_Union[Programme, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ArchiveProgrammeRequest(_message.Message):
    __slots__ = ("programme_id", "etag")
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    programme_id: str
    etag: str
    def __init__(self, programme_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class RestoreProgrammeRequest(_message.Message):
    __slots__ = ("programme_id", "etag")
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    programme_id: str
    etag: str
    def __init__(self, programme_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteProgrammeRequest(_message.Message):
    __slots__ = ("programme_id", "etag")
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    programme_id: str
    etag: str
    def __init__(self, programme_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("page_size", "page_token", "programme_id", "query", "department_id", "intake_year", "include_archived", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    INTAKE_YEAR_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    programme_id: str
    query: str
    department_id: str
    intake_year: int
    include_archived: bool
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., programme_id: _Optional[str] = ..., query: _Optional[str] = ..., department_id: _Optional[str] = ..., intake_year: _Optional[int] = ..., include_archived: _Optional[bool] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListClassGroupsResponse(_message.Message):
    __slots__ = ("class_groups", "next_page_token")
    CLASS_GROUPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    class_groups: _containers.RepeatedCompositeFieldContainer[ClassGroup]
    next_page_token: str
    def __init__(self, class_groups: _Optional[_Iterable[_Union[ClassGroup, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateClassGroupRequest(_message.Message):
    __slots__ = ("class_group", "update_mask")
    CLASS_GROUP_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    class_group: ClassGroup
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, class_group: _Optional[_Union[ClassGroup, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ArchiveClassGroupRequest(_message.Message):
    __slots__ = ("class_group_id", "etag")
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    etag: str
    def __init__(self, class_group_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class RestoreClassGroupRequest(_message.Message):
    __slots__ = ("class_group_id", "etag")
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    etag: str
    def __init__(self, class_group_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteClassGroupRequest(_message.Message):
    __slots__ = ("class_group_id", "etag")
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    etag: str
    def __init__(self, class_group_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateAcademicYearRequest(_message.Message):
    __slots__ = ("request_id", "academic_year")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    academic_year: AcademicYear
    def __init__(self, request_id: _Optional[str] = ..., academic_year: _Optional[_Union[AcademicYear, _Mapping]] = ...) -> None: ...

class GetAcademicYearRequest(_message.Message):
    __slots__ = ("academic_year_id",)
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    academic_year_id: str
    def __init__(self, academic_year_id: _Optional[str] = ...) -> None: ...

class ListAcademicYearsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "query", "date", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    query: str
    date: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., query: _Optional[str] = ..., date: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListAcademicYearsResponse(_message.Message):
    __slots__ = ("academic_years", "next_page_token")
    ACADEMIC_YEARS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    academic_years: _containers.RepeatedCompositeFieldContainer[AcademicYear]
    next_page_token: str
    def __init__(self, academic_years: _Optional[_Iterable[_Union[AcademicYear, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateAcademicYearRequest(_message.Message):
    __slots__ = ("academic_year", "update_mask")
    ACADEMIC_YEAR_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    academic_year: AcademicYear
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, academic_year: _Optional[_Union[AcademicYear, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ActivateAcademicYearRequest(_message.Message):
    __slots__ = ("academic_year_id", "etag")
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    academic_year_id: str
    etag: str
    def __init__(self, academic_year_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteAcademicYearRequest(_message.Message):
    __slots__ = ("academic_year_id", "etag")
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    academic_year_id: str
    etag: str
    def __init__(self, academic_year_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateTermRequest(_message.Message):
    __slots__ = ("request_id", "term")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    term: Term
    def __init__(self, request_id: _Optional[str] = ..., term: _Optional[_Union[Term, _Mapping]] = ...) -> None: ...

class GetTermRequest(_message.Message):
    __slots__ = ("term_id",)
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    term_id: str
    def __init__(self, term_id: _Optional[str] = ...) -> None: ...

class ListTermsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "academic_year_id", "date", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    academic_year_id: str
    date: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., academic_year_id: _Optional[str] = ..., date: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTermsResponse(_message.Message):
    __slots__ = ("terms", "next_page_token")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    terms: _containers.RepeatedCompositeFieldContainer[Term]
    next_page_token: str
    def __init__(self, terms: _Optional[_Iterable[_Union[Term, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateTermRequest(_message.Message):
    __slots__ = ("term", "update_mask")
    TERM_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    term: Term
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, term: _Optional[_Union[Term, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteTermRequest(_message.Message):
    __slots__ = ("term_id", "etag")
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    term_id: str
    etag: str
    def __init__(self, term_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateCalendarDayRequest(_message.Message):
    __slots__ = ("request_id", "calendar_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    calendar_day: CalendarDay
    def __init__(self, request_id: _Optional[str] = ..., calendar_day: _Optional[_Union[CalendarDay, _Mapping]] = ...) -> None: ...

class GetCalendarDayRequest(_message.Message):
    __slots__ = ("calendar_day_id",)
    CALENDAR_DAY_ID_FIELD_NUMBER: _ClassVar[int]
    calendar_day_id: str
    def __init__(self, calendar_day_id: _Optional[str] = ...) -> None: ...

class ListCalendarDaysRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "start_date", "end_date", "kind", "class_group_id", "query", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    start_date: str
    end_date: str
    kind: CalendarDay.Kind
    class_group_id: str
    query: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., kind: _Optional[_Union[CalendarDay.Kind, str]] = ..., class_group_id: _Optional[str] = ..., query: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListCalendarDaysResponse(_message.Message):
    __slots__ = ("calendar_days", "next_page_token")
    CALENDAR_DAYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    calendar_days: _containers.RepeatedCompositeFieldContainer[CalendarDay]
    next_page_token: str
    def __init__(self, calendar_days: _Optional[_Iterable[_Union[CalendarDay, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateCalendarDayRequest(_message.Message):
    __slots__ = ("calendar_day", "update_mask")
    CALENDAR_DAY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    calendar_day: CalendarDay
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, calendar_day: _Optional[_Union[CalendarDay, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteCalendarDayRequest(_message.Message):
    __slots__ = ("calendar_day_id", "etag")
    CALENDAR_DAY_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    calendar_day_id: str
    etag: str
    def __init__(self, calendar_day_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ListHolidayCountriesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListHolidayCountriesResponse(_message.Message):
    __slots__ = ("countries", "next_page_token")
    COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    countries: _containers.RepeatedCompositeFieldContainer[HolidayCountry]
    next_page_token: str
    def __init__(self, countries: _Optional[_Iterable[_Union[HolidayCountry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ImportHolidaysRequest(_message.Message):
    __slots__ = ("country", "subdivision", "start_date", "end_date", "validate_only")
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    country: str
    subdivision: str
    start_date: str
    end_date: str
    validate_only: bool
    def __init__(self, country: _Optional[str] = ..., subdivision: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class ImportHolidaysResponse(_message.Message):
    __slots__ = ("created", "unchanged", "committed")
    CREATED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    created: _containers.RepeatedCompositeFieldContainer[CalendarDay]
    unchanged: _containers.RepeatedCompositeFieldContainer[CalendarDay]
    committed: bool
    def __init__(self, created: _Optional[_Iterable[_Union[CalendarDay, _Mapping]]] = ..., unchanged: _Optional[_Iterable[_Union[CalendarDay, _Mapping]]] = ..., committed: _Optional[bool] = ...) -> None: ...
