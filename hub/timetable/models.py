"""Tables. No double booking can be stored: an exclusion constraint on PostgreSQL, triggers on SQLite."""

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base, Timestamps, Versioned
from hub.timetable.rules import EntryKind, EntryState, RoomState, SessionType, Slot


class Room(Versioned, Timestamps, Base):
    """`geofence` is {"circle": {"latitude", "longitude", "radius_m"}} or {"polygon": [[latitude, longitude], …]}."""

    __tablename__ = "rooms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    building: Mapped[str] = mapped_column(default="")
    floor: Mapped[str] = mapped_column(default="")
    room_type: Mapped[str] = mapped_column(default="classroom")
    capacity: Mapped[int]
    facilities: Mapped[list[str]] = mapped_column(default=list)
    geofence: Mapped[dict[str, Any]]
    max_accuracy_m: Mapped[float]
    state: Mapped[RoomState] = mapped_column(default=RoomState.IN_USE)


class TimetableEntry(Versioned, Timestamps, Base):
    """Trainer, class group and term are the enrolment's, repeated here so that the database can exclude overlaps."""

    __tablename__ = "timetable_entries"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("start_time_of_day < end_time_of_day", name="times"),
        CheckConstraint("start_date <= end_date", name="dates"),
        Index(None, "room_id", "weekday"),
        Index(None, "trainer_id", "weekday"),
        Index(None, "class_group_id", "weekday"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"), index=True)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    class_group_id: Mapped[UUID] = mapped_column(ForeignKey("class_groups.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    weekday: Mapped[int]
    start_time_of_day: Mapped[time]
    end_time_of_day: Mapped[time]
    session_type: Mapped[SessionType]
    kind: Mapped[EntryKind]
    start_date: Mapped[date]
    end_date: Mapped[date]
    state: Mapped[EntryState] = mapped_column(default=EntryState.DRAFT)

    @property
    def slot(self) -> Slot:
        return Slot(self.weekday, self.start_time_of_day, self.end_time_of_day, self.start_date, self.end_date)


BOOKED = ("room_id", "trainer_id", "class_group_id")

event.listen(
    TimetableEntry.__table__,
    "before_create",
    DDL("CREATE EXTENSION IF NOT EXISTS btree_gist").execute_if(dialect="postgresql"),
)
for column in BOOKED:
    event.listen(
        TimetableEntry.__table__,
        "after_create",
        DDL(
            f"ALTER TABLE timetable_entries ADD CONSTRAINT ex_timetable_entries_{column} EXCLUDE USING gist ("
            f"{column} WITH =, weekday WITH =, "
            "tsrange(date '2000-01-01' + start_time_of_day, date '2000-01-01' + end_time_of_day) WITH &&, "
            "daterange(start_date, end_date, '[]') WITH &&) WHERE (state <> 'ARCHIVED')"
        ).execute_if(dialect="postgresql"),
    )
    for verb in ("INSERT", "UPDATE"):
        event.listen(
            TimetableEntry.__table__,
            "after_create",
            DDL(
                f"CREATE TRIGGER ex_timetable_entries_{column}_{verb.lower()} BEFORE {verb} ON timetable_entries "  # noqa: S608 (our own words)
                "WHEN NEW.state <> 'ARCHIVED' AND EXISTS (SELECT 1 FROM timetable_entries AS other "
                f"WHERE other.{column} = NEW.{column} AND other.weekday = NEW.weekday AND other.id <> NEW.id "
                "AND other.state <> 'ARCHIVED' "
                "AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day "
                "AND other.start_date <= NEW.end_date AND NEW.start_date <= other.end_date) "
                f"BEGIN SELECT RAISE(ABORT, 'double booking: {column}'); END"
            ).execute_if(dialect="sqlite"),
        )
