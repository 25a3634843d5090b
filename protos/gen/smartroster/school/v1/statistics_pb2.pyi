from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Level(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEVEL_UNSPECIFIED: _ClassVar[Level]
    LEVEL_SCHOOL: _ClassVar[Level]
    LEVEL_DEPARTMENT: _ClassVar[Level]
    LEVEL_PROGRAMME: _ClassVar[Level]
    LEVEL_CLASS_GROUP: _ClassVar[Level]
LEVEL_UNSPECIFIED: Level
LEVEL_SCHOOL: Level
LEVEL_DEPARTMENT: Level
LEVEL_PROGRAMME: Level
LEVEL_CLASS_GROUP: Level

class Statistics(_message.Message):
    __slots__ = ("level", "id", "code", "name", "departments", "programmes", "class_groups", "trainees", "trainers", "rooms")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENTS_FIELD_NUMBER: _ClassVar[int]
    PROGRAMMES_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUPS_FIELD_NUMBER: _ClassVar[int]
    TRAINEES_FIELD_NUMBER: _ClassVar[int]
    TRAINERS_FIELD_NUMBER: _ClassVar[int]
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    level: Level
    id: str
    code: str
    name: str
    departments: int
    programmes: int
    class_groups: int
    trainees: int
    trainers: int
    rooms: int
    def __init__(self, level: _Optional[_Union[Level, str]] = ..., id: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., departments: _Optional[int] = ..., programmes: _Optional[int] = ..., class_groups: _Optional[int] = ..., trainees: _Optional[int] = ..., trainers: _Optional[int] = ..., rooms: _Optional[int] = ...) -> None: ...

class ListStatisticsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "level", "department_id", "programme_id", "date", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    level: Level
    department_id: str
    programme_id: str
    date: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., level: _Optional[_Union[Level, str]] = ..., department_id: _Optional[str] = ..., programme_id: _Optional[str] = ..., date: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListStatisticsResponse(_message.Message):
    __slots__ = ("statistics", "next_page_token")
    STATISTICS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    statistics: _containers.RepeatedCompositeFieldContainer[Statistics]
    next_page_token: str
    def __init__(self, statistics: _Optional[_Iterable[_Union[Statistics, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
