"""Who is taught what, by whom, and how it goes."""

from collections.abc import Mapping
from pathlib import Path

import click
from google.protobuf.empty_pb2 import Empty
from google.protobuf.field_mask_pb2 import FieldMask

from provisioning import lookup, spreadsheets
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from provisioning.output import Columns, enum_text
from smartroster.courses.v1 import courses_pb2
from smartroster.courses.v1 import enrolments_pb2 as pb
from smartroster.imports.v1 import imports_pb2
from smartroster.school.v1 import school_pb2
from smartroster.users.v1 import users_pb2


@click.group("enrolments")
def enrolments() -> None:
    """Which class group takes which course, with whom."""


@click.group("loans")
def loans() -> None:
    """Trainers lent to other departments."""


def add_to(root: click.Group) -> None:
    root.add_command(enrolments)
    root.add_command(loans)


_TERM = click.option("--term", help="By id or first day; the one that runs when left out.")
_ENROLMENT = click.argument("enrolment")  # an id, or COURSE@CLASS-GROUP of the term that runs


def names_in(app: App) -> Mapping[str, str]:
    """What to call courses, class groups and trainers, by their ids; nothing where JSON is asked for."""
    if app.as_json:
        return {}
    every = courses_pb2.ListCoursesRequest(include_archived=True)
    groups = school_pb2.ListClassGroupsRequest(include_archived=True)
    trainers = users_pb2.ListUsersRequest(role=users_pb2.ROLE_TRAINER, include_disabled=True)
    return (
        {one.id: one.code for one in app.hub.items(every, courses_pb2.ListCoursesResponse)}
        | {one.id: one.name for one in app.hub.items(groups, school_pb2.ListClassGroupsResponse)}
        | {
            one.id: f"{one.given_name} {one.family_name}"
            for one in app.hub.items(trainers, users_pb2.ListUsersResponse)
        }
    )


@command(enrolments, "list")
@click.option("--term", help="By id or first day; all when left out.")
@click.option("--course", help="By code or id.")
@click.option("--group", help="Class group, by name or id.")
@click.option("--programme", help="By code or id.")
@click.option("--trainer", help="By e-mail, staff number or id.")
@click.option("--state", type=click.Choice(("scheduled", "in-progress", "completed", "cancelled")))
def list_enrolments(
    app: App,
    term: str | None,
    course: str | None,
    group: str | None,
    programme: str | None,
    trainer: str | None,
    state: str | None,
) -> None:
    """List enrolments."""
    request = pb.ListEnrolmentsRequest(
        term_id=lookup.term(app.hub, term).id if term else "",
        course_id=lookup.course(app.hub, course).id if course else "",
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        programme_id=lookup.programme(app.hub, programme).id if programme else "",
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
    )
    if state:
        request.MergeFrom(pb.ListEnrolmentsRequest(state=f"STATE_{state.upper().replace('-', '_')}"))
    app.show_list(app.hub.items(request, pb.ListEnrolmentsResponse), _columns(names_in(app)))


@command(enrolments, "show")
@_ENROLMENT
def show_enrolment(app: App, enrolment: str) -> None:
    """Show an enrolment, by id or as COURSE@CLASS-GROUP."""
    found = lookup.enrolment(app.hub, enrolment)
    app.show(found, {**_columns(names_in(app)), "Cancelled because": lambda one: one.cancel_reason})


@command(enrolments, "create")
@click.option("--course", required=True, help="By code or id.")
@click.option("--group", required=True, help="Class group, by name or id.")
@click.option("--trainer", required=True, help="By e-mail, staff number or id.")
@_TERM
def create_enrolment(app: App, course: str, group: str, trainer: str, term: str | None) -> None:
    """Enrol a class group in a course that its curriculum map has for the term, with a trainer."""
    enrolment = pb.Enrolment(
        class_group_id=lookup.class_group(app.hub, group).id,
        course_id=lookup.course(app.hub, course).id,
        term_id=lookup.term(app.hub, term).id,
        trainer_id=lookup.user(app.hub, trainer).id,
    )
    made = app.hub.call(pb.CreateEnrolmentRequest(request_id=new_request_id(), enrolment=enrolment), pb.Enrolment)
    app.done(made, f"Enrolment {made.id}.")


@command(enrolments, "trainer")
@_ENROLMENT
@click.argument("trainer")
def change_trainer(app: App, enrolment: str, trainer: str) -> None:
    """Give an enrolment another TRAINER, by e-mail, staff number or id."""
    found, person = lookup.enrolment(app.hub, enrolment), lookup.user(app.hub, trainer)
    found.trainer_id = person.id
    made = app.hub.call(pb.UpdateEnrolmentRequest(enrolment=found), pb.Enrolment)
    app.done(made, f"{person.given_name} {person.family_name} takes it.")


@command(enrolments, "start")
@_ENROLMENT
def start(app: App, enrolment: str) -> None:
    """Start an enrolment before its term does."""
    found = lookup.enrolment(app.hub, enrolment)
    made = app.hub.call(pb.StartEnrolmentRequest(enrolment_id=found.id, etag=found.etag), pb.Enrolment)
    app.done(made, "The enrolment is in progress.")


@command(enrolments, "complete")
@_ENROLMENT
def complete(app: App, enrolment: str) -> None:
    """Complete an enrolment before its term ends."""
    found = lookup.enrolment(app.hub, enrolment)
    made = app.hub.call(pb.CompleteEnrolmentRequest(enrolment_id=found.id, etag=found.etag), pb.Enrolment)
    app.done(made, "The enrolment is completed.")


@command(enrolments, "cancel")
@_ENROLMENT
@click.option("--reason", required=True)
def cancel(app: App, enrolment: str, reason: str) -> None:
    """Cancel an enrolment; what was held of it stays."""
    found = lookup.enrolment(app.hub, enrolment)
    request = pb.CancelEnrolmentRequest(enrolment_id=found.id, reason=reason, etag=found.etag)
    app.done(app.hub.call(request, pb.Enrolment), "The enrolment is cancelled.")


@command(enrolments, "delete")
@_ENROLMENT
def delete(app: App, enrolment: str) -> None:
    """Delete an enrolment that has not begun."""
    found = lookup.enrolment(app.hub, enrolment)
    app.hub.call(pb.DeleteEnrolmentRequest(enrolment_id=found.id, etag=found.etag), Empty)
    app.done(found, "Deleted the enrolment.")


@command(enrolments, "template")
@_TERM
@click.option("--department", help="Class groups of its programmes alone, by code or id.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The hub's name for it when left out.")
def template(app: App, term: str | None, department: str | None, output: Path | None) -> None:
    """Save a term's workbook: every class group and its due courses, the trainers left to choose."""
    request = pb.GetEnrolmentsTemplateRequest(
        term_id=lookup.term(app.hub, term).id,
        department_id=lookup.department(app.hub, department).id if department else "",
    )
    path = spreadsheets.save(app.hub.call(request, imports_pb2.Workbook), output)
    app.done(imports_pb2.Workbook(file_name=str(path)), f"Saved {path}.")


@command(enrolments, "import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_TERM
@click.option("--dry-run", is_flag=True, help="Check and count only; store nothing.")
def import_enrolments(app: App, file: Path, term: str | None, *, dry_run: bool) -> None:
    """Register a term's enrolments by the filled-in workbook FILE, all or none."""
    request = pb.ImportEnrolmentsRequest(
        term_id=lookup.term(app.hub, term).id, workbook=spreadsheets.read_file(file), validate_only=dry_run
    )
    spreadsheets.run_import(app, request)


@command(enrolments, "exceptions")
@_ENROLMENT
def list_exceptions(app: App, enrolment: str) -> None:
    """List who was added to an enrolment or left out of it."""
    request = pb.ListEnrolmentExceptionsRequest(enrolment_id=lookup.enrolment(app.hub, enrolment).id)
    app.show_list(
        app.hub.items(request, pb.ListEnrolmentExceptionsResponse),
        {
            "Trainee": lambda one: one.trainee_id,
            "Is": lambda one: enum_text(one, "kind"),
            "From": lambda one: one.start_date,
            "To": lambda one: one.end_date or "the term's end",
            "Reason": lambda one: one.reason,
            "ID": lambda one: one.id,
        },
    )


@command(enrolments, "except")
@_ENROLMENT
@click.argument("trainee")
@click.argument("kind", type=click.Choice(("added", "left-out")))
@click.option("--from", "start_date", required=True, help="First day, YYYY-MM-DD or today.")
@click.option("--to", "end_date", help="Last day; to the term's end when left out.")
@click.option("--reason", default="")
def add_exception(
    app: App, enrolment: str, trainee: str, kind: str, start_date: str, end_date: str | None, reason: str
) -> None:
    """Add TRAINEE to an enrolment, as for a retake, or leave one out, as with an exemption, for some days."""
    exception = pb.EnrolmentException(
        enrolment_id=lookup.enrolment(app.hub, enrolment).id,
        trainee_id=lookup.user(app.hub, trainee).id,
        kind=f"KIND_{kind.upper().replace('-', '_')}",
        start_date=lookup.day(start_date),
        end_date=lookup.day(end_date) if end_date else "",
        reason=reason,
    )
    request = pb.CreateEnrolmentExceptionRequest(request_id=new_request_id(), enrolment_exception=exception)
    made = app.hub.call(request, pb.EnrolmentException)
    app.done(made, f"The trainee is {enum_text(made, 'kind')}; that is exception {made.id}.")


@command(enrolments, "end-exception")
@click.argument("exception_id")
@click.argument("end_date")
def end_exception(app: App, exception_id: str, end_date: str) -> None:
    """Let an exception end on END_DATE (YYYY-MM-DD)."""
    exception = pb.EnrolmentException(id=exception_id, end_date=lookup.day(end_date))
    request = pb.UpdateEnrolmentExceptionRequest(
        enrolment_exception=exception, update_mask=FieldMask(paths=["end_date"])
    )
    made = app.hub.call(request, pb.EnrolmentException)
    app.done(made, f"It ends on {made.end_date}.")


@command(enrolments, "delete-exception")
@click.argument("exception_id")
def delete_exception(app: App, exception_id: str) -> None:
    """Delete an exception that has not begun."""
    app.hub.call(pb.DeleteEnrolmentExceptionRequest(enrolment_exception_id=exception_id), Empty)
    app.done(pb.EnrolmentException(id=exception_id), "Deleted the exception.")


@command(loans, "list")
@click.option("--trainer", help="By e-mail, staff number or id.")
@click.option("--department", help="The borrower, by code or id.")
@click.option("--on", "on_date", help="Those that hold on this day, YYYY-MM-DD or today.")
def list_loans(app: App, trainer: str | None, department: str | None, on_date: str | None) -> None:
    """List which trainers are lent to which departments."""
    request = pb.ListTrainerLoansRequest(
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
        department_id=lookup.department(app.hub, department).id if department else "",
        on_date=lookup.day(on_date) if on_date else "",
    )
    app.show_list(
        app.hub.items(request, pb.ListTrainerLoansResponse),
        {
            "Trainer": lambda one: one.trainer_id,
            "Department": lambda one: one.department_id,
            "From": lambda one: one.start_date,
            "To": lambda one: one.end_date or "further notice",
            "Reason": lambda one: one.reason,
            "ID": lambda one: one.id,
        },
    )


@command(loans, "create")
@click.argument("trainer")
@click.argument("department")
@click.option("--from", "start_date", required=True, help="First day, YYYY-MM-DD or today.")
@click.option("--to", "end_date", help="Last day; until further notice when left out.")
@click.option("--reason", default="")
def create_loan(app: App, trainer: str, department: str, start_date: str, end_date: str | None, reason: str) -> None:
    """Lend TRAINER to DEPARTMENT."""
    loan = pb.TrainerLoan(
        trainer_id=lookup.user(app.hub, trainer).id,
        department_id=lookup.department(app.hub, department).id,
        start_date=lookup.day(start_date),
        end_date=lookup.day(end_date) if end_date else "",
        reason=reason,
    )
    request = pb.CreateTrainerLoanRequest(request_id=new_request_id(), trainer_loan=loan)
    made = app.hub.call(request, pb.TrainerLoan)
    app.done(made, f"Loan {made.id}.")


@command(loans, "end")
@click.argument("loan_id")
@click.argument("end_date")
def end_loan(app: App, loan_id: str, end_date: str) -> None:
    """Let a loan end on END_DATE (YYYY-MM-DD)."""
    loan = pb.TrainerLoan(id=loan_id, end_date=lookup.day(end_date))
    request = pb.UpdateTrainerLoanRequest(trainer_loan=loan, update_mask=FieldMask(paths=["end_date"]))
    made = app.hub.call(request, pb.TrainerLoan)
    app.done(made, f"It ends on {made.end_date}.")


@command(loans, "delete")
@click.argument("loan_id")
def delete_loan(app: App, loan_id: str) -> None:
    """Delete a loan on which no enrolment rests."""
    app.hub.call(pb.DeleteTrainerLoanRequest(trainer_loan_id=loan_id), Empty)
    app.done(pb.TrainerLoan(id=loan_id), "Deleted the loan.")


def _columns(names: Mapping[str, str]) -> Columns:
    return {
        "Course": lambda one: names.get(one.course_id, one.course_id),
        "Class group": lambda one: names.get(one.class_group_id, one.class_group_id),
        "Trainer": lambda one: names.get(one.trainer_id, one.trainer_id),
        "State": lambda one: enum_text(one, "state"),
        "ID": lambda one: one.id,
    }
