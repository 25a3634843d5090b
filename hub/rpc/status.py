"""The one place where errors become gRPC statuses: code, ErrorInfo, BadRequest, RetryInfo and a sentence."""

import asyncio
from dataclasses import dataclass

import grpc
import structlog
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status.rpc_status import to_status
from sqlalchemy.exc import SQLAlchemyError

from hub.db.failures import as_hub_error
from hub.errors import (
    Aborted,
    AlreadyExists,
    FailedPrecondition,
    HubError,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
)
from hub.rpc.fields import to_duration

DOMAIN = "smartroster"

_CODES: tuple[tuple[type[HubError], grpc.StatusCode], ...] = (
    (InvalidArgument, grpc.StatusCode.INVALID_ARGUMENT),
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (AlreadyExists, grpc.StatusCode.ALREADY_EXISTS),
    (FailedPrecondition, grpc.StatusCode.FAILED_PRECONDITION),
    (PermissionDenied, grpc.StatusCode.PERMISSION_DENIED),
    (Unauthenticated, grpc.StatusCode.UNAUTHENTICATED),
    (Aborted, grpc.StatusCode.ABORTED),
    (ResourceExhausted, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (Unavailable, grpc.StatusCode.UNAVAILABLE),
)

_log = structlog.get_logger("hub.rpc")


@dataclass(frozen=True, slots=True)
class Failure:
    """What the caller gets to know."""

    code: grpc.StatusCode
    message: str
    details: tuple[Message, ...]


def failure_of(error: BaseException, method: str) -> Failure:
    """The failure to answer; an exception that nobody foresaw is logged whole and answered INTERNAL."""
    known = as_hub_error(error) if isinstance(error, SQLAlchemyError) else error
    if isinstance(known, TimeoutError | asyncio.TimeoutError):
        return Failure(grpc.StatusCode.DEADLINE_EXCEEDED, "The hub did not answer in time: try again.", ())
    if not isinstance(known, HubError):
        _log.error("unexpected error in an RPC", method=method, exc_info=error)
        return Failure(grpc.StatusCode.INTERNAL, "internal error", (_info("INTERNAL", {}),))
    code = next((code for kind, code in _CODES if isinstance(known, kind)), grpc.StatusCode.UNKNOWN)
    if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNKNOWN):
        _log.warning("an RPC failed", method=method, reason=known.reason, cause=repr(known.__cause__))
    details: list[Message] = [_info(known.reason, dict(known.metadata))]
    if isinstance(known, InvalidArgument) and known.violations:
        details.append(
            BadRequest(
                field_violations=[
                    BadRequest.FieldViolation(field=violation.field, description=violation.description)
                    for violation in known.violations
                ]
            )
        )
    if isinstance(known, ResourceExhausted) and known.retry_after is not None:
        details.append(RetryInfo(retry_delay=to_duration(known.retry_after)))
    return Failure(code, known.message, tuple(details))


def grpc_status(failure: Failure) -> grpc.Status:
    """The failure as grpc's `context.abort_with_status` wants it."""
    packed = []
    for detail in failure.details:
        holder = AnyMessage()
        holder.Pack(detail)
        packed.append(holder)
    status: grpc.Status = to_status(Status(code=failure.code.value[0], message=failure.message, details=packed))
    return status


def _info(reason: str, metadata: dict[str, str]) -> ErrorInfo:
    return ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)
