import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from smartroster.courses.v1 import courses_pb2 as _courses_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CoveredTopics(_message.Message):
    __slots__ = ("session_id", "enrolment_id", "topic_ids")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TOPIC_IDS_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    enrolment_id: str
    topic_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, session_id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., topic_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class EnrolmentProgress(_message.Message):
    __slots__ = ("enrolment_id", "course_id", "planned_duration", "covered_duration", "expected_duration", "covered_share", "topic_count", "covered_topic_count", "topics")
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PLANNED_DURATION_FIELD_NUMBER: _ClassVar[int]
    COVERED_DURATION_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_DURATION_FIELD_NUMBER: _ClassVar[int]
    COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    TOPIC_COUNT_FIELD_NUMBER: _ClassVar[int]
    COVERED_TOPIC_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    course_id: str
    planned_duration: _duration_pb2.Duration
    covered_duration: _duration_pb2.Duration
    expected_duration: _duration_pb2.Duration
    covered_share: float
    topic_count: int
    covered_topic_count: int
    topics: _containers.RepeatedCompositeFieldContainer[TopicProgress]
    def __init__(self, enrolment_id: _Optional[str] = ..., course_id: _Optional[str] = ..., planned_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., covered_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., expected_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., covered_share: _Optional[float] = ..., topic_count: _Optional[int] = ..., covered_topic_count: _Optional[int] = ..., topics: _Optional[_Iterable[_Union[TopicProgress, _Mapping]]] = ...) -> None: ...

class TopicProgress(_message.Message):
    __slots__ = ("topic", "covered", "session_ids", "first_covered_date")
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    COVERED_FIELD_NUMBER: _ClassVar[int]
    SESSION_IDS_FIELD_NUMBER: _ClassVar[int]
    FIRST_COVERED_DATE_FIELD_NUMBER: _ClassVar[int]
    topic: _courses_pb2.Topic
    covered: bool
    session_ids: _containers.RepeatedScalarFieldContainer[str]
    first_covered_date: str
    def __init__(self, topic: _Optional[_Union[_courses_pb2.Topic, _Mapping]] = ..., covered: _Optional[bool] = ..., session_ids: _Optional[_Iterable[str]] = ..., first_covered_date: _Optional[str] = ...) -> None: ...

class SetCoveredTopicsRequest(_message.Message):
    __slots__ = ("session_id", "topic_ids")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TOPIC_IDS_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    topic_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, session_id: _Optional[str] = ..., topic_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GetCoveredTopicsRequest(_message.Message):
    __slots__ = ("session_id",)
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class GetEnrolmentProgressRequest(_message.Message):
    __slots__ = ("enrolment_id",)
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    def __init__(self, enrolment_id: _Optional[str] = ...) -> None: ...

class ListEnrolmentProgressRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "term_id", "class_group_id", "trainer_id", "course_id", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    term_id: str
    class_group_id: str
    trainer_id: str
    course_id: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., term_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., course_id: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListEnrolmentProgressResponse(_message.Message):
    __slots__ = ("progress", "next_page_token")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    progress: _containers.RepeatedCompositeFieldContainer[EnrolmentProgress]
    next_page_token: str
    def __init__(self, progress: _Optional[_Iterable[_Union[EnrolmentProgress, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
