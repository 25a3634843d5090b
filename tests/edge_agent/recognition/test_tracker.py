import numpy as np
import pytest

from edge_agent.recognition.tracker import LOST_AFTER_S, Tracker
from presence.faces.types import Box, DetectedFace


def face(x: float, y: float = 100, size: float = 100) -> DetectedFace:
    return DetectedFace(Box(x, y, x + size * 0.8, y + size), np.zeros((5, 2), np.float32), 0.9)


def follow(tracker: Tracker[list[int]], faces: list[DetectedFace], at_s: float) -> list[int]:
    return [track.number for track in tracker.follow(faces, at_s, list)[0]]


@pytest.mark.parametrize(
    ("moved_to", "same"),
    [
        (face(20), True),  # overlaps
        (face(60), True),  # no overlap to speak of, but near and of the same size
        (face(170), False),  # two widths away
        (face(60, size=45), False),  # near, but far smaller: somebody behind
        (face(0, size=130), True),  # came nearer
    ],
)
def test_a_face_is_followed_by_overlap_or_nearness(moved_to: DetectedFace, *, same: bool) -> None:
    tracker: Tracker[list[int]] = Tracker()
    first = follow(tracker, [face(0)], 0.0)
    assert (follow(tracker, [moved_to], 0.1) == first) is same


def test_two_side_by_side_keep_their_numbers_whatever_the_order() -> None:
    tracker: Tracker[list[int]] = Tracker()
    left, right = follow(tracker, [face(0), face(300)], 0.0)
    assert follow(tracker, [face(310), face(10)], 0.1) == [right, left]


def test_one_face_is_never_two_tracks() -> None:
    tracker: Tracker[list[int]] = Tracker()
    follow(tracker, [face(0), face(60)], 0.0)
    numbers = follow(tracker, [face(30), face(35)], 0.1)
    assert len(set(numbers)) == 2


def test_a_face_out_of_sight_is_lost_once() -> None:
    tracker: Tracker[list[int]] = Tracker()
    number = follow(tracker, [face(0)], 0.0)
    assert tracker.follow([], LOST_AFTER_S, list) == ([], [])
    _, lost = tracker.follow([], LOST_AFTER_S + 0.01, list)
    assert [track.number for track in lost] == number
    assert tracker.follow([], LOST_AFTER_S + 0.02, list) == ([], [])


def test_a_jump_is_told() -> None:
    tracker: Tracker[list[int]] = Tracker()
    tracker.follow([face(0)], 0.0, list)
    assert not tracker.follow([face(5)], 0.1, list)[0][0].jumped
    assert tracker.follow([face(60)], 0.2, list)[0][0].jumped
