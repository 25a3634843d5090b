"""What a course teaches, in its order. Every change locks the course: positions and sums are of all its topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, update

from hub.courses import outline, queries
from hub.courses.errors import TopicInUse, TopicInvalid
from hub.courses.models import Course, Topic
from hub.courses.rules import inserted
from hub.courses.service.changes import change, refuse, remove, store, values_of
from hub.db.dependents import dependents_of
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag

TOPIC_FIELDS = ("title", "description", "planned_duration")
_LONGEST = timedelta(hours=5000)
_MOST_SIBLINGS = 500
_LONGEST_TITLE = 200
_LONGEST_DESCRIPTION = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDraft:
    """`position` 0: at the end."""

    course_id: UUID
    title: str
    parent_topic_id: UUID | None = None
    position: int = 0
    description: str = ""
    planned_duration: timedelta = timedelta(0)

    @property
    def planned_minutes(self) -> int:
        return int(self.planned_duration.total_seconds()) // 60


async def create_topic(uow: UnitOfWork, *, draft: TopicDraft) -> Topic:
    """Insert a topic or a subtopic; those behind it move on.

    Raises:
        CourseNotFound: there is no such course.
        TopicInvalid: names each bad field; also when the planned durations don't fit.
    """
    course = await queries.get_course(uow, draft.course_id, lock=True)
    violations = _violations(draft)
    if draft.parent_topic_id is not None:
        await _refuse_parent(uow, course.id, draft.parent_topic_id)
    siblings = await outline.siblings_of(uow, course.id, draft.parent_topic_id)
    if len(siblings) >= _MOST_SIBLINGS:
        violations.append(FieldViolation("topic.course_id", f"there are {len(siblings)} already: merge some of them"))
    refuse(TopicInvalid, "topic", violations)
    values: dict[str, Any] = {
        "course_id": course.id,
        "parent_topic_id": draft.parent_topic_id,
        "position": len(siblings) + 1,
        "title": draft.title.strip(),
        "description": draft.description,
        "planned_minutes": draft.planned_minutes,
    }
    topic = Topic(**values)
    await store(uow, "topic", topic, values)
    order = [one.id for one in siblings]
    await _set_order(uow, [*order, topic.id], inserted(order, topic.id, draft.position))
    await _refuse_too_long(uow, course)
    return topic


async def update_topic(
    uow: UnitOfWork, *, topic_id: UUID, draft: TopicDraft, fields: frozenset[str], etag: str
) -> Topic:
    """Change the named fields of TOPIC_FIELDS.

    Raises:
        TopicNotFound, EtagStale, TopicInvalid: as their names say.
    """
    topic, course = await _get(uow, topic_id, etag)
    refuse(TopicInvalid, "topic", [bad for bad in _violations(draft) if bad.field.split(".")[1] in fields])
    wanted = {
        "title": ("title", draft.title.strip()),
        "description": ("description", draft.description),
        "planned_duration": ("planned_minutes", draft.planned_minutes),
    }
    await change(uow, "topic", topic, dict(wanted[field] for field in fields))
    await _refuse_too_long(uow, course)
    return topic


async def move_topic(
    uow: UnitOfWork, *, topic_id: UUID, position: int, parent_topic_id: UUID | None, etag: str
) -> Topic:
    """Move a topic to a position, a subtopic also to another topic; `parent_topic_id` None: it stays with its own.

    Raises:
        TopicNotFound, EtagStale: as their names say.
        TopicInvalid: a topic can't become a subtopic, or does not fit into the other topic.
    """
    topic, course = await _get(uow, topic_id, etag)
    if position < 0:
        raise TopicInvalid.of("position", "is negative: give one from 1, or 0 for the end")
    if parent_topic_id is not None and parent_topic_id != topic.parent_topic_id:
        if topic.parent_topic_id is None:
            raise TopicInvalid.of("parent_topic_id", "is for subtopics: a topic stays one of the course's own")
        await _refuse_parent(uow, course.id, parent_topic_id)
        await _give_to(uow, topic, parent_topic_id)
    siblings = [one.id for one in await outline.siblings_of(uow, course.id, topic.parent_topic_id)]
    before = siblings.index(topic.id) + 1
    await _set_order(uow, siblings, inserted(siblings, topic.id, position))
    await uow.session.refresh(topic)
    uow.audit(
        "courses.move_topic",
        object_type="topic",
        object_id=topic.id,
        before={"position": before},
        after={"position": topic.position, "parent_topic_id": topic.parent_topic_id},
    )
    await _refuse_too_long(uow, course)
    return topic


async def reorder_topics(
    uow: UnitOfWork, *, course_id: UUID, parent_topic_id: UUID | None, topic_ids: Sequence[UUID]
) -> None:
    """Put all topics of a course, or all subtopics of a topic, into a new order.

    Raises:
        CourseNotFound: there is no such course.
        TopicInvalid: one is missing, twice or of another course; or the parent is none.
    """
    course = await queries.get_course(uow, course_id, lock=True)
    if parent_topic_id is not None:
        await _refuse_parent(uow, course.id, parent_topic_id)
    siblings = [one.id for one in await outline.siblings_of(uow, course.id, parent_topic_id)]
    if sorted(siblings) != sorted(topic_ids):
        missing = len(set(siblings) - set(topic_ids))
        strange = len(set(topic_ids) - set(siblings))
        twice = len(topic_ids) - len(set(topic_ids))
        raise TopicInvalid.of(
            "topic_ids",
            f"must have each of the {len(siblings)} once: {missing} are missing, {twice} stand twice and {strange} "
            "are not of them; read the outline again",
        )
    await _set_order(uow, siblings, topic_ids)
    uow.audit(
        "courses.reorder_topics",
        object_type="course",
        object_id=course.id,
        before={"topic_ids": siblings},
        after={"topic_ids": list(topic_ids)},
    )


async def delete_topic(uow: UnitOfWork, *, topic_id: UUID, etag: str, force: bool) -> None:
    """Delete a topic; those behind it move up. `force`: with its subtopics.

    Raises:
        TopicNotFound, EtagStale: as their names say.
        TopicInUse: it was taught, or has subtopics.
    """
    topic, course = await _get(uow, topic_id, etag)
    subtopics = await outline.siblings_of(uow, course.id, topic.id)
    if subtopics and not force:
        raise TopicInUse(f"{topic.title} has {len(subtopics)} subtopics: delete or move them first, or force it.")
    for one in (*subtopics, topic):
        if await dependents_of(uow, one, apart_from=frozenset({Topic.__tablename__})):
            raise TopicInUse(f"{one.title} was taught in sessions: it stays as history; rename it if it has changed.")
    siblings = [one.id for one in await outline.siblings_of(uow, course.id, topic.parent_topic_id)]
    for one in (*subtopics, topic):
        await remove(
            uow, "topic", one, values_of(one, ("course_id", "parent_topic_id", "position", "title", "planned_minutes"))
        )
    rest = [one for one in siblings if one != topic.id]
    await _set_order(uow, rest, rest)


async def _get(uow: UnitOfWork, topic_id: UUID, etag: str) -> tuple[Topic, Course]:
    topic = await outline.get_topic(uow, topic_id)
    course = await queries.get_course(uow, topic.course_id, lock=True)
    await uow.session.refresh(topic)  # as it is now that nobody else changes it
    check_etag(topic.etag, etag)
    return topic, course


async def _refuse_parent(uow: UnitOfWork, course_id: UUID, parent_topic_id: UUID) -> None:
    parent = await uow.session.get(Topic, parent_topic_id)
    if parent is None or parent.course_id != course_id or parent.parent_topic_id is not None:
        raise TopicInvalid.of(
            "topic.parent_topic_id", "is no topic of this course: choose one of its topics, not a subtopic"
        )


async def _give_to(uow: UnitOfWork, topic: Topic, parent_topic_id: UUID) -> None:
    """Take a subtopic out of its topic and put it at the end of another."""
    left = [one.id for one in await outline.siblings_of(uow, topic.course_id, topic.parent_topic_id)]
    joined = await outline.siblings_of(uow, topic.course_id, parent_topic_id)
    topic.parent_topic_id, topic.position = parent_topic_id, len(joined) + 1
    await uow.session.flush()
    left.remove(topic.id)
    await _set_order(uow, left, left)


async def _set_order(uow: UnitOfWork, present: Sequence[UUID], wanted: Sequence[UUID]) -> None:
    """Number them 1, 2, 3, … in the wanted order. Twice: no two may have one position even for a moment."""
    if not present:
        return
    mine = Topic.id.in_(present)
    await uow.session.execute(
        update(Topic).where(mine).values(position=-Topic.position).execution_options(synchronize_session=False)
    )
    numbers = [(Topic.id == topic_id, number) for number, topic_id in enumerate(wanted, 1)]
    await uow.session.execute(
        update(Topic).where(mine).values(position=case(*numbers)).execution_options(synchronize_session=False)
    )


async def _refuse_too_long(uow: UnitOfWork, course: Course) -> None:
    """TopicInvalid when subtopics exceed their topic, or topics the course."""
    await uow.session.flush()
    topics = await outline.outline_of(uow, course.id)
    by_topic: dict[UUID, int] = {}
    for one in topics:
        if one.parent_topic_id is not None:
            by_topic[one.parent_topic_id] = by_topic.get(one.parent_topic_id, 0) + one.planned_minutes
    for one in topics:
        if by_topic.get(one.id, 0) > one.planned_minutes:
            raise TopicInvalid.of(
                "topic.planned_duration",
                f"the subtopics of {one.title} would take {_hours(by_topic[one.id])} and it has "
                f"{_hours(one.planned_minutes)}: plan more for the topic or less for them",
            )
    planned = sum(one.planned_minutes for one in topics if one.parent_topic_id is None)
    length = int(course.length.total_seconds()) // 60
    if planned > length:
        raise TopicInvalid.of(
            "topic.planned_duration",
            f"the topics would take {_hours(planned)} and {course.code} has {_hours(length)}: plan less for them, or "
            "give the course more hours",
        )


def _violations(draft: TopicDraft) -> list[FieldViolation]:
    violations = [
        FieldViolation(f"topic.{field}", f"must have {lowest} to {most} characters")
        for field, text, lowest, most in (
            ("title", draft.title.strip(), 1, _LONGEST_TITLE),
            ("description", draft.description, 0, _LONGEST_DESCRIPTION),
        )
        if not lowest <= len(text) <= most
    ]
    if not timedelta(0) <= draft.planned_duration <= _LONGEST:
        violations.append(FieldViolation("topic.planned_duration", "must be from 0 to 5,000 hours"))
    if draft.position < 0:
        violations.append(FieldViolation("topic.position", "is negative: give one from 1, or 0 for the end"))
    return violations


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g} h"
