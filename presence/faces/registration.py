"""Photos to register somebody by: exactly one good face in each, of one and the same person, who is nobody else's face.

Storage is the caller's. An *encoding* here is always `engine.encode_chip`'s, as galleries and probes use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic

import numpy as np

from presence.faces.calibration import VERIFICATION_FALSE_MATCH_RATE
from presence.faces.engine import Engine, encode_face
from presence.faces.match import Gallery, NoMatch, PersonId
from presence.faces.photo import ImageTooLarge, NotAnImage, decode_photo
from presence.faces.quality import REGISTRATION_MIN_FACE_PX, Quality, QualityProblem, assess
from presence.faces.types import DetectedFace, Encoding, Encodings, Image

FEWEST_PHOTOS = 3
MOST_PHOTOS = 5
OTHER_FACE_CONFIDENCE = 0.75
OTHER_FACE_SHARE = 0.25
"""Of the main face's height: smaller ones are passers-by and pictures on the wall, doubtful ones often no faces."""


class PhotoProblem(Enum):
    """Why a photo is refused; the value is the stable reason, `sentence` is for people."""

    NO_FACE = "NO_FACE"
    SEVERAL_FACES = "SEVERAL_FACES"
    TOO_SMALL = "TOO_SMALL"
    BLURRED = "BLURRED"
    TOO_DARK = "TOO_DARK"
    TOO_BRIGHT = "TOO_BRIGHT"
    TURNED_AWAY = "TURNED_AWAY"
    CLIPPED = "CLIPPED"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    TOO_LARGE = "TOO_LARGE"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    PhotoProblem.NO_FACE: "No face was found: take a photo of the face from the front, in good light.",
    PhotoProblem.SEVERAL_FACES: "There are several faces: take a photo of one person alone.",
    PhotoProblem.TOO_SMALL: (
        "The face is too small: come closer. "
        f"It must be at least {REGISTRATION_MIN_FACE_PX} pixels from forehead to chin."
    ),
    PhotoProblem.BLURRED: "The face is blurred: hold the camera still and clean its lens.",
    PhotoProblem.TOO_DARK: "The face is too dark: turn towards the light.",
    PhotoProblem.TOO_BRIGHT: "The face is too bright: step out of the direct light.",
    PhotoProblem.TURNED_AWAY: "The face is turned too far to the side: turn it towards the camera.",
    PhotoProblem.CLIPPED: "The face is cut off at the edge of the photo: keep the whole face in it.",
    PhotoProblem.NOT_AN_IMAGE: "This is not a JPEG, PNG or WebP photo.",
    PhotoProblem.TOO_LARGE: "The photo is too large.",
}

_WORST_FIRST = (
    QualityProblem.CLIPPED,
    QualityProblem.TOO_SMALL,
    QualityProblem.TOO_DARK,
    QualityProblem.TOO_BRIGHT,
    QualityProblem.TURNED_AWAY,
    QualityProblem.BLURRED,
)
"""What to tell when several apply: what comes first often explains the rest."""


class PhotoRefused(Exception):
    """The text is for the person in the photo."""

    def __init__(self, problem: PhotoProblem, sentence: str | None = None) -> None:
        super().__init__(sentence or problem.sentence)
        self.problem = problem


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """The one face of a photo."""

    encoding: Encoding
    face: DetectedFace
    quality: Quality


def read_portrait(engine: Engine, data: bytes) -> Portrait:
    """Decode a photo and encode its one face. Raises PhotoRefused."""
    try:
        image = decode_photo(data)
    except NotAnImage as error:
        raise PhotoRefused(PhotoProblem.NOT_AN_IMAGE, str(error)) from error
    except ImageTooLarge as error:
        raise PhotoRefused(PhotoProblem.TOO_LARGE, str(error)) from error
    return encode_portrait(engine, image)


def encode_portrait(engine: Engine, image: Image) -> Portrait:
    """The one face of `image`. Raises PhotoRefused."""
    faces = find_faces(engine, image)
    if not faces:
        raise PhotoRefused(PhotoProblem.NO_FACE)
    face = max(faces, key=lambda found: found.box.area)
    others = [
        other
        for other in faces
        if other is not face
        and other.confidence >= OTHER_FACE_CONFIDENCE
        and other.box.height >= OTHER_FACE_SHARE * face.box.height
    ]
    if others:
        raise PhotoRefused(PhotoProblem.SEVERAL_FACES)
    quality = assess(image, face, for_registration=True)
    for problem in _WORST_FIRST:
        if problem in quality.problems:
            raise PhotoRefused(PhotoProblem(problem.value))
    return Portrait(encode_face(engine, image, face), face, quality)


def find_faces(engine: Engine, image: Image) -> list[DetectedFace]:
    """The faces of a still, whatever their size: at the engine's usual detection width, else reduced (a face that fills
    a large photo is beyond the detector's largest) and then at full width (a small one far away).
    """
    for width in (None, 320, 160, image.shape[1]):
        if faces := engine.detect(image, width=width):
            return faces
    return []


def check_agreement(engine: Engine, encodings: Sequence[Encoding] | Encodings) -> int | None:
    """The index of the photo that shows somebody else than the others do, if any; of two that differ, the second.

    Each is held against the mean of the others as one photo is against one person.
    """
    rows = np.asarray(encodings, dtype=np.float32).reshape(-1, 128)
    if len(rows) < 2:  # noqa: PLR2004 (nothing to agree with)
        return None
    calibration = engine.calibration
    scores = [
        calibration.score(row, calibration.mean(np.delete(rows, index, axis=0))) for index, row in enumerate(rows)
    ]
    worst = min(reversed(range(len(rows))), key=scores.__getitem__)
    return worst if scores[worst] < calibration.threshold(1, VERIFICATION_FALSE_MATCH_RATE) else None


@dataclass(frozen=True, slots=True)
class Clash(Generic[PersonId]):
    """Somebody else already has this face; `similarity` is 0..1."""

    person_id: PersonId
    similarity: float


def find_clash(
    engine: Engine,
    encodings: Sequence[Encoding] | Encodings,
    gallery: Gallery[PersonId],
    own_id: PersonId | None = None,
) -> Clash[PersonId] | None:
    """The person of `gallery`, other than `own_id`, who is taken for the person of `encodings`, if any.

    The margin to the second-best doesn't count: two people who both match are all the more a clash.
    """
    others = gallery.with_changes({}, [own_id]) if own_id is not None and own_id in gallery else gallery
    match = others.match(engine.calibration.mean(np.asarray(encodings, dtype=np.float32)))
    if match.nearest_id is None or match.reason is NoMatch.BELOW_THRESHOLD:
        return None
    return Clash(match.nearest_id, match.similarity)
