import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from smartroster.attendance.v1 import room_pb2 as _room_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Session(_message.Message):
    __slots__ = ("id", "enrolment_id", "class_group_id", "trainer_id", "substitute_trainer_id", "room_id", "planned_start_time", "planned_end_time", "actual_start_time", "actual_end_time", "kind", "state", "reason", "title", "absences_final", "counts", "adherence", "etag", "class_group_name", "room_code")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Session.Kind]
        KIND_REGULAR: _ClassVar[Session.Kind]
        KIND_MAKEUP: _ClassVar[Session.Kind]
    KIND_UNSPECIFIED: Session.Kind
    KIND_REGULAR: Session.Kind
    KIND_MAKEUP: Session.Kind
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Session.State]
        STATE_SCHEDULED: _ClassVar[Session.State]
        STATE_ACTIVE: _ClassVar[Session.State]
        STATE_COMPLETED: _ClassVar[Session.State]
        STATE_CANCELLED: _ClassVar[Session.State]
        STATE_MISSED: _ClassVar[Session.State]
    STATE_UNSPECIFIED: Session.State
    STATE_SCHEDULED: Session.State
    STATE_ACTIVE: Session.State
    STATE_COMPLETED: Session.State
    STATE_CANCELLED: Session.State
    STATE_MISSED: Session.State
    ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTE_TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    PLANNED_START_TIME_FIELD_NUMBER: _ClassVar[int]
    PLANNED_END_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTUAL_START_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTUAL_END_TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ABSENCES_FINAL_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    ADHERENCE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_NAME_FIELD_NUMBER: _ClassVar[int]
    ROOM_CODE_FIELD_NUMBER: _ClassVar[int]
    id: str
    enrolment_id: str
    class_group_id: str
    trainer_id: str
    substitute_trainer_id: str
    room_id: str
    planned_start_time: _timestamp_pb2.Timestamp
    planned_end_time: _timestamp_pb2.Timestamp
    actual_start_time: _timestamp_pb2.Timestamp
    actual_end_time: _timestamp_pb2.Timestamp
    kind: Session.Kind
    state: Session.State
    reason: str
    title: str
    absences_final: bool
    counts: SessionCounts
    adherence: SessionAdherence
    etag: str
    class_group_name: str
    room_code: str
    def __init__(self, id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., substitute_trainer_id: _Optional[str] = ..., room_id: _Optional[str] = ..., planned_start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., planned_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actual_start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actual_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[Session.Kind, str]] = ..., state: _Optional[_Union[Session.State, str]] = ..., reason: _Optional[str] = ..., title: _Optional[str] = ..., absences_final: _Optional[bool] = ..., counts: _Optional[_Union[SessionCounts, _Mapping]] = ..., adherence: _Optional[_Union[SessionAdherence, _Mapping]] = ..., etag: _Optional[str] = ..., class_group_name: _Optional[str] = ..., room_code: _Optional[str] = ...) -> None: ...

class SessionCounts(_message.Message):
    __slots__ = ("expected", "present", "late", "absent", "excused", "pending")
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    PRESENT_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    ABSENT_FIELD_NUMBER: _ClassVar[int]
    EXCUSED_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    expected: int
    present: int
    late: int
    absent: int
    excused: int
    pending: int
    def __init__(self, expected: _Optional[int] = ..., present: _Optional[int] = ..., late: _Optional[int] = ..., absent: _Optional[int] = ..., excused: _Optional[int] = ..., pending: _Optional[int] = ...) -> None: ...

class SessionAdherence(_message.Message):
    __slots__ = ("start_delay", "end_deviation", "taught", "planned")
    START_DELAY_FIELD_NUMBER: _ClassVar[int]
    END_DEVIATION_FIELD_NUMBER: _ClassVar[int]
    TAUGHT_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    start_delay: _duration_pb2.Duration
    end_deviation: _duration_pb2.Duration
    taught: _duration_pb2.Duration
    planned: _duration_pb2.Duration
    def __init__(self, start_delay: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., end_deviation: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., taught: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., planned: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AttendanceRecord(_message.Message):
    __slots__ = ("id", "session_id", "trainee_id", "trainee_name", "admission_number", "state", "first_check_in_time", "last_check_in_time", "present_duration", "source", "note", "provisional")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[AttendanceRecord.State]
        STATE_PENDING: _ClassVar[AttendanceRecord.State]
        STATE_PRESENT: _ClassVar[AttendanceRecord.State]
        STATE_LATE: _ClassVar[AttendanceRecord.State]
        STATE_ABSENT: _ClassVar[AttendanceRecord.State]
        STATE_EXCUSED: _ClassVar[AttendanceRecord.State]
    STATE_UNSPECIFIED: AttendanceRecord.State
    STATE_PENDING: AttendanceRecord.State
    STATE_PRESENT: AttendanceRecord.State
    STATE_LATE: AttendanceRecord.State
    STATE_ABSENT: AttendanceRecord.State
    STATE_EXCUSED: AttendanceRecord.State
    class Source(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SOURCE_UNSPECIFIED: _ClassVar[AttendanceRecord.Source]
        SOURCE_DEVICE: _ClassVar[AttendanceRecord.Source]
        SOURCE_API: _ClassVar[AttendanceRecord.Source]
        SOURCE_QR: _ClassVar[AttendanceRecord.Source]
        SOURCE_MANUAL: _ClassVar[AttendanceRecord.Source]
        SOURCE_SYSTEM: _ClassVar[AttendanceRecord.Source]
    SOURCE_UNSPECIFIED: AttendanceRecord.Source
    SOURCE_DEVICE: AttendanceRecord.Source
    SOURCE_API: AttendanceRecord.Source
    SOURCE_QR: AttendanceRecord.Source
    SOURCE_MANUAL: AttendanceRecord.Source
    SOURCE_SYSTEM: AttendanceRecord.Source
    ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_NAME_FIELD_NUMBER: _ClassVar[int]
    ADMISSION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FIRST_CHECK_IN_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_CHECK_IN_TIME_FIELD_NUMBER: _ClassVar[int]
    PRESENT_DURATION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    id: str
    session_id: str
    trainee_id: str
    trainee_name: str
    admission_number: str
    state: AttendanceRecord.State
    first_check_in_time: _timestamp_pb2.Timestamp
    last_check_in_time: _timestamp_pb2.Timestamp
    present_duration: _duration_pb2.Duration
    source: AttendanceRecord.Source
    note: str
    provisional: bool
    def __init__(self, id: _Optional[str] = ..., session_id: _Optional[str] = ..., trainee_id: _Optional[str] = ..., trainee_name: _Optional[str] = ..., admission_number: _Optional[str] = ..., state: _Optional[_Union[AttendanceRecord.State, str]] = ..., first_check_in_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_check_in_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., present_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., source: _Optional[_Union[AttendanceRecord.Source, str]] = ..., note: _Optional[str] = ..., provisional: _Optional[bool] = ...) -> None: ...

class RecordChange(_message.Message):
    __slots__ = ("id", "attendance_record_id", "before", "after", "change_time", "actor_kind", "actor_id", "reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCE_RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_KIND_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    attendance_record_id: str
    before: AttendanceRecord.State
    after: AttendanceRecord.State
    change_time: _timestamp_pb2.Timestamp
    actor_kind: str
    actor_id: str
    reason: str
    def __init__(self, id: _Optional[str] = ..., attendance_record_id: _Optional[str] = ..., before: _Optional[_Union[AttendanceRecord.State, str]] = ..., after: _Optional[_Union[AttendanceRecord.State, str]] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor_kind: _Optional[str] = ..., actor_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class StoredCheckIn(_message.Message):
    __slots__ = ("check_in_id", "device_id", "person_id", "session_id", "capture_time", "arrival_time", "sequence", "judgement", "rejection_reason", "similarity", "liveness", "epoch")
    CHECK_IN_ID_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    CAPTURE_TIME_FIELD_NUMBER: _ClassVar[int]
    ARRIVAL_TIME_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    JUDGEMENT_FIELD_NUMBER: _ClassVar[int]
    REJECTION_REASON_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    LIVENESS_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    check_in_id: str
    device_id: str
    person_id: str
    session_id: str
    capture_time: _timestamp_pb2.Timestamp
    arrival_time: _timestamp_pb2.Timestamp
    sequence: int
    judgement: _room_pb2.EventResult.Judgement
    rejection_reason: _room_pb2.RejectionReason
    similarity: float
    liveness: _room_pb2.Liveness
    epoch: str
    def __init__(self, check_in_id: _Optional[str] = ..., device_id: _Optional[str] = ..., person_id: _Optional[str] = ..., session_id: _Optional[str] = ..., capture_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrival_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sequence: _Optional[int] = ..., judgement: _Optional[_Union[_room_pb2.EventResult.Judgement, str]] = ..., rejection_reason: _Optional[_Union[_room_pb2.RejectionReason, str]] = ..., similarity: _Optional[float] = ..., liveness: _Optional[_Union[_room_pb2.Liveness, str]] = ..., epoch: _Optional[str] = ...) -> None: ...

class GetSessionRequest(_message.Message):
    __slots__ = ("session_id",)
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class ListSessionsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "start_time", "end_time", "room_id", "trainer_id", "class_group_id", "state")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    room_id: str
    trainer_id: str
    class_group_id: str
    state: Session.State
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., room_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., state: _Optional[_Union[Session.State, str]] = ...) -> None: ...

class ListSessionsResponse(_message.Message):
    __slots__ = ("sessions", "next_page_token")
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    sessions: _containers.RepeatedCompositeFieldContainer[Session]
    next_page_token: str
    def __init__(self, sessions: _Optional[_Iterable[_Union[Session, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class StartSessionRequest(_message.Message):
    __slots__ = ("session_id", "photo", "position")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    PHOTO_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    photo: bytes
    position: _room_pb2.Position
    def __init__(self, session_id: _Optional[str] = ..., photo: _Optional[bytes] = ..., position: _Optional[_Union[_room_pb2.Position, _Mapping]] = ...) -> None: ...

class EndSessionRequest(_message.Message):
    __slots__ = ("session_id",)
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class CancelSessionRequest(_message.Message):
    __slots__ = ("session_id", "reason")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    reason: str
    def __init__(self, session_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ListAttendanceRecordsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "session_id", "trainee_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    session_id: str
    trainee_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., session_id: _Optional[str] = ..., trainee_id: _Optional[str] = ...) -> None: ...

class ListAttendanceRecordsResponse(_message.Message):
    __slots__ = ("attendance_records", "next_page_token")
    ATTENDANCE_RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    attendance_records: _containers.RepeatedCompositeFieldContainer[AttendanceRecord]
    next_page_token: str
    def __init__(self, attendance_records: _Optional[_Iterable[_Union[AttendanceRecord, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class MarkAttendanceRequest(_message.Message):
    __slots__ = ("session_id", "trainee_id", "state", "reason")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    trainee_id: str
    state: AttendanceRecord.State
    reason: str
    def __init__(self, session_id: _Optional[str] = ..., trainee_id: _Optional[str] = ..., state: _Optional[_Union[AttendanceRecord.State, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class ListCheckInsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "session_id", "device_id", "person_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    session_id: str
    device_id: str
    person_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., session_id: _Optional[str] = ..., device_id: _Optional[str] = ..., person_id: _Optional[str] = ...) -> None: ...

class ListCheckInsResponse(_message.Message):
    __slots__ = ("check_ins", "next_page_token")
    CHECK_INS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    check_ins: _containers.RepeatedCompositeFieldContainer[StoredCheckIn]
    next_page_token: str
    def __init__(self, check_ins: _Optional[_Iterable[_Union[StoredCheckIn, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchSessionRequest(_message.Message):
    __slots__ = ("session_id",)
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class SessionSnapshot(_message.Message):
    __slots__ = ("session", "attendance_records")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCE_RECORDS_FIELD_NUMBER: _ClassVar[int]
    session: Session
    attendance_records: _containers.RepeatedCompositeFieldContainer[AttendanceRecord]
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., attendance_records: _Optional[_Iterable[_Union[AttendanceRecord, _Mapping]]] = ...) -> None: ...

class ListRecordChangesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "attendance_record_id", "session_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCE_RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    attendance_record_id: str
    session_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., attendance_record_id: _Optional[str] = ..., session_id: _Optional[str] = ...) -> None: ...

class ListRecordChangesResponse(_message.Message):
    __slots__ = ("record_changes", "next_page_token")
    RECORD_CHANGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    record_changes: _containers.RepeatedCompositeFieldContainer[RecordChange]
    next_page_token: str
    def __init__(self, record_changes: _Optional[_Iterable[_Union[RecordChange, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetAttendancePolicyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UpdateAttendancePolicyRequest(_message.Message):
    __slots__ = ("attendance_policy", "update_mask")
    ATTENDANCE_POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    attendance_policy: _room_pb2.AttendancePolicy
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, attendance_policy: _Optional[_Union[_room_pb2.AttendancePolicy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class CreateSessionRequest(_message.Message):
    __slots__ = ("request_id", "session")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session: Session
    def __init__(self, request_id: _Optional[str] = ..., session: _Optional[_Union[Session, _Mapping]] = ...) -> None: ...
