"""Tables of courses, the curriculum map and enrolments."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.courses.rules import EnrolmentState, ExceptionKind, Place, ProgrammeCourseKind, length_of_course
from hub.db.base import Base, Timestamps, Versioned
from hub.school.rules import Period


class Course(Versioned, Timestamps, Base):
    """`total_minutes` 0: the weekly hours in the weeks of a usual term."""

    __tablename__ = "courses"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), index=True)
    description: Mapped[str] = mapped_column(default="")
    credit_hours: Mapped[int] = mapped_column(default=0)
    weekly_theory_minutes: Mapped[int] = mapped_column(default=0)
    weekly_practical_minutes: Mapped[int] = mapped_column(default=0)
    default_session_minutes: Mapped[int] = mapped_column(default=60)
    total_minutes: Mapped[int] = mapped_column(default=0)
    archived: Mapped[bool] = mapped_column(default=False)

    @property
    def weekly_minutes(self) -> int:
        return self.weekly_theory_minutes + self.weekly_practical_minutes

    @property
    def default_session_length(self) -> timedelta:
        return timedelta(minutes=self.default_session_minutes)

    @property
    def length(self) -> timedelta:
        """The course's hours from first to last session."""
        return length_of_course(timedelta(minutes=self.total_minutes), timedelta(minutes=self.weekly_minutes))


class CoursePrerequisite(Base):
    """`course_id` needs `prerequisite_id` first. No cycles: `service.prerequisites` is the one that writes here."""

    __tablename__ = "course_prerequisites"
    __table_args__ = (CheckConstraint("course_id <> prerequisite_id", name="not_itself"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    prerequisite_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), primary_key=True, index=True)


class Topic(Versioned, Timestamps, Base):
    """A topic of a course or, with a parent, a subtopic. Positions are 1, 2, 3, … among those of one parent."""

    __tablename__ = "topics"
    __table_args__ = (
        Index(
            "uq_topics_position",
            "course_id",
            "position",
            unique=True,
            sqlite_where=text("parent_topic_id IS NULL"),
            postgresql_where=text("parent_topic_id IS NULL"),
        ),
        UniqueConstraint("parent_topic_id", "position"),
        CheckConstraint("planned_minutes >= 0", name="planned"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"))
    parent_topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topics.id"))
    position: Mapped[int]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    planned_minutes: Mapped[int] = mapped_column(default=0)

    @property
    def planned_duration(self) -> timedelta:
        return timedelta(minutes=self.planned_minutes)


class ProgrammeCourse(Versioned, Timestamps, Base):
    """A line of the curriculum map. An empty room type: any room."""

    __tablename__ = "programme_courses"
    __table_args__ = (
        UniqueConstraint("programme_id", "course_id", "year_of_study", "term_number"),
        CheckConstraint("year_of_study >= 1 AND term_number >= 1", name="place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"), index=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    year_of_study: Mapped[int]
    term_number: Mapped[int]
    kind: Mapped[ProgrammeCourseKind]
    theory_room_type: Mapped[str] = mapped_column(default="")
    practical_room_type: Mapped[str] = mapped_column(default="")
    archived: Mapped[bool] = mapped_column(default=False)

    @property
    def place(self) -> Place:
        return Place(self.year_of_study, self.term_number)


class Enrolment(Versioned, Timestamps, Base):
    """A class group takes a course in a term with a trainer; once, unless the first was cancelled."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_live",
            "class_group_id",
            "course_id",
            "term_id",
            unique=True,
            sqlite_where=text("state <> 'CANCELLED'"),
            postgresql_where=text("state <> 'CANCELLED'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    class_group_id: Mapped[UUID] = mapped_column(ForeignKey("class_groups.id"), index=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"), index=True)
    # The line of the map that allows it, and names the rooms that it needs.
    programme_course_id: Mapped[UUID] = mapped_column(ForeignKey("programme_courses.id"), index=True)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[EnrolmentState]
    cancel_reason: Mapped[str] = mapped_column(default="")


class EnrolmentException(Versioned, Timestamps, Base):
    """One trainee added to or left out of an enrolment from start to end, both inclusive; no end: the term's."""

    __tablename__ = "enrolment_exceptions"
    __table_args__ = (CheckConstraint("end_date IS NULL OR start_date <= end_date", name="dates"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[ExceptionKind]
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")


class TrainerLoan(Versioned, Timestamps, Base):
    """From start to end, both inclusive, the trainer may take the department's courses; no end: until told."""

    __tablename__ = "trainer_loans"
    __table_args__ = (CheckConstraint("end_date IS NULL OR start_date <= end_date", name="dates"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), index=True)
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")

    @property
    def period(self) -> Period:
        return Period(self.start_date, self.end_date or date.max)


class CoveredTopic(Timestamps, Base):
    """A session covered a topic. Enrolment and day stand here too: sessions lie above, so there is no foreign key."""

    __tablename__ = "covered_topics"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id"), primary_key=True, index=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    session_date: Mapped[date]


class SourcedId(Base):
    """What another system calls a thing of the hub. `object_id` may be of something that was deleted since."""

    __tablename__ = "one_roster_ids"

    # "org", "session", "course", "programme", "class" or "user"; ids of different files may be alike.
    kind: Mapped[str] = mapped_column(primary_key=True)
    sourced_id: Mapped[str] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
