"""Which topics a session covered."""

from collections.abc import Collection
from uuid import UUID

from hub.courses import outline, progress, queries
from hub.courses.errors import SessionNotBegun, TopicInvalid
from hub.courses.lessons import Lesson
from hub.courses.models import CoveredTopic
from hub.db.unit_of_work import UnitOfWork


async def set_covered_topics(uow: UnitOfWork, *, lesson: Lesson, topic_ids: Collection[UUID]) -> None:
    """Say which topics a session covered, in place of what was said before. Repeating it changes nothing.

    Raises:
        SessionNotBegun: nothing can have been taught in it.
        TopicInvalid: one is not of the session's course.
    """
    if not lesson.has_begun:
        raise SessionNotBegun(
            "This session has not been held: mark its topics once it has been started, or choose another session."
        )
    # Locked: two who mark at once would both add the same topic.
    enrolment = await queries.get_enrolment(uow, lesson.enrolment_id, lock=True)
    wanted = set(topic_ids)
    strange = wanted - {topic.id for topic in await outline.outline_of(uow, enrolment.course_id)}
    if strange:
        raise TopicInvalid.of(
            "topic_ids", f"{', '.join(map(str, sorted(strange)))} is no topic of this course: see its outline"
        )
    present = {mark.topic_id: mark for mark in await progress.covered_in(uow, lesson.session_id)}
    if wanted == present.keys():
        return
    for topic_id in present.keys() - wanted:
        await uow.session.delete(present[topic_id])
    uow.session.add_all(
        CoveredTopic(
            session_id=lesson.session_id,
            topic_id=topic_id,
            enrolment_id=enrolment.id,
            session_date=lesson.session_date,
        )
        for topic_id in sorted(wanted - present.keys())
    )
    await uow.session.flush()
    uow.audit(
        "courses.set_covered_topics",
        object_type="session",
        object_id=lesson.session_id,
        before={"topic_ids": sorted(present)},
        after={"topic_ids": sorted(wanted)},
    )
