import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Notification(_message.Message):
    __slots__ = ("id", "event_id", "type", "priority", "title", "body", "object_type", "object_id", "create_time", "read_time", "deliveries")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[Notification.Type]
        TYPE_ATTENDANCE: _ClassVar[Notification.Type]
        TYPE_SESSION: _ClassVar[Notification.Type]
        TYPE_REPORT: _ClassVar[Notification.Type]
        TYPE_ACCOUNT: _ClassVar[Notification.Type]
        TYPE_SYSTEM: _ClassVar[Notification.Type]
    TYPE_UNSPECIFIED: Notification.Type
    TYPE_ATTENDANCE: Notification.Type
    TYPE_SESSION: Notification.Type
    TYPE_REPORT: Notification.Type
    TYPE_ACCOUNT: Notification.Type
    TYPE_SYSTEM: Notification.Type
    class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PRIORITY_UNSPECIFIED: _ClassVar[Notification.Priority]
        PRIORITY_LOW: _ClassVar[Notification.Priority]
        PRIORITY_MEDIUM: _ClassVar[Notification.Priority]
        PRIORITY_HIGH: _ClassVar[Notification.Priority]
    PRIORITY_UNSPECIFIED: Notification.Priority
    PRIORITY_LOW: Notification.Priority
    PRIORITY_MEDIUM: Notification.Priority
    PRIORITY_HIGH: Notification.Priority
    ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    OBJECT_TYPE_FIELD_NUMBER: _ClassVar[int]
    OBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    id: str
    event_id: str
    type: Notification.Type
    priority: Notification.Priority
    title: str
    body: str
    object_type: str
    object_id: str
    create_time: _timestamp_pb2.Timestamp
    read_time: _timestamp_pb2.Timestamp
    deliveries: _containers.RepeatedCompositeFieldContainer[Delivery]
    def __init__(self, id: _Optional[str] = ..., event_id: _Optional[str] = ..., type: _Optional[_Union[Notification.Type, str]] = ..., priority: _Optional[_Union[Notification.Priority, str]] = ..., title: _Optional[str] = ..., body: _Optional[str] = ..., object_type: _Optional[str] = ..., object_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., deliveries: _Optional[_Iterable[_Union[Delivery, _Mapping]]] = ...) -> None: ...

class Delivery(_message.Message):
    __slots__ = ("channel", "state", "failure", "attempts")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Delivery.State]
        STATE_QUEUED: _ClassVar[Delivery.State]
        STATE_SENT: _ClassVar[Delivery.State]
        STATE_FAILED: _ClassVar[Delivery.State]
    STATE_UNSPECIFIED: Delivery.State
    STATE_QUEUED: Delivery.State
    STATE_SENT: Delivery.State
    STATE_FAILED: Delivery.State
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    channel: str
    state: Delivery.State
    failure: str
    attempts: int
    def __init__(self, channel: _Optional[str] = ..., state: _Optional[_Union[Delivery.State, str]] = ..., failure: _Optional[str] = ..., attempts: _Optional[int] = ...) -> None: ...

class ListNotificationsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "unread_only")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    UNREAD_ONLY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    unread_only: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., unread_only: _Optional[bool] = ...) -> None: ...

class ListNotificationsResponse(_message.Message):
    __slots__ = ("notifications", "next_page_token", "unread_count")
    NOTIFICATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    notifications: _containers.RepeatedCompositeFieldContainer[Notification]
    next_page_token: str
    unread_count: int
    def __init__(self, notifications: _Optional[_Iterable[_Union[Notification, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., unread_count: _Optional[int] = ...) -> None: ...

class MarkNotificationsRequest(_message.Message):
    __slots__ = ("notification_ids", "read")
    NOTIFICATION_IDS_FIELD_NUMBER: _ClassVar[int]
    READ_FIELD_NUMBER: _ClassVar[int]
    notification_ids: _containers.RepeatedScalarFieldContainer[str]
    read: bool
    def __init__(self, notification_ids: _Optional[_Iterable[str]] = ..., read: _Optional[bool] = ...) -> None: ...

class MarkNotificationsResponse(_message.Message):
    __slots__ = ("changed_count",)
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    changed_count: int
    def __init__(self, changed_count: _Optional[int] = ...) -> None: ...

class WatchNotificationsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CreateBrokerCredentialsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BrokerCredentials(_message.Message):
    __slots__ = ("username", "password", "url", "topics")
    USERNAME_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    username: str
    password: str
    url: str
    topics: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, username: _Optional[str] = ..., password: _Optional[str] = ..., url: _Optional[str] = ..., topics: _Optional[_Iterable[str]] = ...) -> None: ...
