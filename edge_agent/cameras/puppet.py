"""A still of a person, drawn as a living head or as the flat photo that it is.

The living head is not a plane: it is turned as a shallow ellipsoid with a nose (parallax, which no movement of a photo
makes), its eyes blink and its mouth moves. The photo moves, tilts and grows as a whole.
"""

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.errors import BadScene
from presence.faces.detector import YuNetDetector, main_face
from presence.faces.types import Image, Landmarks

FACE_PX = 220.0
"""Height of the face in the stored cut-out."""
CUT_WIDTH, CUT_ABOVE, CUT_BELOW = 2.1, 0.85, 0.85
"""Of the face's height: the cut-out's width, and how far it reaches from the face's centre."""
TURN = math.radians(14)
NOD = math.radians(6)
BLINK_EVERY_S = 2.1
BLINK_S = 0.22


class Puppet:
    def __init__(self, path: Path, *, seed: int = 0) -> None:
        """Raises BadScene unless the file is a picture with a face."""
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None:
            raise BadScene(f"{path} is no picture that can be read: mend `people`.")
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        face = main_face(rgb, YuNetDetector().detect(rgb))
        if face is None:
            raise BadScene(f"{path} shows no face: give a portrait.")
        scale = FACE_PX / face.box.height
        x, y = face.box.centre
        width, height = round(CUT_WIDTH * FACE_PX), round((CUT_ABOVE + CUT_BELOW) * FACE_PX)
        self._anchor = (width / 2, CUT_ABOVE * FACE_PX)
        shift = np.array(
            [[scale, 0, self._anchor[0] - scale * x], [0, scale, self._anchor[1] - scale * y]], dtype=np.float32
        )
        self._cut = cv2.warpAffine(rgb, shift, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        inside = cv2.warpAffine(np.full(rgb.shape[:2], 255, np.uint8), shift, (width, height))
        self._alpha = _soft_edge(width, height) * (inside / np.float32(255))
        landmarks: Landmarks = (face.landmarks * scale + shift[:, 2]).astype(np.float32)
        self._phase = seed * 1.3
        self._grid_x, self._grid_y = np.meshgrid(
            np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        )
        self._depth = self._depth_of(landmarks)
        self._lids = self._bumps(landmarks[:2], 0.10, 0.05)
        self._lips = self._bumps(
            landmarks[3:].mean(axis=0, keepdims=True) + np.array([0, 0.06 * FACE_PX], dtype=np.float32), 0.16, 0.08
        )

    def draw(
        self,
        picture: Image,
        *,
        centre: tuple[float, float],
        face_height: float,
        tilt_degrees: float,
        at_s: float,
        living: bool,
    ) -> None:
        """Draw into `picture` with the face at `centre`, in pixels, as it is at `at_s` seconds."""
        cut = self._alive(at_s + self._phase) if living else self._cut
        place: NDArray[np.float64] = np.array(
            cv2.getRotationMatrix2D(self._anchor, tilt_degrees, face_height / FACE_PX), dtype=np.float64
        )
        place[:, 2] = place[:, 2] + np.subtract(centre, self._anchor)
        height, width = picture.shape[:2]
        corners = np.array(
            [[0, 0, 1], [cut.shape[1], 0, 1], [0, cut.shape[0], 1], [cut.shape[1], cut.shape[0], 1]], dtype=np.float64
        )
        spread = corners @ place.T
        left, top = np.clip(np.floor(spread.min(axis=0)), 0, (width, height)).astype(int)
        right, bottom = np.clip(np.ceil(spread.max(axis=0)), 0, (width, height)).astype(int)
        if right <= left or bottom <= top:
            return
        place[:, 2] = place[:, 2] - (left, top)
        size = int(right - left), int(bottom - top)
        head = cv2.warpAffine(cut, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.warpAffine(self._alpha, place, size, flags=cv2.INTER_LINEAR)[:, :, None]
        part = picture[top:bottom, left:right]
        part[:] = (part * (1 - alpha) + head * alpha).astype(np.uint8)

    def _alive(self, at_s: float) -> Image:
        turn = TURN * math.sin(at_s * 2.9)
        nod = NOD * math.sin(at_s * 2.1 + 0.7)
        into_blink = at_s % BLINK_EVERY_S
        blink = math.sin(math.pi * into_blink / BLINK_S) if into_blink < BLINK_S else 0.0
        talk = max(math.sin(at_s * 5.3), 0.0) * max(math.sin(at_s * 0.9), 0.0)
        # Where each pixel comes from: a point of depth d moves by d·sin(angle) when the head turns.
        from_x = self._grid_x - self._depth * np.float32(math.sin(turn))
        from_y = (
            self._grid_y
            - self._depth * np.float32(math.sin(nod))
            - self._lids * np.float32(0.06 * FACE_PX * blink)
            - self._lips * np.float32(0.05 * FACE_PX * talk)
        )
        return np.asarray(
            cv2.remap(self._cut, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
        )

    def _depth_of(self, landmarks: Landmarks) -> NDArray[np.float32]:
        """Pixels in front of the plane of the ears, as an ellipsoid with a nose."""
        x, y = self._anchor
        radius = ((self._grid_x - x) / (0.48 * FACE_PX)) ** 2 + ((self._grid_y - y) / (0.68 * FACE_PX)) ** 2
        skull = (0.38 * FACE_PX * np.sqrt(np.clip(1.0 - radius, 0.0, None))).astype(np.float32)
        # The ellipsoid's rim is steep, and a steep rim tears the picture: it is smoothed.
        smooth = cv2.GaussianBlur(skull, (0, 0), 0.06 * FACE_PX)
        nose = 0.16 * FACE_PX * self._bumps(landmarks[2:3], 0.10, 0.14)
        return np.asarray(smooth + nose, dtype=np.float32)

    def _bumps(self, points: NDArray[np.float32], width: float, height: float) -> NDArray[np.float32]:
        """A hill of height 1 at each point; its radii are in face heights."""
        hills = [
            np.exp(-(((self._grid_x - x) / (width * FACE_PX)) ** 2) - ((self._grid_y - y) / (height * FACE_PX)) ** 2)
            for x, y in points
        ]
        return np.asarray(np.sum(hills, axis=0), dtype=np.float32)


def _soft_edge(width: int, height: int) -> NDArray[np.float32]:
    """1 in the middle and 0 at the edge, so that the cut-out's edge is no edge of the picture."""
    rim = round(0.12 * FACE_PX)
    mask = np.zeros((height, width), dtype=np.float32)
    mask[rim:-rim, rim:-rim] = 1.0
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), rim / 2.5), dtype=np.float32)
