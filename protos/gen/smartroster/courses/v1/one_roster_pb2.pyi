from smartroster.imports.v1 import imports_pb2 as _imports_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ImportOneRosterRequest(_message.Message):
    __slots__ = ("archive", "validate_only", "department_id", "programme_level")
    ARCHIVE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_LEVEL_FIELD_NUMBER: _ClassVar[int]
    archive: bytes
    validate_only: bool
    department_id: str
    programme_level: str
    def __init__(self, archive: _Optional[bytes] = ..., validate_only: _Optional[bool] = ..., department_id: _Optional[str] = ..., programme_level: _Optional[str] = ...) -> None: ...
