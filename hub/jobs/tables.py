"""Which ticks of which jobs have run."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from hub.db.base import Base


class JobTick(Base):
    """The row is written in the tick's own transaction: a tick that has a row has run, whole and once."""

    __tablename__ = "job_ticks"

    job: Mapped[str] = mapped_column(primary_key=True)
    scheduled_for: Mapped[datetime] = mapped_column(primary_key=True)
    run_time: Mapped[datetime]
