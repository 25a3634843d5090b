"""Tables of sessions, raw facts from the doors, and the records derived from them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.attendance.rules import (
    ClockQuality,
    FactKind,
    Judgement,
    Liveness,
    RecordSource,
    RecordState,
    RejectionReason,
    SessionKind,
    SessionState,
)
from hub.db.base import Base, Timestamps, Versioned


class AttendanceSession(Versioned, Timestamps, Base):
    """One dated lesson. `policy` is that of its start, and None before; `session_date` is the school's day."""

    __tablename__ = "attendance_sessions"
    __table_args__ = (
        CheckConstraint("planned_start_time < planned_end_time", name="times"),
        Index(
            "uq_attendance_sessions_lesson",
            "lesson_id",
            "lesson_key_date",
            unique=True,
            sqlite_where=text("NOT withdrawn"),
            postgresql_where=text("NOT withdrawn"),
        ),
        Index(None, "room_id", "planned_start_time"),
        Index(None, "state", "planned_start_time"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    class_group_id: Mapped[UUID] = mapped_column(ForeignKey("class_groups.id"), index=True)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    substitute_trainer_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    # Which lesson of the timetable, through all its versions (`timetable.rules.Occurrence`); None for one that was
    # scheduled by itself.
    lesson_id: Mapped[UUID | None]
    lesson_key_date: Mapped[date | None]
    # Cancelled because the timetable dropped the lesson, which may come back as another session.
    withdrawn: Mapped[bool] = mapped_column(default=False)
    session_date: Mapped[date]
    planned_start_time: Mapped[datetime]
    planned_end_time: Mapped[datetime]
    actual_start_time: Mapped[datetime | None]
    actual_end_time: Mapped[datetime | None]
    kind: Mapped[SessionKind] = mapped_column(default=SessionKind.REGULAR)
    state: Mapped[SessionState] = mapped_column(default=SessionState.SCHEDULED)
    reason: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    policy: Mapped[dict[str, Any] | None]
    absences_final: Mapped[bool] = mapped_column(default=False)
    # What has been told already, so that each is told once.
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def trainer_ids(self) -> list[UUID]:
        return [self.trainer_id] + ([self.substitute_trainer_id] if self.substitute_trainer_id else [])


class DoorFact(Base):
    """An immutable fact from a door's device or, with no device, the API; only a PENDING judgement is settled later.

    No foreign keys: facts are kept about people whom the hub does not know, and 100 of them are stored at once.
    `digest` is of the fact as sent, to tell a repeat from another fact with the same id.
    """

    __tablename__ = "door_facts"
    __table_args__ = (
        UniqueConstraint("device_id", "epoch", "sequence"),
        Index(None, "session_id", "person_id"),
    )

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID | None]
    epoch: Mapped[UUID | None]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[FactKind]
    person_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    judgement: Mapped[Judgement | None]
    rejection_reason: Mapped[RejectionReason | None]
    # As corrected by the hub; the arrival where the capture cannot be told.
    capture_time: Mapped[datetime]
    arrival_time: Mapped[datetime]
    wall_time: Mapped[datetime]
    monotonic_ns: Mapped[int] = mapped_column(BigInteger)
    boot_id: Mapped[str]
    clock_quality: Mapped[ClockQuality]
    similarity: Mapped[float]
    liveness: Mapped[Liveness]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    position_source: Mapped[str]
    engine: Mapped[str]
    gallery_version: Mapped[int] = mapped_column(BigInteger)
    agent_version: Mapped[str]
    shown: Mapped[str]


class AttendanceRecord(Base):
    """One per trainee and session, made when the session starts."""

    __tablename__ = "attendance_records"
    __table_args__ = (UniqueConstraint("session_id", "trainee_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("attendance_sessions.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[RecordState]
    source: Mapped[RecordSource]
    first_check_in_time: Mapped[datetime | None]
    last_check_in_time: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class RecordChange(Base):
    """Every change of a record's state: who, when and why. Append-only."""

    __tablename__ = "attendance_record_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("attendance_records.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("attendance_sessions.id"), index=True)
    before: Mapped[RecordState | None]
    after: Mapped[RecordState]
    change_time: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    reason: Mapped[str]


class SchoolPolicy(Versioned, Timestamps, Base):
    """One row, `id` 1."""

    __tablename__ = "attendance_policies"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    policy: Mapped[dict[str, Any]]


class DeviceMove(Base):
    """A device stood in `from_room_id` until `moved_time`: what it captured before is of that room."""

    __tablename__ = "attendance_device_moves"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(index=True)
    from_room_id: Mapped[UUID]
    moved_time: Mapped[datetime]
