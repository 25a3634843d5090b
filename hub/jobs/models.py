from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base
from hub.jobs.rules import JobState


class Job(Base):
    """`hub_id` names the runner that holds it until `lease_expire_time`; another one takes it up afterwards.

    `owner_id` is no foreign key: users lie above, and what a person has begun outlives the account.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "id"), Index(None, "owner_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    title: Mapped[str]
    owner_id: Mapped[UUID | None]
    params: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    done_units: Mapped[int] = mapped_column(BigInteger, default=0)
    total_units: Mapped[int] = mapped_column(BigInteger, default=0)
    stage: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure_reason: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    hub_id: Mapped[UUID | None]
    lease_expire_time: Mapped[datetime | None]
    cancel_time: Mapped[datetime | None]
    create_time: Mapped[datetime]
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None] = mapped_column(index=True)
    update_time: Mapped[datetime]
