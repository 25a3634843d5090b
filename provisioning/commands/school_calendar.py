"""The college's calendar: academic years, terms, free days and holidays."""

import click
from google.protobuf.empty_pb2 import Empty

from provisioning import lookup
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.school.v1 import school_pb2 as pb

_KINDS = [
    name.removeprefix("KIND_").lower().replace("_", "-") for name, number in pb.CalendarDay.Kind.items() if number
]


@click.group("years")
def years() -> None:
    """Academic years."""


@click.group("terms")
def terms() -> None:
    """Terms."""


@click.group("calendar")
def calendar() -> None:
    """Days on which nothing is scheduled."""


def add_to(root: click.Group) -> None:
    for group in (years, terms, calendar):
        root.add_command(group)


_YEAR = {
    "Name": lambda one: one.name,
    "From": lambda one: one.start_date,
    "To": lambda one: one.end_date,
    "Days": lambda one: one.length_days,
    "Active": lambda one: one.active,
    "Runs": lambda one: one.current,
    "ID": lambda one: one.id,
}
_TERM = {
    "Number": lambda one: one.number,
    "From": lambda one: one.start_date,
    "To": lambda one: one.end_date,
    "Days": lambda one: one.length_days,
    "Runs": lambda one: one.current,
    "ID": lambda one: one.id,
}
_DAY = {
    "Date": lambda one: one.date,
    "Kind": lambda one: enum_text(one, "kind"),
    "Name": lambda one: one.name,
    "Class group": lambda one: one.class_group_id,
    "ID": lambda one: one.id,
}
_first = click.option("--from", "start_date", help="First day, YYYY-MM-DD.")
_last = click.option("--to", "end_date", help="Last day, YYYY-MM-DD.")
_first_needed = click.option("--from", "start_date", required=True, help="First day, YYYY-MM-DD.")
_last_needed = click.option("--to", "end_date", required=True, help="Last day, YYYY-MM-DD.")


@command(years, "list")
def list_years(app: App) -> None:
    """List academic years, the newest first."""
    app.show_list(app.hub.items(pb.ListAcademicYearsRequest(), pb.ListAcademicYearsResponse), _YEAR)


@command(years, "show")
@click.argument("year")
def show_year(app: App, year: str) -> None:
    """Show one academic YEAR (name or id)."""
    app.show(lookup.academic_year(app.hub, year), _YEAR)


@command(years, "create")
@click.argument("name")
@_first_needed
@_last_needed
@click.option("--inactive", is_flag=True, help="Another year stays the active one.")
def create_year(app: App, name: str, start_date: str, end_date: str, *, inactive: bool) -> None:
    """Create an academic year and make it the active one."""
    year = pb.AcademicYear(
        name=name, start_date=lookup.day(start_date), end_date=lookup.day(end_date), active=not inactive
    )
    made = app.hub.call(pb.CreateAcademicYearRequest(request_id=new_request_id(), academic_year=year), pb.AcademicYear)
    app.done(made, f"Academic year {made.name} is {made.id}.")


@command(years, "update")
@click.argument("year")
@click.option("--name")
@_first
@_last
@click.option("--active/--inactive", default=None, help="Whether it is the one that is worked with.")
def update_year(
    app: App, year: str, name: str | None, start_date: str | None, end_date: str | None, *, active: bool | None
) -> None:
    """Change an academic YEAR (name or id)."""
    found = lookup.academic_year(app.hub, year)
    changed = lookup.put(found, name=name, start_date=_day(start_date), end_date=_day(end_date), active=active)
    request = pb.UpdateAcademicYearRequest(academic_year=found, update_mask=lookup.mask(changed))
    after = app.hub.call(request, pb.AcademicYear)
    app.done(after, f"{after.name} is from {after.start_date} to {after.end_date}.")


@command(years, "activate")
@click.argument("year")
def activate_year(app: App, year: str) -> None:
    """Work with this YEAR (name or id) instead of the active one."""
    found = lookup.academic_year(app.hub, year)
    request = pb.ActivateAcademicYearRequest(academic_year_id=found.id, etag=found.etag)
    after = app.hub.call(request, pb.AcademicYear)
    app.done(after, f"{after.name} is the active year.")


@command(years, "delete")
@click.argument("year")
def delete_year(app: App, year: str) -> None:
    """Delete an academic YEAR that has no terms."""
    found = lookup.academic_year(app.hub, year)
    gone = app.hub.call(pb.DeleteAcademicYearRequest(academic_year_id=found.id, etag=found.etag), Empty)
    app.done(gone, f"{found.name} is deleted.")


@command(terms, "list")
@click.option("--year", help="Of this academic year alone, by name or id.")
def list_terms(app: App, year: str | None) -> None:
    """List terms, the newest first."""
    request = pb.ListTermsRequest(academic_year_id=lookup.academic_year(app.hub, year).id if year else "")
    app.show_list(app.hub.items(request, pb.ListTermsResponse), _TERM)


@command(terms, "show")
@click.argument("term", required=False)
def show_term(app: App, term: str | None) -> None:
    """Show one TERM (first day or id), or that which runs."""
    app.show(lookup.term(app.hub, term), _TERM)


@command(terms, "create")
@click.argument("number", type=int)
@click.option("--year", required=True, help="Academic year, by name or id.")
@_first_needed
@_last_needed
def create_term(app: App, number: int, year: str, start_date: str, end_date: str) -> None:
    """Create a term of an academic year."""
    term = pb.Term(
        academic_year_id=lookup.academic_year(app.hub, year).id,
        number=number,
        start_date=lookup.day(start_date),
        end_date=lookup.day(end_date),
    )
    made = app.hub.call(pb.CreateTermRequest(request_id=new_request_id(), term=term), pb.Term)
    app.done(made, f"Term {made.number} is {made.id}.")


@command(terms, "update")
@click.argument("term")
@click.option("--number", type=int)
@_first
@_last
def update_term(app: App, term: str, number: int | None, start_date: str | None, end_date: str | None) -> None:
    """Change a TERM (first day or id)."""
    found = lookup.term(app.hub, term)
    changed = lookup.put(found, number=number, start_date=_day(start_date), end_date=_day(end_date))
    after = app.hub.call(pb.UpdateTermRequest(term=found, update_mask=lookup.mask(changed)), pb.Term)
    app.done(after, f"Term {after.number} is from {after.start_date} to {after.end_date}.")


@command(terms, "delete")
@click.argument("term")
def delete_term(app: App, term: str) -> None:
    """Delete a TERM (first day or id) in which nothing was enrolled."""
    found = lookup.term(app.hub, term)
    gone = app.hub.call(pb.DeleteTermRequest(term_id=found.id, etag=found.etag), Empty)
    app.done(gone, f"Term {found.number} from {found.start_date} is deleted.")


@command(calendar, "list")
@_first
@_last
@click.option("--group", help="Free for this class group, by itself or with the whole school; name or id.")
@click.option("--kind", type=click.Choice(_KINDS))
def list_days(app: App, start_date: str | None, end_date: str | None, group: str | None, kind: str | None) -> None:
    """List free days by date."""
    request = pb.ListCalendarDaysRequest(
        start_date=_day(start_date) or "",
        end_date=_day(end_date) or "",
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        kind=_kind(kind) if kind else pb.CalendarDay.KIND_UNSPECIFIED,
    )
    app.show_list(app.hub.items(request, pb.ListCalendarDaysResponse), _DAY)


@command(calendar, "create")
@click.argument("date")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), default="closure", show_default=True)
@click.option("--group", help="Free for this class group alone, by name or id.")
def create_day(app: App, date: str, name: str, kind: str, group: str | None) -> None:
    """Mark DATE as free; NAME tells why."""
    day = pb.CalendarDay(
        date=lookup.day(date),
        kind=_kind(kind),
        name=name,
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
    )
    made = app.hub.call(pb.CreateCalendarDayRequest(request_id=new_request_id(), calendar_day=day), pb.CalendarDay)
    app.done(made, f"{made.date} is free: {made.name}.")


@command(calendar, "update")
@click.argument("day")
@click.option("--group", help="The day of this class group, by name or id.")
@click.option("--date")
@click.option("--name")
@click.option("--kind", type=click.Choice(_KINDS))
def update_day(app: App, day: str, group: str | None, date: str | None, name: str | None, kind: str | None) -> None:
    """Change the free DAY (date or id)."""
    found = lookup.calendar_day(app.hub, day, group)
    changed = lookup.put(
        found, date=_day(date), name=name, kind=pb.CalendarDay.Kind.Value(_kind(kind)) if kind else None
    )
    after = app.hub.call(
        pb.UpdateCalendarDayRequest(calendar_day=found, update_mask=lookup.mask(changed)), pb.CalendarDay
    )
    app.done(after, f"{after.date} is free: {after.name}.")


@command(calendar, "delete")
@click.argument("day")
@click.option("--group", help="The day of this class group, by name or id.")
def delete_day(app: App, day: str, group: str | None) -> None:
    """Make the free DAY (date or id) an ordinary one again."""
    found = lookup.calendar_day(app.hub, day, group)
    gone = app.hub.call(pb.DeleteCalendarDayRequest(calendar_day_id=found.id, etag=found.etag), Empty)
    app.done(gone, f"{found.date} is an ordinary day.")


@command(calendar, "countries")
def countries(app: App) -> None:
    """List the countries whose public holidays are known."""
    app.show_list(
        app.hub.items(pb.ListHolidayCountriesRequest(), pb.ListHolidayCountriesResponse),
        {
            "Code": lambda one: one.code,
            "Name": lambda one: one.name,
            "Subdivisions": lambda one: " ".join(one.subdivisions),
        },
    )


@command(calendar, "holidays")
@_first_needed
@_last_needed
@click.option("--country", default="", help="Such as KE; the school's when left out.")
@click.option("--subdivision", default="", help="See `roster calendar countries`.")
@click.option("--dry-run", is_flag=True, help="Tell which days it would be; store nothing.")
def import_holidays(app: App, start_date: str, end_date: str, country: str, subdivision: str, *, dry_run: bool) -> None:
    """Mark the public holidays of a country as free; days that are marked already stay as they are."""
    request = pb.ImportHolidaysRequest(
        country=country,
        subdivision=subdivision,
        start_date=lookup.day(start_date),
        end_date=lookup.day(end_date),
        validate_only=dry_run,
    )
    done = app.hub.call(request, pb.ImportHolidaysResponse)
    if not app.as_json:
        app.show_list(done.created, {heading: _DAY[heading] for heading in ("Date", "Name")})
    counts = f"{len(done.created)} days marked, {len(done.unchanged)} were so already"
    app.done(done, f"{counts}." if done.committed else f"Dry run, nothing stored; it would be: {counts}.")


def _day(text: str | None) -> str | None:
    return lookup.day(text) if text else None


def _kind(text: str) -> str:
    return f"KIND_{text.upper().replace('-', '_')}"
