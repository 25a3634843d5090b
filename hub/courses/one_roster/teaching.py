"""The scheduled classes of a roster as enrolments of the class groups that their students are of."""

from uuid import UUID

from sqlalchemy import select

from hub.courses import curriculum_map
from hub.courses.models import Enrolment, EnrolmentException
from hub.courses.one_roster.files import CLASSES
from hub.courses.one_roster.ledger import Ledger
from hub.courses.one_roster.people import People
from hub.courses.one_roster.places import Places
from hub.courses.one_roster.roster import STUDENT, TEACHER, Roster
from hub.courses.rules import EnrolmentState, ExceptionKind, Place
from hub.courses.service import curriculum, enrolments, exceptions
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Term
from hub.school.rules import year_of_study
from hub.spreadsheets.columns import Row

_KEYS = {"course_id": "courseSourcedId", "term_id": "termSourcedIds", "trainer_id": "sourcedId"}


class Teaching:
    def __init__(self, uow: UnitOfWork, roster: Roster, ledger: Ledger, places: Places, people: People) -> None:
        self._uow = uow
        self._roster = roster
        self._ledger = ledger
        self._places = places
        self._people = people

    async def store(self) -> None:
        today = await school_queries.today(self._uow)
        for row in self._roster.scheduled():
            course = self._places.courses.get(row.values["courseSourcedId"])
            trainer_id = self._trainer_of(row)
            terms = [self._places.terms[one] for one in self._roster.terms_meant(row) if one in self._places.terms]
            if not terms:
                self._roster.tell(CLASSES, row, "termSourcedIds", "is in no term of a school year: name its terms")
            if row.values["courseSourcedId"] in self._places.programmes:
                self._roster.tell(CLASSES, row, "courseSourcedId", "is the course of a homeroom, which is a programme")
            if course is None or trainer_id is None:
                continue
            present = self._students_of(row)
            if not present:
                self._roster.note(CLASSES, row, "sourcedId", "has no students in a homeroom: it was not enrolled")
            for term in terms:
                if term.end_date < today:
                    self._roster.note(CLASSES, row, "termSourcedIds", f"{term.end_date} is past: it was not enrolled")
                    continue
                for homeroom_id, students in present.items():
                    group = self._places.groups[homeroom_id]
                    enrolment = await self._enrolment(row, group, course.id, term, trainer_id)
                    if enrolment is not None:
                        absent = self._members_of(homeroom_id) - students
                        await self._leave_out(row, enrolment, term, absent)

    def _trainer_of(self, row: Row) -> UUID | None:
        teachers = self._roster.people_in(row.values["sourcedId"], TEACHER)
        if not teachers:
            self._roster.tell(CLASSES, row, "sourcedId", "has no teacher: enrol one in the class")
            return None
        trainer_id = self._people.ids.get(teachers[0].values["userSourcedId"])
        if trainer_id is None:
            reason = f"its teacher {teachers[0].values['userSourcedId']} has no account here: see users.csv"
            self._roster.tell(CLASSES, row, "sourcedId", reason)
        return trainer_id

    def _students_of(self, row: Row) -> dict[str, set[UUID]]:
        """By homeroom, those of its members who are in the class."""
        found: dict[str, set[UUID]] = {}
        for enrollment in self._roster.people_in(row.values["sourcedId"], STUDENT):
            student = enrollment.values["userSourcedId"]
            homeroom = self._people.homerooms.get(student)
            if homeroom is not None and homeroom[0] in self._places.groups and student in self._people.ids:
                found.setdefault(homeroom[0], set()).add(self._people.ids[student])
        return found

    def _members_of(self, homeroom_id: str) -> set[UUID]:
        return {
            self._people.ids[student]
            for student, (homeroom, _) in self._people.homerooms.items()
            if homeroom == homeroom_id and student in self._people.ids
        }

    async def _enrolment(
        self, row: Row, group: ClassGroup, course_id: UUID, term: Term, trainer_id: UUID
    ) -> Enrolment | None:
        present = await self._uow.session.scalar(
            select(Enrolment).where(
                Enrolment.class_group_id == group.id,
                Enrolment.course_id == course_id,
                Enrolment.term_id == term.id,
                Enrolment.state != EnrolmentState.CANCELLED,
            )
        )
        try:
            if present is None:
                await self._map_course(group, course_id, term)
                made = await enrolments.create_enrolment(
                    self._uow, class_group_id=group.id, course_id=course_id, term_id=term.id, trainer_id=trainer_id
                )
                self._ledger.created += 1
                return made
            if present.trainer_id != trainer_id:
                await enrolments.change_trainer(self._uow, enrolment_id=present.id, trainer_id=trainer_id, etag="")
                self._ledger.updated += 1
            else:
                self._ledger.unchanged += 1
        except HubError as error:
            self._ledger.explain(CLASSES, row, error, _KEYS)
            return None
        return present

    async def _map_course(self, group: ClassGroup, course_id: UUID, term: Term) -> None:
        """The curriculum map has the course there: what another system teaches is what it was planned to."""
        year = await school_queries.get_academic_year(self._uow, term.academic_year_id)
        place = Place(year_of_study(group.intake_year, year.period) or 1, term.number)
        if await curriculum_map.line_at(self._uow, group.programme_id, course_id, place) is None:
            await curriculum.create_programme_course(
                self._uow,
                draft=curriculum.ProgrammeCourseDraft(
                    programme_id=group.programme_id,
                    course_id=course_id,
                    year_of_study=place.year_of_study,
                    term_number=place.term_number,
                ),
            )

    async def _leave_out(self, row: Row, enrolment: Enrolment, term: Term, absent: set[UUID]) -> None:
        if not absent:
            return
        told = set(
            await self._uow.session.scalars(
                select(EnrolmentException.trainee_id).where(EnrolmentException.enrolment_id == enrolment.id)
            )
        )
        try:
            for trainee_id in sorted(absent - told):
                await exceptions.create_exception(
                    self._uow,
                    draft=exceptions.ExceptionDraft(
                        enrolment_id=enrolment.id,
                        trainee_id=trainee_id,
                        kind=ExceptionKind.LEFT_OUT,
                        start_date=term.start_date,
                        reason="Not in the class of the imported roster.",
                    ),
                )
        except HubError as error:
            self._ledger.explain(CLASSES, row, error, _KEYS)
