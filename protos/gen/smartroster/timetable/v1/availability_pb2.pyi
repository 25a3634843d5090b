from google.protobuf import field_mask_pb2 as _field_mask_pb2
from smartroster.timetable.v1 import timetable_pb2 as _timetable_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TrainerAvailability(_message.Message):
    __slots__ = ("trainer_id", "term_id", "windows", "etag")
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    trainer_id: str
    term_id: str
    windows: _containers.RepeatedCompositeFieldContainer[AvailabilityWindow]
    etag: str
    def __init__(self, trainer_id: _Optional[str] = ..., term_id: _Optional[str] = ..., windows: _Optional[_Iterable[_Union[AvailabilityWindow, _Mapping]]] = ..., etag: _Optional[str] = ...) -> None: ...

class AvailabilityWindow(_message.Message):
    __slots__ = ("window", "kind")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[AvailabilityWindow.Kind]
        KIND_AVAILABLE: _ClassVar[AvailabilityWindow.Kind]
        KIND_PREFERRED: _ClassVar[AvailabilityWindow.Kind]
        KIND_UNAVAILABLE: _ClassVar[AvailabilityWindow.Kind]
    KIND_UNSPECIFIED: AvailabilityWindow.Kind
    KIND_AVAILABLE: AvailabilityWindow.Kind
    KIND_PREFERRED: AvailabilityWindow.Kind
    KIND_UNAVAILABLE: AvailabilityWindow.Kind
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    window: _timetable_pb2.WeeklyWindow
    kind: AvailabilityWindow.Kind
    def __init__(self, window: _Optional[_Union[_timetable_pb2.WeeklyWindow, _Mapping]] = ..., kind: _Optional[_Union[AvailabilityWindow.Kind, str]] = ...) -> None: ...

class TrainerAbsence(_message.Message):
    __slots__ = ("id", "trainer_id", "start_date", "end_date", "reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    trainer_id: str
    start_date: str
    end_date: str
    reason: str
    def __init__(self, id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class GetTrainerAvailabilityRequest(_message.Message):
    __slots__ = ("trainer_id", "term_id")
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    trainer_id: str
    term_id: str
    def __init__(self, trainer_id: _Optional[str] = ..., term_id: _Optional[str] = ...) -> None: ...

class ListTrainerAvailabilitiesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "trainer_id", "term_id", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    trainer_id: str
    term_id: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., trainer_id: _Optional[str] = ..., term_id: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTrainerAvailabilitiesResponse(_message.Message):
    __slots__ = ("trainer_availabilities", "next_page_token")
    TRAINER_AVAILABILITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trainer_availabilities: _containers.RepeatedCompositeFieldContainer[TrainerAvailability]
    next_page_token: str
    def __init__(self, trainer_availabilities: _Optional[_Iterable[_Union[TrainerAvailability, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateTrainerAvailabilityRequest(_message.Message):
    __slots__ = ("trainer_availability", "update_mask")
    TRAINER_AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    trainer_availability: TrainerAvailability
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, trainer_availability: _Optional[_Union[TrainerAvailability, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class CreateTrainerAbsenceRequest(_message.Message):
    __slots__ = ("request_id", "trainer_absence")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ABSENCE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    trainer_absence: TrainerAbsence
    def __init__(self, request_id: _Optional[str] = ..., trainer_absence: _Optional[_Union[TrainerAbsence, _Mapping]] = ...) -> None: ...

class ListTrainerAbsencesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "trainer_id", "start_date", "end_date", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    trainer_id: str
    start_date: str
    end_date: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., trainer_id: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTrainerAbsencesResponse(_message.Message):
    __slots__ = ("trainer_absences", "next_page_token")
    TRAINER_ABSENCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trainer_absences: _containers.RepeatedCompositeFieldContainer[TrainerAbsence]
    next_page_token: str
    def __init__(self, trainer_absences: _Optional[_Iterable[_Union[TrainerAbsence, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteTrainerAbsenceRequest(_message.Message):
    __slots__ = ("trainer_absence_id",)
    TRAINER_ABSENCE_ID_FIELD_NUMBER: _ClassVar[int]
    trainer_absence_id: str
    def __init__(self, trainer_absence_id: _Optional[str] = ...) -> None: ...
