import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from smartroster.timetable.v1 import timetable_pb2 as _timetable_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WeeklySchedule(_message.Message):
    __slots__ = ("subject_name", "start_date", "lessons", "free_days", "breaks")
    SUBJECT_NAME_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    LESSONS_FIELD_NUMBER: _ClassVar[int]
    FREE_DAYS_FIELD_NUMBER: _ClassVar[int]
    BREAKS_FIELD_NUMBER: _ClassVar[int]
    subject_name: str
    start_date: str
    lessons: _containers.RepeatedCompositeFieldContainer[ScheduledLesson]
    free_days: _containers.RepeatedCompositeFieldContainer[FreeDay]
    breaks: _containers.RepeatedCompositeFieldContainer[BreakTime]
    def __init__(self, subject_name: _Optional[str] = ..., start_date: _Optional[str] = ..., lessons: _Optional[_Iterable[_Union[ScheduledLesson, _Mapping]]] = ..., free_days: _Optional[_Iterable[_Union[FreeDay, _Mapping]]] = ..., breaks: _Optional[_Iterable[_Union[BreakTime, _Mapping]]] = ...) -> None: ...

class ScheduledLesson(_message.Message):
    __slots__ = ("timetable_entry_id", "lesson_id", "enrolment_id", "date", "start_time_of_day", "end_time_of_day", "session_type", "kind", "course_id", "course_code", "course_title", "class_group_id", "class_group_name", "trainer_id", "trainer_name", "room_id", "room_code")
    TIMETABLE_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    LESSON_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    SESSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_CODE_FIELD_NUMBER: _ClassVar[int]
    COURSE_TITLE_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_NAME_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_NAME_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_CODE_FIELD_NUMBER: _ClassVar[int]
    timetable_entry_id: str
    lesson_id: str
    enrolment_id: str
    date: str
    start_time_of_day: str
    end_time_of_day: str
    session_type: _timetable_pb2.SessionType
    kind: _timetable_pb2.TimetableEntry.Kind
    course_id: str
    course_code: str
    course_title: str
    class_group_id: str
    class_group_name: str
    trainer_id: str
    trainer_name: str
    room_id: str
    room_code: str
    def __init__(self, timetable_entry_id: _Optional[str] = ..., lesson_id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., date: _Optional[str] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., session_type: _Optional[_Union[_timetable_pb2.SessionType, str]] = ..., kind: _Optional[_Union[_timetable_pb2.TimetableEntry.Kind, str]] = ..., course_id: _Optional[str] = ..., course_code: _Optional[str] = ..., course_title: _Optional[str] = ..., class_group_id: _Optional[str] = ..., class_group_name: _Optional[str] = ..., trainer_id: _Optional[str] = ..., trainer_name: _Optional[str] = ..., room_id: _Optional[str] = ..., room_code: _Optional[str] = ...) -> None: ...

class FreeDay(_message.Message):
    __slots__ = ("date", "name", "class_group_id")
    DATE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    date: str
    name: str
    class_group_id: str
    def __init__(self, date: _Optional[str] = ..., name: _Optional[str] = ..., class_group_id: _Optional[str] = ...) -> None: ...

class BreakTime(_message.Message):
    __slots__ = ("weekday", "start_time_of_day", "end_time_of_day", "name")
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    weekday: int
    start_time_of_day: str
    end_time_of_day: str
    name: str
    def __init__(self, weekday: _Optional[int] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class ScheduleFile(_message.Message):
    __slots__ = ("content", "file_name", "media_type")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    file_name: str
    media_type: str
    def __init__(self, content: _Optional[bytes] = ..., file_name: _Optional[str] = ..., media_type: _Optional[str] = ...) -> None: ...

class FreeTrainer(_message.Message):
    __slots__ = ("trainer_id", "name", "department_id", "weekly_load", "max_weekly_load")
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    WEEKLY_LOAD_FIELD_NUMBER: _ClassVar[int]
    MAX_WEEKLY_LOAD_FIELD_NUMBER: _ClassVar[int]
    trainer_id: str
    name: str
    department_id: str
    weekly_load: _duration_pb2.Duration
    max_weekly_load: _duration_pb2.Duration
    def __init__(self, trainer_id: _Optional[str] = ..., name: _Optional[str] = ..., department_id: _Optional[str] = ..., weekly_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_weekly_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class RoomUtilisation(_message.Message):
    __slots__ = ("room_id", "room_code", "room_type", "capacity", "lesson_count", "booked", "bookable", "booked_share", "seat_share")
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_CODE_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    LESSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    BOOKED_FIELD_NUMBER: _ClassVar[int]
    BOOKABLE_FIELD_NUMBER: _ClassVar[int]
    BOOKED_SHARE_FIELD_NUMBER: _ClassVar[int]
    SEAT_SHARE_FIELD_NUMBER: _ClassVar[int]
    room_id: str
    room_code: str
    room_type: str
    capacity: int
    lesson_count: int
    booked: _duration_pb2.Duration
    bookable: _duration_pb2.Duration
    booked_share: float
    seat_share: float
    def __init__(self, room_id: _Optional[str] = ..., room_code: _Optional[str] = ..., room_type: _Optional[str] = ..., capacity: _Optional[int] = ..., lesson_count: _Optional[int] = ..., booked: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., bookable: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., booked_share: _Optional[float] = ..., seat_share: _Optional[float] = ...) -> None: ...

class TrainerLoad(_message.Message):
    __slots__ = ("trainer_id", "name", "department_id", "lesson_count", "theory", "practical", "weekly_load", "max_weekly_load", "busiest_week_date", "busiest_week_load")
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    LESSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    THEORY_FIELD_NUMBER: _ClassVar[int]
    PRACTICAL_FIELD_NUMBER: _ClassVar[int]
    WEEKLY_LOAD_FIELD_NUMBER: _ClassVar[int]
    MAX_WEEKLY_LOAD_FIELD_NUMBER: _ClassVar[int]
    BUSIEST_WEEK_DATE_FIELD_NUMBER: _ClassVar[int]
    BUSIEST_WEEK_LOAD_FIELD_NUMBER: _ClassVar[int]
    trainer_id: str
    name: str
    department_id: str
    lesson_count: int
    theory: _duration_pb2.Duration
    practical: _duration_pb2.Duration
    weekly_load: _duration_pb2.Duration
    max_weekly_load: _duration_pb2.Duration
    busiest_week_date: str
    busiest_week_load: _duration_pb2.Duration
    def __init__(self, trainer_id: _Optional[str] = ..., name: _Optional[str] = ..., department_id: _Optional[str] = ..., lesson_count: _Optional[int] = ..., theory: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., practical: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., weekly_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_weekly_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., busiest_week_date: _Optional[str] = ..., busiest_week_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Feed(_message.Message):
    __slots__ = ("id", "person_id", "class_group_id", "room_id", "subject_name", "owner_id", "url", "create_time", "update_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    person_id: str
    class_group_id: str
    room_id: str
    subject_name: str
    owner_id: str
    url: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., person_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., room_id: _Optional[str] = ..., subject_name: _Optional[str] = ..., owner_id: _Optional[str] = ..., url: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetWeeklyScheduleRequest(_message.Message):
    __slots__ = ("class_group_id", "trainer_id", "room_id", "department_id", "date")
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    trainer_id: str
    room_id: str
    department_id: str
    date: str
    def __init__(self, class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., room_id: _Optional[str] = ..., department_id: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...

class ExportWeeklyScheduleRequest(_message.Message):
    __slots__ = ("week", "format")
    class Format(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        FORMAT_UNSPECIFIED: _ClassVar[ExportWeeklyScheduleRequest.Format]
        FORMAT_PDF: _ClassVar[ExportWeeklyScheduleRequest.Format]
        FORMAT_XLSX: _ClassVar[ExportWeeklyScheduleRequest.Format]
        FORMAT_ICS: _ClassVar[ExportWeeklyScheduleRequest.Format]
    FORMAT_UNSPECIFIED: ExportWeeklyScheduleRequest.Format
    FORMAT_PDF: ExportWeeklyScheduleRequest.Format
    FORMAT_XLSX: ExportWeeklyScheduleRequest.Format
    FORMAT_ICS: ExportWeeklyScheduleRequest.Format
    WEEK_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    week: GetWeeklyScheduleRequest
    format: ExportWeeklyScheduleRequest.Format
    def __init__(self, week: _Optional[_Union[GetWeeklyScheduleRequest, _Mapping]] = ..., format: _Optional[_Union[ExportWeeklyScheduleRequest.Format, str]] = ...) -> None: ...

class ListFreeRoomsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "date", "start_time_of_day", "end_time_of_day", "room_type", "min_capacity", "facilities", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    MIN_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    FACILITIES_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    date: str
    start_time_of_day: str
    end_time_of_day: str
    room_type: str
    min_capacity: int
    facilities: _containers.RepeatedScalarFieldContainer[str]
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., date: _Optional[str] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., room_type: _Optional[str] = ..., min_capacity: _Optional[int] = ..., facilities: _Optional[_Iterable[str]] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListFreeRoomsResponse(_message.Message):
    __slots__ = ("rooms", "next_page_token")
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rooms: _containers.RepeatedCompositeFieldContainer[_timetable_pb2.Room]
    next_page_token: str
    def __init__(self, rooms: _Optional[_Iterable[_Union[_timetable_pb2.Room, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListFreeTrainersRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "date", "start_time_of_day", "end_time_of_day", "department_id", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    date: str
    start_time_of_day: str
    end_time_of_day: str
    department_id: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., date: _Optional[str] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., department_id: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListFreeTrainersResponse(_message.Message):
    __slots__ = ("trainers", "next_page_token")
    TRAINERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trainers: _containers.RepeatedCompositeFieldContainer[FreeTrainer]
    next_page_token: str
    def __init__(self, trainers: _Optional[_Iterable[_Union[FreeTrainer, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListRoomUtilisationsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "start_date", "end_date", "room_type", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    start_date: str
    end_date: str
    room_type: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., room_type: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListRoomUtilisationsResponse(_message.Message):
    __slots__ = ("room_utilisations", "next_page_token")
    ROOM_UTILISATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    room_utilisations: _containers.RepeatedCompositeFieldContainer[RoomUtilisation]
    next_page_token: str
    def __init__(self, room_utilisations: _Optional[_Iterable[_Union[RoomUtilisation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListTrainerLoadsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "start_date", "end_date", "department_id", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    start_date: str
    end_date: str
    department_id: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., department_id: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTrainerLoadsResponse(_message.Message):
    __slots__ = ("trainer_loads", "next_page_token")
    TRAINER_LOADS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trainer_loads: _containers.RepeatedCompositeFieldContainer[TrainerLoad]
    next_page_token: str
    def __init__(self, trainer_loads: _Optional[_Iterable[_Union[TrainerLoad, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateFeedRequest(_message.Message):
    __slots__ = ("request_id", "feed")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FEED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    feed: Feed
    def __init__(self, request_id: _Optional[str] = ..., feed: _Optional[_Union[Feed, _Mapping]] = ...) -> None: ...

class ListFeedsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListFeedsResponse(_message.Message):
    __slots__ = ("feeds", "next_page_token")
    FEEDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    feeds: _containers.RepeatedCompositeFieldContainer[Feed]
    next_page_token: str
    def __init__(self, feeds: _Optional[_Iterable[_Union[Feed, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RotateFeedRequest(_message.Message):
    __slots__ = ("feed_id",)
    FEED_ID_FIELD_NUMBER: _ClassVar[int]
    feed_id: str
    def __init__(self, feed_id: _Optional[str] = ...) -> None: ...

class DeleteFeedRequest(_message.Message):
    __slots__ = ("feed_id",)
    FEED_ID_FIELD_NUMBER: _ClassVar[int]
    feed_id: str
    def __init__(self, feed_id: _Optional[str] = ...) -> None: ...
