from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProgrammeCourse(_message.Message):
    __slots__ = ("id", "programme_id", "course_id", "year_of_study", "term_number", "kind", "theory_room_type", "practical_room_type", "archived", "etag")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[ProgrammeCourse.Kind]
        KIND_CORE: _ClassVar[ProgrammeCourse.Kind]
        KIND_ELECTIVE: _ClassVar[ProgrammeCourse.Kind]
    KIND_UNSPECIFIED: ProgrammeCourse.Kind
    KIND_CORE: ProgrammeCourse.Kind
    KIND_ELECTIVE: ProgrammeCourse.Kind
    ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    YEAR_OF_STUDY_FIELD_NUMBER: _ClassVar[int]
    TERM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    THEORY_ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    PRACTICAL_ROOM_TYPE_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    programme_id: str
    course_id: str
    year_of_study: int
    term_number: int
    kind: ProgrammeCourse.Kind
    theory_room_type: str
    practical_room_type: str
    archived: bool
    etag: str
    def __init__(self, id: _Optional[str] = ..., programme_id: _Optional[str] = ..., course_id: _Optional[str] = ..., year_of_study: _Optional[int] = ..., term_number: _Optional[int] = ..., kind: _Optional[_Union[ProgrammeCourse.Kind, str]] = ..., theory_room_type: _Optional[str] = ..., practical_room_type: _Optional[str] = ..., archived: _Optional[bool] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateProgrammeCourseRequest(_message.Message):
    __slots__ = ("request_id", "programme_course")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_COURSE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    programme_course: ProgrammeCourse
    def __init__(self, request_id: _Optional[str] = ..., programme_course: _Optional[_Union[ProgrammeCourse, _Mapping]] = ...) -> None: ...

class GetProgrammeCourseRequest(_message.Message):
    __slots__ = ("programme_course_id",)
    PROGRAMME_COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    programme_course_id: str
    def __init__(self, programme_course_id: _Optional[str] = ...) -> None: ...

class ListProgrammeCoursesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "programme_id", "course_id", "year_of_study", "term_number", "kind", "include_archived", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    YEAR_OF_STUDY_FIELD_NUMBER: _ClassVar[int]
    TERM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    programme_id: str
    course_id: str
    year_of_study: int
    term_number: int
    kind: ProgrammeCourse.Kind
    include_archived: bool
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., programme_id: _Optional[str] = ..., course_id: _Optional[str] = ..., year_of_study: _Optional[int] = ..., term_number: _Optional[int] = ..., kind: _Optional[_Union[ProgrammeCourse.Kind, str]] = ..., include_archived: _Optional[bool] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListProgrammeCoursesResponse(_message.Message):
    __slots__ = ("programme_courses", "next_page_token")
    PROGRAMME_COURSES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    programme_courses: _containers.RepeatedCompositeFieldContainer[ProgrammeCourse]
    next_page_token: str
    def __init__(self, programme_courses: _Optional[_Iterable[_Union[ProgrammeCourse, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateProgrammeCourseRequest(_message.Message):
    __slots__ = ("programme_course", "update_mask")
    PROGRAMME_COURSE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    programme_course: ProgrammeCourse
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, programme_course: _Optional[_Union[ProgrammeCourse, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ArchiveProgrammeCourseRequest(_message.Message):
    __slots__ = ("programme_course_id", "etag")
    PROGRAMME_COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    programme_course_id: str
    etag: str
    def __init__(self, programme_course_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class RestoreProgrammeCourseRequest(_message.Message):
    __slots__ = ("programme_course_id", "etag")
    PROGRAMME_COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    programme_course_id: str
    etag: str
    def __init__(self, programme_course_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteProgrammeCourseRequest(_message.Message):
    __slots__ = ("programme_course_id", "etag")
    PROGRAMME_COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    programme_course_id: str
    etag: str
    def __init__(self, programme_course_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...
