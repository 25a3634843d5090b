import cv2
import numpy as np

from edge_agent.recognition.motion import MotionGate
from tests.edge_agent.seeing import frame, noise


def test_a_sensors_noise_is_no_motion() -> None:
    gate = MotionGate()
    assert gate.moves(frame(noise()))  # somebody may be there at the start
    assert not any(gate.moves(frame(noise(seed=seed))) for seed in range(1, 50))


def test_a_head_at_four_metres_is_motion() -> None:
    gate = MotionGate()
    for seed in range(10):
        gate.moves(frame(noise(seed=seed)))
    visited = noise(seed=11)
    cv2.ellipse(visited, (160, 100), (9, 12), 0, 0, 360, (190, 150, 130), -1)
    assert gate.moves(frame(visited))


def test_a_change_of_exposure_is_no_motion() -> None:
    gate = MotionGate()
    for seed in range(10):
        gate.moves(frame(noise(seed=seed)))
    assert not gate.moves(frame(noise(mean=150, seed=11)))


def test_what_stays_becomes_background() -> None:
    gate = MotionGate()
    changed = noise()
    changed[50:120, 50:120] = 220
    gate.moves(frame(noise()))
    moves = [gate.moves(frame(changed)) for _ in range(600)]
    assert moves[0]
    assert not moves[-1]


def test_wide_pictures_are_looked_at_as_small_ones() -> None:
    gate = MotionGate()
    wide = np.full((1080, 1920, 3), 100, np.uint8)
    gate.moves(frame(wide))
    wide = wide.copy()
    wide[300:500, 900:1100] = 200
    assert gate.moves(frame(wide))
    assert 100 < gate.brightness < 110
