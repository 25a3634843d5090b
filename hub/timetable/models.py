"""Tables. No double booking can be stored: an exclusion constraint on PostgreSQL, triggers on SQLite."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid6 import uuid7

from hub.db.base import Base, Timestamps, Versioned
from hub.timetable.rules import EntryKind, EntryState, RoomState, SessionType, Slot, Span, WeekPattern, version_state

_FEED_SUBJECTS = ("person_id", "class_group_id", "room_id")


class Room(Versioned, Timestamps, Base):
    """`geofence` is {"circle": {"latitude", "longitude", "radius_m"}} or {"polygon": [[latitude, longitude], …]};
    `maintenance_windows` are [{"start_time", "end_time", "reason"}], instants as ISO 8601 in UTC; `bookable_hours` are
    [{"weekday", "start", "end"}], empty: always. `max_bookings_per_day` 0: not limited.
    """

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
    maintenance_windows: Mapped[list[Any]] = mapped_column(default=list)
    bookable_hours: Mapped[list[Any]] = mapped_column(default=list)
    max_bookings_per_day: Mapped[int] = mapped_column(default=0)
    state: Mapped[RoomState] = mapped_column(default=RoomState.IN_USE)


class TrainerAvailability(Versioned, Timestamps, Base):
    """The weekly windows of a trainer, for one term or, without one, for all: [{"weekday", "start", "end", "kind"}]."""

    __tablename__ = "trainer_availabilities"
    __table_args__ = (
        UniqueConstraint("trainer_id", "term_id"),
        Index(
            "uq_trainer_availabilities_all_terms",
            "trainer_id",
            unique=True,
            sqlite_where=text("term_id IS NULL"),
            postgresql_where=text("term_id IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    term_id: Mapped[UUID | None] = mapped_column(ForeignKey("terms.id"))
    windows: Mapped[list[Any]] = mapped_column(default=list)


class TrainerAbsence(Timestamps, Base):
    """A trainer is away from start to end, both inclusive."""

    __tablename__ = "trainer_absences"
    __table_args__ = (CheckConstraint("start_date <= end_date", name="dates"), Index(None, "trainer_id", "end_date"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    start_date: Mapped[date]
    end_date: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


class PlanningRules(Versioned, Timestamps, Base):
    """The school's day pattern and timetable policy, one row each; `id` says which."""

    __tablename__ = "timetable_planning_rules"

    id: Mapped[str] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]


class TimetableVersion(Versioned, Timestamps, Base):
    """A term's plan as a whole: a draft until `effective_date` is set, in force from then to `end_date` (None: on).

    The days in force of a term's versions never overlap; one that was superseded before its first day ends before it.
    `etag` also counts the changes of its entries: whoever changes one locks this row first.
    """

    __tablename__ = "timetable_versions"
    __table_args__ = (UniqueConstraint("term_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    base_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("timetable_versions.id"))
    effective_date: Mapped[date | None]
    end_date: Mapped[date | None]
    publish_time: Mapped[datetime | None]
    change_count: Mapped[int] = mapped_column(default=0)

    @property
    def is_draft(self) -> bool:
        return self.effective_date is None

    def state_on(self, today: date) -> EntryState:
        return version_state(effective_date=self.effective_date, end_date=self.end_date, today=today)


class TimetableEntry(Versioned, Timestamps, Base):
    """A line of a version. `lesson_id` stays when the line is copied into another version.

    Trainer, class group and term are the enrolment's, repeated here so that the database can exclude overlaps.
    """

    __tablename__ = "timetable_entries"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("start_time_of_day < end_time_of_day", name="times"),
        CheckConstraint("start_date <= end_date", name="dates"),
        UniqueConstraint("version_id", "lesson_id"),
        Index(None, "version_id", "room_id"),
        Index(None, "version_id", "trainer_id"),
        Index(None, "version_id", "class_group_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("timetable_versions.id"))
    lesson_id: Mapped[UUID] = mapped_column(default=uuid7, index=True)
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
    week_pattern: Mapped[WeekPattern] = mapped_column(default=WeekPattern.EVERY)
    anchor_date: Mapped[date | None]
    # ISO 8601, sorted; of WeekPattern.DATES alone.
    dates: Mapped[list[str]] = mapped_column(default=list)
    start_date: Mapped[date]
    end_date: Mapped[date]
    facilities: Mapped[list[str]] = mapped_column(default=list)
    pinned: Mapped[bool] = mapped_column(default=False)
    outside_day_pattern: Mapped[bool] = mapped_column(default=False)
    # Of a temporary line that was taken out of a published plan: calendars go on to tell that it is cancelled, and
    # nothing else knows it any more (`queries.STANDING`).
    withdraw_time: Mapped[datetime | None]

    version: Mapped[TimetableVersion] = relationship(lazy="joined", innerjoin=True)

    @property
    def slot(self) -> Slot:
        return Slot(
            self.weekday,
            self.start_time_of_day,
            self.end_time_of_day,
            self.start_date,
            self.end_date,
            self.week_pattern,
            self.anchor_date,
            tuple(map(date.fromisoformat, self.dates)),
        )


class Booking(Base):
    """What an entry takes of its room, trainer and class group: one row a span of its slot.

    `room_id` None: a virtual room, which holds any number of lessons at a time.
    """

    __tablename__ = "timetable_bookings"
    __table_args__ = (
        Index(None, "version_id", "room_id", "weekday"),
        Index(None, "version_id", "trainer_id", "weekday"),
        Index(None, "version_id", "class_group_id", "weekday"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("timetable_entries.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("timetable_versions.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    class_group_id: Mapped[UUID] = mapped_column(ForeignKey("class_groups.id"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    start_time_of_day: Mapped[time]
    end_time_of_day: Mapped[time]
    first_date: Mapped[date]
    last_date: Mapped[date]
    phase_from: Mapped[int] = mapped_column(SmallInteger)
    phase_to: Mapped[int] = mapped_column(SmallInteger)

    @property
    def span(self) -> Span:
        return Span(self.weekday, self.first_date, self.last_date, self.phase_from, self.phase_to)


class TimetableFeed(Timestamps, Base):
    """A private address that answers the timetable of one person, class group or room for whoever knows it.

    `token_hash` is the SHA-256 of the address's secret part, which the hub does not keep. The feed answers what its
    owner may read at the time of asking.
    """

    __tablename__ = "timetable_feeds"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in _FEED_SUBJECTS) + " = 1",
            name="one_subject",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    class_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("class_groups.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))


class CalendarChange(Base):
    """A day became free or is so no more, for the whole school (no class group) or a class group; `id` is the event's.

    Calendar days keep no history, and calendar programs must hear that a lesson's days have changed.
    """

    __tablename__ = "timetable_calendar_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    # No key of another table: this is history, which keeps no class group from being deleted.
    class_group_id: Mapped[UUID | None]
    change_time: Mapped[datetime]


BOOKED = ("room_id", "trainer_id", "class_group_id")

event.listen(
    Booking.__table__,
    "before_create",
    DDL("CREATE EXTENSION IF NOT EXISTS btree_gist").execute_if(dialect="postgresql"),
)
for column in BOOKED:
    event.listen(
        Booking.__table__,
        "after_create",
        DDL(
            f"ALTER TABLE timetable_bookings ADD CONSTRAINT ex_timetable_bookings_{column} EXCLUDE USING gist ("
            f"version_id WITH =, {column} WITH =, weekday WITH =, "
            "tsrange(date '2000-01-01' + start_time_of_day, date '2000-01-01' + end_time_of_day) WITH &&, "
            "daterange(first_date, last_date, '[]') WITH &&, int4range(phase_from, phase_to) WITH &&)"
        ).execute_if(dialect="postgresql"),
    )
    for verb in ("INSERT", "UPDATE"):
        event.listen(
            Booking.__table__,
            "after_create",
            DDL(
                f"CREATE TRIGGER ex_timetable_bookings_{column}_{verb.lower()} BEFORE {verb} ON timetable_bookings "  # noqa: S608 (our own words)
                "WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other "
                f"WHERE other.version_id = NEW.version_id AND other.{column} = NEW.{column} "
                "AND other.weekday = NEW.weekday AND other.id <> NEW.id "
                "AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day "
                "AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date "
                "AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) "
                f"BEGIN SELECT RAISE(ABORT, 'double booking: {column}'); END"
            ).execute_if(dialect="sqlite"),
        )
