import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from smartroster.jobs.v1 import jobs_pb2 as _jobs_pb2
from smartroster.timetable.v1 import timetable_pb2 as _timetable_pb2
from smartroster.timetable.v1 import versions_pb2 as _versions_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SuggestAlternativesRequest(_message.Message):
    __slots__ = ("timetable_entry", "max_alternatives")
    TIMETABLE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    MAX_ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    timetable_entry: _timetable_pb2.TimetableEntry
    max_alternatives: int
    def __init__(self, timetable_entry: _Optional[_Union[_timetable_pb2.TimetableEntry, _Mapping]] = ..., max_alternatives: _Optional[int] = ...) -> None: ...

class SuggestAlternativesResponse(_message.Message):
    __slots__ = ("alternatives", "obstacles", "wanted_time")
    class Alternative(_message.Message):
        __slots__ = ("place", "cost", "changes")
        PLACE_FIELD_NUMBER: _ClassVar[int]
        COST_FIELD_NUMBER: _ClassVar[int]
        CHANGES_FIELD_NUMBER: _ClassVar[int]
        place: WeeklyPlace
        cost: int
        changes: _containers.RepeatedCompositeFieldContainer[SuggestAlternativesResponse.Change]
        def __init__(self, place: _Optional[_Union[WeeklyPlace, _Mapping]] = ..., cost: _Optional[int] = ..., changes: _Optional[_Iterable[_Union[SuggestAlternativesResponse.Change, _Mapping]]] = ...) -> None: ...
    class Change(_message.Message):
        __slots__ = ("rule", "cost", "texts")
        RULE_FIELD_NUMBER: _ClassVar[int]
        COST_FIELD_NUMBER: _ClassVar[int]
        TEXTS_FIELD_NUMBER: _ClassVar[int]
        rule: str
        cost: int
        texts: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, rule: _Optional[str] = ..., cost: _Optional[int] = ..., texts: _Optional[_Iterable[str]] = ...) -> None: ...
    class Obstacle(_message.Message):
        __slots__ = ("text", "start_count")
        TEXT_FIELD_NUMBER: _ClassVar[int]
        START_COUNT_FIELD_NUMBER: _ClassVar[int]
        text: str
        start_count: int
        def __init__(self, text: _Optional[str] = ..., start_count: _Optional[int] = ...) -> None: ...
    class WantedTime(_message.Message):
        __slots__ = ("possible", "fewest_proven", "moves", "cost")
        POSSIBLE_FIELD_NUMBER: _ClassVar[int]
        FEWEST_PROVEN_FIELD_NUMBER: _ClassVar[int]
        MOVES_FIELD_NUMBER: _ClassVar[int]
        COST_FIELD_NUMBER: _ClassVar[int]
        possible: bool
        fewest_proven: bool
        moves: _containers.RepeatedCompositeFieldContainer[LessonMove]
        cost: int
        def __init__(self, possible: _Optional[bool] = ..., fewest_proven: _Optional[bool] = ..., moves: _Optional[_Iterable[_Union[LessonMove, _Mapping]]] = ..., cost: _Optional[int] = ...) -> None: ...
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    OBSTACLES_FIELD_NUMBER: _ClassVar[int]
    WANTED_TIME_FIELD_NUMBER: _ClassVar[int]
    alternatives: _containers.RepeatedCompositeFieldContainer[SuggestAlternativesResponse.Alternative]
    obstacles: _containers.RepeatedCompositeFieldContainer[SuggestAlternativesResponse.Obstacle]
    wanted_time: SuggestAlternativesResponse.WantedTime
    def __init__(self, alternatives: _Optional[_Iterable[_Union[SuggestAlternativesResponse.Alternative, _Mapping]]] = ..., obstacles: _Optional[_Iterable[_Union[SuggestAlternativesResponse.Obstacle, _Mapping]]] = ..., wanted_time: _Optional[_Union[SuggestAlternativesResponse.WantedTime, _Mapping]] = ...) -> None: ...

class WeeklyPlace(_message.Message):
    __slots__ = ("weekday", "start_time_of_day", "end_time_of_day", "room_id", "room_code")
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_CODE_FIELD_NUMBER: _ClassVar[int]
    weekday: int
    start_time_of_day: str
    end_time_of_day: str
    room_id: str
    room_code: str
    def __init__(self, weekday: _Optional[int] = ..., start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., room_id: _Optional[str] = ..., room_code: _Optional[str] = ...) -> None: ...

class LessonMove(_message.Message):
    __slots__ = ("lesson_id", "lesson_name", "before", "after")
    LESSON_ID_FIELD_NUMBER: _ClassVar[int]
    LESSON_NAME_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    lesson_id: str
    lesson_name: str
    before: WeeklyPlace
    after: WeeklyPlace
    def __init__(self, lesson_id: _Optional[str] = ..., lesson_name: _Optional[str] = ..., before: _Optional[_Union[WeeklyPlace, _Mapping]] = ..., after: _Optional[_Union[WeeklyPlace, _Mapping]] = ...) -> None: ...

class ResolveTimetableRequest(_message.Message):
    __slots__ = ("request_id", "term_id", "base_version_id", "time_limit")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    BASE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    term_id: str
    base_version_id: str
    time_limit: _duration_pb2.Duration
    def __init__(self, request_id: _Optional[str] = ..., term_id: _Optional[str] = ..., base_version_id: _Optional[str] = ..., time_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ApplyResolutionRequest(_message.Message):
    __slots__ = ("request_id", "job_id", "offer_number", "title")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    job_id: str
    offer_number: int
    title: str
    def __init__(self, request_id: _Optional[str] = ..., job_id: _Optional[str] = ..., offer_number: _Optional[int] = ..., title: _Optional[str] = ...) -> None: ...
