from collections.abc import Callable

import cv2
import numpy as np
import pytest

from presence.faces.engine import Engine
from presence.faces.quality import LIVE_MIN_FACE_PX, QualityProblem, assess, sharpness, signed_turn, turn
from presence.faces.types import Box, DetectedFace, Image, Landmarks
from tests.fixtures.faces import PEOPLE, portrait

AHEAD: Landmarks = np.array([[40, 40], [60, 40], [50, 52], [42, 64], [58, 64]], dtype=np.float32)


def with_nose_at(x: float) -> Landmarks:
    landmarks = AHEAD.copy()
    landmarks[2, 0] = x
    return landmarks


def blurred(image: Image, sigma: float) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)


def face_of(engine: Engine, image: Image) -> DetectedFace:
    return engine.detect(image)[0]


@pytest.mark.parametrize("name", PEOPLE)
def test_official_portraits_are_good_enough(name: str, sface: Engine) -> None:
    image = portrait(name)
    quality = assess(image, face_of(sface, image), for_registration=True)
    assert quality.problems == ()
    assert 0.2 < quality.score <= 1


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda image: blurred(image, 9), QualityProblem.BLURRED),
        (lambda image: cv2.blur(image, (1, 111)), QualityProblem.BLURRED),
        (lambda image: cv2.blur(image, (111, 1)), QualityProblem.BLURRED),
        (lambda image: (image * 0.12).astype(np.uint8), QualityProblem.TOO_DARK),
        (lambda image: 255 - ((255 - image) * 0.12).astype(np.uint8), QualityProblem.TOO_BRIGHT),
    ],
    ids=["out of focus", "moved up", "moved aside", "dark", "bright"],
)
def test_spoilt_portrait_is_told_by_its_problem(
    spoil: Callable[[Image], Image], problem: QualityProblem, sface: Engine
) -> None:
    image = portrait("grace_hopper")
    face = face_of(sface, image)
    assert problem in assess(spoil(image), face, for_registration=True).problems


def test_sharper_frame_has_the_higher_score(sface: Engine) -> None:
    image = portrait("grace_hopper")
    face = face_of(sface, image)
    scores = [assess(blurred(image, sigma), face).score for sigma in (0.5, 4, 8, 16)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("height", "least", "for_registration", "too_small"),
    [
        (89, None, True, True),
        (90, None, True, False),
        (LIVE_MIN_FACE_PX - 1, None, False, True),
        (LIVE_MIN_FACE_PX, None, False, False),
        (119, 120, True, True),  # a caller's own limit
        (30, 30, False, False),
    ],
)
def test_least_height_of_a_face(height: float, least: int | None, for_registration: bool, too_small: bool) -> None:  # noqa: FBT001 (rows of a table)
    image = np.full((300, 300, 3), 120, np.uint8)
    face = DetectedFace(Box(100, 100, 100 + height * 0.8, 100 + height), AHEAD + 60, 0.9)
    problems = assess(image, face, min_face_px=least, for_registration=for_registration).problems
    assert (QualityProblem.TOO_SMALL in problems) == too_small


@pytest.mark.parametrize(
    ("box", "registration", "live"),
    [
        (Box(50, 50, 150, 150), False, False),
        (Box(3, 3, 103, 103), False, False),
        (Box(2, 50, 102, 150), True, False),  # touches the edge: the rest of the face may be beyond it
        (Box(50, 2, 150, 102), True, False),
        (Box(98, 50, 198, 150), True, False),
        (Box(50, 98, 150, 198), True, False),
        (Box(-10, 50, 90, 150), True, False),
        (Box(-11, 50, 89, 150), True, True),
        (Box(50, 111, 150, 211), True, True),
    ],
)
def test_face_at_the_edge_is_clipped(box: Box, registration: bool, live: bool) -> None:  # noqa: FBT001 (rows of a table)
    image = np.full((200, 200, 3), 120, np.uint8)
    face = DetectedFace(box, AHEAD, 0.9)
    assert (QualityProblem.CLIPPED in assess(image, face, for_registration=True).problems) == registration
    assert (QualityProblem.CLIPPED in assess(image, face).problems) == live


@pytest.mark.parametrize(
    ("nose", "signed"),
    [(50, 0.0), (55, 0.5), (45, -0.5), (60, 1.0), (70, 2.0)],
)
def test_turn_is_the_nose_s_way_in_halves_of_the_eyes_distance(nose: float, signed: float) -> None:
    landmarks = with_nose_at(nose)
    assert signed_turn(landmarks) == pytest.approx(signed)
    assert turn(landmarks) == pytest.approx(min(abs(signed), 1))


@pytest.mark.parametrize("degrees", [-40, -10, 15, 90])
def test_tilting_the_head_in_the_picture_is_no_turn(degrees: float) -> None:
    angle = np.radians(degrees)
    tilt = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    assert signed_turn((with_nose_at(55) @ tilt.T).astype(np.float32)) == pytest.approx(0.5, abs=1e-4)


def test_landmarks_in_one_point_are_turned_away_not_an_error() -> None:
    same = np.full((5, 2), 50, dtype=np.float32)
    image = np.full((200, 200, 3), 120, np.uint8)
    assert turn(same) == 0
    assert assess(image, DetectedFace(Box(0, 0, 100, 100), same, 0.9)).score >= 0


def test_even_grey_has_no_sharpness() -> None:
    assert sharpness(np.full((80, 80), 99, np.uint8)) == 0


def test_face_wholly_outside_the_image_is_judged_without_error() -> None:
    image = np.full((50, 50, 3), 120, np.uint8)
    quality = assess(image, DetectedFace(Box(200, 200, 300, 300), AHEAD + 160, 0.9), for_registration=True)
    assert QualityProblem.CLIPPED in quality.problems
