"""Which face of this picture is which of the last one's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from presence.faces.types import Box, DetectedFace

State = TypeVar("State")

LEAST_IOU, SURE_IOU = 0.2, 0.4
NEAR = 0.8
"""Of the face's width: how far a face may move between pictures when the boxes no longer overlap enough."""
ALIKE_SIZE = 0.6
"""Smaller over larger height, for faces that are matched by nearness."""
LOST_AFTER_S = 1.0


@dataclass(slots=True, eq=False)
class Track(Generic[State]):
    """One face through the pictures; `state` is what the pipeline knows of it."""

    number: int
    face: DetectedFace
    first_seen_s: float
    last_seen_s: float
    state: State
    jumped: bool = False
    """Whether this picture's face overlaps so little with the last one's that it may be another's."""


@dataclass(slots=True)
class Tracker(Generic[State]):
    """Greedy: the best overlapping pairs first, then the nearest. Times are monotonic seconds."""

    tracks: list[Track[State]] = field(default_factory=list)
    _numbers: int = 0

    def follow(
        self, faces: list[DetectedFace], now_s: float, new_state: Callable[[], State]
    ) -> tuple[list[Track[State]], list[Track[State]]]:
        """Answers the tracks seen in this picture and those that have been out of sight for LOST_AFTER_S."""
        pairs = sorted(
            (
                (affinity, at, track)
                for track in self.tracks
                for at, face in enumerate(faces)
                if (affinity := _affinity(track.face.box, face.box)) > 0
            ),
            key=lambda pair: -pair[0],
        )
        taken: dict[int, Track[State]] = {}
        followed: set[int] = set()
        for _, at, track in pairs:
            if at not in taken and track.number not in followed:
                taken[at] = track
                followed.add(track.number)
        seen: list[Track[State]] = []
        for at, face in enumerate(faces):
            known = taken.get(at)
            if known is None:
                self._numbers += 1
                known = Track(self._numbers, face, now_s, now_s, new_state())
                self.tracks.append(known)
            known.jumped = known.face.box.iou(face.box) < SURE_IOU
            known.face, known.last_seen_s = face, now_s
            seen.append(known)
        lost = [track for track in self.tracks if now_s - track.last_seen_s > LOST_AFTER_S]
        self.tracks = [track for track in self.tracks if now_s - track.last_seen_s <= LOST_AFTER_S]
        return seen, lost


def _affinity(before: Box, after: Box) -> float:
    """1 to 2 by overlap, 0 to 1 by nearness, 0 for none."""
    iou = before.iou(after)
    if iou >= LEAST_IOU:
        return 1.0 + iou
    (x1, y1), (x2, y2) = before.centre, after.centre
    reach = NEAR * max(before.width, after.width)
    distance = ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5
    sizes = sorted((before.height, after.height))
    if distance >= reach or sizes[0] < ALIKE_SIZE * sizes[1]:
        return 0.0
    return float(1.0 - distance / reach)
