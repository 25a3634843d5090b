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

class Liveness(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LIVENESS_UNSPECIFIED: _ClassVar[Liveness]
    LIVENESS_LIVE: _ClassVar[Liveness]
    LIVENESS_RETRY: _ClassVar[Liveness]
    LIVENESS_SUSPECT: _ClassVar[Liveness]
    LIVENESS_NOT_AVAILABLE: _ClassVar[Liveness]

class RejectionReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REJECTION_REASON_UNSPECIFIED: _ClassVar[RejectionReason]
    REJECTION_REASON_LOW_SIMILARITY: _ClassVar[RejectionReason]
    REJECTION_REASON_LIVENESS_FAILED: _ClassVar[RejectionReason]
    REJECTION_REASON_OUTSIDE_GEOFENCE: _ClassVar[RejectionReason]
    REJECTION_REASON_LOCATION_INACCURATE: _ClassVar[RejectionReason]
    REJECTION_REASON_NOT_ENROLLED: _ClassVar[RejectionReason]
    REJECTION_REASON_NO_SESSION: _ClassVar[RejectionReason]
    REJECTION_REASON_TOO_EARLY: _ClassVar[RejectionReason]
    REJECTION_REASON_TOO_LATE: _ClassVar[RejectionReason]
    REJECTION_REASON_DUPLICATE: _ClassVar[RejectionReason]
    REJECTION_REASON_CLOCK_UNTRUSTED: _ClassVar[RejectionReason]
    REJECTION_REASON_DEVICE_NOT_OF_ROOM: _ClassVar[RejectionReason]
    REJECTION_REASON_CONSENT_WITHDRAWN: _ClassVar[RejectionReason]
    REJECTION_REASON_ACCOUNT_DISABLED: _ClassVar[RejectionReason]
    REJECTION_REASON_UNKNOWN_PERSON: _ClassVar[RejectionReason]
LIVENESS_UNSPECIFIED: Liveness
LIVENESS_LIVE: Liveness
LIVENESS_RETRY: Liveness
LIVENESS_SUSPECT: Liveness
LIVENESS_NOT_AVAILABLE: Liveness
REJECTION_REASON_UNSPECIFIED: RejectionReason
REJECTION_REASON_LOW_SIMILARITY: RejectionReason
REJECTION_REASON_LIVENESS_FAILED: RejectionReason
REJECTION_REASON_OUTSIDE_GEOFENCE: RejectionReason
REJECTION_REASON_LOCATION_INACCURATE: RejectionReason
REJECTION_REASON_NOT_ENROLLED: RejectionReason
REJECTION_REASON_NO_SESSION: RejectionReason
REJECTION_REASON_TOO_EARLY: RejectionReason
REJECTION_REASON_TOO_LATE: RejectionReason
REJECTION_REASON_DUPLICATE: RejectionReason
REJECTION_REASON_CLOCK_UNTRUSTED: RejectionReason
REJECTION_REASON_DEVICE_NOT_OF_ROOM: RejectionReason
REJECTION_REASON_CONSENT_WITHDRAWN: RejectionReason
REJECTION_REASON_ACCOUNT_DISABLED: RejectionReason
REJECTION_REASON_UNKNOWN_PERSON: RejectionReason

class StreamCheckInsRequest(_message.Message):
    __slots__ = ("batch_number", "events", "sent", "complete_until_time")
    BATCH_NUMBER_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    SENT_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    batch_number: int
    events: _containers.RepeatedCompositeFieldContainer[DeviceEvent]
    sent: ClockReading
    complete_until_time: _timestamp_pb2.Timestamp
    def __init__(self, batch_number: _Optional[int] = ..., events: _Optional[_Iterable[_Union[DeviceEvent, _Mapping]]] = ..., sent: _Optional[_Union[ClockReading, _Mapping]] = ..., complete_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StreamCheckInsResponse(_message.Message):
    __slots__ = ("batch_number", "results", "retry_after")
    BATCH_NUMBER_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    batch_number: int
    results: _containers.RepeatedCompositeFieldContainer[EventResult]
    retry_after: _duration_pb2.Duration
    def __init__(self, batch_number: _Optional[int] = ..., results: _Optional[_Iterable[_Union[EventResult, _Mapping]]] = ..., retry_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ClockReading(_message.Message):
    __slots__ = ("wall_time", "monotonic_ns", "boot_id", "quality")
    class Quality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        QUALITY_UNSPECIFIED: _ClassVar[ClockReading.Quality]
        QUALITY_SYNCED: _ClassVar[ClockReading.Quality]
        QUALITY_RESTORED: _ClassVar[ClockReading.Quality]
        QUALITY_UNSYNCED: _ClassVar[ClockReading.Quality]
    QUALITY_UNSPECIFIED: ClockReading.Quality
    QUALITY_SYNCED: ClockReading.Quality
    QUALITY_RESTORED: ClockReading.Quality
    QUALITY_UNSYNCED: ClockReading.Quality
    WALL_TIME_FIELD_NUMBER: _ClassVar[int]
    MONOTONIC_NS_FIELD_NUMBER: _ClassVar[int]
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    wall_time: _timestamp_pb2.Timestamp
    monotonic_ns: int
    boot_id: str
    quality: ClockReading.Quality
    def __init__(self, wall_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., monotonic_ns: _Optional[int] = ..., boot_id: _Optional[str] = ..., quality: _Optional[_Union[ClockReading.Quality, str]] = ...) -> None: ...

class DeviceEvent(_message.Message):
    __slots__ = ("event_id", "epoch", "sequence", "captured", "agent_version", "check_in", "unknown_face", "suspect_face", "device_moved")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_FIELD_NUMBER: _ClassVar[int]
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    CHECK_IN_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FACE_FIELD_NUMBER: _ClassVar[int]
    SUSPECT_FACE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_MOVED_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    epoch: str
    sequence: int
    captured: ClockReading
    agent_version: str
    check_in: CheckIn
    unknown_face: UnknownFace
    suspect_face: SuspectFace
    device_moved: DeviceMoved
    def __init__(self, event_id: _Optional[str] = ..., epoch: _Optional[str] = ..., sequence: _Optional[int] = ..., captured: _Optional[_Union[ClockReading, _Mapping]] = ..., agent_version: _Optional[str] = ..., check_in: _Optional[_Union[CheckIn, _Mapping]] = ..., unknown_face: _Optional[_Union[UnknownFace, _Mapping]] = ..., suspect_face: _Optional[_Union[SuspectFace, _Mapping]] = ..., device_moved: _Optional[_Union[DeviceMoved, _Mapping]] = ...) -> None: ...

class CheckIn(_message.Message):
    __slots__ = ("person_id", "similarity", "liveness", "position", "engine", "gallery_version", "shown")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    LIVENESS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    GALLERY_VERSION_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    similarity: float
    liveness: Liveness
    position: Position
    engine: str
    gallery_version: int
    shown: str
    def __init__(self, person_id: _Optional[str] = ..., similarity: _Optional[float] = ..., liveness: _Optional[_Union[Liveness, str]] = ..., position: _Optional[_Union[Position, _Mapping]] = ..., engine: _Optional[str] = ..., gallery_version: _Optional[int] = ..., shown: _Optional[str] = ...) -> None: ...

class UnknownFace(_message.Message):
    __slots__ = ("position", "usable_frames")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    USABLE_FRAMES_FIELD_NUMBER: _ClassVar[int]
    position: Position
    usable_frames: int
    def __init__(self, position: _Optional[_Union[Position, _Mapping]] = ..., usable_frames: _Optional[int] = ...) -> None: ...

class SuspectFace(_message.Message):
    __slots__ = ("person_id", "similarity", "position")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    similarity: float
    position: Position
    def __init__(self, person_id: _Optional[str] = ..., similarity: _Optional[float] = ..., position: _Optional[_Union[Position, _Mapping]] = ...) -> None: ...

class DeviceMoved(_message.Message):
    __slots__ = ("position",)
    POSITION_FIELD_NUMBER: _ClassVar[int]
    position: Position
    def __init__(self, position: _Optional[_Union[Position, _Mapping]] = ...) -> None: ...

class Position(_message.Message):
    __slots__ = ("lat_lng", "accuracy_m", "source")
    class Source(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SOURCE_UNSPECIFIED: _ClassVar[Position.Source]
        SOURCE_FIXED: _ClassVar[Position.Source]
        SOURCE_GPS: _ClassVar[Position.Source]
        SOURCE_BROWSER: _ClassVar[Position.Source]
    SOURCE_UNSPECIFIED: Position.Source
    SOURCE_FIXED: Position.Source
    SOURCE_GPS: Position.Source
    SOURCE_BROWSER: Position.Source
    LAT_LNG_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_M_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    lat_lng: _timetable_pb2.LatLng
    accuracy_m: float
    source: Position.Source
    def __init__(self, lat_lng: _Optional[_Union[_timetable_pb2.LatLng, _Mapping]] = ..., accuracy_m: _Optional[float] = ..., source: _Optional[_Union[Position.Source, str]] = ...) -> None: ...

class EventResult(_message.Message):
    __slots__ = ("event_id", "outcome", "judgement", "rejection_reason", "message", "session_id")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[EventResult.Outcome]
        OUTCOME_STORED: _ClassVar[EventResult.Outcome]
        OUTCOME_DUPLICATE: _ClassVar[EventResult.Outcome]
        OUTCOME_REFUSED: _ClassVar[EventResult.Outcome]
    OUTCOME_UNSPECIFIED: EventResult.Outcome
    OUTCOME_STORED: EventResult.Outcome
    OUTCOME_DUPLICATE: EventResult.Outcome
    OUTCOME_REFUSED: EventResult.Outcome
    class Judgement(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        JUDGEMENT_UNSPECIFIED: _ClassVar[EventResult.Judgement]
        JUDGEMENT_PRESENT: _ClassVar[EventResult.Judgement]
        JUDGEMENT_LATE: _ClassVar[EventResult.Judgement]
        JUDGEMENT_PENDING: _ClassVar[EventResult.Judgement]
        JUDGEMENT_REJECTED: _ClassVar[EventResult.Judgement]
        JUDGEMENT_SESSION_STARTED: _ClassVar[EventResult.Judgement]
        JUDGEMENT_NOTED: _ClassVar[EventResult.Judgement]
    JUDGEMENT_UNSPECIFIED: EventResult.Judgement
    JUDGEMENT_PRESENT: EventResult.Judgement
    JUDGEMENT_LATE: EventResult.Judgement
    JUDGEMENT_PENDING: EventResult.Judgement
    JUDGEMENT_REJECTED: EventResult.Judgement
    JUDGEMENT_SESSION_STARTED: EventResult.Judgement
    JUDGEMENT_NOTED: EventResult.Judgement
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    JUDGEMENT_FIELD_NUMBER: _ClassVar[int]
    REJECTION_REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    outcome: EventResult.Outcome
    judgement: EventResult.Judgement
    rejection_reason: RejectionReason
    message: str
    session_id: str
    def __init__(self, event_id: _Optional[str] = ..., outcome: _Optional[_Union[EventResult.Outcome, str]] = ..., judgement: _Optional[_Union[EventResult.Judgement, str]] = ..., rejection_reason: _Optional[_Union[RejectionReason, str]] = ..., message: _Optional[str] = ..., session_id: _Optional[str] = ...) -> None: ...

class GetRoomConfigRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RoomConfig(_message.Message):
    __slots__ = ("version", "room", "policy", "engine", "model_sha256", "time_zone")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ROOM_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    MODEL_SHA256_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    version: int
    room: _timetable_pb2.Room
    policy: AttendancePolicy
    engine: str
    model_sha256: str
    time_zone: str
    def __init__(self, version: _Optional[int] = ..., room: _Optional[_Union[_timetable_pb2.Room, _Mapping]] = ..., policy: _Optional[_Union[AttendancePolicy, _Mapping]] = ..., engine: _Optional[str] = ..., model_sha256: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class AttendancePolicy(_message.Message):
    __slots__ = ("start_early", "start_late", "end_early", "auto_end_after", "late_grace", "check_in_early", "min_similarity", "min_start_similarity", "false_match_rate", "min_overlap_share", "longest_backlog_wait", "liveness_challenge", "reject_suspect_faces", "check_out")
    START_EARLY_FIELD_NUMBER: _ClassVar[int]
    START_LATE_FIELD_NUMBER: _ClassVar[int]
    END_EARLY_FIELD_NUMBER: _ClassVar[int]
    AUTO_END_AFTER_FIELD_NUMBER: _ClassVar[int]
    LATE_GRACE_FIELD_NUMBER: _ClassVar[int]
    CHECK_IN_EARLY_FIELD_NUMBER: _ClassVar[int]
    MIN_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    MIN_START_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    FALSE_MATCH_RATE_FIELD_NUMBER: _ClassVar[int]
    MIN_OVERLAP_SHARE_FIELD_NUMBER: _ClassVar[int]
    LONGEST_BACKLOG_WAIT_FIELD_NUMBER: _ClassVar[int]
    LIVENESS_CHALLENGE_FIELD_NUMBER: _ClassVar[int]
    REJECT_SUSPECT_FACES_FIELD_NUMBER: _ClassVar[int]
    CHECK_OUT_FIELD_NUMBER: _ClassVar[int]
    start_early: _duration_pb2.Duration
    start_late: _duration_pb2.Duration
    end_early: _duration_pb2.Duration
    auto_end_after: _duration_pb2.Duration
    late_grace: _duration_pb2.Duration
    check_in_early: _duration_pb2.Duration
    min_similarity: float
    min_start_similarity: float
    false_match_rate: float
    min_overlap_share: float
    longest_backlog_wait: _duration_pb2.Duration
    liveness_challenge: bool
    reject_suspect_faces: bool
    check_out: bool
    def __init__(self, start_early: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., start_late: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., end_early: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., auto_end_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., late_grace: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., check_in_early: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., min_similarity: _Optional[float] = ..., min_start_similarity: _Optional[float] = ..., false_match_rate: _Optional[float] = ..., min_overlap_share: _Optional[float] = ..., longest_backlog_wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., liveness_challenge: _Optional[bool] = ..., reject_suspect_faces: _Optional[bool] = ..., check_out: _Optional[bool] = ...) -> None: ...

class GetRoomScheduleRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RoomSchedule(_message.Message):
    __slots__ = ("version", "sessions", "horizon_end_time")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    HORIZON_END_TIME_FIELD_NUMBER: _ClassVar[int]
    version: int
    sessions: _containers.RepeatedCompositeFieldContainer[ScheduledSession]
    horizon_end_time: _timestamp_pb2.Timestamp
    def __init__(self, version: _Optional[int] = ..., sessions: _Optional[_Iterable[_Union[ScheduledSession, _Mapping]]] = ..., horizon_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ScheduledSession(_message.Message):
    __slots__ = ("session_id", "title", "start_time", "end_time", "trainer_ids", "trainee_ids", "state", "policy")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    TRAINER_IDS_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_IDS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    title: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    trainer_ids: _containers.RepeatedScalarFieldContainer[str]
    trainee_ids: _containers.RepeatedScalarFieldContainer[str]
    state: str
    policy: AttendancePolicy
    def __init__(self, session_id: _Optional[str] = ..., title: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., trainer_ids: _Optional[_Iterable[str]] = ..., trainee_ids: _Optional[_Iterable[str]] = ..., state: _Optional[str] = ..., policy: _Optional[_Union[AttendancePolicy, _Mapping]] = ...) -> None: ...

class SyncGalleryRequest(_message.Message):
    __slots__ = ("known_version", "engine")
    KNOWN_VERSION_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    known_version: int
    engine: str
    def __init__(self, known_version: _Optional[int] = ..., engine: _Optional[str] = ...) -> None: ...

class SyncGalleryResponse(_message.Message):
    __slots__ = ("version", "full", "upserts", "removals", "model_sha256")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FULL_FIELD_NUMBER: _ClassVar[int]
    UPSERTS_FIELD_NUMBER: _ClassVar[int]
    REMOVALS_FIELD_NUMBER: _ClassVar[int]
    MODEL_SHA256_FIELD_NUMBER: _ClassVar[int]
    version: int
    full: bool
    upserts: _containers.RepeatedCompositeFieldContainer[GalleryPerson]
    removals: _containers.RepeatedScalarFieldContainer[str]
    model_sha256: str
    def __init__(self, version: _Optional[int] = ..., full: _Optional[bool] = ..., upserts: _Optional[_Iterable[_Union[GalleryPerson, _Mapping]]] = ..., removals: _Optional[_Iterable[str]] = ..., model_sha256: _Optional[str] = ...) -> None: ...

class GalleryPerson(_message.Message):
    __slots__ = ("person_id", "display_name", "encodings")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ENCODINGS_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    display_name: str
    encodings: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, person_id: _Optional[str] = ..., display_name: _Optional[str] = ..., encodings: _Optional[_Iterable[bytes]] = ...) -> None: ...

class AcknowledgeGalleryRequest(_message.Message):
    __slots__ = ("version", "erased_person_ids")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ERASED_PERSON_IDS_FIELD_NUMBER: _ClassVar[int]
    version: int
    erased_person_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, version: _Optional[int] = ..., erased_person_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class AcknowledgeGalleryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetGalleryKeyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetGalleryKeyResponse(_message.Message):
    __slots__ = ("key", "key_id")
    KEY_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    key: bytes
    key_id: str
    def __init__(self, key: _Optional[bytes] = ..., key_id: _Optional[str] = ...) -> None: ...
