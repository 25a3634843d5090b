import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from smartroster.timetable.v1 import timetable_pb2 as _timetable_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TimetableVersion(_message.Message):
    __slots__ = ("id", "term_id", "number", "title", "base_version_id", "state", "effective_date", "end_date", "publish_time", "create_time", "etag", "entry_count")
    ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BASE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    id: str
    term_id: str
    number: int
    title: str
    base_version_id: str
    state: _timetable_pb2.TimetableEntry.State
    effective_date: str
    end_date: str
    publish_time: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    etag: str
    entry_count: int
    def __init__(self, id: _Optional[str] = ..., term_id: _Optional[str] = ..., number: _Optional[int] = ..., title: _Optional[str] = ..., base_version_id: _Optional[str] = ..., state: _Optional[_Union[_timetable_pb2.TimetableEntry.State, str]] = ..., effective_date: _Optional[str] = ..., end_date: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., entry_count: _Optional[int] = ...) -> None: ...

class CreateTimetableVersionRequest(_message.Message):
    __slots__ = ("request_id", "term_id", "title", "base_version_id", "empty")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BASE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    EMPTY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    term_id: str
    title: str
    base_version_id: str
    empty: bool
    def __init__(self, request_id: _Optional[str] = ..., term_id: _Optional[str] = ..., title: _Optional[str] = ..., base_version_id: _Optional[str] = ..., empty: _Optional[bool] = ...) -> None: ...

class GetTimetableVersionRequest(_message.Message):
    __slots__ = ("timetable_version_id",)
    TIMETABLE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    timetable_version_id: str
    def __init__(self, timetable_version_id: _Optional[str] = ...) -> None: ...

class ListTimetableVersionsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "term_id", "date", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    term_id: str
    date: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., term_id: _Optional[str] = ..., date: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTimetableVersionsResponse(_message.Message):
    __slots__ = ("timetable_versions", "next_page_token")
    TIMETABLE_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    timetable_versions: _containers.RepeatedCompositeFieldContainer[TimetableVersion]
    next_page_token: str
    def __init__(self, timetable_versions: _Optional[_Iterable[_Union[TimetableVersion, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateTimetableVersionRequest(_message.Message):
    __slots__ = ("timetable_version", "update_mask")
    TIMETABLE_VERSION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    timetable_version: TimetableVersion
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, timetable_version: _Optional[_Union[TimetableVersion, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteTimetableVersionRequest(_message.Message):
    __slots__ = ("timetable_version_id", "etag")
    TIMETABLE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    timetable_version_id: str
    etag: str
    def __init__(self, timetable_version_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DiffTimetableVersionsRequest(_message.Message):
    __slots__ = ("from_version_id", "to_version_id")
    FROM_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    TO_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    from_version_id: str
    to_version_id: str
    def __init__(self, from_version_id: _Optional[str] = ..., to_version_id: _Optional[str] = ...) -> None: ...

class DiffTimetableVersionsResponse(_message.Message):
    __slots__ = ("changes", "unchanged_count")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[LessonChange]
    unchanged_count: int
    def __init__(self, changes: _Optional[_Iterable[_Union[LessonChange, _Mapping]]] = ..., unchanged_count: _Optional[int] = ...) -> None: ...

class LessonChange(_message.Message):
    __slots__ = ("lesson_id", "kind", "before", "after", "fields")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[LessonChange.Kind]
        KIND_ADDED: _ClassVar[LessonChange.Kind]
        KIND_REMOVED: _ClassVar[LessonChange.Kind]
        KIND_MOVED: _ClassVar[LessonChange.Kind]
        KIND_ROOM_CHANGED: _ClassVar[LessonChange.Kind]
        KIND_CHANGED: _ClassVar[LessonChange.Kind]
    KIND_UNSPECIFIED: LessonChange.Kind
    KIND_ADDED: LessonChange.Kind
    KIND_REMOVED: LessonChange.Kind
    KIND_MOVED: LessonChange.Kind
    KIND_ROOM_CHANGED: LessonChange.Kind
    KIND_CHANGED: LessonChange.Kind
    LESSON_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    lesson_id: str
    kind: LessonChange.Kind
    before: _timetable_pb2.TimetableEntry
    after: _timetable_pb2.TimetableEntry
    fields: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, lesson_id: _Optional[str] = ..., kind: _Optional[_Union[LessonChange.Kind, str]] = ..., before: _Optional[_Union[_timetable_pb2.TimetableEntry, _Mapping]] = ..., after: _Optional[_Union[_timetable_pb2.TimetableEntry, _Mapping]] = ..., fields: _Optional[_Iterable[str]] = ...) -> None: ...

class PublishTimetableRequest(_message.Message):
    __slots__ = ("term_id", "timetable_version_id", "etag", "effective_date")
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    TIMETABLE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_DATE_FIELD_NUMBER: _ClassVar[int]
    term_id: str
    timetable_version_id: str
    etag: str
    effective_date: str
    def __init__(self, term_id: _Optional[str] = ..., timetable_version_id: _Optional[str] = ..., etag: _Optional[str] = ..., effective_date: _Optional[str] = ...) -> None: ...

class PublishTimetableResponse(_message.Message):
    __slots__ = ("published_entries", "created_sessions", "horizon_end_time", "timetable_version", "changed_sessions")
    PUBLISHED_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CREATED_SESSIONS_FIELD_NUMBER: _ClassVar[int]
    HORIZON_END_TIME_FIELD_NUMBER: _ClassVar[int]
    TIMETABLE_VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_SESSIONS_FIELD_NUMBER: _ClassVar[int]
    published_entries: int
    created_sessions: int
    horizon_end_time: _timestamp_pb2.Timestamp
    timetable_version: TimetableVersion
    changed_sessions: int
    def __init__(self, published_entries: _Optional[int] = ..., created_sessions: _Optional[int] = ..., horizon_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., timetable_version: _Optional[_Union[TimetableVersion, _Mapping]] = ..., changed_sessions: _Optional[int] = ...) -> None: ...
