import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Device(_message.Message):
    __slots__ = ("id", "name", "room_id", "hardware_serial", "model", "agent_version", "wanted_version", "state", "last_seen_time", "reach", "clock_offset", "certificate_serial", "certificate_expire_time", "queue_depth", "watermark_time", "gallery_version", "config_version", "temperature_celsius", "disk_free_ratio", "frames_per_second", "create_time", "etag", "config_error", "certificate_days_left")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Device.State]
        STATE_CLAIMED_PENDING: _ClassVar[Device.State]
        STATE_ACTIVE: _ClassVar[Device.State]
        STATE_SUSPENDED: _ClassVar[Device.State]
        STATE_REVOKED: _ClassVar[Device.State]
    STATE_UNSPECIFIED: Device.State
    STATE_CLAIMED_PENDING: Device.State
    STATE_ACTIVE: Device.State
    STATE_SUSPENDED: Device.State
    STATE_REVOKED: Device.State
    class Reach(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REACH_UNSPECIFIED: _ClassVar[Device.Reach]
        REACH_ONLINE: _ClassVar[Device.Reach]
        REACH_STALE: _ClassVar[Device.Reach]
        REACH_OFFLINE: _ClassVar[Device.Reach]
        REACH_NEVER_SEEN: _ClassVar[Device.Reach]
    REACH_UNSPECIFIED: Device.Reach
    REACH_ONLINE: Device.Reach
    REACH_STALE: Device.Reach
    REACH_OFFLINE: Device.Reach
    REACH_NEVER_SEEN: Device.Reach
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    HARDWARE_SERIAL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    WANTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    REACH_FIELD_NUMBER: _ClassVar[int]
    CLOCK_OFFSET_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_SERIAL_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_DEPTH_FIELD_NUMBER: _ClassVar[int]
    WATERMARK_TIME_FIELD_NUMBER: _ClassVar[int]
    GALLERY_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_VERSION_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_CELSIUS_FIELD_NUMBER: _ClassVar[int]
    DISK_FREE_RATIO_FIELD_NUMBER: _ClassVar[int]
    FRAMES_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CONFIG_ERROR_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_DAYS_LEFT_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    room_id: str
    hardware_serial: str
    model: str
    agent_version: str
    wanted_version: str
    state: Device.State
    last_seen_time: _timestamp_pb2.Timestamp
    reach: Device.Reach
    clock_offset: _duration_pb2.Duration
    certificate_serial: str
    certificate_expire_time: _timestamp_pb2.Timestamp
    queue_depth: int
    watermark_time: _timestamp_pb2.Timestamp
    gallery_version: int
    config_version: int
    temperature_celsius: float
    disk_free_ratio: float
    frames_per_second: float
    create_time: _timestamp_pb2.Timestamp
    etag: str
    config_error: str
    certificate_days_left: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., room_id: _Optional[str] = ..., hardware_serial: _Optional[str] = ..., model: _Optional[str] = ..., agent_version: _Optional[str] = ..., wanted_version: _Optional[str] = ..., state: _Optional[_Union[Device.State, str]] = ..., last_seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reach: _Optional[_Union[Device.Reach, str]] = ..., clock_offset: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., certificate_serial: _Optional[str] = ..., certificate_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., queue_depth: _Optional[int] = ..., watermark_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., gallery_version: _Optional[int] = ..., config_version: _Optional[int] = ..., temperature_celsius: _Optional[float] = ..., disk_free_ratio: _Optional[float] = ..., frames_per_second: _Optional[float] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., config_error: _Optional[str] = ..., certificate_days_left: _Optional[int] = ...) -> None: ...

class ClaimDeviceRequest(_message.Message):
    __slots__ = ("request_id", "room_id", "name")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    room_id: str
    name: str
    def __init__(self, request_id: _Optional[str] = ..., room_id: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class ClaimDeviceResponse(_message.Message):
    __slots__ = ("device", "claim_code", "expire_time", "enrolment_address")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    CLAIM_CODE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    device: Device
    claim_code: str
    expire_time: _timestamp_pb2.Timestamp
    enrolment_address: str
    def __init__(self, device: _Optional[_Union[Device, _Mapping]] = ..., claim_code: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., enrolment_address: _Optional[str] = ...) -> None: ...

class RenewClaimRequest(_message.Message):
    __slots__ = ("device_id",)
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    def __init__(self, device_id: _Optional[str] = ...) -> None: ...

class GetDeviceRequest(_message.Message):
    __slots__ = ("device_id",)
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    def __init__(self, device_id: _Optional[str] = ...) -> None: ...

class ListDevicesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "room_id", "state")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    room_id: str
    state: Device.State
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., room_id: _Optional[str] = ..., state: _Optional[_Union[Device.State, str]] = ...) -> None: ...

class ListDevicesResponse(_message.Message):
    __slots__ = ("devices", "next_page_token")
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    devices: _containers.RepeatedCompositeFieldContainer[Device]
    next_page_token: str
    def __init__(self, devices: _Optional[_Iterable[_Union[Device, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SuspendDevicesRequest(_message.Message):
    __slots__ = ("device_ids", "reason")
    DEVICE_IDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    device_ids: _containers.RepeatedScalarFieldContainer[str]
    reason: str
    def __init__(self, device_ids: _Optional[_Iterable[str]] = ..., reason: _Optional[str] = ...) -> None: ...

class ResumeDevicesRequest(_message.Message):
    __slots__ = ("device_ids",)
    DEVICE_IDS_FIELD_NUMBER: _ClassVar[int]
    device_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, device_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RevokeDeviceRequest(_message.Message):
    __slots__ = ("device_id", "reason")
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    reason: str
    def __init__(self, device_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class MoveDevicesRequest(_message.Message):
    __slots__ = ("device_ids", "room_id")
    DEVICE_IDS_FIELD_NUMBER: _ClassVar[int]
    ROOM_ID_FIELD_NUMBER: _ClassVar[int]
    device_ids: _containers.RepeatedScalarFieldContainer[str]
    room_id: str
    def __init__(self, device_ids: _Optional[_Iterable[str]] = ..., room_id: _Optional[str] = ...) -> None: ...

class CommandDevicesRequest(_message.Message):
    __slots__ = ("device_ids", "command")
    DEVICE_IDS_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    device_ids: _containers.RepeatedScalarFieldContainer[str]
    command: DeviceCommand
    def __init__(self, device_ids: _Optional[_Iterable[str]] = ..., command: _Optional[_Union[DeviceCommand, _Mapping]] = ...) -> None: ...

class BatchDevicesResponse(_message.Message):
    __slots__ = ("devices",)
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    devices: _containers.RepeatedCompositeFieldContainer[Device]
    def __init__(self, devices: _Optional[_Iterable[_Union[Device, _Mapping]]] = ...) -> None: ...

class ListDeviceAlarmsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "device_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    device_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., device_id: _Optional[str] = ...) -> None: ...

class ListDeviceAlarmsResponse(_message.Message):
    __slots__ = ("device_alarms", "next_page_token")
    DEVICE_ALARMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    device_alarms: _containers.RepeatedCompositeFieldContainer[DeviceAlarm]
    next_page_token: str
    def __init__(self, device_alarms: _Optional[_Iterable[_Union[DeviceAlarm, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeviceAlarm(_message.Message):
    __slots__ = ("id", "device_id", "reason", "detail", "raised_time", "cleared_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    RAISED_TIME_FIELD_NUMBER: _ClassVar[int]
    CLEARED_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    device_id: str
    reason: str
    detail: str
    raised_time: _timestamp_pb2.Timestamp
    cleared_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., device_id: _Optional[str] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ..., raised_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cleared_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListDeviceLogsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "device_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    device_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., device_id: _Optional[str] = ...) -> None: ...

class ListDeviceLogsResponse(_message.Message):
    __slots__ = ("device_logs", "next_page_token")
    DEVICE_LOGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    device_logs: _containers.RepeatedCompositeFieldContainer[DeviceLog]
    next_page_token: str
    def __init__(self, device_logs: _Optional[_Iterable[_Union[DeviceLog, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeviceLog(_message.Message):
    __slots__ = ("id", "device_id", "uploaded_time", "text")
    ID_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    UPLOADED_TIME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    id: str
    device_id: str
    uploaded_time: _timestamp_pb2.Timestamp
    text: str
    def __init__(self, id: _Optional[str] = ..., device_id: _Optional[str] = ..., uploaded_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class EnrolRequest(_message.Message):
    __slots__ = ("claim_secret", "csr_pem", "hardware_serial", "model", "agent_version")
    CLAIM_SECRET_FIELD_NUMBER: _ClassVar[int]
    CSR_PEM_FIELD_NUMBER: _ClassVar[int]
    HARDWARE_SERIAL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    claim_secret: str
    csr_pem: str
    hardware_serial: str
    model: str
    agent_version: str
    def __init__(self, claim_secret: _Optional[str] = ..., csr_pem: _Optional[str] = ..., hardware_serial: _Optional[str] = ..., model: _Optional[str] = ..., agent_version: _Optional[str] = ...) -> None: ...

class EnrolResponse(_message.Message):
    __slots__ = ("device_id", "certificate_pem", "chain_pem", "ca_bundle_pem", "device_address", "expire_time")
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_PEM_FIELD_NUMBER: _ClassVar[int]
    CHAIN_PEM_FIELD_NUMBER: _ClassVar[int]
    CA_BUNDLE_PEM_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    certificate_pem: str
    chain_pem: str
    ca_bundle_pem: str
    device_address: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, device_id: _Optional[str] = ..., certificate_pem: _Optional[str] = ..., chain_pem: _Optional[str] = ..., ca_bundle_pem: _Optional[str] = ..., device_address: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RenewExpiredRequest(_message.Message):
    __slots__ = ("certificate_pem", "csr_pem", "signed_time", "signature")
    CERTIFICATE_PEM_FIELD_NUMBER: _ClassVar[int]
    CSR_PEM_FIELD_NUMBER: _ClassVar[int]
    SIGNED_TIME_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    certificate_pem: str
    csr_pem: str
    signed_time: _timestamp_pb2.Timestamp
    signature: bytes
    def __init__(self, certificate_pem: _Optional[str] = ..., csr_pem: _Optional[str] = ..., signed_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., signature: _Optional[bytes] = ...) -> None: ...

class HeartbeatRequest(_message.Message):
    __slots__ = ("device_time", "agent_version", "queue_depth", "gallery_version", "config_version", "config_error", "temperature_celsius", "disk_free_ratio", "frames_per_second", "resident_memory_bytes", "alarms")
    DEVICE_TIME_FIELD_NUMBER: _ClassVar[int]
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_DEPTH_FIELD_NUMBER: _ClassVar[int]
    GALLERY_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_ERROR_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_CELSIUS_FIELD_NUMBER: _ClassVar[int]
    DISK_FREE_RATIO_FIELD_NUMBER: _ClassVar[int]
    FRAMES_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    ALARMS_FIELD_NUMBER: _ClassVar[int]
    device_time: _timestamp_pb2.Timestamp
    agent_version: str
    queue_depth: int
    gallery_version: int
    config_version: int
    config_error: str
    temperature_celsius: float
    disk_free_ratio: float
    frames_per_second: float
    resident_memory_bytes: int
    alarms: _containers.RepeatedCompositeFieldContainer[ActiveAlarm]
    def __init__(self, device_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., agent_version: _Optional[str] = ..., queue_depth: _Optional[int] = ..., gallery_version: _Optional[int] = ..., config_version: _Optional[int] = ..., config_error: _Optional[str] = ..., temperature_celsius: _Optional[float] = ..., disk_free_ratio: _Optional[float] = ..., frames_per_second: _Optional[float] = ..., resident_memory_bytes: _Optional[int] = ..., alarms: _Optional[_Iterable[_Union[ActiveAlarm, _Mapping]]] = ...) -> None: ...

class ActiveAlarm(_message.Message):
    __slots__ = ("reason", "detail", "raised_time")
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    RAISED_TIME_FIELD_NUMBER: _ClassVar[int]
    reason: str
    detail: str
    raised_time: _timestamp_pb2.Timestamp
    def __init__(self, reason: _Optional[str] = ..., detail: _Optional[str] = ..., raised_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HeartbeatResponse(_message.Message):
    __slots__ = ("hub_time", "wanted_version", "next_heartbeat_in", "ca_bundle_pem")
    HUB_TIME_FIELD_NUMBER: _ClassVar[int]
    WANTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    NEXT_HEARTBEAT_IN_FIELD_NUMBER: _ClassVar[int]
    CA_BUNDLE_PEM_FIELD_NUMBER: _ClassVar[int]
    hub_time: _timestamp_pb2.Timestamp
    wanted_version: str
    next_heartbeat_in: _duration_pb2.Duration
    ca_bundle_pem: str
    def __init__(self, hub_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wanted_version: _Optional[str] = ..., next_heartbeat_in: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., ca_bundle_pem: _Optional[str] = ...) -> None: ...

class RenewCertificateRequest(_message.Message):
    __slots__ = ("csr_pem",)
    CSR_PEM_FIELD_NUMBER: _ClassVar[int]
    csr_pem: str
    def __init__(self, csr_pem: _Optional[str] = ...) -> None: ...

class WatchCommandsRequest(_message.Message):
    __slots__ = ("after_command_id",)
    AFTER_COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    after_command_id: str
    def __init__(self, after_command_id: _Optional[str] = ...) -> None: ...

class DeviceCommand(_message.Message):
    __slots__ = ("id", "sync", "restart_agent", "send_log", "take_version")
    class Sync(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class RestartAgent(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class SendLog(_message.Message):
        __slots__ = ("max_bytes",)
        MAX_BYTES_FIELD_NUMBER: _ClassVar[int]
        max_bytes: int
        def __init__(self, max_bytes: _Optional[int] = ...) -> None: ...
    class TakeVersion(_message.Message):
        __slots__ = ("version",)
        VERSION_FIELD_NUMBER: _ClassVar[int]
        version: str
        def __init__(self, version: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    SYNC_FIELD_NUMBER: _ClassVar[int]
    RESTART_AGENT_FIELD_NUMBER: _ClassVar[int]
    SEND_LOG_FIELD_NUMBER: _ClassVar[int]
    TAKE_VERSION_FIELD_NUMBER: _ClassVar[int]
    id: str
    sync: DeviceCommand.Sync
    restart_agent: DeviceCommand.RestartAgent
    send_log: DeviceCommand.SendLog
    take_version: DeviceCommand.TakeVersion
    def __init__(self, id: _Optional[str] = ..., sync: _Optional[_Union[DeviceCommand.Sync, _Mapping]] = ..., restart_agent: _Optional[_Union[DeviceCommand.RestartAgent, _Mapping]] = ..., send_log: _Optional[_Union[DeviceCommand.SendLog, _Mapping]] = ..., take_version: _Optional[_Union[DeviceCommand.TakeVersion, _Mapping]] = ...) -> None: ...

class UploadLogRequest(_message.Message):
    __slots__ = ("command_id", "text")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    text: str
    def __init__(self, command_id: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
