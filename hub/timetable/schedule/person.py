"""When a person is expected where: as trainer, as member of class groups, and by exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from hub.courses.models import EnrolmentException
from hub.courses.rules import ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.timetable.models import TimetableEntry
from hub.timetable.schedule.lines import PublishedLine
from hub.users.models import Membership

_DAY = timedelta(days=1)
Stay = tuple[UUID, date, date | None]
"""Of a class group or an enrolment: its id, the first and the last day, both inclusive; None: no end."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """`memberships` are of class groups; their last day is the last one inside."""

    person_id: UUID
    memberships: Sequence[Stay] = ()
    added: Sequence[Stay] = ()
    left_out: Sequence[Stay] = ()

    def holds(self, line: PublishedLine, day: date) -> bool:
        """Whether the person teaches the lesson of that day, or is expected at it."""
        if line.trainer.id == self.person_id or _covers(self.added, line.enrolment_id, day):
            return True
        return _covers(self.memberships, line.class_group.id, day) and not _covers(
            self.left_out, line.enrolment_id, day
        )

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which lines can concern the person on any day."""
        return or_(
            TimetableEntry.trainer_id == self.person_id,
            TimetableEntry.class_group_id.in_({group_id for group_id, _, _ in self.memberships}),
            TimetableEntry.enrolment_id.in_({enrolment_id for enrolment_id, _, _ in self.added}),
        )


async def load_expectation(uow: UnitOfWork, person_id: UUID, *, first: date, last: date) -> Expectation:
    """What is known of the person for the days from first to last, in two queries."""
    memberships = await uow.session.execute(
        select(Membership.class_group_id, Membership.start_date, Membership.end_date).where(
            Membership.trainee_id == person_id,
            Membership.start_date <= last,
            or_(Membership.end_date.is_(None), Membership.end_date > first),
        )
    )
    exceptions = await uow.session.execute(
        select(
            EnrolmentException.enrolment_id,
            EnrolmentException.start_date,
            EnrolmentException.end_date,
            EnrolmentException.kind,
        ).where(
            EnrolmentException.trainee_id == person_id,
            EnrolmentException.start_date <= last,
            or_(EnrolmentException.end_date.is_(None), EnrolmentException.end_date >= first),
        )
    )
    stays: dict[ExceptionKind, list[Stay]] = {kind: [] for kind in ExceptionKind}
    for enrolment_id, start, end, kind in exceptions:
        stays[kind].append((enrolment_id, start, end))
    return Expectation(
        person_id,
        # A membership's end is the first day outside.
        memberships=[(group_id, start, end and end - _DAY) for group_id, start, end in memberships],
        added=stays[ExceptionKind.ADDED],
        left_out=stays[ExceptionKind.LEFT_OUT],
    )


def _covers(stays: Sequence[Stay], wanted: UUID, day: date) -> bool:
    return any(found == wanted and first <= day <= (last or date.max) for found, first, last in stays)
