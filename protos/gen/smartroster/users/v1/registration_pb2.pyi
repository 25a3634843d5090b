from smartroster.imports.v1 import imports_pb2 as _imports_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class GetTraineesTemplateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ImportTraineesRequest(_message.Message):
    __slots__ = ("workbook", "validate_only")
    WORKBOOK_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    workbook: bytes
    validate_only: bool
    def __init__(self, workbook: _Optional[bytes] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class ExportTraineesRequest(_message.Message):
    __slots__ = ("class_group_id",)
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    def __init__(self, class_group_id: _Optional[str] = ...) -> None: ...

class GetTrainersTemplateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ImportTrainersRequest(_message.Message):
    __slots__ = ("workbook", "validate_only")
    WORKBOOK_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    workbook: bytes
    validate_only: bool
    def __init__(self, workbook: _Optional[bytes] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class ExportTrainersRequest(_message.Message):
    __slots__ = ("department_id",)
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    department_id: str
    def __init__(self, department_id: _Optional[str] = ...) -> None: ...
