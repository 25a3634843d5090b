"""Enrolments: who is taught what in a term, by whom."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from hub.courses import curriculum_map, queries
from hub.courses.errors import EnrolmentEnded, EnrolmentExists, EnrolmentInUse, EnrolmentInvalid, EnrolmentMoveRefused
from hub.courses.events import EnrolmentCreated, EnrolmentMoved, EnrolmentTrainerChanged
from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import LIVE, EnrolmentState, Place, may_move, state_on
from hub.courses.service.changes import LONGEST_REASON, change, refuse, remove, store, values_of
from hub.courses.service.staffing import Staffing
from hub.db.dependents import dependents_of, in_words
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Term
from hub.school.rules import year_of_study
from hub.school.service.records import refuse_archived as refuse_archived_part

ENROLMENT_FIELDS = ("class_group_id", "course_id", "term_id", "programme_course_id", "trainer_id", "state")


async def create_enrolment(
    uow: UnitOfWork, *, class_group_id: UUID, course_id: UUID, term_id: UUID, trainer_id: UUID
) -> Enrolment:
    """Enrol a class group in a course for a term, as the curriculum map has it, with a trainer who may take it.

    Raises:
        ClassGroupNotFound, PartArchived, CourseNotFound, TermNotFound: as their names say.
        EnrolmentInvalid: the map does not have the course then, the term is over, or the trainer may not or cannot
            take the course; each bad field names the fix.
        EnrolmentExists: the class group takes the course in this term already.
    """
    group = await school_queries.get_class_group(uow, class_group_id)
    refuse_archived_part(group, "class group")
    course = await queries.get_course(uow, course_id)
    term = await school_queries.get_term(uow, term_id)
    line, violations = await _allowing_line(uow, group, course, term)
    state = state_on(term.period, await school_queries.today(uow))
    if state is EnrolmentState.COMPLETED:
        violations.append(FieldViolation("enrolment.term_id", f"the term ended on {term.end_date}: choose a later one"))
    staffing = await Staffing.load(uow, term, [trainer_id])
    violations += [FieldViolation("enrolment.trainer_id", problem) for problem in staffing.problems(trainer_id, course)]
    refuse(EnrolmentInvalid, "enrolment", violations)
    assert line is not None  # noqa: S101 (without a line there was a violation)
    taken = await uow.session.scalar(
        select(Enrolment.id).where(
            Enrolment.class_group_id == group.id,
            Enrolment.course_id == course.id,
            Enrolment.term_id == term.id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
    )
    if taken is not None:
        raise EnrolmentExists(f"{group.name} takes {course.code} in this term already: that is enrolment {taken}.")
    return await add_enrolment(uow, group_id=group.id, line=line, term_id=term.id, trainer_id=trainer_id, state=state)


async def add_enrolment(
    uow: UnitOfWork, *, group_id: UUID, line: ProgrammeCourse, term_id: UUID, trainer_id: UUID, state: EnrolmentState
) -> Enrolment:
    """Store an enrolment that was checked."""
    values = {
        "class_group_id": group_id,
        "course_id": line.course_id,
        "term_id": term_id,
        "programme_course_id": line.id,
        "trainer_id": trainer_id,
        "state": state,
    }
    enrolment = Enrolment(**values)
    await store(uow, "enrolment", enrolment, values)
    uow.publish(EnrolmentCreated(**uow.new_event_args(), enrolment_id=enrolment.id))
    return enrolment


async def change_trainer(uow: UnitOfWork, *, enrolment_id: UUID, trainer_id: UUID, etag: str) -> Enrolment:
    """Give a live enrolment another trainer.

    Raises:
        EnrolmentNotFound, EtagStale: as their names say.
        EnrolmentEnded: it is completed or cancelled.
        EnrolmentInvalid: the trainer may not or cannot take the course.
    """
    enrolment = await queries.get_enrolment(uow, enrolment_id, lock=True)
    check_etag(enrolment.etag, etag)
    if enrolment.state not in LIVE:
        raise EnrolmentEnded(f"This enrolment is {enrolment.state}: it keeps its trainer.")
    if enrolment.trainer_id == trainer_id:
        return enrolment
    course = await queries.get_course(uow, enrolment.course_id)
    term = await school_queries.get_term(uow, enrolment.term_id)
    staffing = await Staffing.load(uow, term, [trainer_id])
    refuse(
        EnrolmentInvalid,
        "enrolment",
        [FieldViolation("enrolment.trainer_id", problem) for problem in staffing.problems(trainer_id, course)],
    )
    await replace_trainer(uow, enrolment, trainer_id)
    return enrolment


async def replace_trainer(uow: UnitOfWork, enrolment: Enrolment, trainer_id: UUID) -> None:
    """Store another trainer who was checked."""
    before = enrolment.trainer_id
    await change(uow, "enrolment", enrolment, {"trainer_id": trainer_id})
    uow.publish(
        EnrolmentTrainerChanged(
            **uow.new_event_args(), enrolment_id=enrolment.id, before_trainer_id=before, trainer_id=trainer_id
        )
    )


async def move_by_hand(
    uow: UnitOfWork, *, enrolment_id: UUID, after: EnrolmentState, etag: str, reason: str = ""
) -> Enrolment:
    """Start, complete or cancel an enrolment.

    Raises:
        EnrolmentNotFound, EtagStale: as their names say.
        EnrolmentInvalid: a cancellation without a reason.
        EnrolmentMoveRefused: it can't go from where it stands to there; both states are named.
    """
    enrolment = await queries.get_enrolment(uow, enrolment_id, lock=True)
    check_etag(enrolment.etag, etag)
    if after is EnrolmentState.CANCELLED and not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise EnrolmentInvalid.of(
            "reason", f"is required: say in up to {LONGEST_REASON} characters why it is cancelled"
        )
    if not may_move(enrolment.state, after):
        raise EnrolmentMoveRefused(
            f"This enrolment is {enrolment.state} and can't become {after}: "
            "SCHEDULED goes to IN_PROGRESS or CANCELLED, IN_PROGRESS to COMPLETED or CANCELLED.",
            metadata={"before": enrolment.state, "after": after},
        )
    await move(uow, enrolment, after, reason=reason.strip())
    return enrolment


async def move(uow: UnitOfWork, enrolment: Enrolment, after: EnrolmentState, *, reason: str = "") -> None:
    """Bring an enrolment into a state that it may go to."""
    before = enrolment.state
    enrolment.state = after
    if after is EnrolmentState.CANCELLED:
        enrolment.cancel_reason = reason
    await uow.session.flush()
    uow.audit(
        "courses.move_enrolment",
        object_type="enrolment",
        object_id=enrolment.id,
        before={"state": before},
        after={"state": after},
        reason=reason or None,
    )
    uow.publish(
        EnrolmentMoved(**uow.new_event_args(), enrolment_id=enrolment.id, before=before.value, after=after.value)
    )


async def delete_enrolment(uow: UnitOfWork, *, enrolment_id: UUID, etag: str) -> None:
    """Delete an enrolment that has not begun and to which nothing refers.

    Raises:
        EnrolmentNotFound, EtagStale: as their names say.
        EnrolmentInUse: it is history, or has exceptions, lessons in the timetable or sessions.
    """
    enrolment = await queries.get_enrolment(uow, enrolment_id, lock=True)
    check_etag(enrolment.etag, etag)
    if enrolment.state is not EnrolmentState.SCHEDULED:
        raise EnrolmentInUse(f"This enrolment is {enrolment.state}: it stays as history; cancel it if it is to end.")
    dependents = await dependents_of(uow, enrolment)
    if dependents:
        raise EnrolmentInUse(f"This enrolment can't be deleted: it has {in_words(dependents)}. Cancel it instead.")
    await remove(uow, "enrolment", enrolment, values_of(enrolment, ENROLMENT_FIELDS))


async def _allowing_line(
    uow: UnitOfWork, group: ClassGroup, course: Course, term: Term
) -> tuple[ProgrammeCourse | None, list[FieldViolation]]:
    """The line of the map by which the class group may take the course in the term, or what stands against it."""
    year = await school_queries.get_academic_year(uow, term.academic_year_id)
    of_study = year_of_study(group.intake_year, year.period)
    if group.archived:
        return None, [FieldViolation("enrolment.class_group_id", f"{group.name} is archived: choose another one")]
    if course.archived:
        return None, [FieldViolation("enrolment.course_id", f"{course.code} is archived: choose another course")]
    if not of_study:
        return None, [
            FieldViolation(
                "enrolment.term_id",
                f"{group.name} comes in in {group.intake_year}: choose a term of that year or later",
            )
        ]
    place = Place(of_study, term.number)
    lines = await curriculum_map.lines_of(uow, group.programme_id, course_id=course.id)
    for line in lines:
        if line.place == place:
            return line, []
    return None, [FieldViolation("enrolment.course_id", not_in_map(group.name, course.code, place, lines))]


def not_in_map(group_name: str, course_code: str, place: Place, lines: Sequence[ProgrammeCourse]) -> str:
    """What to tell when the map does not have the course at the class group's place."""
    where = f"has it in {', '.join(str(line.place) for line in lines)}" if lines else "does not have it"
    return (
        f"{group_name} is in {place} and the curriculum map of its programme {where}, not for {course_code} now: "
        "choose another course or term, or add it to the map first"
    )
