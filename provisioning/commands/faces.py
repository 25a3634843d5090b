"""Consent and face templates."""

from pathlib import Path

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.faces.v1 import faces_pb2 as pb


@click.group("faces")
def faces() -> None:
    """Face templates. They never leave the hub but for the room's devices."""


@click.group("consent")
def consent() -> None:
    """Whether a person agreed to the use of their face."""


def add_to(root: click.Group) -> None:
    root.add_command(faces)
    root.add_command(consent)


@command(consent, "give")
@click.argument("person")
@click.option("--guardian", default="", help="Guardian's name; needed for minors.")
def give(app: App, person: str, guardian: str) -> None:
    """Record that PERSON agreed."""
    user = lookup.user(app.hub, person)
    request = pb.GiveConsentRequest(request_id=new_request_id(), person_id=user.id, guardian_name=guardian)
    app.done(app.hub.call(request, pb.Consent), f"{user.given_name} {user.family_name} agreed.")


@command(consent, "withdraw")
@click.argument("person")
@click.option("--reason", default="")
def withdraw(app: App, person: str, reason: str) -> None:
    """Record that PERSON no longer agrees: templates are erased here at once, on devices at their next sync."""
    user = lookup.user(app.hub, person)
    after = app.hub.call(pb.WithdrawConsentRequest(person_id=user.id, reason=reason), pb.Consent)
    app.done(after, f"Erased. Follow the devices with `roster faces erasures {person}`.")


@command(faces, "register")
@click.argument("person")
@click.argument("photos", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
def register(app: App, person: str, photos: tuple[Path, ...]) -> None:
    """Make PERSON known at the doors from 3 to 5 photos, one face each."""
    user = lookup.user(app.hub, person)
    request = pb.RegisterFaceRequest(
        request_id=new_request_id(), person_id=user.id, photos=[photo.read_bytes() for photo in photos]
    )
    made = app.hub.call(request, pb.FaceRegistration)
    clash = " It is alike to another person's: staff must decide before it counts." if made.HasField("clash") else ""
    app.done(made, f"{user.given_name} {user.family_name}: {made.template_count} templates ({made.engine}).{clash}")


@command(faces, "show")
@click.argument("person")
def show(app: App, person: str) -> None:
    """Show whether PERSON has templates, and the consent."""
    user = lookup.user(app.hub, person)
    app.show(
        app.hub.call(pb.GetFaceRegistrationRequest(person_id=user.id), pb.FaceRegistration),
        {
            "Person": lambda _: f"{user.given_name} {user.family_name}",
            "Consent": lambda one: enum_text(one.consent, "state"),
            "Guardian": lambda one: one.consent.guardian_name,
            "Templates": lambda one: one.template_count,
            "Engine": lambda one: one.engine,
            "Registered": lambda one: one.registered_time,
            "Waits for a decision": lambda one: one.HasField("clash"),
        },
    )


@command(faces, "verify")
@click.argument("person")
@click.argument("photo", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(app: App, person: str, photo: Path) -> None:
    """Compare one PHOTO with one PERSON."""
    user = lookup.user(app.hub, person)
    app.show(
        app.hub.call(pb.VerifyFaceRequest(person_id=user.id, photo=photo.read_bytes()), pb.VerifyFaceResponse),
        {
            "Same person": lambda one: one.same_person,
            "Similarity": lambda one: one.similarity,
            "Why": lambda one: ", ".join(one.reasons),
        },
    )


@command(faces, "clashes")
@click.option("--all", "include_resolved", is_flag=True, help="Decided ones too.")
def clashes(app: App, *, include_resolved: bool) -> None:
    """List faces that two accounts share."""
    request = pb.ListFaceClashesRequest(include_resolved=include_resolved)
    app.show_list(
        app.hub.items(request, pb.ListFaceClashesResponse),
        {
            "Found": lambda one: one.found_time,
            "Person": lambda one: one.person_id,
            "Other": lambda one: one.other_person_id,
            "Similarity": lambda one: one.similarity,
            "Decision": lambda one: enum_text(one, "resolution"),
            "ID": lambda one: one.id,
        },
    )


@command(faces, "resolve")
@click.argument("clash_id", metavar="CLASH")
@click.argument("decision", type=click.Choice(["keep", "erase"]))
@click.option("--reason", required=True)
def resolve(app: App, clash_id: str, decision: str, reason: str) -> None:
    """Decide a clash: keep the new registration, or erase it."""
    resolution = pb.FaceClash.RESOLUTION_KEPT if decision == "keep" else pb.FaceClash.RESOLUTION_ERASED
    request = pb.ResolveFaceClashRequest(face_clash_id=clash_id, resolution=resolution, reason=reason)
    app.done(app.hub.call(request, pb.FaceClash), "Decided.")


@command(faces, "erasures")
@click.argument("person")
def erasures(app: App, person: str) -> None:
    """Show which devices have confirmed that PERSON's templates are gone."""
    user = lookup.user(app.hub, person)
    answer = app.hub.call(pb.ListErasureProofsRequest(person_id=user.id), pb.ListErasureProofsResponse)
    app.show_list(
        answer.erasure_proofs,
        {
            "Device": lambda one: one.device_id,
            "Withdrawn": lambda one: one.withdrawn_time,
            "Confirmed": lambda one: one.acknowledged_time if one.HasField("acknowledged_time") else "waits",
        },
    )
