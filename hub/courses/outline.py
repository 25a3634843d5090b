"""Reads of what a course teaches."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, func, select

from hub.courses.errors import TopicNotFound
from hub.courses.models import Topic
from hub.db.unit_of_work import UnitOfWork


async def get_topic(uow: UnitOfWork, topic_id: UUID) -> Topic:
    """The topic or subtopic; TopicNotFound when there is none."""
    topic = await uow.session.get(Topic, topic_id)
    if topic is None:
        raise TopicNotFound(f"There is no topic {topic_id}: see the course's outline for the right id.")
    return topic


async def outline_of(uow: UnitOfWork, course_id: UUID) -> list[Topic]:
    """All topics of the course, each followed by its subtopics; in one query."""
    return (await outlines_of(uow, [course_id])).get(course_id, [])


async def outlines_of(uow: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, list[Topic]]:
    """The outline of each of the courses that has one, in one query."""
    rows = await uow.session.scalars(
        select(Topic)
        .where(Topic.course_id.in_(set(course_ids)))
        .order_by(Topic.position)
        .execution_options(populate_existing=True)
    )
    subtopics: dict[UUID, list[Topic]] = {}
    topics: dict[UUID, list[Topic]] = {}
    for topic in rows:
        if topic.parent_topic_id is None:
            topics.setdefault(topic.course_id, []).append(topic)
        else:
            subtopics.setdefault(topic.parent_topic_id, []).append(topic)
    return {
        course_id: [one for topic in own for one in (topic, *subtopics.get(topic.id, ()))]
        for course_id, own in topics.items()
    }


async def siblings_of(uow: UnitOfWork, course_id: UUID, parent_topic_id: UUID | None) -> list[Topic]:
    """The course's topics, or the topic's subtopics, in their order."""
    return list(
        await uow.session.scalars(
            select_topics(course_id, parent_topic_id).order_by(Topic.position).execution_options(populate_existing=True)
        )
    )


async def planned_minutes(uow: UnitOfWork, course_id: UUID) -> int:
    """What the topics of the course take together; their subtopics are within it."""
    minutes: int | None = await uow.session.scalar(
        select(func.sum(Topic.planned_minutes)).where(Topic.course_id == course_id, Topic.parent_topic_id.is_(None))
    )
    return int(minutes or 0)


def select_topics(course_id: UUID, parent_topic_id: UUID | None) -> Select[Topic]:
    parent = Topic.parent_topic_id.is_(None) if parent_topic_id is None else Topic.parent_topic_id == parent_topic_id
    return select(Topic).where(Topic.course_id == course_id, parent)
