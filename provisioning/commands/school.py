"""The college itself: its data, logo, figures, whole structure by workbook, and the turn of the year."""

import sys
from pathlib import Path

import click

from provisioning import lookup, spreadsheets
from provisioning.app import App, command
from provisioning.commands import school_calendar, school_parts
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.courses.v1 import one_roster_pb2
from smartroster.imports.v1 import imports_pb2
from smartroster.school.v1 import rollover_pb2, statistics_pb2, structure_pb2
from smartroster.school.v1 import school_pb2 as pb

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_TARGET = click.Path(path_type=Path, dir_okay=False)
_LEVELS = [
    name.removeprefix("LEVEL_").lower().replace("_", "-") for name, number in statistics_pb2.Level.items() if number
]


@click.group("school")
def school() -> None:
    """The college itself."""


@click.group("logo")
def logo() -> None:
    """The college's logo."""


def add_to(root: click.Group) -> None:
    school.add_command(logo)
    root.add_command(school)
    school_parts.add_to(root)
    school_calendar.add_to(root)


_COLUMNS = {
    "Name": lambda one: one.name,
    "Code": lambda one: one.code,
    "Address": lambda one: one.address,
    "Time zone": lambda one: one.time_zone,
    "Locale": lambda one: one.locale,
    "Levels": lambda one: ", ".join(one.programme_levels),
    "Usual places in a group": lambda one: one.default_policies.class_group_capacity or "not limited",
    "Usual years of a programme": lambda one: one.default_policies.programme_duration_years or 1,
    "Usual terms a year": lambda one: one.default_policies.terms_per_year or 3,
    "Holidays of": lambda one: (
        f"{one.default_policies.holiday_country} {one.default_policies.holiday_subdivision}".strip()
    ),
    "Logo": lambda one: one.logo_media_type,
}


@command(school, "show")
def show(app: App) -> None:
    """Show the college."""
    app.show(app.hub.call(pb.GetSchoolRequest(), pb.School), _COLUMNS)


@command(school, "create")
@click.option("--name", required=True)
@click.option("--code", required=True)
@click.option("--time-zone", required=True, help="IANA name, such as Africa/Nairobi.")
@click.option("--address", default="")
@click.option("--locale", default="en", show_default=True)
@click.option("--level", "levels", multiple=True, help="What programmes may be, such as diploma; again for each.")
@click.option("--country", default="", help="Whose holidays are kept, such as KE.")
def create(
    app: App, name: str, code: str, time_zone: str, address: str, locale: str, levels: tuple[str, ...], country: str
) -> None:
    """Create the college: once."""
    wanted = pb.School(
        name=name,
        code=code,
        time_zone=time_zone,
        address=address,
        locale=locale,
        programme_levels=levels,
        default_policies=pb.DefaultPolicies(holiday_country=country),
    )
    made = app.hub.call(pb.CreateSchoolRequest(request_id=new_request_id(), school=wanted), pb.School)
    app.done(made, f"{made.name} keeps its time in {made.time_zone}.")


@command(school, "update")
@click.option("--name")
@click.option("--code")
@click.option("--time-zone", help="IANA name, such as Africa/Nairobi.")
@click.option("--address")
@click.option("--locale")
@click.option("--level", "levels", multiple=True, help="The whole new list of levels; again for each.")
@click.option("--capacity", type=int, help="Usual places in a class group; 0: not limited.")
@click.option("--years", type=int, help="Usual years of a programme.")
@click.option("--terms-per-year", type=int, help="Usual terms a year.")
@click.option("--country", help="Whose holidays are kept, such as KE.")
@click.option("--subdivision", help="Of the country; see `roster calendar countries`.")
def update(
    app: App,
    name: str | None,
    code: str | None,
    time_zone: str | None,
    address: str | None,
    locale: str | None,
    levels: tuple[str, ...],
    capacity: int | None,
    years: int | None,
    terms_per_year: int | None,
    country: str | None,
    subdivision: str | None,
) -> None:
    """Change the college's data; what is left out stays."""
    found = app.hub.call(pb.GetSchoolRequest(), pb.School)
    mask = lookup.put(found, name=name, code=code, time_zone=time_zone, address=address, locale=locale)
    if levels:
        del found.programme_levels[:]
        found.programme_levels.extend(levels)
        mask.append("programme_levels")
    if lookup.put(
        found.default_policies,
        class_group_capacity=capacity,
        programme_duration_years=years,
        terms_per_year=terms_per_year,
        holiday_country=country,
        holiday_subdivision=subdivision,
    ):
        mask.append("default_policies")
    if not mask:
        raise BadInput("Say what is to change: see --help.")
    after = app.hub.call(pb.UpdateSchoolRequest(school=found, update_mask={"paths": mask}), pb.School)
    app.done(after, f"{after.name} has changed.")


@command(logo, "set")
@click.argument("file", type=_FILE)
def set_logo(app: App, file: Path) -> None:
    """Take the PNG or JPEG FILE as the logo."""
    after = app.hub.call(pb.SetLogoRequest(content=spreadsheets.read_file(file)), pb.School)
    app.done(after, f"{after.name} has a logo.")


@command(logo, "save")
@click.argument("file", type=_TARGET)
def save_logo(app: App, file: Path) -> None:
    """Save the logo as FILE."""
    found = app.hub.call(pb.GetLogoRequest(), pb.Logo)
    spreadsheets.save(imports_pb2.Workbook(content=found.content), file)
    app.done(pb.Logo(media_type=found.media_type, width=found.width, height=found.height), f"Saved {file}.")


@command(logo, "delete")
def delete_logo(app: App) -> None:
    """Remove the logo."""
    app.done(app.hub.call(pb.DeleteLogoRequest(), pb.School), "There is no logo now.")


@command(school, "statistics")
@click.argument("level", type=click.Choice(_LEVELS), default="department")
@click.option("--department", help="Of this one alone, by code or id.")
@click.option("--programme", help="Of this one alone, by code or id.")
@click.option("--date", "day", help="YYYY-MM-DD; today when left out.")
def statistics(app: App, level: str, department: str | None, programme: str | None, day: str | None) -> None:
    """Count programmes, class groups, trainees, trainers and rooms of each part of a LEVEL."""
    request = statistics_pb2.ListStatisticsRequest(
        level=f"LEVEL_{level.upper().replace('-', '_')}",
        department_id=lookup.department(app.hub, department).id if department else "",
        programme_id=lookup.programme(app.hub, programme).id if programme else "",
        date=lookup.day(day) if day else "",
    )
    app.show_list(
        app.hub.items(request, statistics_pb2.ListStatisticsResponse),
        {
            "Code": lambda one: one.code,
            "Name": lambda one: one.name,
            "Departments": lambda one: one.departments or "",
            "Programmes": lambda one: one.programmes or "",
            "Groups": lambda one: one.class_groups or "",
            "Trainees": lambda one: one.trainees,
            "Trainers": lambda one: one.trainers,
            "Rooms": lambda one: one.rooms,
        },
    )


@command(school, "template")
@click.option("--output", type=_TARGET, help="Where to; the hub's name for it when left out.")
def template(app: App, output: Path | None) -> None:
    """Save the workbook to fill in with departments, programmes, class groups, terms and holidays."""
    answer = app.hub.call(structure_pb2.GetStructureTemplateRequest(), imports_pb2.Workbook)
    _saved(app, answer, output)


@command(school, "export")
@click.option("--output", type=_TARGET, help="Where to; the hub's name for it when left out.")
def export(app: App, output: Path | None) -> None:
    """Save the present structure as a workbook that could be imported again."""
    _saved(app, app.hub.call(structure_pb2.ExportStructureRequest(), imports_pb2.Workbook), output)


@command(school, "import")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Check and count only; store nothing.")
def import_structure(app: App, file: Path, *, dry_run: bool) -> None:
    """Make or change what the filled-in workbook FILE has, all or nothing."""
    data = spreadsheets.read_file(file)
    spreadsheets.run_import(app, structure_pb2.ImportStructureRequest(workbook=data, validate_only=dry_run))


@command(school, "oneroster")
@click.argument("file", type=_FILE)
@click.option("--department", help="Of courses and teachers whose org is the school itself, by code or id.")
@click.option("--level", default="", help="Of new programmes; the first of the school's when left out.")
@click.option("--dry-run", is_flag=True, help="Check and count only; store nothing.")
def import_one_roster(app: App, file: Path, department: str | None, level: str, *, dry_run: bool) -> None:
    """Take over the roster of another system: FILE is a OneRoster 1.2 zip of CSV files, exported in bulk."""
    request = one_roster_pb2.ImportOneRosterRequest(
        archive=spreadsheets.read_file(file),
        validate_only=dry_run,
        department_id=lookup.department(app.hub, department).id if department else "",
        programme_level=level,
    )
    spreadsheets.run_import(app, request)


@command(school, "rollover")
@click.option("--dry-run", is_flag=True, help="Tell what would be done; store nothing.")
@click.option("--year", help="The academic year to start from, by name or id; the active one when left out.")
@click.option("--name", default="", help="Of the next year; made from this one's when left out.")
@click.option("--from", "start_date", help="Its first day; the same a year later when left out.")
@click.option("--to", "end_date", help="Its last day; the same a year later when left out.")
@click.option("--merge", "merges", nargs=2, multiple=True, help="GROUP TARGET: its trainees go on in the other.")
@click.option("--repeat", "repeats", nargs=2, multiple=True, help="PERSON GROUP: this trainee goes on in that one.")
@click.option("--add-intake", is_flag=True, help="Make first-year class groups for the next intake.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def rollover(
    app: App,
    year: str | None,
    name: str,
    start_date: str | None,
    end_date: str | None,
    merges: tuple[tuple[str, str], ...],
    repeats: tuple[tuple[str, str], ...],
    *,
    dry_run: bool,
    add_intake: bool,
    yes: bool,
) -> None:
    """Make the next academic year: terms, class groups, memberships, graduates, and what to enrol."""
    request = rollover_pb2.RollOverRequest(
        academic_year_id=lookup.academic_year(app.hub, year).id if year else "",
        name=name,
        start_date=lookup.day(start_date) if start_date else "",
        end_date=lookup.day(end_date) if end_date else "",
        moves=[
            rollover_pb2.GroupMove(
                class_group_id=lookup.class_group(app.hub, source).id,
                target_class_group_id=lookup.class_group(app.hub, target).id,
            )
            for source, target in merges
        ],
        trainee_moves=[
            rollover_pb2.TraineeMove(
                trainee_id=lookup.user(app.hub, person).id,
                target_class_group_id=lookup.class_group(app.hub, target).id,
            )
            for person, target in repeats
        ],
        add_intake=add_intake,
        validate_only=True,
    )
    planned = app.hub.call(request, rollover_pb2.RollOverResponse)
    if dry_run:
        _tell(app, planned)
        return
    if not (yes or app.as_json):
        if not sys.stdin.isatty():
            raise BadInput("Nobody is here to be asked: look with --dry-run, then say --yes.")
        _tell(app, planned)
        click.confirm("Do it?", abort=True)
    request.validate_only = False
    _tell(app, app.hub.call(request, rollover_pb2.RollOverResponse))


def _tell(app: App, done: rollover_pb2.RollOverResponse) -> None:
    if app.as_json:
        app.done(done, "")
        return
    app.show_list(
        done.steps,
        {
            "Class group": lambda one: one.name,
            "Year of study": lambda one: one.year_of_study or "",
            "What": lambda one: enum_text(one, "kind"),
            "To": lambda one: one.target_name if one.target_name != one.name else "",
            "Trainees": lambda one: one.trainees,
            "On": lambda one: one.date,
        },
    )
    if done.created_class_groups:
        click.echo(f"New class groups: {', '.join(group.name for group in done.created_class_groups)}.")
    if done.proposals:
        app.show_list(
            done.proposals,
            {
                "To enrol": lambda one: one.class_group_name,
                "Term": lambda one: one.term_number,
                "Course": lambda one: f"{one.course_code} {one.course_title}",
                "Last trainer": lambda one: one.trainer_id,
            },
        )
    year = done.academic_year
    counts = (
        f"{done.created_terms} new terms, {done.moved_trainees} trainees go on, {done.graduating_trainees} graduate"
    )
    when = f"{year.name} from {year.start_date} to {year.end_date}: {counts}."
    app.done(done, when if done.committed else f"Dry run, nothing stored; it would be: {when}")


def _saved(app: App, workbook: imports_pb2.Workbook, output: Path | None) -> None:
    path = spreadsheets.save(workbook, output)
    app.done(imports_pb2.Workbook(file_name=str(path)), f"Saved {path}.")
