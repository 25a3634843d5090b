"""The table of calendar feeds."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base, Timestamps

_SUBJECTS = ("person_id", "class_group_id", "room_id")


class TimetableFeed(Timestamps, Base):
    """A private address that answers the timetable of one person, class group or room for whoever knows it.

    `token_hash` is the SHA-256 of the address's secret part, which the hub does not keep. The feed answers what its
    owner may read at the time of asking.
    """

    __tablename__ = "timetable_feeds"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in _SUBJECTS) + " = 1",
            name="one_subject",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    class_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("class_groups.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
