"""Tables. One school, one active year and periods without overlap hold by constraint, whoever races."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base, Timestamps, Versioned
from hub.school.rules import DEFAULT_LEVELS, CalendarDayKind, Period


class School(Versioned, Timestamps, Base):
    """`singleton` is always 1 and unique: there can't be a second row."""

    __tablename__ = "schools"
    __table_args__ = (CheckConstraint("singleton = 1", name="singleton"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    singleton: Mapped[int] = mapped_column(unique=True, default=1)
    name: Mapped[str]
    code: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str]
    locale: Mapped[str] = mapped_column(default="")
    programme_levels: Mapped[list[str]] = mapped_column(default=lambda: list(DEFAULT_LEVELS))
    # The fields of `rules.DefaultPolicies`.
    default_policies: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # "" and "": no logo. Its bytes are a row of SchoolLogo, so that reading the school does not read them.
    logo_media_type: Mapped[str] = mapped_column(default="")
    logo_sha256: Mapped[str] = mapped_column(default="")


class SchoolLogo(Timestamps, Base):
    __tablename__ = "school_logos"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    content: Mapped[bytes]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]


class Department(Versioned, Timestamps, Base):
    __tablename__ = "departments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    archived: Mapped[bool] = mapped_column(default=False)


class Programme(Versioned, Timestamps, Base):
    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("department_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    duration_years: Mapped[int]
    terms_per_year: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)


class ClassGroup(Versioned, Timestamps, Base):
    """`capacity` 0: not limited. From `graduation_date` on its trainees are graduates; None: not known yet."""

    __tablename__ = "class_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"), index=True)
    intake_year: Mapped[int]
    stream: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(unique=True)
    capacity: Mapped[int] = mapped_column(default=0)
    archived: Mapped[bool] = mapped_column(default=False)
    graduation_date: Mapped[date | None]


class AcademicYear(Versioned, Timestamps, Base):
    __tablename__ = "academic_years"
    __table_args__ = (
        CheckConstraint("start_date < end_date", name="dates"),
        Index(
            "uq_academic_years_active",
            "active",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(unique=True)
    start_date: Mapped[date]
    end_date: Mapped[date]
    active: Mapped[bool] = mapped_column(default=False)

    @property
    def period(self) -> Period:
        return Period(self.start_date, self.end_date)


class Term(Versioned, Timestamps, Base):
    __tablename__ = "terms"
    __table_args__ = (
        CheckConstraint("start_date < end_date", name="dates"),
        UniqueConstraint("academic_year_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    academic_year_id: Mapped[UUID] = mapped_column(ForeignKey("academic_years.id"))
    number: Mapped[int]
    start_date: Mapped[date]
    end_date: Mapped[date]

    @property
    def period(self) -> Period:
        return Period(self.start_date, self.end_date)


class CalendarDay(Versioned, Timestamps, Base):
    """A free day of the whole school (no class group) or of one class group."""

    __tablename__ = "calendar_days"
    __table_args__ = (
        Index(
            "uq_calendar_days_school",
            "date",
            unique=True,
            sqlite_where=text("class_group_id IS NULL"),
            postgresql_where=text("class_group_id IS NULL"),
        ),
        UniqueConstraint("date", "class_group_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    date: Mapped[date]
    kind: Mapped[CalendarDayKind]
    name: Mapped[str]
    class_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("class_groups.id"))


_SQLITE_KEEPS_SCHOOL = """
CREATE TRIGGER schools_refuse_delete BEFORE DELETE ON schools
BEGIN SELECT RAISE(ABORT, 'the school is never deleted'); END
"""

_POSTGRESQL_KEEPS_SCHOOL = (
    """
CREATE OR REPLACE FUNCTION schools_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the school is never deleted'; END $$
""",
    """
CREATE TRIGGER schools_refuse_delete BEFORE DELETE ON schools
FOR EACH ROW EXECUTE FUNCTION schools_refuse_delete()
""",
)

event.listen(School.__table__, "after_create", DDL(_SQLITE_KEEPS_SCHOOL).execute_if(dialect="sqlite"))
for statement in _POSTGRESQL_KEEPS_SCHOOL:
    event.listen(School.__table__, "after_create", DDL(statement).execute_if(dialect="postgresql"))

# Years don't overlap, nor do the terms of the school: a term lies inside its year, so no year need be compared.
for period in (AcademicYear, Term):
    table = period.__tablename__
    event.listen(
        period.__table__,
        "after_create",
        DDL(
            f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_period "
            "EXCLUDE USING gist (daterange(start_date, end_date, '[]') WITH &&)"
        ).execute_if(dialect="postgresql"),
    )
    for verb in ("INSERT", "UPDATE"):
        event.listen(
            period.__table__,
            "after_create",
            DDL(
                f"CREATE TRIGGER ex_{table}_period_{verb.lower()} BEFORE {verb} ON {table} "  # noqa: S608 (the names are this module's)
                f"WHEN EXISTS (SELECT 1 FROM {table} AS other WHERE other.id <> NEW.id "
                "AND other.start_date <= NEW.end_date AND NEW.start_date <= other.end_date) "
                f"BEGIN SELECT RAISE(ABORT, 'overlapping period: {table}'); END"
            ).execute_if(dialect="sqlite"),
        )
