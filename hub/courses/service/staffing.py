"""Who may take a course: trainers of its department or lent to it, within their weekly load."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import select

from hub.courses import queries
from hub.courses.models import Course, TrainerLoan
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import Term
from hub.school.rules import Period
from hub.users import queries as users_queries
from hub.users.models import TrainerProfile, User
from hub.users.rules import Role, UserState


class Staffing:
    """What is known of some trainers for one term: where they may teach and how much they teach already.

    The trainers stay locked until the unit of work ends, so that two enrolments made at once can't overload one.
    """

    def __init__(
        self,
        users: Mapping[UUID, User],
        loans: Iterable[TrainerLoan],
        minutes: dict[UUID, int],
        departments: Mapping[UUID, str],
        remaining: Period,
    ) -> None:
        self._users = users
        self._loans = list(loans)
        self._minutes = minutes
        self._departments = departments
        self._remaining = remaining

    @classmethod
    async def load(cls, uow: UnitOfWork, term: Term, trainer_ids: Collection[UUID]) -> Self:
        """Read everything in a fixed number of queries, however many trainers."""
        await lock_trainers(uow, trainer_ids)
        users = await users_queries.users_by_ids(uow, trainer_ids)
        loans = await uow.session.scalars(select(TrainerLoan).where(TrainerLoan.trainer_id.in_(trainer_ids)))
        minutes = await queries.weekly_minutes_by_trainer(uow, trainer_ids, term_id=term.id)
        today = await school_queries.today(uow)
        departments = {one.id: one.name for one in await uow.session.scalars(school_queries.select_departments())}
        return cls(users, loans, minutes, departments, remaining_days(term.period, today))

    def problems(self, trainer_id: UUID, course: Course) -> list[str]:
        """Why the trainer may not or cannot take the course as well; each names what to do instead."""
        trainer = self._users.get(trainer_id)
        if trainer is None:
            return [f"there is no user {trainer_id}: choose a trainer"]
        if trainer.trainer is None or Role.TRAINER not in trainer.roles or trainer.state is UserState.DISABLED:
            return [f"{trainer.display_name} is no serving trainer: choose one"]
        found = []
        if trainer.trainer.department_id != course.department_id and not self._is_lent(trainer_id, course):
            borrower = self._departments[course.department_id]
            found.append(
                f"{trainer.display_name} is of {self._departments[trainer.trainer.department_id]} and not lent to "
                f"{borrower} for {self._remaining}: choose a trainer of {borrower}, whose course this is, or lend this "
                "one first"
            )
        most = trainer.trainer.max_weekly_load_minutes
        load = self._minutes.get(trainer_id, 0)
        if most and load + course.weekly_minutes > most:
            found.append(
                f"{trainer.display_name} teaches {load / 60:g} h a week in this term and {course.code} takes "
                f"{course.weekly_minutes / 60:g} h: that is more than {most / 60:g} h; choose another trainer"
            )
        return found

    def take(self, trainer_id: UUID, course: Course) -> None:
        """Count the course in the trainer's load from now on."""
        self._minutes[trainer_id] = self._minutes.get(trainer_id, 0) + course.weekly_minutes

    def release(self, trainer_id: UUID, course: Course) -> None:
        """Count the course in the trainer's load no more."""
        self._minutes[trainer_id] = self._minutes.get(trainer_id, 0) - course.weekly_minutes

    def _is_lent(self, trainer_id: UUID, course: Course) -> bool:
        return any(
            loan.trainer_id == trainer_id
            and loan.department_id == course.department_id
            and loan.period.holds(self._remaining)
            for loan in self._loans
        )


async def lock_trainers(uow: UnitOfWork, trainer_ids: Collection[UUID]) -> None:
    """Nobody else gives these trainers courses, or takes loans of them away, until this unit of work ends."""
    await uow.session.execute(
        select(TrainerProfile.user_id)
        .where(TrainerProfile.user_id.in_(trainer_ids))
        .order_by(TrainerProfile.user_id)
        .with_for_update()
    )


def remaining_days(term: Period, today: date) -> Period:
    """The days of the term that are still to come; the last one when it is over."""
    return Period(min(max(term.first, today), term.last), term.last)
