from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttendanceRates(_message.Message):
    __slots__ = ("subject_id", "session_count", "trainee_count", "present_count", "late_count", "absent_count", "excused_count", "attendance", "attendance_excused_as_absent", "punctuality", "best_possible", "chronically_absent_count")
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_COUNT_FIELD_NUMBER: _ClassVar[int]
    PRESENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    LATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ABSENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXCUSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCE_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCE_EXCUSED_AS_ABSENT_FIELD_NUMBER: _ClassVar[int]
    PUNCTUALITY_FIELD_NUMBER: _ClassVar[int]
    BEST_POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    CHRONICALLY_ABSENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    subject_id: str
    session_count: int
    trainee_count: int
    present_count: int
    late_count: int
    absent_count: int
    excused_count: int
    attendance: float
    attendance_excused_as_absent: float
    punctuality: float
    best_possible: float
    chronically_absent_count: int
    def __init__(self, subject_id: _Optional[str] = ..., session_count: _Optional[int] = ..., trainee_count: _Optional[int] = ..., present_count: _Optional[int] = ..., late_count: _Optional[int] = ..., absent_count: _Optional[int] = ..., excused_count: _Optional[int] = ..., attendance: _Optional[float] = ..., attendance_excused_as_absent: _Optional[float] = ..., punctuality: _Optional[float] = ..., best_possible: _Optional[float] = ..., chronically_absent_count: _Optional[int] = ...) -> None: ...

class RateDefinitions(_message.Message):
    __slots__ = ("attendance", "attendance_excused_as_absent", "punctuality", "best_possible", "chronically_absent")
    ATTENDANCE_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCE_EXCUSED_AS_ABSENT_FIELD_NUMBER: _ClassVar[int]
    PUNCTUALITY_FIELD_NUMBER: _ClassVar[int]
    BEST_POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    CHRONICALLY_ABSENT_FIELD_NUMBER: _ClassVar[int]
    attendance: str
    attendance_excused_as_absent: str
    punctuality: str
    best_possible: str
    chronically_absent: str
    def __init__(self, attendance: _Optional[str] = ..., attendance_excused_as_absent: _Optional[str] = ..., punctuality: _Optional[str] = ..., best_possible: _Optional[str] = ..., chronically_absent: _Optional[str] = ...) -> None: ...

class ListAttendanceRatesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "subject", "term_id", "enrolment_id", "course_id", "class_group_id", "trainee_id", "start_date", "end_date", "with_best_possible")
    class Subject(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SUBJECT_UNSPECIFIED: _ClassVar[ListAttendanceRatesRequest.Subject]
        SUBJECT_ENROLMENT: _ClassVar[ListAttendanceRatesRequest.Subject]
        SUBJECT_COURSE: _ClassVar[ListAttendanceRatesRequest.Subject]
        SUBJECT_CLASS_GROUP: _ClassVar[ListAttendanceRatesRequest.Subject]
        SUBJECT_TRAINER: _ClassVar[ListAttendanceRatesRequest.Subject]
        SUBJECT_DEPARTMENT: _ClassVar[ListAttendanceRatesRequest.Subject]
        SUBJECT_TRAINEE: _ClassVar[ListAttendanceRatesRequest.Subject]
    SUBJECT_UNSPECIFIED: ListAttendanceRatesRequest.Subject
    SUBJECT_ENROLMENT: ListAttendanceRatesRequest.Subject
    SUBJECT_COURSE: ListAttendanceRatesRequest.Subject
    SUBJECT_CLASS_GROUP: ListAttendanceRatesRequest.Subject
    SUBJECT_TRAINER: ListAttendanceRatesRequest.Subject
    SUBJECT_DEPARTMENT: ListAttendanceRatesRequest.Subject
    SUBJECT_TRAINEE: ListAttendanceRatesRequest.Subject
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    WITH_BEST_POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    subject: ListAttendanceRatesRequest.Subject
    term_id: str
    enrolment_id: str
    course_id: str
    class_group_id: str
    trainee_id: str
    start_date: str
    end_date: str
    with_best_possible: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., subject: _Optional[_Union[ListAttendanceRatesRequest.Subject, str]] = ..., term_id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., course_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainee_id: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., with_best_possible: _Optional[bool] = ...) -> None: ...

class ListAttendanceRatesResponse(_message.Message):
    __slots__ = ("rates", "next_page_token", "definitions")
    RATES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    rates: _containers.RepeatedCompositeFieldContainer[AttendanceRates]
    next_page_token: str
    definitions: RateDefinitions
    def __init__(self, rates: _Optional[_Iterable[_Union[AttendanceRates, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., definitions: _Optional[_Union[RateDefinitions, _Mapping]] = ...) -> None: ...
