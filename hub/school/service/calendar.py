"""Academic years and terms: without overlap, terms inside of their year, one year active."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries
from hub.school.errors import AnotherYearActive, NameTaken
from hub.school.events import TermDatesChanged
from hub.school.models import AcademicYear, Term
from hub.school.rules import (
    MOST_TERMS,
    AcademicYearDraft,
    Period,
    TermDraft,
    check_number,
    check_period,
    check_texts,
)
from hub.school.service.records import (
    change,
    lock_calendar,
    refuse,
    refuse_overlap,
    refuse_taken,
    remove,
    store,
)

YEAR_FIELDS = ("name", "start_date", "end_date", "active")
TERM_FIELDS = ("number", "start_date", "end_date")


async def create_academic_year(uow: UnitOfWork, *, draft: AcademicYearDraft) -> AcademicYear:
    """Store an academic year.

    Raises:
        SchoolInvalid: no name, or the end is not after the start.
        NameTaken: another year has the name.
        PeriodsOverlap: it shares days with another year; the message names it.
        AnotherYearActive: it is to be active and another one is.
    """
    await lock_calendar(uow)
    draft = await _checked_year(uow, draft, None)
    values = _year_values(draft)
    return await store(uow, "academic_year", AcademicYear(**values), values)


async def update_academic_year(
    uow: UnitOfWork, *, academic_year_id: UUID, wanted: AcademicYearDraft, fields: frozenset[str], etag: str
) -> AcademicYear:
    """Change the named fields of YEAR_FIELDS.

    Raises:
        AcademicYearNotFound, EtagStale: as their names say; else as for `create_academic_year`.
        SchoolInvalid: also when it would no longer hold its terms.
    """
    await lock_calendar(uow)
    year = await queries.get_academic_year(uow, academic_year_id)
    check_etag(year.etag, etag)
    draft = AcademicYearDraft(
        name=wanted.name if "name" in fields else year.name,
        period=_period(year.period, wanted.period, fields),
        active=wanted.active if "active" in fields else year.active,
    )
    draft = await _checked_year(uow, draft, year)
    outside = [
        f"term {term.number} ({term.period})"
        for term in await uow.session.scalars(queries.select_terms(year.id).order_by(Term.number))
        if not draft.period.holds(term.period)
    ]
    if outside:
        refuse(
            [
                FieldViolation(
                    "academic_year.start_date",
                    f"{draft.period} does not hold {', '.join(outside)}: change those first",
                )
            ]
        )
    return await change(uow, "academic_year", year, _year_values(draft))


async def activate_academic_year(uow: UnitOfWork, *, academic_year_id: UUID, etag: str) -> AcademicYear:
    """Make this the active year, and the one that was it inactive. Repeating it changes nothing.

    Raises:
        AcademicYearNotFound, EtagStale: as their names say.
    """
    await lock_calendar(uow)
    year = await queries.get_academic_year(uow, academic_year_id)
    check_etag(year.etag, etag)
    serving = await queries.active_year(uow)
    if serving is not None and serving is not year:
        await change(uow, "academic_year", serving, {"active": False})
    return await change(uow, "academic_year", year, {"active": True})


async def delete_academic_year(uow: UnitOfWork, *, academic_year_id: UUID, etag: str) -> None:
    """Delete a year; AcademicYearNotFound, EtagStale; PartInUse when it has terms."""
    await lock_calendar(uow)
    year = await queries.get_academic_year(uow, academic_year_id)
    before = {field: getattr(year, field) for field in YEAR_FIELDS}
    await remove(uow, "academic_year", year, before, etag=etag, instead="keep the year, or delete its terms first")


async def create_term(uow: UnitOfWork, *, draft: TermDraft) -> Term:
    """Store a term of a year.

    Raises:
        AcademicYearNotFound: there is no such year.
        SchoolInvalid: a bad number, an end that is not after the start, or days outside of the year.
        NameTaken: the year has a term of this number.
        PeriodsOverlap: it shares days with another term of the year; the message names it.
    """
    await lock_calendar(uow)
    year = await queries.get_academic_year(uow, draft.academic_year_id)
    await _check_term(uow, draft, year, None)
    values = {"academic_year_id": year.id} | _term_values(draft)
    return await store(uow, "term", Term(**values), values)


async def update_term(uow: UnitOfWork, *, term_id: UUID, wanted: TermDraft, fields: frozenset[str], etag: str) -> Term:
    """Change the named fields of TERM_FIELDS.

    Raises:
        TermNotFound, EtagStale: as their names say; else as for `create_term`.
    """
    await lock_calendar(uow)
    term = await queries.get_term(uow, term_id)
    check_etag(term.etag, etag)
    year = await queries.get_academic_year(uow, term.academic_year_id)
    draft = TermDraft(
        academic_year_id=year.id,
        number=wanted.number if "number" in fields else term.number,
        period=_period(term.period, wanted.period, fields),
    )
    await _check_term(uow, draft, year, term)
    moved = draft.period != term.period
    await change(uow, "term", term, _term_values(draft))
    if moved:
        uow.publish(TermDatesChanged(**uow.new_event_args(), term_id=term.id))
    return term


async def delete_term(uow: UnitOfWork, *, term_id: UUID, etag: str) -> None:
    """Delete a term; TermNotFound, EtagStale; PartInUse when anything was enrolled or planned in it."""
    await lock_calendar(uow)
    term = await queries.get_term(uow, term_id)
    before = {field: getattr(term, field) for field in ("academic_year_id", *TERM_FIELDS)}
    await remove(uow, "term", term, before, etag=etag, instead="keep the term, or change its dates")


async def _checked_year(uow: UnitOfWork, draft: AcademicYearDraft, own: AcademicYear | None) -> AcademicYearDraft:
    draft = replace(draft, name=draft.name.strip())
    refuse(check_texts("academic_year", {"name": draft.name}) + check_period("academic_year", draft.period))
    await refuse_taken(uow, AcademicYear, AcademicYear.name == draft.name, f"an academic year {draft.name}", own=own)
    others = [year for year in await uow.session.scalars(select(AcademicYear)) if year is not own]
    refuse_overlap("academic_year.start_date", draft.period, [(year.name, year.period) for year in others])
    serving = next((year for year in others if year.active), None)
    if draft.active and serving is not None:
        raise AnotherYearActive(
            f"{serving.name} is the active year and there is one: activate {draft.name} in its place instead."
        )
    return draft


async def _check_term(uow: UnitOfWork, draft: TermDraft, year: AcademicYear, own: Term | None) -> None:
    violations = check_number("term.number", draft.number, range(1, MOST_TERMS + 1))
    violations += check_period("term", draft.period)
    if not violations and not year.period.holds(draft.period):
        violations.append(
            FieldViolation("term.start_date", f"{draft.period} is not inside of its year {year.name}, {year.period}")
        )
    refuse(violations)
    others = [term for term in await uow.session.scalars(queries.select_terms(year.id)) if term is not own]
    if any(other.number == draft.number for other in others):
        raise NameTaken(f"There is a term {draft.number} in {year.name} already: give another number.")
    refuse_overlap("term.start_date", draft.period, [(f"term {other.number}", other.period) for other in others])


def _period(present: Period, wanted: Period, fields: frozenset[str]) -> Period:
    return Period(
        wanted.first if "start_date" in fields else present.first,
        wanted.last if "end_date" in fields else present.last,
    )


def _year_values(draft: AcademicYearDraft) -> dict[str, object]:
    return {
        "name": draft.name,
        "start_date": draft.period.first,
        "end_date": draft.period.last,
        "active": draft.active,
    }


def _term_values(draft: TermDraft) -> dict[str, object]:
    return {"number": draft.number, "start_date": draft.period.first, "end_date": draft.period.last}
