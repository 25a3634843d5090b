import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from smartroster.jobs.v1 import jobs_pb2 as _jobs_pb2
from smartroster.timetable.v1 import timetable_pb2 as _timetable_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DayPattern(_message.Message):
    __slots__ = ("days", "etag")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    days: _containers.RepeatedCompositeFieldContainer[PatternDay]
    etag: str
    def __init__(self, days: _Optional[_Iterable[_Union[PatternDay, _Mapping]]] = ..., etag: _Optional[str] = ...) -> None: ...

class PatternDay(_message.Message):
    __slots__ = ("weekday", "periods")
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    weekday: int
    periods: _containers.RepeatedCompositeFieldContainer[Period]
    def __init__(self, weekday: _Optional[int] = ..., periods: _Optional[_Iterable[_Union[Period, _Mapping]]] = ...) -> None: ...

class Period(_message.Message):
    __slots__ = ("start_time_of_day", "end_time_of_day", "is_break", "is_lunch", "name")
    START_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    END_TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    IS_BREAK_FIELD_NUMBER: _ClassVar[int]
    IS_LUNCH_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    start_time_of_day: str
    end_time_of_day: str
    is_break: bool
    is_lunch: bool
    name: str
    def __init__(self, start_time_of_day: _Optional[str] = ..., end_time_of_day: _Optional[str] = ..., is_break: _Optional[bool] = ..., is_lunch: _Optional[bool] = ..., name: _Optional[str] = ...) -> None: ...

class TimetablePolicy(_message.Message):
    __slots__ = ("hard_rules", "weights", "max_daily_group_load", "max_daily_trainer_load", "max_consecutive", "etag")
    class Weight(_message.Message):
        __slots__ = ("rule", "cost")
        RULE_FIELD_NUMBER: _ClassVar[int]
        COST_FIELD_NUMBER: _ClassVar[int]
        rule: str
        cost: int
        def __init__(self, rule: _Optional[str] = ..., cost: _Optional[int] = ...) -> None: ...
    HARD_RULES_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    MAX_DAILY_GROUP_LOAD_FIELD_NUMBER: _ClassVar[int]
    MAX_DAILY_TRAINER_LOAD_FIELD_NUMBER: _ClassVar[int]
    MAX_CONSECUTIVE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    hard_rules: _containers.RepeatedScalarFieldContainer[_timetable_pb2.Conflict.Rule]
    weights: _containers.RepeatedCompositeFieldContainer[TimetablePolicy.Weight]
    max_daily_group_load: _duration_pb2.Duration
    max_daily_trainer_load: _duration_pb2.Duration
    max_consecutive: _duration_pb2.Duration
    etag: str
    def __init__(self, hard_rules: _Optional[_Iterable[_Union[_timetable_pb2.Conflict.Rule, str]]] = ..., weights: _Optional[_Iterable[_Union[TimetablePolicy.Weight, _Mapping]]] = ..., max_daily_group_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_daily_trainer_load: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_consecutive: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetDayPatternRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UpdateDayPatternRequest(_message.Message):
    __slots__ = ("day_pattern", "update_mask")
    DAY_PATTERN_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    day_pattern: DayPattern
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, day_pattern: _Optional[_Union[DayPattern, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class GetTimetablePolicyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UpdateTimetablePolicyRequest(_message.Message):
    __slots__ = ("timetable_policy", "update_mask")
    TIMETABLE_POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    timetable_policy: TimetablePolicy
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, timetable_policy: _Optional[_Union[TimetablePolicy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class GenerateTimetableRequest(_message.Message):
    __slots__ = ("request_id", "term_id", "base_version_id", "time_limit", "moves", "seed", "cores", "resemble", "title")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    BASE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    CORES_FIELD_NUMBER: _ClassVar[int]
    RESEMBLE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    term_id: str
    base_version_id: str
    time_limit: _duration_pb2.Duration
    moves: int
    seed: int
    cores: int
    resemble: bool
    title: str
    def __init__(self, request_id: _Optional[str] = ..., term_id: _Optional[str] = ..., base_version_id: _Optional[str] = ..., time_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., moves: _Optional[int] = ..., seed: _Optional[int] = ..., cores: _Optional[int] = ..., resemble: _Optional[bool] = ..., title: _Optional[str] = ...) -> None: ...

class CheckTimetableVersionRequest(_message.Message):
    __slots__ = ("timetable_version_id",)
    TIMETABLE_VERSION_ID_FIELD_NUMBER: _ClassVar[int]
    timetable_version_id: str
    def __init__(self, timetable_version_id: _Optional[str] = ...) -> None: ...

class CheckTimetableVersionResponse(_message.Message):
    __slots__ = ("entries", "entry_count")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[EntryConflicts]
    entry_count: int
    def __init__(self, entries: _Optional[_Iterable[_Union[EntryConflicts, _Mapping]]] = ..., entry_count: _Optional[int] = ...) -> None: ...

class EntryConflicts(_message.Message):
    __slots__ = ("timetable_entry", "conflicts")
    TIMETABLE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    timetable_entry: _timetable_pb2.TimetableEntry
    conflicts: _containers.RepeatedCompositeFieldContainer[_timetable_pb2.Conflict]
    def __init__(self, timetable_entry: _Optional[_Union[_timetable_pb2.TimetableEntry, _Mapping]] = ..., conflicts: _Optional[_Iterable[_Union[_timetable_pb2.Conflict, _Mapping]]] = ...) -> None: ...
