import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Course(_message.Message):
    __slots__ = ("id", "code", "title", "department_id", "description", "credit_hours", "weekly_theory", "weekly_practical", "default_session_length", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CREDIT_HOURS_FIELD_NUMBER: _ClassVar[int]
    WEEKLY_THEORY_FIELD_NUMBER: _ClassVar[int]
    WEEKLY_PRACTICAL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_SESSION_LENGTH_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    code: str
    title: str
    department_id: str
    description: str
    credit_hours: int
    weekly_theory: _duration_pb2.Duration
    weekly_practical: _duration_pb2.Duration
    default_session_length: _duration_pb2.Duration
    etag: str
    def __init__(self, id: _Optional[str] = ..., code: _Optional[str] = ..., title: _Optional[str] = ..., department_id: _Optional[str] = ..., description: _Optional[str] = ..., credit_hours: _Optional[int] = ..., weekly_theory: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., weekly_practical: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., default_session_length: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class Enrolment(_message.Message):
    __slots__ = ("id", "class_group_id", "course_id", "term_id", "trainer_id", "state", "etag")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Enrolment.State]
        STATE_SCHEDULED: _ClassVar[Enrolment.State]
        STATE_IN_PROGRESS: _ClassVar[Enrolment.State]
        STATE_COMPLETED: _ClassVar[Enrolment.State]
        STATE_CANCELLED: _ClassVar[Enrolment.State]
    STATE_UNSPECIFIED: Enrolment.State
    STATE_SCHEDULED: Enrolment.State
    STATE_IN_PROGRESS: Enrolment.State
    STATE_COMPLETED: Enrolment.State
    STATE_CANCELLED: Enrolment.State
    ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    class_group_id: str
    course_id: str
    term_id: str
    trainer_id: str
    state: Enrolment.State
    etag: str
    def __init__(self, id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., course_id: _Optional[str] = ..., term_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., state: _Optional[_Union[Enrolment.State, str]] = ..., etag: _Optional[str] = ...) -> None: ...

class EnrolmentException(_message.Message):
    __slots__ = ("id", "enrolment_id", "trainee_id", "kind", "start_date", "end_date", "reason")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[EnrolmentException.Kind]
        KIND_ADDED: _ClassVar[EnrolmentException.Kind]
        KIND_LEFT_OUT: _ClassVar[EnrolmentException.Kind]
    KIND_UNSPECIFIED: EnrolmentException.Kind
    KIND_ADDED: EnrolmentException.Kind
    KIND_LEFT_OUT: EnrolmentException.Kind
    ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    enrolment_id: str
    trainee_id: str
    kind: EnrolmentException.Kind
    start_date: str
    end_date: str
    reason: str
    def __init__(self, id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., trainee_id: _Optional[str] = ..., kind: _Optional[_Union[EnrolmentException.Kind, str]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CreateCourseRequest(_message.Message):
    __slots__ = ("request_id", "course")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    course: Course
    def __init__(self, request_id: _Optional[str] = ..., course: _Optional[_Union[Course, _Mapping]] = ...) -> None: ...

class GetCourseRequest(_message.Message):
    __slots__ = ("course_id",)
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    def __init__(self, course_id: _Optional[str] = ...) -> None: ...

class ListCoursesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "department_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    department_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., department_id: _Optional[str] = ...) -> None: ...

class ListCoursesResponse(_message.Message):
    __slots__ = ("courses", "next_page_token")
    COURSES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    courses: _containers.RepeatedCompositeFieldContainer[Course]
    next_page_token: str
    def __init__(self, courses: _Optional[_Iterable[_Union[Course, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateEnrolmentRequest(_message.Message):
    __slots__ = ("request_id", "enrolment")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    enrolment: Enrolment
    def __init__(self, request_id: _Optional[str] = ..., enrolment: _Optional[_Union[Enrolment, _Mapping]] = ...) -> None: ...

class GetEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment_id",)
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    def __init__(self, enrolment_id: _Optional[str] = ...) -> None: ...

class ListEnrolmentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "term_id", "class_group_id", "trainer_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    term_id: str
    class_group_id: str
    trainer_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., term_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ...) -> None: ...

class ListEnrolmentsResponse(_message.Message):
    __slots__ = ("enrolments", "next_page_token")
    ENROLMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    enrolments: _containers.RepeatedCompositeFieldContainer[Enrolment]
    next_page_token: str
    def __init__(self, enrolments: _Optional[_Iterable[_Union[Enrolment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateEnrolmentExceptionRequest(_message.Message):
    __slots__ = ("request_id", "enrolment_exception")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    enrolment_exception: EnrolmentException
    def __init__(self, request_id: _Optional[str] = ..., enrolment_exception: _Optional[_Union[EnrolmentException, _Mapping]] = ...) -> None: ...
