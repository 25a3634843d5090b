"""What travels between agent and hub: the agent's frozen values to and from the wire."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

import numpy as np
from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp
from numpy.typing import NDArray

from edge_agent.observations import (
    CheckInFact,
    ClockReading,
    DeviceMovedFact,
    Fact,
    Policy,
    PositionFix,
    RoomConfig,
    RoomSchedule,
    ScheduledSession,
    SuspectFaceFact,
    UnknownFaceFact,
)
from presence.geofence import Circle, Fence, GeofenceError, Polygon
from smartroster.attendance.v1 import room_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2 as timetable_pb

ENCODING_BYTES = 128 * 4


class BadRoomData(Exception):
    """The hub sent something that can't be used at this door; the message says what."""


def timestamp(instant: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(instant)
    return message


def instant(message: Timestamp) -> datetime:
    return message.ToDatetime(UTC)


def encode_event(fact: Fact, *, captured: ClockReading, event_id: UUID, agent_version: str) -> bytes:
    """A `DeviceEvent` as bytes, not numbered yet (see `renumber`)."""
    event = pb.DeviceEvent(
        event_id=str(event_id),
        captured=clock_reading(captured),
        agent_version=agent_version,
    )
    match fact:
        case CheckInFact():
            event.check_in.CopyFrom(
                pb.CheckIn(
                    person_id=str(fact.person_id),
                    similarity=fact.similarity,
                    liveness=f"LIVENESS_{fact.liveness.value}",
                    position=_position(fact.position),
                    engine=fact.engine,
                    gallery_version=fact.gallery_version,
                    shown=fact.shown,
                )
            )
        case UnknownFaceFact():
            event.unknown_face.CopyFrom(
                pb.UnknownFace(position=_position(fact.position), usable_frames=fact.usable_frames)
            )
        case SuspectFaceFact():
            event.suspect_face.CopyFrom(
                pb.SuspectFace(
                    person_id=str(fact.person_id) if fact.person_id else "",
                    similarity=fact.similarity,
                    position=_position(fact.position),
                )
            )
        case DeviceMovedFact():
            event.device_moved.CopyFrom(pb.DeviceMoved(position=_position(fact.position)))
    return event.SerializeToString()


def decode_event(payload: bytes) -> pb.DeviceEvent:
    return pb.DeviceEvent.FromString(payload)


def renumber(payload: bytes, epoch: UUID, sequence: int) -> bytes:
    """The same event with another epoch and number."""
    event = decode_event(payload)
    event.epoch, event.sequence = str(epoch), sequence
    return event.SerializeToString()


def is_event(payload: bytes, event_id: UUID) -> bool:
    """Whether bytes that were read from a damaged file are the event they say."""
    try:
        event = decode_event(payload)
    except DecodeError:
        return False
    return event.event_id == str(event_id) and event.WhichOneof("fact") is not None


def clock_reading(reading: ClockReading) -> pb.ClockReading:
    return pb.ClockReading(
        wall_time=timestamp(reading.wall_time),
        monotonic_ns=reading.monotonic_ns,
        boot_id=str(reading.boot_id),
        quality=f"QUALITY_{reading.quality.value}",
    )


def _position(fix: PositionFix | None) -> pb.Position | None:
    if fix is None:
        return None
    return pb.Position(
        lat_lng=timetable_pb.LatLng(latitude=fix.position.latitude, longitude=fix.position.longitude),
        accuracy_m=fix.position.accuracy_m,
        source=f"SOURCE_{fix.source.value}",
    )


def room_config(message: pb.RoomConfig, *, check_engine: Callable[[str, str], None]) -> RoomConfig:
    """The configuration, checked whole.

    Args:
        message: as the hub sent it.
        check_engine: raises BadRoomData when an engine id with a model digest can't be used here.

    Raises:
        BadRoomData: anything in it can't be used.
    """
    check_engine(message.engine, message.model_sha256)
    try:
        return RoomConfig(
            version=message.version,
            room_id=UUID(message.room.id),
            room_code=message.room.code,
            room_name=message.room.name,
            fence=_fence(message.room.geofence),
            max_accuracy_m=message.room.max_accuracy_m,
            policy=_policy(message.policy),
            engine=message.engine,
            model_sha256=message.model_sha256,
            time_zone=message.time_zone,
        )
    except (ValueError, GeofenceError) as error:
        raise BadRoomData(f"The room's configuration can't be used: {error}") from error


def room_schedule(message: pb.RoomSchedule) -> RoomSchedule:
    """The schedule.

    Raises:
        BadRoomData: an id in it is none.
    """
    try:
        return RoomSchedule(
            version=message.version,
            sessions=tuple(_session(session) for session in message.sessions),
            horizon_end_time=instant(message.horizon_end_time) if message.HasField("horizon_end_time") else None,
        )
    except ValueError as error:
        raise BadRoomData(f"The room's schedule can't be used: {error}") from error


def encodings(person: pb.GalleryPerson) -> NDArray[np.float32]:
    """A person's encodings, (k, 128).

    Raises:
        BadRoomData: they are none.
    """
    if not person.encodings or any(len(encoding) != ENCODING_BYTES for encoding in person.encodings):
        raise BadRoomData("The gallery can't be used: a person's encodings are not 128 numbers each.")
    values = np.frombuffer(b"".join(person.encodings), dtype="<f4").reshape(-1, 128).astype(np.float32)
    if not np.isfinite(values).all():
        raise BadRoomData("The gallery can't be used: a person's encodings are not finite.")
    return values


def names(people: dict[UUID, pb.GalleryPerson]) -> MappingProxyType[UUID, str]:
    return MappingProxyType({person_id: person.display_name for person_id, person in people.items()})


def _session(message: pb.ScheduledSession) -> ScheduledSession:
    return ScheduledSession(
        session_id=UUID(message.session_id),
        title=message.title,
        start_time=instant(message.start_time),
        end_time=instant(message.end_time),
        trainer_ids=frozenset(map(UUID, message.trainer_ids)),
        trainee_ids=frozenset(map(UUID, message.trainee_ids)),
        state=message.state,
        policy=_policy(message.policy),
    )


def _policy(message: pb.AttendancePolicy) -> Policy:
    """The policy; a field that is missing has the default."""
    defaults = Policy()
    durations = {
        name: getattr(message, name).ToTimedelta() if message.HasField(name) else getattr(defaults, name)
        for name in ("start_early", "start_late", "end_early", "auto_end_after", "late_grace", "check_in_early")
    }
    if negative := [name for name, duration in durations.items() if duration.total_seconds() < 0]:
        raise ValueError(f"{', '.join(negative)} of the policy is negative")
    shares = {
        name: getattr(message, name)
        for name in ("min_similarity", "min_start_similarity", "false_match_rate", "min_overlap_share")
    }
    if wrong := [name for name, share in shares.items() if not 0 <= share <= 1]:
        raise ValueError(f"{', '.join(wrong)} of the policy is not within 0 and 1")
    shares["false_match_rate"] = shares["false_match_rate"] or defaults.false_match_rate
    return Policy(
        **durations,
        **shares,
        liveness_challenge=message.liveness_challenge,
        reject_suspect_faces=message.reject_suspect_faces,
        check_out=message.check_out,
    )


def _fence(message: timetable_pb.Geofence) -> Fence | None:
    match message.WhichOneof("shape"):
        case "circle":
            circle = message.circle
            return Circle(circle.centre.latitude, circle.centre.longitude, circle.radius_m)
        case "polygon":
            return Polygon(tuple((vertex.latitude, vertex.longitude) for vertex in message.polygon.vertices))
    return None
