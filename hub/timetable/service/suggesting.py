"""Other places for one lesson of a plan: read here, ranked off the event loop by the caller."""

from uuid import UUID

from hub.courses import queries as courses_queries
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.errors import NothingPublished, SuggestionImpossible
from hub.timetable.mending import Question, WantedTime, question
from hub.timetable.rules import EntryKind, SessionType
from hub.timetable.service.generation import Order, load_task


async def ask(
    uow: UnitOfWork,
    *,
    entry_id: UUID | None,
    enrolment_id: UUID | None,
    session_type: SessionType,
    version_id: UUID | None,
    wanted: WantedTime | None,
) -> Question:
    """What is to be ranked: about an entry or, without one, a lesson of the enrolment that has no place in the version
    (None: the newest draft or the plan in force).

    Raises:
        TimetableEntryNotFound, EnrolmentNotFound, TimetableVersionNotFound, GenerationImpossible: as their names say.
        NothingPublished: the term has neither a draft nor a plan.
        SuggestionImpossible: the lesson is none of the weekly ones that the day pattern holds.
    """
    lesson_id: UUID | None = None
    if entry_id is not None:
        entry = await queries.get_entry(uow, entry_id)
        lesson_id, enrolment_id, session_type = entry.lesson_id, entry.enrolment_id, entry.session_type
        term_id, version_id = entry.term_id, entry.version_id
        if entry.kind is not EntryKind.RECURRING:
            raise SuggestionImpossible("This is no line of each week: add a temporary entry at another time instead.")
    else:
        assert enrolment_id is not None  # noqa: S101 (the caller has one of both)
        term_id = (await courses_queries.get_enrolment(uow, enrolment_id)).term_id
    if version_id is None:
        standing = await queries.newest_draft(uow, term_id) or await queries.version_in_force(
            uow, term_id, await school_queries.today(uow)
        )
        if standing is None:
            raise NothingPublished("This term has neither a draft nor a plan in force: open a draft first.")
        version_id = standing.id
    task = await load_task(uow, Order(term_id=term_id, base_version_id=version_id, resemble=True))
    asked = question(
        task.week,
        lesson_id=lesson_id,
        enrolment_id=enrolment_id,
        session_type=session_type,
        wanted=wanted,
    )
    if asked is None:
        raise SuggestionImpossible(
            "Alternatives are for lessons of each week that keep to the day pattern, of a course that has such hours: "
            "this is none of them."
        )
    return asked
