"""What the days do to enrolments."""

from datetime import datetime

from apscheduler.triggers.base import BaseTrigger

from hub.courses import queries
from hub.courses.rules import LIVE, state_on, steps_to
from hub.courses.service.enrolments import move
from hub.db.unit_of_work import UnitOfWork
from hub.jobs.scheduler import Tick, every
from hub.school import queries as school_queries


def jobs() -> list[tuple[str, BaseTrigger, Tick]]:
    """What the scheduler runs for courses."""
    return [("courses.advance_enrolments", every(minutes=30), advance_enrolments)]


async def advance_enrolments(uow: UnitOfWork, _scheduled_for: datetime) -> None:
    """Move enrolments on to where their terms' dates put them today. Repeating it changes nothing.

    What was started or completed by hand before its day stays where it is.
    """
    today = await school_queries.today(uow)
    for enrolment, term in await queries.enrolments_with_terms(uow, LIVE):
        for state in steps_to(enrolment.state, state_on(term.period, today)):
            await move(uow, enrolment, state)
