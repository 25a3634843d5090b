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
    __slots__ = ("id", "code", "name", "building", "floor", "room_type", "capacity", "facilities", "geofence", "max_accuracy_m", "state", "etag")
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
    def __init__(self, id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., building: _Optional[str] = ..., floor: _Optional[str] = ..., room_type: _Optional[str] = ..., capacity: _Optional[int] = ..., facilities: _Optional[_Iterable[str]] = ..., geofence: _Optional[_Union[Geofence, _Mapping]] = ..., max_accuracy_m: _Optional[float] = ..., state: _Optional[_Union[Room.State, str]] = ..., etag: _Optional[str] = ...) -> None: ...

class TimetableEntry(_message.Message):
    __slots__ = ("id", "enrolment_id", "room_id", "weekday", "start_time_of_day", "end_time_of_day", "session_type", "kind", "start_date", "end_date", "state", "etag")
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
    def __init__(self, id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., room_id: _Optional[str] = ..., weekday: _Optional[int] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., session_type: _Optional[_Union[SessionType, str]] = ..., kind: _Optional[_Union[TimetableEntry.Kind, str]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., state: _Optional[_Union[TimetableEntry.State, str]] = ..., etag: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("page_size", "page_token", "code")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    code: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., code: _Optional[str] = ...) -> None: ...

class ListRoomsResponse(_message.Message):
    __slots__ = ("rooms", "next_page_token")
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rooms: _containers.RepeatedCompositeFieldContainer[Room]
    next_page_token: str
    def __init__(self, rooms: _Optional[_Iterable[_Union[Room, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("page_size", "page_token", "term_id", "room_id", "class_group_id", "trainer_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    term_id: str
    room_id: str
    class_group_id: str
    trainer_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., term_id: _Optional[str] = ..., room_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ...) -> None: ...

class ListTimetableEntriesResponse(_message.Message):
    __slots__ = ("timetable_entries", "next_page_token")
    TIMETABLE_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    timetable_entries: _containers.RepeatedCompositeFieldContainer[TimetableEntry]
    next_page_token: str
    def __init__(self, timetable_entries: _Optional[_Iterable[_Union[TimetableEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteTimetableEntryRequest(_message.Message):
    __slots__ = ("timetable_entry_id", "etag")
    TIMETABLE_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    timetable_entry_id: str
    etag: str
    def __init__(self, timetable_entry_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class PublishTimetableRequest(_message.Message):
    __slots__ = ("term_id",)
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    term_id: str
    def __init__(self, term_id: _Optional[str] = ...) -> None: ...

class PublishTimetableResponse(_message.Message):
    __slots__ = ("published_entries", "created_sessions", "horizon_end_time")
    PUBLISHED_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CREATED_SESSIONS_FIELD_NUMBER: _ClassVar[int]
    HORIZON_END_TIME_FIELD_NUMBER: _ClassVar[int]
    published_entries: int
    created_sessions: int
    horizon_end_time: _timestamp_pb2.Timestamp
    def __init__(self, published_entries: _Optional[int] = ..., created_sessions: _Optional[int] = ..., horizon_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
