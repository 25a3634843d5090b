import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Consent(_message.Message):
    __slots__ = ("person_id", "state", "recorded_by", "recorded_time", "guardian_name")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Consent.State]
        STATE_GIVEN: _ClassVar[Consent.State]
        STATE_WITHDRAWN: _ClassVar[Consent.State]
    STATE_UNSPECIFIED: Consent.State
    STATE_GIVEN: Consent.State
    STATE_WITHDRAWN: Consent.State
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_BY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_TIME_FIELD_NUMBER: _ClassVar[int]
    GUARDIAN_NAME_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    state: Consent.State
    recorded_by: str
    recorded_time: _timestamp_pb2.Timestamp
    guardian_name: str
    def __init__(self, person_id: _Optional[str] = ..., state: _Optional[_Union[Consent.State, str]] = ..., recorded_by: _Optional[str] = ..., recorded_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., guardian_name: _Optional[str] = ...) -> None: ...

class FaceRegistration(_message.Message):
    __slots__ = ("person_id", "consent", "template_count", "engine", "model_sha256", "registered_time", "clash")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    MODEL_SHA256_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_TIME_FIELD_NUMBER: _ClassVar[int]
    CLASH_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    consent: Consent
    template_count: int
    engine: str
    model_sha256: str
    registered_time: _timestamp_pb2.Timestamp
    clash: FaceClash
    def __init__(self, person_id: _Optional[str] = ..., consent: _Optional[_Union[Consent, _Mapping]] = ..., template_count: _Optional[int] = ..., engine: _Optional[str] = ..., model_sha256: _Optional[str] = ..., registered_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., clash: _Optional[_Union[FaceClash, _Mapping]] = ...) -> None: ...

class FaceClash(_message.Message):
    __slots__ = ("id", "person_id", "other_person_id", "similarity", "found_time", "resolution")
    class Resolution(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        RESOLUTION_UNSPECIFIED: _ClassVar[FaceClash.Resolution]
        RESOLUTION_KEPT: _ClassVar[FaceClash.Resolution]
        RESOLUTION_ERASED: _ClassVar[FaceClash.Resolution]
    RESOLUTION_UNSPECIFIED: FaceClash.Resolution
    RESOLUTION_KEPT: FaceClash.Resolution
    RESOLUTION_ERASED: FaceClash.Resolution
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    FOUND_TIME_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    id: str
    person_id: str
    other_person_id: str
    similarity: float
    found_time: _timestamp_pb2.Timestamp
    resolution: FaceClash.Resolution
    def __init__(self, id: _Optional[str] = ..., person_id: _Optional[str] = ..., other_person_id: _Optional[str] = ..., similarity: _Optional[float] = ..., found_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., resolution: _Optional[_Union[FaceClash.Resolution, str]] = ...) -> None: ...

class GiveConsentRequest(_message.Message):
    __slots__ = ("request_id", "person_id", "guardian_name")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    GUARDIAN_NAME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    person_id: str
    guardian_name: str
    def __init__(self, request_id: _Optional[str] = ..., person_id: _Optional[str] = ..., guardian_name: _Optional[str] = ...) -> None: ...

class WithdrawConsentRequest(_message.Message):
    __slots__ = ("person_id", "reason")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    reason: str
    def __init__(self, person_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RegisterFaceRequest(_message.Message):
    __slots__ = ("request_id", "person_id", "photos")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    person_id: str
    photos: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, request_id: _Optional[str] = ..., person_id: _Optional[str] = ..., photos: _Optional[_Iterable[bytes]] = ...) -> None: ...

class GetFaceRegistrationRequest(_message.Message):
    __slots__ = ("person_id",)
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    def __init__(self, person_id: _Optional[str] = ...) -> None: ...

class VerifyFaceRequest(_message.Message):
    __slots__ = ("person_id", "photo")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    PHOTO_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    photo: bytes
    def __init__(self, person_id: _Optional[str] = ..., photo: _Optional[bytes] = ...) -> None: ...

class VerifyFaceResponse(_message.Message):
    __slots__ = ("similarity", "same_person", "reasons")
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    SAME_PERSON_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    similarity: float
    same_person: bool
    reasons: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, similarity: _Optional[float] = ..., same_person: _Optional[bool] = ..., reasons: _Optional[_Iterable[str]] = ...) -> None: ...

class ListFaceClashesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "include_resolved")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_RESOLVED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    include_resolved: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., include_resolved: _Optional[bool] = ...) -> None: ...

class ListFaceClashesResponse(_message.Message):
    __slots__ = ("face_clashes", "next_page_token")
    FACE_CLASHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    face_clashes: _containers.RepeatedCompositeFieldContainer[FaceClash]
    next_page_token: str
    def __init__(self, face_clashes: _Optional[_Iterable[_Union[FaceClash, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ResolveFaceClashRequest(_message.Message):
    __slots__ = ("face_clash_id", "resolution", "reason")
    FACE_CLASH_ID_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    face_clash_id: str
    resolution: FaceClash.Resolution
    reason: str
    def __init__(self, face_clash_id: _Optional[str] = ..., resolution: _Optional[_Union[FaceClash.Resolution, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class ListErasureProofsRequest(_message.Message):
    __slots__ = ("person_id",)
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    def __init__(self, person_id: _Optional[str] = ...) -> None: ...

class ListErasureProofsResponse(_message.Message):
    __slots__ = ("erasure_proofs",)
    ERASURE_PROOFS_FIELD_NUMBER: _ClassVar[int]
    erasure_proofs: _containers.RepeatedCompositeFieldContainer[ErasureProof]
    def __init__(self, erasure_proofs: _Optional[_Iterable[_Union[ErasureProof, _Mapping]]] = ...) -> None: ...

class ErasureProof(_message.Message):
    __slots__ = ("device_id", "person_id", "withdrawn_time", "acknowledged_time")
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_TIME_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_TIME_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    person_id: str
    withdrawn_time: _timestamp_pb2.Timestamp
    acknowledged_time: _timestamp_pb2.Timestamp
    def __init__(self, device_id: _Optional[str] = ..., person_id: _Optional[str] = ..., withdrawn_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., acknowledged_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RotateTemplateKeyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RotateTemplateKeyResponse(_message.Message):
    __slots__ = ("key_id", "reencrypted_templates")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    REENCRYPTED_TEMPLATES_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    reencrypted_templates: int
    def __init__(self, key_id: _Optional[str] = ..., reencrypted_templates: _Optional[int] = ...) -> None: ...
