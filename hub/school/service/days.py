"""Calendar days: marked by hand, or imported as the public holidays of a country."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import holiday_calendar, queries
from hub.school.events import CalendarDayCreated, CalendarDayDeleted
from hub.school.models import CalendarDay
from hub.school.rules import YEARS, CalendarDayDraft, CalendarDayKind, Period, check_number, check_texts
from hub.school.service.records import change, lock_calendar, refuse, refuse_taken, remove, store

FIELDS = ("date", "kind", "name")
_LONGEST_IMPORT_DAYS = 5 * 366


@dataclass(frozen=True, slots=True)
class HolidayImport:
    """Days that are marked now (or would be), and those that were marked already."""

    created: list[CalendarDay]
    unchanged: list[CalendarDay]


async def create_calendar_day(uow: UnitOfWork, *, draft: CalendarDayDraft) -> CalendarDay:
    """Mark a free day of the school, or of one class group.

    Raises:
        ClassGroupNotFound, SchoolInvalid: as their names say.
        NameTaken: the day is marked already.
    """
    if draft.class_group_id is not None:
        await queries.get_class_group(uow, draft.class_group_id)
    values = await _checked(uow, draft, None)
    day = await store(uow, "calendar_day", CalendarDay(**values), values)
    _publish_created(uow, day)
    return day


async def update_calendar_day(
    uow: UnitOfWork, *, calendar_day_id: UUID, wanted: CalendarDayDraft, fields: frozenset[str], etag: str
) -> CalendarDay:
    """Change the named fields of FIELDS.

    Raises:
        CalendarDayNotFound, EtagStale: as their names say; else as for `create_calendar_day`.
    """
    day = await queries.get_calendar_day(uow, calendar_day_id)
    check_etag(day.etag, etag)
    draft = CalendarDayDraft(
        day=wanted.day if "date" in fields else day.date,
        kind=wanted.kind if "kind" in fields else day.kind,
        name=wanted.name if "name" in fields else day.name,
        class_group_id=day.class_group_id,
    )
    values = await _checked(uow, draft, day)
    moved = day.date != draft.day
    if moved:
        _publish_deleted(uow, day)
    await change(uow, "calendar_day", day, values)
    if moved:
        _publish_created(uow, day)
    return day


async def delete_calendar_day(uow: UnitOfWork, *, calendar_day_id: UUID, etag: str) -> None:
    """Make the day an ordinary one again; CalendarDayNotFound, EtagStale."""
    day = await queries.get_calendar_day(uow, calendar_day_id)
    before = {field: getattr(day, field) for field in (*FIELDS, "class_group_id")}
    await remove(uow, "calendar_day", day, before, etag=etag, instead="change it instead")
    _publish_deleted(uow, day)


async def import_holidays(
    uow: UnitOfWork, *, period: Period, country: str, subdivision: str, validate_only: bool
) -> HolidayImport:
    """Mark the public holidays of a country as free days of the whole school.

    A day that is marked already stays as it is, so what was edited by hand is kept.

    Args:
        uow: the unit of work.
        period: from the first to the last day, at most 5 years.
        country: ISO 3166-1 alpha-2; "": the school's default.
        subdivision: "": the school's default if that is of the same country.
        validate_only: store nothing.

    Raises:
        SchoolNotFound: there is no school yet.
        HolidaysUnknown: no holidays are known for the country or subdivision.
        SchoolInvalid: the period ends before it begins or is too long.
    """
    refuse(check_number("start_date", period.first.year, YEARS))
    if not 0 < period.day_count <= _LONGEST_IMPORT_DAYS:
        refuse([FieldViolation("end_date", "must be from the start date to 5 years after it")])
    if not validate_only:
        await lock_calendar(uow)
    school = await queries.get_school(uow)
    policies = await queries.default_policies(uow)
    country = country or policies.holiday_country
    if not subdivision and country == policies.holiday_country:
        subdivision = policies.holiday_subdivision
    found = holiday_calendar.public_holidays(period, country=country, subdivision=subdivision, locale=school.locale)
    marked = {
        day.date: day
        for day in await uow.session.scalars(
            select(CalendarDay).where(
                CalendarDay.class_group_id.is_(None), CalendarDay.date.in_([day for day, _ in found])
            )
        )
    }
    created = [
        CalendarDay(date=day, kind=CalendarDayKind.HOLIDAY, name=name, class_group_id=None)
        for day, name in found
        if day not in marked
    ]
    if not validate_only:
        for day in created:
            await store(uow, "calendar_day", day, {field: getattr(day, field) for field in FIELDS})
            _publish_created(uow, day)
    return HolidayImport(created, [marked[day] for day, _ in found if day in marked])


async def _checked(uow: UnitOfWork, draft: CalendarDayDraft, own: CalendarDay | None) -> dict[str, Any]:
    draft = replace(draft, name=draft.name.strip())
    refuse(check_texts("calendar_day", {"name": draft.name}))
    group_id = draft.class_group_id
    same_group = CalendarDay.class_group_id.is_(None) if group_id is None else CalendarDay.class_group_id == group_id
    taken = (CalendarDay.date == draft.day) & same_group
    await refuse_taken(uow, CalendarDay, taken, f"a mark on {draft.day}", own=own)
    return {"date": draft.day, "kind": draft.kind, "name": draft.name, "class_group_id": group_id}


def _publish_created(uow: UnitOfWork, day: CalendarDay) -> None:
    uow.publish(
        CalendarDayCreated(
            **uow.new_event_args(), calendar_day_id=day.id, day=day.date, class_group_id=day.class_group_id
        )
    )


def _publish_deleted(uow: UnitOfWork, day: CalendarDay) -> None:
    uow.publish(
        CalendarDayDeleted(
            **uow.new_event_args(), calendar_day_id=day.id, day=day.date, class_group_id=day.class_group_id
        )
    )
