"""When trainers can teach."""

from collections.abc import Iterable

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.rooms import parse_window, window_text
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.timetable.v1 import availability_pb2 as pb
from smartroster.users.v1 import users_pb2

_KINDS = {"available": "KIND_AVAILABLE", "preferred": "KIND_PREFERRED", "unavailable": "KIND_UNAVAILABLE"}


@click.group("availability")
def availability() -> None:
    """When trainers can teach: their weekly windows and absences."""


def add_to(root: click.Group) -> None:
    root.add_command(availability)


def _windows_text(one: pb.TrainerAvailability) -> str:
    return ", ".join(f"{enum_text(each, 'kind')} {window_text(each.window)}" for each in one.windows)


@command(availability, "show")
@click.argument("trainer")
@click.option("--term", help="By id or first day; what holds for all terms when left out.")
def show(app: App, trainer: str, term: str | None) -> None:
    """Show the weekly windows of a trainer, by e-mail, staff number or id."""
    request = pb.GetTrainerAvailabilityRequest(
        trainer_id=lookup.user(app.hub, trainer).id, term_id=lookup.term(app.hub, term).id if term else ""
    )
    app.show(
        app.hub.call(request, pb.TrainerAvailability),
        {"Trainer": lambda _: trainer, "Windows": lambda one: _windows_text(one) or "always"},
    )


@command(availability, "set")
@click.argument("trainer")
@click.option("--term", help="By id or first day; for all terms when left out.")
@click.option("--available", multiple=True, help='Such as "mon 08:00-12:00"; can be given several times.')
@click.option("--preferred", multiple=True)
@click.option("--unavailable", multiple=True)
def set_windows(
    app: App,
    trainer: str,
    term: str | None,
    available: tuple[str, ...],
    preferred: tuple[str, ...],
    unavailable: tuple[str, ...],
) -> None:
    """Replace the weekly windows of a trainer; without any, the trainer can always teach."""
    given: Iterable[tuple[str, tuple[str, ...]]] = (
        ("available", available),
        ("preferred", preferred),
        ("unavailable", unavailable),
    )
    found = lookup.user(app.hub, trainer)
    wanted = pb.TrainerAvailability(
        trainer_id=found.id,
        term_id=lookup.term(app.hub, term).id if term else "",
        windows=[
            pb.AvailabilityWindow(window=parse_window(text), kind=_KINDS[kind])
            for kind, texts in given
            for text in texts
        ],
    )
    request = pb.UpdateTrainerAvailabilityRequest(trainer_availability=wanted)
    made = app.hub.call(request, pb.TrainerAvailability)
    app.done(made, f"{found.given_name} {found.family_name}: {_windows_text(made) or 'always available'}.")


@command(availability, "absences")
@click.option("--trainer", help="By e-mail, staff number or id.")
@click.option("--from", "first", help="Those that end then or later.")
def list_absences(app: App, trainer: str | None, first: str | None) -> None:
    """List absences."""
    request = pb.ListTrainerAbsencesRequest(
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
        start_date=lookup.day(first) if first else "",
    )
    people = {
        one.id: f"{one.given_name} {one.family_name}"
        for one in app.hub.items(users_pb2.ListUsersRequest(role=users_pb2.ROLE_TRAINER), users_pb2.ListUsersResponse)
    }
    app.show_list(
        app.hub.items(request, pb.ListTrainerAbsencesResponse),
        {
            "Trainer": lambda one: people.get(one.trainer_id, one.trainer_id),
            "From": lambda one: one.start_date,
            "To": lambda one: one.end_date,
            "Reason": lambda one: one.reason,
            "ID": lambda one: one.id,
        },
    )


@command(availability, "away")
@click.argument("trainer")
@click.option("--from", "first", required=True)
@click.option("--to", "last", help="The same day when left out.")
@click.option("--reason", default="")
def away(app: App, trainer: str, first: str, last: str | None, reason: str) -> None:
    """Record that a trainer is away."""
    absence = pb.TrainerAbsence(
        trainer_id=lookup.user(app.hub, trainer).id,
        start_date=lookup.day(first),
        end_date=lookup.day(last or first),
        reason=reason,
    )
    request = pb.CreateTrainerAbsenceRequest(request_id=new_request_id(), trainer_absence=absence)
    made = app.hub.call(request, pb.TrainerAbsence)
    app.done(made, f"Away from {made.start_date} to {made.end_date}.")


@command(availability, "back")
@click.argument("absence_id")
def back(app: App, absence_id: str) -> None:
    """Take an absence back."""
    gone = app.hub.call(pb.DeleteTrainerAbsenceRequest(trainer_absence_id=absence_id), pb.TrainerAbsence)
    app.done(gone, "The absence is taken back.")
