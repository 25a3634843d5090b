"""Memberships of whole class groups at the turn of an academic year, in a fixed number of statements."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, column, insert, select, table, update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.users.events import MembershipChanged
from hub.users.models import Membership, TraineeProfile
from hub.users.rules import TraineeState


async def roll_over(
    uow: UnitOfWork, *, targets: Mapping[UUID, UUID], own_targets: Mapping[UUID, UUID], on: date
) -> dict[UUID, int]:
    """Close open memberships on the day and open the next one from it on.

    Nobody is in two class groups or in none for a day. A membership that begins on the day or later is left as it is,
    so repeating it changes nothing.

    Args:
        uow: the unit of work.
        targets: class group to the one in which its trainees go on, which may be the same.
        own_targets: trainee to class group, for who does not go with the others, whatever class group that is.
        on: the first day of the next membership.

    Returns:
        How many trainees of each class group moved; class groups with none are missing.
    """
    alone = await _move(uow, Membership.trainee_id.in_(list(own_targets)), lambda who, _: own_targets[who], on)
    # Who moved alone has no membership any more that is open from before the day.
    together = await _move(uow, Membership.class_group_id.in_(list(targets)), lambda _, group: targets[group], on)
    return dict(alone + together)


async def leave(uow: UnitOfWork, *, class_group_ids: Collection[UUID], on: date) -> dict[UUID, int]:
    """Close every open membership of the class groups on the day; how many of each. Repeating it changes nothing."""
    rows = await _close(uow, Membership.class_group_id.in_(list(class_group_ids)), on)
    for trainee_id, _ in rows:
        _publish(uow, trainee_id, None, on)
    return dict(Counter(group_id for _, group_id in rows))


async def graduate(uow: UnitOfWork, *, class_group_ids: Collection[UUID], on: date) -> list[UUID]:
    """Make graduates of the active trainees whose last membership ended in one of the class groups on the day.

    Returns:
        Who graduated; on a repetition nobody.
    """
    later = select(Membership.trainee_id).where(Membership.start_date >= on)
    graduates = list(
        await uow.session.scalars(
            select(Membership.trainee_id)
            .join(TraineeProfile, TraineeProfile.user_id == Membership.trainee_id)
            .where(
                Membership.class_group_id.in_(list(class_group_ids)),
                Membership.end_date == on,
                TraineeProfile.state == TraineeState.ACTIVE,
                Membership.trainee_id.not_in(later),
            )
            .order_by(Membership.trainee_id)
        )
    )
    for start in range(0, len(graduates), _ROWS_A_STATEMENT):
        await uow.session.execute(
            update(TraineeProfile)
            .where(TraineeProfile.user_id.in_(graduates[start : start + _ROWS_A_STATEMENT]))
            .values(state=TraineeState.GRADUATED)
        )
    for trainee_id in graduates:
        uow.audit(
            "users.graduate",
            object_type="user",
            object_id=trainee_id,
            before={"trainee": {"state": TraineeState.ACTIVE}},
            after={"trainee": {"state": TraineeState.GRADUATED}},
        )
    return graduates


# The school's table, of which users know the name alone.
_CLASS_GROUPS = table("class_groups", column("id", Uuid()), column("programme_id", Uuid()))
# SQLite takes 32,766 values in one statement.
_ROWS_A_STATEMENT = 10_000


async def _move(
    uow: UnitOfWork, whose: ColumnElement[bool], target_of: Callable[[UUID, UUID], UUID], on: date
) -> Counter[UUID]:
    rows = await _close(uow, whose, on)
    if rows:
        await uow.session.execute(
            insert(Membership),
            [
                {
                    "id": uuid7(),
                    "trainee_id": trainee_id,
                    "class_group_id": target_of(trainee_id, group_id),
                    "start_date": on,
                    "end_date": None,
                }
                for trainee_id, group_id in rows
            ],
        )
    await _follow_programmes(uow, [trainee_id for trainee_id, _ in rows], on)
    for trainee_id, group_id in rows:
        target = target_of(trainee_id, group_id)
        if target != group_id:
            _publish(uow, trainee_id, target, on)
    return Counter(group_id for _, group_id in rows)


async def _follow_programmes(uow: UnitOfWork, trainee_ids: Sequence[UUID], on: date) -> None:
    """Who goes on in a class group of another programme is of that programme from now on."""
    of_group = (
        select(_CLASS_GROUPS.c.programme_id)
        .join(Membership, Membership.class_group_id == _CLASS_GROUPS.c.id)
        .where(Membership.trainee_id == TraineeProfile.user_id, Membership.start_date == on)
        .scalar_subquery()
    )
    for start in range(0, len(trainee_ids), _ROWS_A_STATEMENT):
        await uow.session.execute(
            update(TraineeProfile)
            .where(TraineeProfile.user_id.in_(trainee_ids[start : start + _ROWS_A_STATEMENT]))
            .values(programme_id=of_group)
            .execution_options(synchronize_session=False)
        )


async def _close(uow: UnitOfWork, whose: ColumnElement[bool], on: date) -> Sequence[Any]:
    """End what is open from before the day; answers whose, and of which class group."""
    open_before = and_(whose, Membership.end_date.is_(None), Membership.start_date < on)
    rows = await uow.session.execute(
        select(Membership.trainee_id, Membership.class_group_id).where(open_before).order_by(Membership.trainee_id)
    )
    closed = rows.all()
    await uow.session.execute(
        update(Membership).where(open_before).values(end_date=on).execution_options(synchronize_session=False)
    )
    return closed


def _publish(uow: UnitOfWork, trainee_id: UUID, class_group_id: UUID | None, on: date) -> None:
    uow.publish(
        MembershipChanged(**uow.new_event_args(), user_id=trainee_id, class_group_id=class_group_id, start_date=on)
    )
