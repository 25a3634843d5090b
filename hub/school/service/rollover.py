"""From one academic year into the next: all or nothing, and again without effect."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.school import queries
from hub.school.errors import NoActiveYear, RolloverImpossible, RolloverInvalid
from hub.school.models import AcademicYear, ClassGroup, Programme, Term
from hub.school.rules import (
    AcademicYearDraft,
    ClassGroupDraft,
    Period,
    TermDraft,
    a_year_later,
    next_year_name,
    shifted_terms,
    year_of_study,
)
from hub.school.service import calendar, structure
from hub.school.service.records import change, lock_calendar
from hub.school.teaching import CurriculumPlan, DueEnrolment, GroupInYear
from hub.users import queries as users_queries
from hub.users.service import memberships
from hub.users.service.places import take_places

_DAY = timedelta(days=1)


class StepKind(enum.StrEnum):
    MOVES_UP = "MOVES_UP"
    MERGES = "MERGES"
    GRADUATES = "GRADUATES"
    WAITS = "WAITS"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloverWishes:
    """What differs from the usual; empty fields as in the API's RollOverRequest."""

    academic_year_id: UUID | None = None
    name: str = ""
    start_date: date | None = None
    end_date: date | None = None
    moves: Mapping[UUID, UUID] = field(default_factory=dict)
    trainee_moves: Mapping[UUID, UUID] = field(default_factory=dict)
    add_intake: bool = False


@dataclass(slots=True)
class Step:
    """How a class group goes on; `trainees` are those whose memberships were closed now."""

    group: ClassGroup
    kind: StepKind
    year_of_study: int
    on: date
    target: ClassGroup | None = None
    trainees: int = 0


@dataclass(frozen=True, slots=True)
class Rollover:
    """What was done."""

    year: AcademicYear
    year_created: bool
    terms: Sequence[Term]
    created_terms: int
    steps: Sequence[Step]
    created_groups: Sequence[ClassGroup]
    due: Sequence[DueEnrolment]
    moved: int
    graduating: int


async def roll_over(uow: UnitOfWork, *, wishes: RolloverWishes, curriculum: CurriculumPlan) -> Rollover:
    """Make the next academic year from one. What is there already stays, so repeating it changes nothing.

    Raises:
        AcademicYearNotFound, NoActiveYear: there is no year to start from.
        RolloverImpossible: the year has no terms.
        RolloverInvalid: names each wish that can't be followed.
        SchoolInvalid, NameTaken, PeriodsOverlap: the next year or a term of it clashes with what is there.
    """
    await lock_calendar(uow)
    year = await _year_of(uow, wishes.academic_year_id)
    terms = list(await uow.session.scalars(queries.select_terms(year.id).order_by(Term.number)))
    if not terms:
        raise RolloverImpossible(f"{year.name} has no terms that could be carried over: create them first.")
    following, year_created = await _following_year(uow, year, wishes)
    new_terms, created_terms = await _following_terms(uow, year, terms, following)

    rows = await uow.session.execute(
        select(ClassGroup, Programme).join(Programme, Programme.id == ClassGroup.programme_id).order_by(ClassGroup.name)
    )
    groups: list[tuple[ClassGroup, Programme]] = [(group, programme) for group, programme in rows]
    steps = _steps(groups, year.period, following.period, wishes)
    await _check_trainees(uow, wishes, steps)
    moved, graduating = await _move_trainees(uow, steps, wishes, following.start_date)
    if moved:
        await _refuse_overfull(uow, steps, wishes)
    for step in steps:
        if step.kind is StepKind.GRADUATES:
            await change(uow, "class_group", step.group, {"graduation_date": step.on})
    await graduate_due(uow)
    created = await _add_intake(uow, groups, year.period, following.period) if wishes.add_intake else []
    if year_created or created_terms or created or moved or graduating:
        uow.audit(
            "school.roll_over",
            object_type="academic_year",
            object_id=following.id,
            after={"from": year.name, "to": following.name, "moved": moved, "graduating": graduating},
        )
    return Rollover(
        year=following,
        year_created=year_created,
        terms=new_terms,
        created_terms=created_terms,
        steps=steps,
        created_groups=created,
        due=await curriculum.due(
            uow, _in_following_year(steps, created, following.period), academic_year_id=following.id
        ),
        moved=moved,
        graduating=graduating,
    )


async def graduate_due(uow: UnitOfWork, _scheduled_for: datetime | None = None) -> None:
    """Make graduates of the trainees whose class group's day has come, and archive it. Repeating it changes nothing."""
    groups = list(
        await uow.session.scalars(
            select(ClassGroup)
            .where(ClassGroup.graduation_date <= await queries.today(uow), ClassGroup.archived.is_(False))
            .order_by(ClassGroup.id)
        )
    )
    for day in sorted({group.graduation_date for group in groups if group.graduation_date is not None}):
        leaving = [group.id for group in groups if group.graduation_date == day]
        await memberships.graduate(uow, class_group_ids=leaving, on=day)
    members = await users_queries.open_members(uow, [group.id for group in groups])
    for group in groups:
        # Who came in since then keeps the class group in use: somebody must look at it.
        if not members.get(group.id):
            await change(uow, "class_group", group, {"archived": True}, "archive")


async def _year_of(uow: UnitOfWork, academic_year_id: UUID | None) -> AcademicYear:
    if academic_year_id is not None:
        return await queries.get_academic_year(uow, academic_year_id)
    year = await queries.active_year(uow)
    if year is None:
        raise NoActiveYear("No academic year is active: tell from which one to roll over.")
    return year


async def _following_year(uow: UnitOfWork, year: AcademicYear, wishes: RolloverWishes) -> tuple[AcademicYear, bool]:
    """The next year, and whether it was created: the one that is there at that time, or else a new one."""
    period = Period(wishes.start_date or a_year_later(year.start_date), wishes.end_date or a_year_later(year.end_date))
    if period.first <= year.end_date:
        raise RolloverInvalid.of("start_date", f"must be after {year.name} ends, which is on {year.end_date}")
    there = await uow.session.scalars(
        select(AcademicYear)
        .where(AcademicYear.start_date <= period.last, AcademicYear.end_date >= period.first)
        .order_by(AcademicYear.start_date)
    )
    existing = there.first()
    if existing is not None:
        return existing, False
    name = wishes.name.strip() or next_year_name(year.name)
    if not name:
        raise RolloverInvalid.of("name", f'is required: no name follows from "{year.name}"')
    draft = AcademicYearDraft(name=name, period=period, active=False)
    return await calendar.create_academic_year(uow, draft=draft), True


async def _following_terms(
    uow: UnitOfWork, year: AcademicYear, terms: Sequence[Term], following: AcademicYear
) -> tuple[list[Term], int]:
    there = {term.number: term for term in await uow.session.scalars(queries.select_terms(following.id))}
    periods = shifted_terms([term.period for term in terms], year.period, following.period)
    created = 0
    # A term of the next year that was made by hand says how that year goes: none is added to it.
    for term, period in zip(terms, periods, strict=False) if not there else ():
        draft = TermDraft(academic_year_id=following.id, number=term.number, period=period)
        there[term.number] = await calendar.create_term(uow, draft=draft)
        created += 1
    return [there[number] for number in sorted(there)], created


def _steps(
    groups: Sequence[tuple[ClassGroup, Programme]], year: Period, following: Period, wishes: RolloverWishes
) -> list[Step]:
    by_id = {group.id: group for group, _ in groups}
    steps = []
    for group, programme in groups:
        if group.archived:
            continue
        studied = year_of_study(group.intake_year, year)
        if studied == 0:
            steps.append(Step(group, StepKind.WAITS, 0, following.first))
        elif group.id in wishes.moves:
            target = by_id.get(wishes.moves[group.id])
            steps.append(Step(group, StepKind.MERGES, studied, following.first, target))
        elif group.graduation_date is not None or studied >= programme.duration_years:
            steps.append(Step(group, StepKind.GRADUATES, studied, group.graduation_date or year.last + _DAY))
        else:
            steps.append(Step(group, StepKind.MOVES_UP, studied, following.first, group))
    _check_moves(steps, by_id, wishes)
    return steps


def _check_moves(steps: Sequence[Step], by_id: Mapping[UUID, ClassGroup], wishes: RolloverWishes) -> None:
    goes_on = {step.group.id for step in steps if step.kind in (StepKind.MOVES_UP, StepKind.WAITS)}
    violations = []
    for i, (source_id, target_id) in enumerate(wishes.moves.items()):
        source, target = by_id.get(source_id), by_id.get(target_id)
        if source is None:
            violations.append(FieldViolation(f"moves[{i}].class_group_id", f"there is no class group {source_id}"))
        elif target_id not in goes_on or target is None or target.programme_id != source.programme_id:
            violations.append(
                FieldViolation(
                    f"moves[{i}].target_class_group_id",
                    f"must be another class group of the programme of {source.name} that goes on itself",
                )
            )
    violations += [
        FieldViolation(f"trainee_moves[{i}].target_class_group_id", "must be a class group that goes on itself")
        for i, target_id in enumerate(wishes.trainee_moves.values())
        if target_id not in goes_on
    ]
    _refuse(violations)


async def _check_trainees(uow: UnitOfWork, wishes: RolloverWishes, steps: Sequence[Step]) -> None:
    users = await users_queries.users_by_ids(uow, wishes.trainee_moves)
    waiting = {step.group.id for step in steps if step.kind is StepKind.WAITS}
    violations = []
    for i, trainee_id in enumerate(wishes.trainee_moves):
        user = users.get(trainee_id)
        spans = user.trainee.memberships if user is not None and user.trainee is not None else []
        if not any(span.end_date is None and span.class_group_id not in waiting for span in spans):
            # On a repetition the trainee is in the target, which may be one whose intake is yet to come.
            if any(span.end_date is None and span.class_group_id == wishes.trainee_moves[trainee_id] for span in spans):
                continue
            violations.append(
                FieldViolation(f"trainee_moves[{i}].trainee_id", "is no trainee who is in a class group now")
            )
    _refuse(violations)


async def _move_trainees(
    uow: UnitOfWork, steps: Sequence[Step], wishes: RolloverWishes, first_day: date
) -> tuple[int, int]:
    moved = await memberships.roll_over(
        uow,
        targets={step.group.id: step.target.id for step in steps if step.target is not None},
        own_targets=wishes.trainee_moves,
        on=first_day,
    )
    left: dict[UUID, int] = {}
    leaving = [step for step in steps if step.kind is StepKind.GRADUATES]
    for day in sorted({step.on for step in leaving}):
        groups = [step.group.id for step in leaving if step.on == day]
        left |= await memberships.leave(uow, class_group_ids=groups, on=day)
    for step in steps:
        step.trainees = moved.get(step.group.id, 0) + left.get(step.group.id, 0)
    return sum(moved.values()), sum(left.values())


async def _refuse_overfull(uow: UnitOfWork, steps: Sequence[Step], wishes: RolloverWishes) -> None:
    groups = {step.group.id: step.group for step in steps}
    targets = {*wishes.moves.values(), *wishes.trainee_moves.values()}
    await take_places(uow)
    members = await users_queries.open_members(uow, targets)
    _refuse(
        [
            FieldViolation(
                "moves",
                f"{groups[target].name} has {groups[target].capacity} places and would have {count} trainees: "
                "raise its capacity or move fewer",
            )
            for target, count in members.items()
            if 0 < groups[target].capacity < count
        ]
    )


async def _add_intake(
    uow: UnitOfWork, groups: Sequence[tuple[ClassGroup, Programme]], year: Period, following: Period
) -> list[ClassGroup]:
    intake = following.first.year
    there = {(group.programme_id, group.stream) for group, _ in groups if group.intake_year == intake}
    created = []
    for group, programme in groups:
        key = (programme.id, group.stream)
        if programme.archived or key in there or year_of_study(group.intake_year, year) != 1:
            continue
        there.add(key)
        draft = ClassGroupDraft(
            programme_id=programme.id, intake_year=intake, stream=group.stream, capacity=group.capacity
        )
        created.append(await structure.create_class_group(uow, draft=draft))
    return created


def _in_following_year(steps: Sequence[Step], created: Sequence[ClassGroup], following: Period) -> list[GroupInYear]:
    going_on = [step.group for step in steps if step.kind in (StepKind.MOVES_UP, StepKind.WAITS)]
    return [
        GroupInYear(group.id, group.programme_id, studied)
        for group in [*going_on, *created]
        if (studied := year_of_study(group.intake_year, following))
    ]


def _refuse(violations: list[FieldViolation]) -> None:
    if violations:
        raise RolloverInvalid(
            "Nothing was changed: " + "; ".join(f"{v.field} {v.description}" for v in violations) + ".",
            violations=violations,
        )
