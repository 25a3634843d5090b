"""Tables of courses and enrolments."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.courses.rules import EnrolmentState, ExceptionKind
from hub.db.base import Base, Timestamps, Versioned


class Course(Versioned, Timestamps, Base):
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

    @property
    def weekly_minutes(self) -> int:
        return self.weekly_theory_minutes + self.weekly_practical_minutes

    @property
    def default_session_length(self) -> timedelta:
        return timedelta(minutes=self.default_session_minutes)


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
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[EnrolmentState]


class EnrolmentException(Timestamps, Base):
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
