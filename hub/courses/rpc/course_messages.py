"""Messages of CoursesService from and to rows."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from hub.courses.models import Course, Topic
from hub.courses.prerequisites import PrerequisiteNode
from hub.courses.service.catalogue import CourseDraft
from hub.courses.service.topics import TopicDraft
from hub.rpc.fields import from_duration, parse_optional_uuid, parse_uuid, to_duration
from smartroster.courses.v1 import courses_pb2 as pb


def course_draft(course: pb.Course) -> CourseDraft:
    return CourseDraft(
        code=course.code,
        title=course.title,
        department_id=parse_uuid(course.department_id, "course.department_id"),
        description=course.description,
        credit_hours=course.credit_hours,
        weekly_theory=from_duration(course.weekly_theory, "course.weekly_theory"),
        weekly_practical=from_duration(course.weekly_practical, "course.weekly_practical"),
        default_session_length=from_duration(course.default_session_length, "course.default_session_length"),
        total_length=from_duration(course.total_length, "course.total_length"),
    )


def topic_draft(topic: pb.Topic, *, course_id: UUID) -> TopicDraft:
    return TopicDraft(
        course_id=course_id,
        parent_topic_id=parse_optional_uuid(topic.parent_topic_id, "topic.parent_topic_id"),
        position=topic.position,
        title=topic.title,
        description=topic.description,
        planned_duration=from_duration(topic.planned_duration, "topic.planned_duration"),
    )


def course_to_proto(course: Course, prerequisite_ids: Iterable[UUID]) -> pb.Course:
    return pb.Course(
        id=str(course.id),
        code=course.code,
        title=course.title,
        department_id=str(course.department_id),
        description=course.description,
        credit_hours=course.credit_hours,
        weekly_theory=to_duration(timedelta(minutes=course.weekly_theory_minutes)),
        weekly_practical=to_duration(timedelta(minutes=course.weekly_practical_minutes)),
        default_session_length=to_duration(course.default_session_length),
        total_length=to_duration(timedelta(minutes=course.total_minutes)),
        archived=course.archived,
        prerequisite_ids=map(str, prerequisite_ids),
        etag=str(course.etag),
    )


def tree_to_proto(nodes: Sequence[PrerequisiteNode]) -> pb.PrerequisiteTree:
    # What a course of the tree needs is in the tree too, and says so itself: no further query.
    needed: dict[UUID, list[UUID]] = {}
    for node in nodes:
        for course_id in node.required_by:
            needed.setdefault(course_id, []).append(node.course.id)
    return pb.PrerequisiteTree(
        nodes=[
            pb.PrerequisiteNode(
                course=course_to_proto(node.course, sorted(needed.get(node.course.id, ()))),
                depth=node.depth,
                required_by_ids=map(str, sorted(node.required_by)),
            )
            for node in nodes
        ]
    )


def topic_to_proto(topic: Topic) -> pb.Topic:
    return pb.Topic(
        id=str(topic.id),
        course_id=str(topic.course_id),
        parent_topic_id=str(topic.parent_topic_id or ""),
        position=topic.position,
        title=topic.title,
        description=topic.description,
        planned_duration=to_duration(topic.planned_duration),
        etag=str(topic.etag),
    )


def outline_to_proto(course: Course, topics: Sequence[Topic]) -> pb.CourseOutline:
    planned = sum((topic.planned_duration for topic in topics if topic.parent_topic_id is None), timedelta(0))
    return pb.CourseOutline(
        course_id=str(course.id),
        topics=map(topic_to_proto, topics),
        planned_duration=to_duration(planned),
        course_length=to_duration(course.length),
    )
