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

class SessionType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SESSION_TYPE_UNSPECIFIED: _ClassVar[SessionType]
    SESSION_TYPE_THEORY: _ClassVar[SessionType]
    SESSION_TYPE_PRACTICAL: _ClassVar[SessionType]
SESSION_TYPE_UNSPECIFIED: SessionType
SESSION_TYPE_THEORY: SessionType
SESSION_TYPE_PRACTICAL: SessionType

class LatLng(_message.Message):
    __slots__ = ("latitude", "longitude")
    LATITUDE_FIELD_NUMBER: _ClassVar[int]
    LONGITUDE_FIELD_NUMBER: _ClassVar[int]
    latitude: float
    longitude: float
    def __init__(self, latitude: _Optional[float] = ..., longitude: _Optional[float] = ...) -> None: ...

class Geofence(_message.Message):
    __slots__ = ("circle", "polygon")
    class Circle(_message.Message):
        __slots__ = ("centre", "radius_m")
        CENTRE_FIELD_NUMBER: _ClassVar[int]
        RADIUS_M_FIELD_NUMBER: _ClassVar[int]
        centre: LatLng
        radius_m: float
        def __init__(self, centre: _Optional[_Union[LatLng, _Mapping]] = ..., radius_m: _Optional[float] = ...) -> None: ...
    class Polygon(_message.Message):
        __slots__ = ("vertices",)
        VERTICES_FIELD_NUMBER: _ClassVar[int]
        vertices: _containers.RepeatedCompositeFieldContainer[LatLng]
        def __init__(self, vertices: _Optional[_Iterable[_Union[LatLng, _Mapping]]] = ...) -> None: ...
    CIRCLE_FIELD_NUMBER: _ClassVar[int]
    POLYGON_FIELD_NUMBER: _ClassVar[int]
    circle: Geofence.Circle
    polygon: Geofence.Polygon
    def __init__(self, circle: _Optional[_Union[Geofence.Circle, _Mapping]] = ..., polygon: _Optional[_Union[Geofence.Polygon, _Mapping]] = ...) -> None: ...

class Room(_message.Message):
    __slots__ = ("id", "code", "name", "building", "floor", "room_type", "capacity", "facilities", "geofence", "max_accuracy_m", "state", "etag", "maintenance_windows", "bookable_hours", "max_bookings_per_day")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Room.State]
        STATE_IN_USE: _ClassVar[Room.State]
        STATE_CLOSED: _ClassVar[Room.State]
    STATE_UNSPECIFIED: Room.State
    STATE_IN_USE: Room.State
    STATE_CLOSED: Room.State
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BUILDING_FIELD_NUMBER: _ClassVar[int]
    FLOOR_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    FACILITIES_FIELD_NUMBER: _ClassVar[int]
    GEOFENCE_FIELD_NUMBER: _ClassVar[int]
    MAX_ACCURACY_M_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    MAINTENANCE_WINDOWS_FIELD_NUMBER: _ClassVar[int]
    BOOKABLE_HOURS_FIELD_NUMBER: _ClassVar[int]
    MAX_BOOKINGS_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    id: str
    code: str
    name: str
    building: str
    floor: str
    room_type: str
    capacity: int
    facilities: _containers.RepeatedScalarFieldContainer[str]
    geofence: Geofence
    max_accuracy_m: float
    state: Room.State
    etag: str
    maintenance_windows: _containers.RepeatedCompositeFieldContainer[MaintenanceWindow]
    bookable_hours: _containers.RepeatedCompositeFieldContainer[WeeklyWindow]
    max_bookings_per_day: int
    def __init__(self, id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., building: _Optional[str] = ..., floor: _Optional[str] = ..., room_type: _Optional[str] = ..., capacity: _Optional[int] = ..., facilities: _Optional[_Iterable[str]] = ..., geofence: _Optional[_Union[Geofence, _Mapping]] = ..., max_accuracy_m: _Optional[float] = ..., state: _Optional[_Union[Room.State, str]] = ..., etag: _Optional[str] = ..., maintenance_windows: _Optional[_Iterable[_Union[MaintenanceWindow, _Mapping]]] = ..., bookable_hours: _Optional[_Iterable[_Union[WeeklyWindow, _Mapping]]] = ..., max_bookings_per_day: _Optional[int] = ...) -> None: ...

class MaintenanceWindow(_message.Message):
    __slots__ = ("start_time", "end_time", "reason")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    reason: str
    def __init__(self, start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class WeeklyWindow(_message.Message):
    __slots__ = ("weekday", "start_time_of_day", "end_time_of_day")
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    weekday: int
    start_time_of_day: str
    end_time_of_day: str
    def __init__(self, weekday: _Optional[int] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ...) -> None: ...

class TimetableEntry(_message.Message):
    __slots__ = ("id", "enrolment_id", "room_id", "weekday", "start_time_of_day", "end_time_of_day", "session_type", "kind", "start_date", "end_date", "state", "etag", "version_id", "week_pattern", "anchor_date", "dates", "pinned", "outside_day_pattern", "facilities", "lesson_id", "term_id", "trainer_id", "class_group_id", "warnings")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[TimetableEntry.Kind]
        KIND_RECURRING: _ClassVar[TimetableEntry.Kind]
        KIND_TEMPORARY: _ClassVar[TimetableEntry.Kind]
        KIND_MAKEUP: _ClassVar[TimetableEntry.Kind]
    KIND_UNSPECIFIED: TimetableEntry.Kind
    KIND_RECURRING: TimetableEntry.Kind
    KIND_TEMPORARY: TimetableEntry.Kind
    KIND_MAKEUP: TimetableEntry.Kind
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[TimetableEntry.State]
        STATE_DRAFT: _ClassVar[TimetableEntry.State]
        STATE_PUBLISHED: _ClassVar[TimetableEntry.State]
        STATE_ARCHIVED: _ClassVar[TimetableEntry.State]
    STATE_UNSPECIFIED: TimetableEntry.State
    STATE_DRAFT: TimetableEntry.State
    STATE_PUBLISHED: TimetableEntry.State
    STATE_ARCHIVED: TimetableEntry.State
    class WeekPattern(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        WEEK_PATTERN_UNSPECIFIED: _ClassVar[TimetableEntry.WeekPattern]
        WEEK_PATTERN_EVERY: _ClassVar[TimetableEntry.WeekPattern]
        WEEK_PATTERN_A: _ClassVar[TimetableEntry.WeekPattern]
        WEEK_PATTERN_B: _ClassVar[TimetableEntry.WeekPattern]
        WEEK_PATTERN_DATES: _ClassVar[TimetableEntry.WeekPattern]
    WEEK_PATTERN_UNSPECIFIED: TimetableEntry.WeekPattern
    WEEK_PATTERN_EVERY: TimetableEntry.WeekPattern
    WEEK_PATTERN_A: TimetableEntry.WeekPattern
    WEEK_PATTERN_B: TimetableEntry.WeekPattern
    WEEK_PATTERN_DATES: TimetableEntry.WeekPattern
    ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    SESSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    WEEK_PATTERN_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_DATE_FIELD_NUMBER: _ClassVar[int]
    DATES_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    OUTSIDE_DAY_PATTERN_FIELD_NUMBER: _ClassVar[int]
    FACILITIES_FIELD_NUMBER: _ClassVar[int]
    LESSON_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    id: str
    enrolment_id: str
    room_id: str
    weekday: int
    start_time_of_day: str
    end_time_of_day: str
    session_type: SessionType
    kind: TimetableEntry.Kind
    start_date: str
    end_date: str
    state: TimetableEntry.State
    etag: str
    version_id: str
    week_pattern: TimetableEntry.WeekPattern
    anchor_date: str
    dates: _containers.RepeatedScalarFieldContainer[str]
    pinned: bool
    outside_day_pattern: bool
    facilities: _containers.RepeatedScalarFieldContainer[str]
    lesson_id: str
    term_id: str
    trainer_id: str
    class_group_id: str
    warnings: _containers.RepeatedCompositeFieldContainer[Conflict]
    def __init__(self, id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., room_id: _Optional[str] = ..., weekday: _Optional[int] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., session_type: _Optional[_Union[SessionType, str]] = ..., kind: _Optional[_Union[TimetableEntry.Kind, str]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., state: _Optional[_Union[TimetableEntry.State, str]] = ..., etag: _Optional[str] = ..., version_id: _Optional[str] = ..., week_pattern: _Optional[_Union[TimetableEntry.WeekPattern, str]] = ..., anchor_date: _Optional[str] = ..., dates: _Optional[_Iterable[str]] = ..., pinned: _Optional[bool] = ..., outside_day_pattern: _Optional[bool] = ..., facilities: _Optional[_Iterable[str]] = ..., lesson_id: _Optional[str] = ..., term_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., warnings: _Optional[_Iterable[_Union[Conflict, _Mapping]]] = ...) -> None: ...

class Conflict(_message.Message):
    __slots__ = ("rule", "hard", "cost", "text", "entry_ids", "dates")
    class Rule(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        RULE_UNSPECIFIED: _ClassVar[Conflict.Rule]
        RULE_TRAINER_BUSY: _ClassVar[Conflict.Rule]
        RULE_GROUP_BUSY: _ClassVar[Conflict.Rule]
        RULE_ROOM_BUSY: _ClassVar[Conflict.Rule]
        RULE_ROOM_CLOSED: _ClassVar[Conflict.Rule]
        RULE_ROOM_MAINTENANCE: _ClassVar[Conflict.Rule]
        RULE_ROOM_HOURS: _ClassVar[Conflict.Rule]
        RULE_ROOM_DAILY_BOOKINGS: _ClassVar[Conflict.Rule]
        RULE_ROOM_CAPACITY: _ClassVar[Conflict.Rule]
        RULE_ROOM_TYPE: _ClassVar[Conflict.Rule]
        RULE_ROOM_FACILITIES: _ClassVar[Conflict.Rule]
        RULE_TRAINER_UNAVAILABLE: _ClassVar[Conflict.Rule]
        RULE_TRAINER_ABSENT: _ClassVar[Conflict.Rule]
        RULE_DAY_PATTERN: _ClassVar[Conflict.Rule]
        RULE_HOLIDAY: _ClassVar[Conflict.Rule]
        RULE_GROUP_DAILY_LOAD: _ClassVar[Conflict.Rule]
        RULE_TRAINER_DAILY_LOAD: _ClassVar[Conflict.Rule]
        RULE_TRAINER_WEEKLY_LOAD: _ClassVar[Conflict.Rule]
        RULE_GROUP_CONSECUTIVE: _ClassVar[Conflict.Rule]
        RULE_TRAINER_CONSECUTIVE: _ClassVar[Conflict.Rule]
        RULE_NOT_PREFERRED: _ClassVar[Conflict.Rule]
    RULE_UNSPECIFIED: Conflict.Rule
    RULE_TRAINER_BUSY: Conflict.Rule
    RULE_GROUP_BUSY: Conflict.Rule
    RULE_ROOM_BUSY: Conflict.Rule
    RULE_ROOM_CLOSED: Conflict.Rule
    RULE_ROOM_MAINTENANCE: Conflict.Rule
    RULE_ROOM_HOURS: Conflict.Rule
    RULE_ROOM_DAILY_BOOKINGS: Conflict.Rule
    RULE_ROOM_CAPACITY: Conflict.Rule
    RULE_ROOM_TYPE: Conflict.Rule
    RULE_ROOM_FACILITIES: Conflict.Rule
    RULE_TRAINER_UNAVAILABLE: Conflict.Rule
    RULE_TRAINER_ABSENT: Conflict.Rule
    RULE_DAY_PATTERN: Conflict.Rule
    RULE_HOLIDAY: Conflict.Rule
    RULE_GROUP_DAILY_LOAD: Conflict.Rule
    RULE_TRAINER_DAILY_LOAD: Conflict.Rule
    RULE_TRAINER_WEEKLY_LOAD: Conflict.Rule
    RULE_GROUP_CONSECUTIVE: Conflict.Rule
    RULE_TRAINER_CONSECUTIVE: Conflict.Rule
    RULE_NOT_PREFERRED: Conflict.Rule
    RULE_FIELD_NUMBER: _ClassVar[int]
    HARD_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ENTRY_IDS_FIELD_NUMBER: _ClassVar[int]
    DATES_FIELD_NUMBER: _ClassVar[int]
    rule: Conflict.Rule
    hard: bool
    cost: int
    text: str
    entry_ids: _containers.RepeatedScalarFieldContainer[str]
    dates: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, rule: _Optional[_Union[Conflict.Rule, str]] = ..., hard: _Optional[bool] = ..., cost: _Optional[int] = ..., text: _Optional[str] = ..., entry_ids: _Optional[_Iterable[str]] = ..., dates: _Optional[_Iterable[str]] = ...) -> None: ...

class CreateRoomRequest(_message.Message):
    __slots__ = ("request_id", "room")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    room: Room
    def __init__(self, request_id: _Optional[str] = ..., room: _Optional[_Union[Room, _Mapping]] = ...) -> None: ...

class GetRoomRequest(_message.Message):
    __slots__ = ("room_id",)
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    room_id: str
    def __init__(self, room_id: _Optional[str] = ...) -> None: ...

class ListRoomsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "code", "room_type", "min_capacity", "query", "state", "facilities", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    MIN_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FACILITIES_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    code: str
    room_type: str
    min_capacity: int
    query: str
    state: Room.State
    facilities: _containers.RepeatedScalarFieldContainer[str]
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., code: _Optional[str] = ..., room_type: _Optional[str] = ..., min_capacity: _Optional[int] = ..., query: _Optional[str] = ..., state: _Optional[_Union[Room.State, str]] = ..., facilities: _Optional[_Iterable[str]] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListRoomsResponse(_message.Message):
    __slots__ = ("rooms", "next_page_token")
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rooms: _containers.RepeatedCompositeFieldContainer[Room]
    next_page_token: str
    def __init__(self, rooms: _Optional[_Iterable[_Union[Room, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteRoomRequest(_message.Message):
    __slots__ = ("room_id", "etag")
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    room_id: str
    etag: str
    def __init__(self, room_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class UpdateRoomRequest(_message.Message):
    __slots__ = ("room", "update_mask")
    ROOM_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    room: Room
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, room: _Optional[_Union[Room, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class CreateTimetableEntryRequest(_message.Message):
    __slots__ = ("request_id", "timetable_entry")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TIMETABLE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    timetable_entry: TimetableEntry
    def __init__(self, request_id: _Optional[str] = ..., timetable_entry: _Optional[_Union[TimetableEntry, _Mapping]] = ...) -> None: ...

class ListTimetableEntriesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "term_id", "room_id", "class_group_id", "trainer_id", "version_id", "date", "enrolment_id", "kind", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    term_id: str
    room_id: str
    class_group_id: str
    trainer_id: str
    version_id: str
    date: str
    enrolment_id: str
    kind: TimetableEntry.Kind
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., term_id: _Optional[str] = ..., room_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., version_id: _Optional[str] = ..., date: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., kind: _Optional[_Union[TimetableEntry.Kind, str]] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTimetableEntriesResponse(_message.Message):
    __slots__ = ("timetable_entries", "next_page_token")
    TIMETABLE_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    timetable_entries: _containers.RepeatedCompositeFieldContainer[TimetableEntry]
    next_page_token: str
    def __init__(self, timetable_entries: _Optional[_Iterable[_Union[TimetableEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetTimetableEntryRequest(_message.Message):
    __slots__ = ("timetable_entry_id",)
    TIMETABLE_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    timetable_entry_id: str
    def __init__(self, timetable_entry_id: _Optional[str] = ...) -> None: ...

class UpdateTimetableEntryRequest(_message.Message):
    __slots__ = ("timetable_entry", "update_mask")
    TIMETABLE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    timetable_entry: TimetableEntry
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, timetable_entry: _Optional[_Union[TimetableEntry, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteTimetableEntryRequest(_message.Message):
    __slots__ = ("timetable_entry_id", "etag")
    TIMETABLE_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    timetable_entry_id: str
    etag: str
    def __init__(self, timetable_entry_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class PinTimetableEntriesRequest(_message.Message):
    __slots__ = ("timetable_entry_ids", "pinned")
    TIMETABLE_ENTRY_IDS_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    timetable_entry_ids: _containers.RepeatedScalarFieldContainer[str]
    pinned: bool
    def __init__(self, timetable_entry_ids: _Optional[_Iterable[str]] = ..., pinned: _Optional[bool] = ...) -> None: ...

class PinTimetableEntriesResponse(_message.Message):
    __slots__ = ("timetable_entries",)
    TIMETABLE_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    timetable_entries: _containers.RepeatedCompositeFieldContainer[TimetableEntry]
    def __init__(self, timetable_entries: _Optional[_Iterable[_Union[TimetableEntry, _Mapping]]] = ...) -> None: ...

class CheckConflictsRequest(_message.Message):
    __slots__ = ("timetable_entry",)
    TIMETABLE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    timetable_entry: TimetableEntry
    def __init__(self, timetable_entry: _Optional[_Union[TimetableEntry, _Mapping]] = ...) -> None: ...

class CheckConflictsResponse(_message.Message):
    __slots__ = ("conflicts",)
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    conflicts: _containers.RepeatedCompositeFieldContainer[Conflict]
    def __init__(self, conflicts: _Optional[_Iterable[_Union[Conflict, _Mapping]]] = ...) -> None: ...
