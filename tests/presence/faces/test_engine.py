"""What every engine must do, run for each of them."""

import sys
import types
from concurrent.futures import ThreadPoolExecutor
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import PIL.ImageFile
import pytest

from presence.faces.dlib_engine import DlibEngine
from presence.faces.engine import Engine, UnknownEngine, encode_face, load_engine
from presence.faces.models import FIVE_POINTS, RESNET
from presence.faces.types import DetectedFace, Image
from tests.fixtures.faces import OBAMAS, PEOPLE, portrait

CHIP_PX = {"sface": 112, "dlib": 150}


def only_face(engine: Engine, image: Image) -> DetectedFace:
    [face] = engine.detect(image)
    return face


def test_portrait_has_one_face_with_eyes_over_nose_over_mouth(engine: Engine) -> None:
    face = only_face(engine, portrait("grace_hopper"))
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    assert all(face.box.left < x < face.box.right and face.box.top < y < face.box.bottom for x, y in face.landmarks)
    assert 0.8 < face.confidence <= 1


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((480, 640, 3), np.uint8),  # black
        np.full((480, 640, 3), 255, np.uint8),  # white
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8),  # noise
    ],
    ids=["black", "white", "one pixel", "no pixel", "noise"],
)
def test_no_face_is_found_where_there_is_none(engine: Engine, image: Image) -> None:
    assert engine.detect(image) == []


def test_reduced_detection_finds_the_same_face_in_the_image_s_own_pixels(engine: Engine) -> None:
    image = portrait("grace_hopper")
    full = only_face(engine, image)
    [reduced] = engine.detect(image, width=160)
    assert reduced.box.iou(full.box) > 0.75
    assert np.abs(reduced.landmarks - full.landmarks).max() < 0.08 * full.box.height


def test_chips_have_the_size_that_the_encoder_takes(engine: Engine) -> None:
    image = portrait("grace_hopper")
    chip = engine.align(image, only_face(engine, image))
    assert chip.shape == (CHIP_PX[engine.id], CHIP_PX[engine.id], 3)
    assert chip.dtype == np.uint8


def test_encodings_are_rows_of_finite_numbers_in_the_chips_order(engine: Engine) -> None:
    images = [portrait(name) for name in ("grace_hopper", "joe_biden")]
    chips = [engine.align(image, engine.detect(image)[0]) for image in images]
    both = engine.encode(chips)
    assert both.shape == (2, 128)
    assert both.dtype == np.float32
    assert np.isfinite(both).all()
    assert np.array_equal(both[1:], engine.encode(chips[1:]))
    assert engine.encode([]).shape == (0, 128)


def test_sface_encodings_have_length_one(sface: Engine) -> None:
    image = portrait("grace_hopper")
    [row] = sface.encode([sface.align(image, only_face(sface, image))])
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def test_photos_of_one_person_are_more_alike_than_any_of_two_people(engine: Engine) -> None:
    def encode(name: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        image = portrait(name)
        return encode_face(engine, image, max(engine.detect(image), key=lambda face: face.box.area))

    calibration = engine.calibration
    obamas = [encode(name) for name in OBAMAS]
    others = [encode(name) for name in PEOPLE if name not in OBAMAS]
    same = [calibration.score(obamas[0], obamas[1]), calibration.score(obamas[0], obamas[2])]
    different = [calibration.score(obama, other) for obama in obamas for other in others]
    assert min(same) > calibration.threshold(1, 0.001) > max(different)


def test_threads_may_share_an_engine(engine: Engine) -> None:
    images = [portrait(name) for name in ("grace_hopper", "eileen_collins")]

    def work(image: Image) -> bytes:
        return encode_face(engine, image, engine.detect(image)[0]).tobytes()

    alone = [work(image) for image in images]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, images * 4)) == alone * 4


def test_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownEngine, match=r"'vggface'.*sface, dlib"):
        load_engine("vggface")


def face_recognition(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The reference. Its models package needs pkg_resources, so a stand-in names the files;
    the 68-point model, which we don't use and whose licence is non-commercial, is replaced by the other one.
    """
    models = types.ModuleType("face_recognition_models")
    spec = util.find_spec("face_recognition_models")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0], "models")
    five_points, resnet = str(FIVE_POINTS.locate()), str(RESNET.locate())
    vars(models).update(
        pose_predictor_model_location=lambda: five_points,
        pose_predictor_five_point_model_location=lambda: five_points,
        cnn_face_detector_model_location=lambda: str(folder / "mmod_human_face_detector.dat"),
        face_recognition_model_location=lambda: resnet,
    )
    monkeypatch.setitem(sys.modules, "face_recognition_models", models)
    # Its import makes Pillow accept torn files in the whole process: undone after the test.
    monkeypatch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    reference: ModuleType = pytest.importorskip("face_recognition", reason="the reference is not installed")
    return reference


@pytest.mark.parametrize("name", ["grace_hopper", "barack_obama_2", "joe_biden"])
def test_dlib_encodings_are_those_of_face_recognition(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DlibEngine()
    image = portrait(name)
    face = max(engine.detect(image), key=lambda found: found.box.area)
    [reference] = face_recognition(monkeypatch).face_encodings(image, [engine.rectangle(face)], model="small")
    [ours] = engine.encode([engine.align(image, face)])
    assert np.abs(ours - reference).max() < 1e-6
