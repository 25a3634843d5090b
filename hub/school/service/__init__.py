"""Use cases of the school, its parts and its calendar, a module each; what the composition root calls is named here."""

from apscheduler.triggers.base import BaseTrigger

from hub.jobs.scheduler import Tick, every
from hub.school.service.rollover import graduate_due


def jobs() -> list[tuple[str, BaseTrigger, Tick]]:
    """What the scheduler runs for the school."""
    return [("school.graduate", every(hours=1), graduate_due)]
