"""A device's events, from the wire: each is checked by itself, so a bad one does not hold up the others."""

import math
from hashlib import sha256
from uuid import UUID

from hub.attendance.rules import ClockQuality, ClockReading, FactKind, Liveness
from hub.attendance.service.known import Answer, Fact, Malformed
from hub.errors import InvalidArgument
from hub.rpc.fields import from_timestamp, parse_uuid
from presence.geofence import GeofenceError, Position
from smartroster.attendance.v1 import room_pb2 as pb

_KINDS = {
    "check_in": FactKind.CHECK_IN,
    "unknown_face": FactKind.UNKNOWN_FACE,
    "suspect_face": FactKind.SUSPECT_FACE,
    "device_moved": FactKind.DEVICE_MOVED,
}
_LIVENESS = {pb.Liveness.Value(f"LIVENESS_{member.value}"): member for member in Liveness}
_QUALITY = {pb.ClockReading.Quality.Value(f"QUALITY_{member.value}"): member for member in ClockQuality}
_SOURCES = {value: name.removeprefix("SOURCE_") for name, value in pb.Position.Source.items()}
_MAX_SEQUENCE = 2**63 - 1
_MAX_TEXT = 200


def read_event(event: pb.DeviceEvent) -> Fact | Malformed:
    """The fact, or why it can never be stored."""
    try:
        return _read(event)
    except InvalidArgument as error:
        return Malformed(event.event_id, error.message)


def _read(event: pb.DeviceEvent) -> Fact:
    which = event.WhichOneof("fact")
    if which is None:
        raise InvalidArgument.of("fact", "is missing, or of a kind that this hub does not know: update the hub")
    if not 1 <= event.sequence <= _MAX_SEQUENCE:
        raise InvalidArgument.of("sequence", "counts from 1")
    kind = _KINDS[which]
    captured = read_clock(event.captured, "captured")
    if captured is None:
        raise InvalidArgument.of("captured", "is required: the clocks when it was captured")
    content = getattr(event, which)
    person_id = None
    similarity = 0.0
    liveness = Liveness.UNSPECIFIED
    if kind is FactKind.CHECK_IN:
        person_id = parse_uuid(content.person_id, "check_in.person_id")
        liveness = _LIVENESS.get(content.liveness, Liveness.UNSPECIFIED)
    elif kind is FactKind.SUSPECT_FACE and content.person_id:
        person_id = parse_uuid(content.person_id, "suspect_face.person_id")
        liveness = Liveness.SUSPECT
    if kind in (FactKind.CHECK_IN, FactKind.SUSPECT_FACE):
        similarity = content.similarity
        if not (math.isfinite(similarity) and 0 <= similarity <= 1):
            raise InvalidArgument.of(f"{which}.similarity", "must be 0 to 1")
    check_in = kind is FactKind.CHECK_IN
    return Fact(
        event_id=parse_uuid(event.event_id, "event_id"),
        epoch=parse_uuid(event.epoch, "epoch"),
        sequence=event.sequence,
        captured=captured,
        agent_version=_text(event.agent_version),
        digest=sha256(event.SerializeToString(deterministic=True)).digest(),
        kind=kind,
        person_id=person_id,
        similarity=similarity,
        liveness=liveness,
        position=_position(content.position, which) if content.HasField("position") else None,
        position_source=_SOURCES.get(content.position.source, "") if content.HasField("position") else "",
        engine=_text(content.engine) if check_in else "",
        gallery_version=content.gallery_version if check_in else 0,
        shown=_text(content.shown) if check_in else "",
    )


def read_clock(reading: pb.ClockReading, field: str) -> ClockReading | None:
    """The reading; None when it is not set. InvalidArgument when it is none."""
    if not reading.HasField("wall_time"):
        return None
    if reading.monotonic_ns > _MAX_SEQUENCE:
        raise InvalidArgument.of(f"{field}.monotonic_ns", "is more than a clock counts")
    return ClockReading(
        wall_time=from_timestamp(reading.wall_time, f"{field}.wall_time"),
        monotonic_ns=reading.monotonic_ns,
        boot_id=_text(reading.boot_id),
        quality=_QUALITY.get(reading.quality, ClockQuality.UNSPECIFIED),
    )


def _position(message: pb.Position, which: str) -> Position | None:
    if not message.HasField("lat_lng"):
        return None
    try:
        return Position(message.lat_lng.latitude, message.lat_lng.longitude, message.accuracy_m)
    except GeofenceError as error:
        raise InvalidArgument.of(f"{which}.position", str(error)) from None


def _text(value: str) -> str:
    # PostgreSQL stores no NUL.
    return value[:_MAX_TEXT].replace("\0", "")


def answer_to_proto(answer: Answer) -> pb.EventResult:
    return pb.EventResult(
        event_id=answer.event_id,
        outcome=f"OUTCOME_{answer.outcome.value}",
        judgement=None if answer.judgement is None else f"JUDGEMENT_{answer.judgement.value}",
        rejection_reason=None if answer.reason is None else f"REJECTION_REASON_{answer.reason.value}",
        message=answer.message,
        session_id="" if answer.session_id is None else str(answer.session_id),
    )


def device_id_of(principal_id: UUID | None) -> UUID:
    """The device that calls; only devices reach this service."""
    if principal_id is None:
        raise InvalidArgument.of("certificate", "names no device")
    return principal_id
