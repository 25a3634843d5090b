"""Mass registration: a term's enrolments from a workbook, checked whole and stored all or nothing."""

from dataclasses import dataclass
from uuid import UUID

from uuid6 import uuid7

from hub.courses import term_plan, workbook
from hub.courses.events import EnrolmentCreated
from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import LIVE, EnrolmentState, state_on
from hub.courses.service.changes import values_of
from hub.courses.service.enrolments import ENROLMENT_FIELDS, not_in_map, replace_trainer
from hub.courses.service.staffing import Staffing
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import ClassGroup
from hub.spreadsheets.columns import Problem, Row
from hub.spreadsheets.reader import Reading
from hub.spreadsheets.wire import Outcome, Report

SHEET = workbook.enrolments_sheet()
_REPORT_EVERY = 100


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A row whose names are all known; `line` allows a new enrolment, `present` is one that is there."""

    row: Row
    group: ClassGroup
    course: Course
    trainer_id: UUID
    line: ProgrammeCourse | None
    present: Enrolment | None


async def template(uow: UnitOfWork, *, term_id: UUID, department_id: UUID | None) -> tuple[bytes, str]:
    """The workbook for a term, and a name for the file; TermNotFound as its name says."""
    plan = await term_plan.term_plan(uow, term_id, department_id=department_id)
    departments = await term_plan.department_names(uow)
    labels = {
        trainer_id: workbook.trainer_label(number, name)
        for trainer_id, (number, name) in (await term_plan.staff_numbers(uow)).items()
    }
    rows = []
    for group, line in plan.due():
        course = plan.courses[line.course_id]
        present = plan.enrolments.get((group.id, course.id))
        rows.append(
            workbook.DueRow(
                term=plan.name,
                class_group=group.name,
                course_code=course.code,
                course_title=course.title,
                kind=line.kind.lower(),
                department=departments[course.department_id],
                trainer=labels.get(present.trainer_id, "") if present else "",
            )
        )
    file_name = f"enrolments-{plan.name}.xlsx".replace(", ", "-").replace(" ", "-").replace("/", "-")
    return workbook.template(rows, trainers=list(labels.values()), term=plan.name), file_name


async def register(uow: UnitOfWork, reading: Reading, *, term_id: UUID, report: Report) -> Outcome:
    """Check every row that names a trainer and store what is new.

    A row whose class group takes the course already gives it the row's trainer. All problems are told together.

    Raises:
        TermNotFound: there is no such term.
    """
    plan = await term_plan.term_plan(uow, term_id)
    state = state_on(plan.term.period, await school_queries.today(uow))
    problems = list(reading.problems)
    if state is EnrolmentState.COMPLETED:
        problems.append(Problem(SHEET.name, 0, "", f"{plan.name} is over: choose a later term"))
    rows = [row for row in reading.rows.get(SHEET.name, []) if row.values["trainer"]]
    report(0, len(rows), "Checking")
    problems += SHEET.repeated(rows, "class_group", "course_code")
    wanted = await _resolve(uow, plan, rows, problems)
    problems += await _check_staffing(uow, plan, wanted)
    if problems:
        return Outcome(problems=problems)
    return await _store(uow, plan, wanted, state, report)


async def _resolve(
    uow: UnitOfWork, plan: term_plan.TermPlan, rows: list[Row], problems: list[Problem]
) -> list[_Wanted]:
    """The rows by what they name; what they name wrong goes to the problems."""
    groups = {group.name.casefold(): group for group in plan.groups.values()}
    courses = {course.code.casefold(): course for course in plan.courses.values()}
    trainers = {
        number.casefold(): trainer_id for trainer_id, (number, _) in (await term_plan.staff_numbers(uow)).items()
    }
    found = []
    for row in rows:
        values = row.values
        group = groups.get(values["class_group"].casefold())
        course = courses.get(values["course_code"].casefold())
        trainer_id = trainers.get(workbook.staff_number_of(values["trainer"]).casefold())
        for key, known, reason in (
            ("term", values["term"] == plan.name, f"the file is uploaded for {plan.name}: take that term's template"),
            ("class_group", group, "is no class group in use: take the name from the template"),
            ("course_code", course, "is no course: take the code from the template"),
            ("trainer", trainer_id, "is no serving trainer: choose one from the list, or write the staff number"),
        ):
            if not known:
                problems.append(SHEET.problem(row, key, reason))
        if group is None or course is None:
            continue
        present = plan.enrolments.get((group.id, course.id))
        line = _line_of(plan, group, course)
        if present is None and line is None:
            problems.append(SHEET.problem(row, "course_code", _why_not(plan, group, course)))
        elif present is not None and present.state not in LIVE and present.trainer_id != trainer_id:
            problems.append(SHEET.problem(row, "trainer", f"the enrolment is {present.state}: it keeps its trainer"))
        elif trainer_id is not None:
            found.append(_Wanted(row, group, course, trainer_id, line, present))
    return found


def _line_of(plan: term_plan.TermPlan, group: ClassGroup, course: Course) -> ProgrammeCourse | None:
    if course.archived:
        return None
    for line in plan.lines.get(group.programme_id, ()):
        if line.course_id == course.id and line.place == plan.places.get(group.id):
            return line
    return None


def _why_not(plan: term_plan.TermPlan, group: ClassGroup, course: Course) -> str:
    place = plan.places.get(group.id)
    if course.archived:
        return "is archived: choose another course"
    if place is None:
        return f"{group.name} comes in in {group.intake_year}, after this term"
    lines = [line for line in plan.lines.get(group.programme_id, ()) if line.course_id == course.id]
    return not_in_map(group.name, course.code, place, lines)


async def _check_staffing(uow: UnitOfWork, plan: term_plan.TermPlan, wanted: list[_Wanted]) -> list[Problem]:
    """A problem for each trainer who may not or cannot take the row's course with all the others of the file."""
    changed = [one for one in wanted if one.present is None or one.present.trainer_id != one.trainer_id]
    leaving = {one.present.trainer_id for one in changed if one.present is not None}
    staffing = await Staffing.load(uow, plan.term, {one.trainer_id for one in changed} | leaving)
    for one in changed:
        if one.present is not None:
            staffing.release(one.present.trainer_id, one.course)
    problems = []
    for one in changed:
        found = staffing.problems(one.trainer_id, one.course)
        problems += [SHEET.problem(one.row, "trainer", reason) for reason in found]
        if not found:
            staffing.take(one.trainer_id, one.course)
    return problems


async def _store(
    uow: UnitOfWork, plan: term_plan.TermPlan, wanted: list[_Wanted], state: EnrolmentState, report: Report
) -> Outcome:
    updated = 0
    new = []
    for number, one in enumerate(wanted):
        if number % _REPORT_EVERY == 0:
            report(number, len(wanted), "Storing")
        if one.present is None and one.line is not None:
            new.append(_enrolment(plan, one, one.line, state))
        elif one.present is not None and one.present.trainer_id != one.trainer_id:
            await replace_trainer(uow, one.present, one.trainer_id)
            updated += 1
    uow.session.add_all(new)
    await uow.session.flush()
    for enrolment in new:
        uow.audit(
            "courses.create_enrolment",
            object_type="enrolment",
            object_id=enrolment.id,
            after=values_of(enrolment, ENROLMENT_FIELDS),
        )
        uow.publish(EnrolmentCreated(**uow.new_event_args(), enrolment_id=enrolment.id))
    report(len(wanted), len(wanted), "Storing")
    return Outcome(created=len(new), updated=updated, unchanged=len(wanted) - len(new) - updated)


def _enrolment(plan: term_plan.TermPlan, one: _Wanted, line: ProgrammeCourse, state: EnrolmentState) -> Enrolment:
    return Enrolment(
        id=uuid7(),
        class_group_id=one.group.id,
        course_id=one.course.id,
        term_id=plan.term.id,
        programme_course_id=line.id,
        trainer_id=one.trainer_id,
        state=state,
    )
