from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from smartroster.imports.v1 import imports_pb2 as _imports_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Enrolment(_message.Message):
    __slots__ = ("id", "class_group_id", "course_id", "term_id", "trainer_id", "state", "etag", "programme_course_id", "academic_year_id", "cancel_reason")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Enrolment.State]
        STATE_SCHEDULED: _ClassVar[Enrolment.State]
        STATE_IN_PROGRESS: _ClassVar[Enrolment.State]
        STATE_COMPLETED: _ClassVar[Enrolment.State]
        STATE_CANCELLED: _ClassVar[Enrolment.State]
    STATE_UNSPECIFIED: Enrolment.State
    STATE_SCHEDULED: Enrolment.State
    STATE_IN_PROGRESS: Enrolment.State
    STATE_COMPLETED: Enrolment.State
    STATE_CANCELLED: Enrolment.State
    ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    class_group_id: str
    course_id: str
    term_id: str
    trainer_id: str
    state: Enrolment.State
    etag: str
    programme_course_id: str
    academic_year_id: str
    cancel_reason: str
    def __init__(self, id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., course_id: _Optional[str] = ..., term_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., state: _Optional[_Union[Enrolment.State, str]] = ..., etag: _Optional[str] = ..., programme_course_id: _Optional[str] = ..., academic_year_id: _Optional[str] = ..., cancel_reason: _Optional[str] = ...) -> None: ...

class EnrolmentException(_message.Message):
    __slots__ = ("id", "enrolment_id", "trainee_id", "kind", "start_date", "end_date", "reason", "etag")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[EnrolmentException.Kind]
        KIND_ADDED: _ClassVar[EnrolmentException.Kind]
        KIND_LEFT_OUT: _ClassVar[EnrolmentException.Kind]
    KIND_UNSPECIFIED: EnrolmentException.Kind
    KIND_ADDED: EnrolmentException.Kind
    KIND_LEFT_OUT: EnrolmentException.Kind
    ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    enrolment_id: str
    trainee_id: str
    kind: EnrolmentException.Kind
    start_date: str
    end_date: str
    reason: str
    etag: str
    def __init__(self, id: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., trainee_id: _Optional[str] = ..., kind: _Optional[_Union[EnrolmentException.Kind, str]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., reason: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class TrainerLoan(_message.Message):
    __slots__ = ("id", "trainer_id", "department_id", "start_date", "end_date", "reason", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    trainer_id: str
    department_id: str
    start_date: str
    end_date: str
    reason: str
    etag: str
    def __init__(self, id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., department_id: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., reason: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateEnrolmentRequest(_message.Message):
    __slots__ = ("request_id", "enrolment")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    enrolment: Enrolment
    def __init__(self, request_id: _Optional[str] = ..., enrolment: _Optional[_Union[Enrolment, _Mapping]] = ...) -> None: ...

class GetEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment_id",)
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    def __init__(self, enrolment_id: _Optional[str] = ...) -> None: ...

class ListEnrolmentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "term_id", "class_group_id", "trainer_id", "course_id", "programme_id", "academic_year_id", "state", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    COURSE_ID_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_ID_FIELD_NUMBER: _ClassVar[int]
    ACADEMIC_YEAR_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    term_id: str
    class_group_id: str
    trainer_id: str
    course_id: str
    programme_id: str
    academic_year_id: str
    state: Enrolment.State
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., term_id: _Optional[str] = ..., class_group_id: _Optional[str] = ..., trainer_id: _Optional[str] = ..., course_id: _Optional[str] = ..., programme_id: _Optional[str] = ..., academic_year_id: _Optional[str] = ..., state: _Optional[_Union[Enrolment.State, str]] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListEnrolmentsResponse(_message.Message):
    __slots__ = ("enrolments", "next_page_token")
    ENROLMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    enrolments: _containers.RepeatedCompositeFieldContainer[Enrolment]
    next_page_token: str
    def __init__(self, enrolments: _Optional[_Iterable[_Union[Enrolment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment", "update_mask")
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    enrolment: Enrolment
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, enrolment: _Optional[_Union[Enrolment, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class StartEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment_id", "etag")
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    etag: str
    def __init__(self, enrolment_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CompleteEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment_id", "etag")
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    etag: str
    def __init__(self, enrolment_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CancelEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment_id", "reason", "etag")
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    reason: str
    etag: str
    def __init__(self, enrolment_id: _Optional[str] = ..., reason: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteEnrolmentRequest(_message.Message):
    __slots__ = ("enrolment_id", "etag")
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    enrolment_id: str
    etag: str
    def __init__(self, enrolment_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateEnrolmentExceptionRequest(_message.Message):
    __slots__ = ("request_id", "enrolment_exception")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    enrolment_exception: EnrolmentException
    def __init__(self, request_id: _Optional[str] = ..., enrolment_exception: _Optional[_Union[EnrolmentException, _Mapping]] = ...) -> None: ...

class ListEnrolmentExceptionsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "enrolment_id", "trainee_id", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINEE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    enrolment_id: str
    trainee_id: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., enrolment_id: _Optional[str] = ..., trainee_id: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListEnrolmentExceptionsResponse(_message.Message):
    __slots__ = ("enrolment_exceptions", "next_page_token")
    ENROLMENT_EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    enrolment_exceptions: _containers.RepeatedCompositeFieldContainer[EnrolmentException]
    next_page_token: str
    def __init__(self, enrolment_exceptions: _Optional[_Iterable[_Union[EnrolmentException, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateEnrolmentExceptionRequest(_message.Message):
    __slots__ = ("enrolment_exception", "update_mask")
    ENROLMENT_EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    enrolment_exception: EnrolmentException
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, enrolment_exception: _Optional[_Union[EnrolmentException, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteEnrolmentExceptionRequest(_message.Message):
    __slots__ = ("enrolment_exception_id", "etag")
    ENROLMENT_EXCEPTION_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    enrolment_exception_id: str
    etag: str
    def __init__(self, enrolment_exception_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateTrainerLoanRequest(_message.Message):
    __slots__ = ("request_id", "trainer_loan")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINER_LOAN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    trainer_loan: TrainerLoan
    def __init__(self, request_id: _Optional[str] = ..., trainer_loan: _Optional[_Union[TrainerLoan, _Mapping]] = ...) -> None: ...

class ListTrainerLoansRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "trainer_id", "department_id", "on_date", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TRAINER_ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ON_DATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    trainer_id: str
    department_id: str
    on_date: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., trainer_id: _Optional[str] = ..., department_id: _Optional[str] = ..., on_date: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListTrainerLoansResponse(_message.Message):
    __slots__ = ("trainer_loans", "next_page_token")
    TRAINER_LOANS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trainer_loans: _containers.RepeatedCompositeFieldContainer[TrainerLoan]
    next_page_token: str
    def __init__(self, trainer_loans: _Optional[_Iterable[_Union[TrainerLoan, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateTrainerLoanRequest(_message.Message):
    __slots__ = ("trainer_loan", "update_mask")
    TRAINER_LOAN_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    trainer_loan: TrainerLoan
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, trainer_loan: _Optional[_Union[TrainerLoan, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteTrainerLoanRequest(_message.Message):
    __slots__ = ("trainer_loan_id", "etag")
    TRAINER_LOAN_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    trainer_loan_id: str
    etag: str
    def __init__(self, trainer_loan_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class GetEnrolmentsTemplateRequest(_message.Message):
    __slots__ = ("term_id", "department_id")
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    term_id: str
    department_id: str
    def __init__(self, term_id: _Optional[str] = ..., department_id: _Optional[str] = ...) -> None: ...

class ImportEnrolmentsRequest(_message.Message):
    __slots__ = ("term_id", "workbook", "validate_only")
    TERM_ID_FIELD_NUMBER: _ClassVar[int]
    WORKBOOK_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    term_id: str
    workbook: bytes
    validate_only: bool
    def __init__(self, term_id: _Optional[str] = ..., workbook: _Optional[bytes] = ..., validate_only: _Optional[bool] = ...) -> None: ...
