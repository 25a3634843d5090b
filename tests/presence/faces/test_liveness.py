"""Pictures of real faces moved as a hand moves them, against faces that change by themselves."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from presence.faces.engine import Engine
from presence.faces.liveness import (
    Direction,
    LivenessOutcome,
    StaticImageCheck,
    TurnHeadChallenge,
    change_between,
)
from presence.faces.types import Box, DetectedFace, Image, Landmarks
from tests.fixtures.faces import portrait

FRAMES_PER_SECOND = 8
SIDE = 320


def held_up(picture: Image, seconds: float, *, hand: float, seed: int = 3) -> Iterator[tuple[float, Image]]:
    """A flat picture before a camera of 320 × 320: shifted, turned, tilted up to 25 degrees and brought nearer, with
    the sensor's noise and flickering light. `hand` 0 is a picture on a stand, 1 a lively hand.
    """
    random = np.random.default_rng(seed)
    phases = random.uniform(0, 2 * np.pi, 7)
    height, width = picture.shape[:2]
    for frame in range(round(seconds * FRAMES_PER_SECOND)):
        time_s = frame / FRAMES_PER_SECOND
        roll, yaw, pitch, nearer, right, down, light = np.sin(phases + 2.5 * time_s) * hand
        turned, _ = cv2.Rodrigues(np.radians([15.0 * pitch, 25.0 * yaw, 4.0 * roll]))
        focal = 900.0
        distance = focal * height / SIDE / (1 + 0.12 * nearer)
        placed = np.column_stack([turned[:, 0], turned[:, 1], [15 * right, 15 * down, distance]])
        camera = np.array([[focal, 0, SIDE / 2], [0, focal, SIDE / 2], [0, 0, 1]])
        homography = camera @ placed @ np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
        seen = cv2.warpPerspective(picture, homography, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
        noisy = seen * (1 + 0.05 * light) + random.normal(0, 2.5, seen.shape)
        yield time_s, np.clip(noisy, 0, 255).astype(np.uint8)


def blinking(frames: Iterator[tuple[float, Image]], engine: Engine) -> Iterator[tuple[float, Image]]:
    """The same with eyes that close, and a mouth that opens, every other half second."""
    for time_s, frame in frames:
        if int(time_s * 2) % 2:
            face = engine.detect(frame)[0]
            eyes = float(np.hypot(*(face.landmarks[1] - face.landmarks[0])))
            changed = frame.copy()
            for x, y in face.landmarks[:2]:
                skin = frame[round(y + 0.35 * eyes), round(x)].tolist()
                cv2.ellipse(
                    changed, (round(x), round(y)), (round(0.25 * eyes), round(0.10 * eyes)), 0, 0, 360, skin, -1
                )
            mouth = face.landmarks[3:].mean(axis=0)
            cv2.ellipse(
                changed,
                (round(mouth[0]), round(mouth[1])),
                (round(0.2 * eyes), round(0.12 * eyes)),
                0,
                0,
                360,
                (40, 15, 15),
                -1,
            )
            yield time_s, changed
        else:
            yield time_s, frame


def watch(engine: Engine, frames: Iterator[tuple[float, Image]]) -> StaticImageCheck:
    check = StaticImageCheck()
    for time_s, frame in frames:
        check.add(frame, engine.detect(frame)[0], time_s=time_s)
    return check


@pytest.mark.parametrize(
    ("name", "hand"), [("grace_hopper", 0.0), ("barack_obama_1", 0.4), ("jacinda_ardern", 0.4), ("grace_hopper", 1.0)]
)
def test_picture_held_up_is_suspect_however_it_is_moved(name: str, hand: float, sface: Engine) -> None:
    assert watch(sface, held_up(portrait(name), 3.0, hand=hand)).outcome is LivenessOutcome.SUSPECT


@pytest.mark.parametrize(("name", "hand"), [("grace_hopper", 0.0), ("barack_obama_1", 0.4), ("jacinda_ardern", 0.4)])
def test_face_that_blinks_and_speaks_is_live(name: str, hand: float, sface: Engine) -> None:
    assert watch(sface, blinking(held_up(portrait(name), 3.0, hand=hand), sface)).outcome is LivenessOutcome.LIVE


def test_a_moment_is_not_enough_to_suspect_anybody(sface: Engine) -> None:
    check = StaticImageCheck()
    assert check.outcome is LivenessOutcome.NOT_AVAILABLE
    for time_s, frame in held_up(portrait("grace_hopper"), 1.5, hand=0.4):
        assert check.add(frame, sface.detect(frame)[0], time_s=time_s) is LivenessOutcome.RETRY


def test_frames_in_a_burst_count_once(sface: Engine) -> None:
    check = StaticImageCheck()
    for frame_number, (_, frame) in enumerate(held_up(portrait("grace_hopper"), 3.0, hand=0.4)):
        check.add(frame, sface.detect(frame)[0], time_s=frame_number * 0.01)
    assert check.outcome is LivenessOutcome.RETRY


def test_frames_without_texture_never_pass_for_live() -> None:
    check = StaticImageCheck()
    landmarks = np.array([[40, 40], [60, 40], [50, 52], [42, 64], [58, 64]], dtype=np.float32)
    face = DetectedFace(Box(20, 20, 80, 84), landmarks, 0.9)
    for step in range(30):
        check.add(np.full((100, 100, 3), 5 * step, np.uint8), face, time_s=step * 0.25)
    assert check.outcome is not LivenessOutcome.LIVE


def test_change_ignores_light_and_position(sface: Engine) -> None:
    image = portrait("grace_hopper")
    brighter = np.clip(np.roll(image, (9, -14), axis=(0, 1)) * 0.8 + 20, 0, 255).astype(np.uint8)
    faces = [(seen, sface.detect(seen)[0]) for seen in (image, brighter)]
    assert change_between(*faces) < 0.01
    other = portrait("joe_biden")
    assert change_between(faces[0], (other, sface.detect(other)[0])) > 0.1


def turned(share: float) -> Landmarks:
    """Landmarks of a head whose nose has gone so far to the image's right, in halves of the eyes' distance."""
    return np.array([[40, 40], [60, 40], [50 + 10 * share, 52], [42, 64], [58, 64]], dtype=np.float32)


@pytest.mark.parametrize(
    ("direction", "shares", "outcome"),
    [
        (Direction.LEFT, [], LivenessOutcome.NOT_AVAILABLE),
        (Direction.LEFT, [0.0, 0.1], LivenessOutcome.RETRY),
        (Direction.LEFT, [0.0, 0.4, 0.7], LivenessOutcome.LIVE),  # the person's left is the image's right
        (Direction.LEFT, [0.0, -0.4, -0.8], LivenessOutcome.RETRY),  # the wrong way
        (Direction.RIGHT, [0.0, -0.4, -0.8], LivenessOutcome.LIVE),
        (Direction.LEFT, [0.8, 0.9], LivenessOutcome.RETRY),  # a picture of a turned head never looks ahead
        (Direction.LEFT, [0.2, 0.7], LivenessOutcome.RETRY),  # not far enough from where it was
        (Direction.LEFT, [0.2, 0.85], LivenessOutcome.LIVE),
        (Direction.LEFT, [0.0] * 14, LivenessOutcome.SUSPECT),  # time is up
        (Direction.LEFT, [*([0.0] * 14), 0.9], LivenessOutcome.SUSPECT),  # and stays up
        (Direction.LEFT, [0.0, 0.7, *([0.0] * 20)], LivenessOutcome.LIVE),  # passed is passed
    ],
)
def test_turn_head_challenge(direction: Direction, shares: list[float], outcome: LivenessOutcome) -> None:
    challenge = TurnHeadChallenge(direction)
    for step, share in enumerate(shares):
        challenge.add(turned(share), time_s=0.5 * step)
    assert challenge.outcome is outcome


@pytest.mark.parametrize("direction", list(Direction))
def test_tilting_a_picture_does_not_pass_for_turning_the_head(direction: Direction, sface: Engine) -> None:
    challenge = TurnHeadChallenge(direction)
    for time_s, frame in held_up(portrait("grace_hopper"), 5.5, hand=1.0):
        challenge.add(sface.detect(frame)[0].landmarks, time_s=time_s)
    assert challenge.outcome is LivenessOutcome.RETRY
