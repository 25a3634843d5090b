import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Course(_message.Message):
    __slots__ = ("id", "code", "title", "department_id", "description", "credit_hours", "weekly_theory", "weekly_practical", "default_session_length", "etag", "total_length", "archived", "prerequisite_ids")
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
    TOTAL_LENGTH_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    PREREQUISITE_IDS_FIELD_NUMBER: _ClassVar[int]
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
    total_length: _duration_pb2.Duration
    archived: bool
    prerequisite_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., code: _Optional[str] = ..., title: _Optional[str] = ..., department_id: _Optional[str] = ..., description: _Optional[str] = ..., credit_hours: _Optional[int] = ..., weekly_theory: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., weekly_practical: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., default_session_length: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., etag: _Optional[str] = ..., total_length: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., archived: _Optional[bool] = ..., prerequisite_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class PrerequisiteTree(_message.Message):
    __slots__ = ("nodes",)
    NODES_FIELD_NUMBER: _ClassVar[int]
    nodes: _containers.RepeatedCompositeFieldContainer[PrerequisiteNode]
    def __init__(self, nodes: _Optional[_Iterable[_Union[PrerequisiteNode, _Mapping]]] = ...) -> None: ...

class PrerequisiteNode(_message.Message):
    __slots__ = ("course", "depth", "required_by_ids")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_BY_IDS_FIELD_NUMBER: _ClassVar[int]
    course: Course
    depth: int
    required_by_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, course: _Optional[_Union[Course, _Mapping]] = ..., depth: _Optional[int] = ..., required_by_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class Topic(_message.Message):
    __slots__ = ("id", "course_id", "parent_topic_id", "position", "title", "description", "planned_duration", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_TOPIC_ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PLANNED_DURATION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    course_id: str
    parent_topic_id: str
    position: int
    title: str
    description: str
    planned_duration: _duration_pb2.Duration
    etag: str
    def __init__(self, id: _Optional[str] = ..., course_id: _Optional[str] = ..., parent_topic_id: _Optional[str] = ..., position: _Optional[int] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., planned_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class CourseOutline(_message.Message):
    __slots__ = ("course_id", "topics", "planned_duration", "course_length")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    PLANNED_DURATION_FIELD_NUMBER: _ClassVar[int]
    COURSE_LENGTH_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    topics: _containers.RepeatedCompositeFieldContainer[Topic]
    planned_duration: _duration_pb2.Duration
    course_length: _duration_pb2.Duration
    def __init__(self, course_id: _Optional[str] = ..., topics: _Optional[_Iterable[_Union[Topic, _Mapping]]] = ..., planned_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., course_length: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

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
    __slots__ = ("page_size", "page_token", "department_id", "query", "include_archived", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    department_id: str
    query: str
    include_archived: bool
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., department_id: _Optional[str] = ..., query: _Optional[str] = ..., include_archived: _Optional[bool] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListCoursesResponse(_message.Message):
    __slots__ = ("courses", "next_page_token")
    COURSES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    courses: _containers.RepeatedCompositeFieldContainer[Course]
    next_page_token: str
    def __init__(self, courses: _Optional[_Iterable[_Union[Course, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateCourseRequest(_message.Message):
    __slots__ = ("course", "update_mask")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    course: Course
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, course: _Optional[_Union[Course, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ArchiveCourseRequest(_message.Message):
    __slots__ = ("course_id", "etag")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    etag: str
    def __init__(self, course_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class RestoreCourseRequest(_message.Message):
    __slots__ = ("course_id", "etag")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    etag: str
    def __init__(self, course_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteCourseRequest(_message.Message):
    __slots__ = ("course_id", "etag")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    etag: str
    def __init__(self, course_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class AddPrerequisiteRequest(_message.Message):
    __slots__ = ("course_id", "prerequisite_id")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PREREQUISITE_ID_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    prerequisite_id: str
    def __init__(self, course_id: _Optional[str] = ..., prerequisite_id: _Optional[str] = ...) -> None: ...

class RemovePrerequisiteRequest(_message.Message):
    __slots__ = ("course_id", "prerequisite_id")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PREREQUISITE_ID_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    prerequisite_id: str
    def __init__(self, course_id: _Optional[str] = ..., prerequisite_id: _Optional[str] = ...) -> None: ...

class GetPrerequisiteTreeRequest(_message.Message):
    __slots__ = ("course_id",)
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    def __init__(self, course_id: _Optional[str] = ...) -> None: ...

class CreateTopicRequest(_message.Message):
    __slots__ = ("request_id", "topic")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    topic: Topic
    def __init__(self, request_id: _Optional[str] = ..., topic: _Optional[_Union[Topic, _Mapping]] = ...) -> None: ...

class ListTopicsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "course_id", "parent_topic_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_TOPIC_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    course_id: str
    parent_topic_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., course_id: _Optional[str] = ..., parent_topic_id: _Optional[str] = ...) -> None: ...

class ListTopicsResponse(_message.Message):
    __slots__ = ("topics", "next_page_token")
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    topics: _containers.RepeatedCompositeFieldContainer[Topic]
    next_page_token: str
    def __init__(self, topics: _Optional[_Iterable[_Union[Topic, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetCourseOutlineRequest(_message.Message):
    __slots__ = ("course_id",)
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    def __init__(self, course_id: _Optional[str] = ...) -> None: ...

class UpdateTopicRequest(_message.Message):
    __slots__ = ("topic", "update_mask")
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    topic: Topic
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, topic: _Optional[_Union[Topic, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class MoveTopicRequest(_message.Message):
    __slots__ = ("topic_id", "position", "parent_topic_id", "etag")
    TOPIC_ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PARENT_TOPIC_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    topic_id: str
    position: int
    parent_topic_id: str
    etag: str
    def __init__(self, topic_id: _Optional[str] = ..., position: _Optional[int] = ..., parent_topic_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ReorderTopicsRequest(_message.Message):
    __slots__ = ("course_id", "parent_topic_id", "topic_ids")
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_TOPIC_ID_FIELD_NUMBER: _ClassVar[int]
    TOPIC_IDS_FIELD_NUMBER: _ClassVar[int]
    course_id: str
    parent_topic_id: str
    topic_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, course_id: _Optional[str] = ..., parent_topic_id: _Optional[str] = ..., topic_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class DeleteTopicRequest(_message.Message):
    __slots__ = ("topic_id", "etag", "force")
    TOPIC_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    topic_id: str
    etag: str
    force: bool
    def __init__(self, topic_id: _Optional[str] = ..., etag: _Optional[str] = ..., force: _Optional[bool] = ...) -> None: ...
