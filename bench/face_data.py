"""Folders of faces, read and encoded as the product does it: `enrolled/<name>/*.jpg` and `strangers/*.jpg`."""

from dataclasses import dataclass
from pathlib import Path

from presence.faces.detector import main_face
from presence.faces.engine import Engine, encode_face
from presence.faces.photo import decode_photo
from presence.faces.registration import find_faces
from presence.faces.types import Encoding

ENROLLING_PHOTOS = 3


class NoFaceData(SystemExit):
    """The folder doesn't hold what the benchmark needs."""


@dataclass(frozen=True, slots=True)
class FaceData:
    """Paths, by person and sorted by file name."""

    enrolled: dict[str, list[Path]]
    strangers: dict[str, Path]


def face_data(folder: Path) -> FaceData:
    """Raises NoFaceData."""
    enrolled = {
        person.name: sorted(person.glob("*.jpg"))
        for person in sorted((folder / "enrolled").glob("*"))
        if person.is_dir()
    }
    strangers = {photo.stem: photo for photo in sorted((folder / "strangers").glob("*.jpg"))}
    if not enrolled or not strangers:
        raise NoFaceData(f"{folder} must hold enrolled/<name>/*.jpg and strangers/*.jpg.")
    if few := [name for name, photos in enrolled.items() if len(photos) <= ENROLLING_PHOTOS]:
        raise NoFaceData(f"{few[0]} has too few photos: {ENROLLING_PHOTOS} enrol a person and at least one probes.")
    return FaceData(enrolled, strangers)


def encode_main_face(engine: Engine, path: Path) -> Encoding | None:
    """The photo's main face; None when no face is found. Press photos have people in the background and half profiles,
    so registration's refusals don't apply.
    """
    image = decode_photo(path.read_bytes())
    face = main_face(image, find_faces(engine, image))
    return None if face is None else encode_face(engine, image, face)
