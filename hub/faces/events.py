"""Who, never what: no encoding, image or similarity travels in an event."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FacesChanged(Event):
    """The person's templates were replaced, erased, or released after a clash: galleries differ from now on."""

    name: ClassVar[str] = "faces.changed"
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    name: ClassVar[str] = "faces.consent_withdrawn"
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceClashFound(Event):
    name: ClassVar[str] = "faces.clash_found"
    clash_id: UUID
    person_id: UUID
    other_person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhotosWanted(Event):
    """The person's templates are of an engine that is no longer used; photos are not kept, so new ones are needed."""

    name: ClassVar[str] = "faces.new_photos_wanted"
    person_id: UUID
