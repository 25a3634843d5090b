"""The comparator of bench.pipeline: face_recognition's webcam example, without its camera and window."""

import sys
import types
import warnings
from pathlib import Path

import numpy as np

from presence.faces.models import FIVE_POINTS
from presence.faces.types import Box, Image

TOLERANCE = 0.6
"""The example's."""


class WebcamLoop:
    def __init__(self, portraits: dict[str, list[Image]]) -> None:
        self._library = _face_recognition()
        self._names: list[str] = []
        encodings = []
        for name, images in portraits.items():
            for image in images:
                found = self._library.face_encodings(image)
                if found:
                    self._names.append(name)
                    encodings.append(found[0])
        self._known = np.array(encodings).reshape(-1, 128)

    def look(self, image: Image) -> list[tuple[Box, str]]:
        """Locate, encode and compare; answers the named faces."""
        locations = self._library.face_locations(image)
        named = []
        for (top, right, bottom, left), encoding in zip(
            locations, self._library.face_encodings(image, locations), strict=True
        ):
            matches = self._library.compare_faces(self._known, encoding, TOLERANCE)
            distances = self._library.face_distance(self._known, encoding)
            if len(distances) and matches[int(np.argmin(distances))]:
                named.append((Box(left, top, right, bottom), self._names[int(np.argmin(distances))]))
        return named


def _face_recognition() -> types.ModuleType:
    """The library; its models' package needs pkg_resources, which is gone, so its paths are given in its stead."""
    folder = Path(FIVE_POINTS.locate()).parent
    models = types.ModuleType("face_recognition_models")
    for function, file in {
        "pose_predictor_model_location": "shape_predictor_68_face_landmarks.dat",
        "pose_predictor_five_point_model_location": "shape_predictor_5_face_landmarks.dat",
        "face_recognition_model_location": "dlib_face_recognition_resnet_model_v1.dat",
        "cnn_face_detector_model_location": "mmod_human_face_detector.dat",
    }.items():
        setattr(models, function, lambda file=file: str(folder / file))
    sys.modules.setdefault("face_recognition_models", models)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import face_recognition  # noqa: PLC0415 (the comparator alone needs it)
    library: types.ModuleType = face_recognition
    return library
