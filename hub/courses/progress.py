"""Reads of what has been covered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from hub.courses import outline
from hub.courses.models import CoveredTopic, Enrolment, Topic
from hub.courses.rules import Coverage, PlannedTopic, coverage_of, elapsed_share
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import Term


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an enrolment has come; `marks` has the marks of each topic that has some, by their days."""

    enrolment: Enrolment
    topics: Sequence[Topic]
    coverage: Coverage
    expected: timedelta
    marks: Mapping[UUID, Sequence[CoveredTopic]]


async def covered_in(uow: UnitOfWork, session_id: UUID) -> list[CoveredTopic]:
    """The marks of a session."""
    return list(
        await uow.session.scalars(
            select(CoveredTopic).where(CoveredTopic.session_id == session_id).order_by(CoveredTopic.topic_id)
        )
    )


async def progress_of(uow: UnitOfWork, enrolments: Sequence[Enrolment]) -> list[Progress]:
    """How far each of the enrolments has come, in a fixed number of queries."""
    outlines = await outline.outlines_of(uow, {enrolment.course_id for enrolment in enrolments})
    marks = await _marks_of(uow, [enrolment.id for enrolment in enrolments])
    terms = {
        term.id: term
        for term in await uow.session.scalars(
            select(Term).where(Term.id.in_({enrolment.term_id for enrolment in enrolments}))
        )
    }
    today = await school_queries.today(uow)
    found = []
    for enrolment in enrolments:
        topics = outlines.get(enrolment.course_id, [])
        own = marks.get(enrolment.id, {})
        planned = [PlannedTopic(topic.id, topic.parent_topic_id, topic.planned_duration) for topic in topics]
        coverage = coverage_of(planned, own.keys())
        expected = coverage.planned * elapsed_share(terms[enrolment.term_id].period, today)
        found.append(Progress(enrolment, topics, coverage, expected, own))
    return found


async def _marks_of(uow: UnitOfWork, enrolment_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, list[CoveredTopic]]]:
    rows = await uow.session.scalars(
        select(CoveredTopic)
        .where(CoveredTopic.enrolment_id.in_(set(enrolment_ids)))
        .order_by(CoveredTopic.session_date, CoveredTopic.session_id)
    )
    marks: dict[UUID, dict[UUID, list[CoveredTopic]]] = {}
    for mark in rows:
        marks.setdefault(mark.enrolment_id, {}).setdefault(mark.topic_id, []).append(mark)
    return marks
