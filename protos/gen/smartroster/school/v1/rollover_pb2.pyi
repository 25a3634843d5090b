from smartroster.school.v1 import school_pb2 as _school_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RollOverRequest(_message.Message):
    __slots__ = ("academic_year_id", "name", "start_date", "end_date", "moves", "trainee_moves", "add_intake", "validate_only")
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_MOVES_FIELD_NUMBER: _ClassVar[int]
    ADD_INTAKE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    academic_year_id: str
    name: str
    start_date: str
    end_date: str
    moves: _containers.RepeatedCompositeFieldContainer[GroupMove]
    trainee_moves: _containers.RepeatedCompositeFieldContainer[TraineeMove]
    add_intake: bool
    validate_only: bool
    def __init__(self, academic_year_id: _Optional[str] = ..., name: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., moves: _Optional[_Iterable[_Union[GroupMove, _Mapping]]] = ..., trainee_moves: _Optional[_Iterable[_Union[TraineeMove, _Mapping]]] = ..., add_intake: _Optional[bool] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class GroupMove(_message.Message):
    __slots__ = ("class_group_id", "target_class_group_id")
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    target_class_group_id: str
    def __init__(self, class_group_id: _Optional[str] = ..., target_class_group_id: _Optional[str] = ...) -> None: ...

class TraineeMove(_message.Message):
    __slots__ = ("trainee_id", "target_class_group_id")
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    trainee_id: str
    target_class_group_id: str
    def __init__(self, trainee_id: _Optional[str] = ..., target_class_group_id: _Optional[str] = ...) -> None: ...

class RollOverResponse(_message.Message):
    __slots__ = ("academic_year", "academic_year_created", "terms", "created_terms", "steps", "created_class_groups", "proposals", "moved_trainees", "graduating_trainees", "committed")
    ACADEMIC_YEAR_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_CREATED_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    CREATED_TERMS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    CREATED_CLASS_GROUPS_FIELD_NUMBER: _ClassVar[int]
    PROPOSALS_FIELD_NUMBER: _ClassVar[int]
    MOVED_TRAINEES_FIELD_NUMBER: _ClassVar[int]
    GRADUATING_TRAINEES_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    academic_year: _school_pb2.AcademicYear
    academic_year_created: bool
    terms: _containers.RepeatedCompositeFieldContainer[_school_pb2.Term]
    created_terms: int
    steps: _containers.RepeatedCompositeFieldContainer[GroupStep]
    created_class_groups: _containers.RepeatedCompositeFieldContainer[_school_pb2.ClassGroup]
    proposals: _containers.RepeatedCompositeFieldContainer[EnrolmentProposal]
    moved_trainees: int
    graduating_trainees: int
    committed: bool
    def __init__(self, academic_year: _Optional[_Union[_school_pb2.AcademicYear, _Mapping]] = ..., academic_year_created: _Optional[bool] = ..., terms: _Optional[_Iterable[_Union[_school_pb2.Term, _Mapping]]] = ..., created_terms: _Optional[int] = ..., steps: _Optional[_Iterable[_Union[GroupStep, _Mapping]]] = ..., created_class_groups: _Optional[_Iterable[_Union[_school_pb2.ClassGroup, _Mapping]]] = ..., proposals: _Optional[_Iterable[_Union[EnrolmentProposal, _Mapping]]] = ..., moved_trainees: _Optional[int] = ..., graduating_trainees: _Optional[int] = ..., committed: _Optional[bool] = ...) -> None: ...

class GroupStep(_message.Message):
    __slots__ = ("class_group_id", "name", "kind", "year_of_study", "target_class_group_id", "target_name", "trainees", "date")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[GroupStep.Kind]
        KIND_MOVES_UP: _ClassVar[GroupStep.Kind]
        KIND_MERGES: _ClassVar[GroupStep.Kind]
        KIND_GRADUATES: _ClassVar[GroupStep.Kind]
        KIND_WAITS: _ClassVar[GroupStep.Kind]
    KIND_UNSPECIFIED: GroupStep.Kind
    KIND_MOVES_UP: GroupStep.Kind
    KIND_MERGES: GroupStep.Kind
    KIND_GRADUATES: GroupStep.Kind
    KIND_WAITS: GroupStep.Kind
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    YEAR_OF_STUDY_FIELD_NUMBER: _ClassVar[int]
    TARGET_CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_NAME_FIELD_NUMBER: _ClassVar[int]
    TRAINEES_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    name: str
    kind: GroupStep.Kind
    year_of_study: int
    target_class_group_id: str
    target_name: str
    trainees: int
    date: str
    def __init__(self, class_group_id: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[GroupStep.Kind, str]] = ..., year_of_study: _Optional[int] = ..., target_class_group_id: _Optional[str] = ..., target_name: _Optional[str] = ..., trainees: _Optional[int] = ..., date: _Optional[str] = ...) -> None: ...

class EnrolmentProposal(_message.Message):
    __slots__ = ("class_group_id", "class_group_name", "course_id", "course_code", "course_title", "term_id", "term_number", "trainer_id")
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_NAME_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_CODE_FIELD_NUMBER: _ClassVar[int]
    COURSE_TITLE_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    class_group_id: str
    class_group_name: str
    course_id: str
    course_code: str
    course_title: str
    term_id: str
    term_number: int
    trainer_id: str
    def __init__(self, class_group_id: _Optional[str] = ..., class_group_name: _Optional[str] = ..., course_id: _Optional[str] = ..., course_code: _Optional[str] = ..., course_title: _Optional[str] = ..., term_id: _Optional[str] = ..., term_number: _Optional[int] = ..., trainer_id: _Optional[str] = ...) -> None: ...
