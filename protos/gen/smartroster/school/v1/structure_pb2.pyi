from smartroster.imports.v1 import imports_pb2 as _imports_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class GetStructureTemplateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ImportStructureRequest(_message.Message):
    __slots__ = ("workbook", "validate_only")
    WORKBOOK_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    workbook: bytes
    validate_only: bool
    def __init__(self, workbook: _Optional[bytes] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class ExportStructureRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
