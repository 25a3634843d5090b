"""How large the school and its parts are: one page of parts, then one grouped query for all of their figures."""

import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, union_all

from hub.db.unit_of_work import UnitOfWork
from hub.school.models import ClassGroup, Department, Programme
from hub.school.teaching import Teaching
from hub.users import queries as users_queries
from hub.users.models import Membership, TrainerProfile, User, UserRole
from hub.users.rules import Role, UserState


class Level(enum.StrEnum):
    SCHOOL = "SCHOOL"
    DEPARTMENT = "DEPARTMENT"
    PROGRAMME = "PROGRAMME"
    CLASS_GROUP = "CLASS_GROUP"


@dataclass(slots=True)
class Figures:
    """By name: departments, programmes, class_groups, trainees, trainers, rooms; those of 0 are missing."""

    counts: dict[str, int] = field(default_factory=dict)


async def figures_of(
    uow: UnitOfWork, level: Level, part_ids: Collection[UUID], *, on: date, teaching: Teaching
) -> dict[UUID, Figures]:
    """The figures of each of the parts, which are of one level below the school, in one query."""
    found = {part_id: Figures() for part_id in part_ids}
    if found:
        for name, part_id, count in await uow.session.execute(union_all(*_grouped(level, part_ids, on, teaching))):
            found[part_id].counts[name] = count
    return found


async def figures_of_school(uow: UnitOfWork, *, on: date, teaching: Teaching) -> Figures:
    """The figures of the whole school, in one query."""
    parts = [
        select(literal(name), func.count()).select_from(select(kind.id).where(kind.archived.is_(False)).subquery())
        for name, kind in (("departments", Department), ("programmes", Programme), ("class_groups", ClassGroup))
    ]
    parts += [
        select(literal(name), func.count()).select_from(rows.distinct().subquery())
        for name, rows in (
            ("trainees", select(Membership.trainee_id).where(users_queries.member_on(on))),
            ("trainers", _serving_trainers()),
            ("rooms", teaching.rooms()),
        )
    ]
    return Figures({name: count for name, count in await uow.session.execute(union_all(*parts)) if count})


def _grouped(level: Level, part_ids: Collection[UUID], on: date, teaching: Teaching) -> list[Select[str, UUID, int]]:
    groups = (
        select(ClassGroup.id, ClassGroup.archived, ClassGroup.programme_id, Programme.department_id)
        .join(Programme, Programme.id == ClassGroup.programme_id)
        .subquery()
    )
    key = {
        Level.DEPARTMENT: groups.c.department_id,
        Level.PROGRAMME: groups.c.programme_id,
        Level.CLASS_GROUP: groups.c.id,
    }[level]
    ids = list(part_ids)
    queries: list[Select[str, UUID, int]] = []
    if level is Level.DEPARTMENT:
        queries.append(
            select(literal("programmes"), Programme.department_id, func.count())
            .where(Programme.department_id.in_(ids), Programme.archived.is_(False))
            .group_by(Programme.department_id)
        )
        queries.append(
            select(literal("trainers"), TrainerProfile.department_id, func.count())
            .where(TrainerProfile.department_id.in_(ids), TrainerProfile.user_id.in_(_serving_trainers()))
            .group_by(TrainerProfile.department_id)
        )
    else:
        taught = teaching.trainers_of_groups(on).subquery()
        queries.append(_distinct("trainers", groups, key, ids, taught, taught.c.trainer_id))
    if level is not Level.CLASS_GROUP:
        queries.append(
            select(literal("class_groups"), key, func.count())
            .where(key.in_(ids), groups.c.archived.is_(False))
            .group_by(key)
        )
    members = select(Membership.class_group_id, Membership.trainee_id).where(users_queries.member_on(on)).subquery()
    booked = teaching.rooms_of_groups(on).subquery()
    queries.append(_distinct("trainees", groups, key, ids, members, members.c.trainee_id))
    queries.append(_distinct("rooms", groups, key, ids, booked, booked.c.room_id))
    return queries


def _distinct(
    name: str, groups: Subquery, key: ColumnElement[UUID], ids: list[UUID], rows: Subquery, counted: ColumnElement[UUID]
) -> Select[str, UUID, int]:
    return (
        select(literal(name), key, func.count(counted.distinct()))
        .select_from(groups.join(rows, rows.c.class_group_id == groups.c.id))
        .where(key.in_(ids))
        .group_by(key)
    )


def _serving_trainers() -> Select[UUID]:
    return (
        select(UserRole.user_id)
        .join(User, User.id == UserRole.user_id)
        .where(UserRole.role == Role.TRAINER, User.state != UserState.DISABLED)
    )
