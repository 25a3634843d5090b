"""Tables. Class groups and departments are the school's; here they are foreign keys alone."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid6 import uuid7

from hub.db.base import Base, Timestamps, Versioned
from hub.users.rules import EmploymentType, MailPurpose, Role, TraineeState, UserState


class User(Versioned, Timestamps, Base):
    """`email_key` is the case-folded e-mail; `search_text` holds what a search looks at (`rules.search_text`)."""

    __tablename__ = "users"
    __table_args__ = (Index(None, "family_name", "given_name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    gender: Mapped[str] = mapped_column(default="")
    id_number: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    locale: Mapped[str] = mapped_column(default="")
    state: Mapped[UserState]
    password_hash: Mapped[str | None]
    # When the owner showed to read its mails, or an administrator vouched for that.
    email_verified_time: Mapped[datetime | None]
    search_text: Mapped[str]
    last_sign_in_time: Mapped[datetime | None]
    # Since when there is nothing personal in this row and its profiles any more.
    erase_time: Mapped[datetime | None]

    role_rows: Mapped[list["UserRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    trainee: Mapped["TraineeProfile | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    trainer: Mapped["TrainerProfile | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    hod: Mapped["HodProfile | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    dp_academics: Mapped["DpAcademicsProfile | None"] = relationship(lazy="joined", cascade="all, delete-orphan")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(row.role for row in self.role_rows)

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class UserRole(Base):
    __tablename__ = "user_roles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True, index=True)


class TraineeProfile(Base):
    __tablename__ = "trainee_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    admission_number: Mapped[str] = mapped_column(unique=True)
    # Admitted to; the class groups are of it. None until the first class group.
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    state: Mapped[TraineeState]
    # Each {"name", "relation", "phone", "email"}.
    guardians: Mapped[list[Any]] = mapped_column(default=list)

    memberships: Mapped[list["Membership"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Membership.start_date"
    )


class Membership(Base):
    """A trainee is in the class group on each day of [start_date, end_date); an open one has no end."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("end_date IS NULL OR start_date < end_date", name="dates"),
        Index(
            "uq_memberships_open",
            "trainee_id",
            unique=True,
            sqlite_where=text("end_date IS NULL"),
            postgresql_where=text("end_date IS NULL"),
        ),
        Index(None, "class_group_id", "start_date"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("trainee_profiles.user_id"), index=True)
    class_group_id: Mapped[UUID] = mapped_column(ForeignKey("class_groups.id"))
    start_date: Mapped[date]
    end_date: Mapped[date | None]


class TrainerProfile(Base):
    """`max_weekly_load_minutes` 0: not limited."""

    __tablename__ = "trainer_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    staff_number: Mapped[str] = mapped_column(unique=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), index=True)
    qualifications: Mapped[list[str]] = mapped_column(default=list)
    specialisations: Mapped[list[str]] = mapped_column(default=list)
    employment_type: Mapped[EmploymentType]
    max_weekly_load_minutes: Mapped[int] = mapped_column(default=0)

    @property
    def max_weekly_load(self) -> timedelta:
        return timedelta(minutes=self.max_weekly_load_minutes)


class HodProfile(Base):
    """One serving head a department: the constraint holds whoever races."""

    __tablename__ = "hod_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), unique=True)
    appointed_date: Mapped[date | None]


class DpAcademicsProfile(Base):
    __tablename__ = "dp_academics_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    office: Mapped[str] = mapped_column(default="")
    appointed_date: Mapped[date | None]


class SignInSession(Base):
    """One sign-in on one client; ended sessions serve nobody, whatever tokens they still have."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    client_name: Mapped[str] = mapped_column(default="")
    address: Mapped[str | None]
    start_time: Mapped[datetime]
    last_used_time: Mapped[datetime] = mapped_column(index=True)
    end_time: Mapped[datetime | None]


class RefreshToken(Base):
    """`token_hash` is the SHA-256 of the token, which the hub does not keep."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in_sessions.id", ondelete="CASCADE"), index=True)
    expire_time: Mapped[datetime]
    used_time: Mapped[datetime | None]


class MailToken(Base):
    """A single-use right, as mailed; hashed like a refresh token. It is for `email_key` alone: a token that went to a
    former address serves no more.
    """

    __tablename__ = "mail_tokens"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[MailPurpose]
    email_key: Mapped[str]
    expire_time: Mapped[datetime] = mapped_column(index=True)
    used_time: Mapped[datetime | None]


class SecondFactor(Base):
    """A TOTP secret (RFC 6238), sealed under the key of `sealing`; asked for at sign-in once `enable_time` is set.

    `last_step` is the time step of the last code that served: none serves twice.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sealed_secret: Mapped[bytes]
    enrol_time: Mapped[datetime]
    enable_time: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """Stands in for the authenticator once. The code has 80 random bits, so its SHA-256 can't be searched."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    used_time: Mapped[datetime | None]


class SignInTries(Base):
    """Failed tries of one account or one address, or mails asked for; in the database, so that several hubs count
    together.
    """

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_time: Mapped[datetime] = mapped_column(index=True)
