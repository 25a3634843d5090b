"""A scene script: stills walk up to the camera, alone or side by side, alive or as a photo that is held up.

`scene.toml` may name a `background` picture and holds `[[act]]` tables:

    at_s = 2.0             # when it begins, from the camera's start
    duration_s = 6.0       # from walking in to being gone
    people = ["grace.jpg"] # stills with one face each, from the left to the right
    living = true          # heads turn, eyes blink, mouths move; false: a photo is held up
    size = 0.4             # height of the face when it stands still, of the picture's height

Acts may also come while it plays: `acts/*.toml`, one act each without `at_s`, are played in the order of their names
as they appear; when `acts/007.toml` is over, `acts/007.done` is written, and an act with that file is not played again.
"""

import math
import time
import tomllib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge_agent.cameras import Picture
from edge_agent.cameras.puppet import Puppet
from edge_agent.errors import BadScene
from presence.faces.types import Image

WALK_IN_S = 1.0
WALK_OUT_S = 0.5


class Act(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at_s: float = Field(default=0.0, ge=0)
    duration_s: float = Field(gt=WALK_IN_S + WALK_OUT_S, le=3600)
    people: tuple[str, ...] = Field(min_length=1, max_length=6)
    living: bool = True
    size: float = Field(default=0.4, ge=0.05, le=0.8)


class Script(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    background: str | None = None
    act: tuple[Act, ...] = ()


class SceneCamera:
    noisy = False

    def __init__(self, folder: Path, *, size: tuple[int, int], fps: float) -> None:
        """`size` is width and height in pixels. Raises BadScene."""
        self._folder, self._size, self._interval_s = folder, size, 1.0 / fps
        script = _read(folder / "scene.toml", Script)
        self._background = self._empty_room(script.background)
        self._puppets: dict[str, Puppet] = {}
        self._acts = sorted(script.act, key=lambda act: act.at_s)
        for act in self._acts:
            self._cast(act)
        self._start_s = time.monotonic()
        self._due_s = self._start_s
        self._playing: tuple[Act, float, Path | None] | None = None

    def advance(self) -> None:
        self._due_s = max(self._due_s + self._interval_s, time.monotonic())
        time.sleep(max(self._due_s - time.monotonic(), 0.0))

    def picture(self) -> Picture:
        now_s = time.monotonic()
        self._next_act(now_s)
        picture = self._background.copy()
        if self._playing is not None:
            act, since_s, _ = self._playing
            self._play(picture, act, now_s - since_s)
        return Picture(picture)

    def close(self) -> None:
        self._playing = None

    def _next_act(self, now_s: float) -> None:
        if self._playing is not None:
            act, since_s, source = self._playing
            if now_s - since_s < act.duration_s:
                return
            self._playing = None
            if source is not None:
                source.with_suffix(".done").touch()
        if self._acts and now_s - self._start_s >= self._acts[0].at_s:
            self._playing = (self._acts.pop(0), now_s, None)
            return
        for path in sorted(self._folder.glob("acts/*.toml")):
            if not path.with_suffix(".done").exists():
                act = _read(path, Act)
                self._cast(act)
                self._playing = (act, time.monotonic(), path)
                return

    def _cast(self, act: Act) -> None:
        for name in act.people:
            if name not in self._puppets:
                self._puppets[name] = Puppet(self._folder / name, seed=len(self._puppets))

    def _play(self, picture: Image, act: Act, elapsed_s: float) -> None:
        width, height = self._size
        arrived = _ease(elapsed_s / WALK_IN_S)
        gone = _ease((elapsed_s - act.duration_s + WALK_OUT_S) / WALK_OUT_S)
        slot = width / len(act.people)
        for place, name in enumerate(act.people):
            sway = math.sin(elapsed_s * 1.7 + place)
            # Side by side, heads shrink until their shoulders fit.
            face_height = min(act.size * height, slot * 0.42) * (0.55 + 0.45 * arrived) * (1.0 + 0.015 * sway)
            x = slot * (place + 0.5) - (1.0 - arrived) * width * 0.2 + gone * width * 0.5 + 0.006 * width * sway
            y = height * (0.47 + 0.01 * math.sin(elapsed_s * 2.3 + place))
            self._puppets[name].draw(
                picture,
                centre=(x, y),
                face_height=face_height,
                tilt_degrees=2.0 * math.sin(elapsed_s * 1.1 + place),
                at_s=elapsed_s,
                living=act.living,
            )

    def _empty_room(self, name: str | None) -> Image:
        width, height = self._size
        if name is not None:
            bgr = cv2.imread(str(self._folder / name), cv2.IMREAD_COLOR)
            if bgr is None:
                raise BadScene(f"{self._folder / name} is no picture that can be read: mend `background`.")
            rgb = cv2.cvtColor(cv2.resize(bgr, (width, height), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
            return np.asarray(rgb, dtype=np.uint8)
        shade = np.linspace(150, 95, height, dtype=np.float32)[:, None, None]
        wall = shade * np.array([1.0, 0.98, 0.92], dtype=np.float32)
        room = np.broadcast_to(wall, (height, width, 3)).copy()
        room[:, : width // 6] *= 0.8  # the door
        room[height * 5 // 6 :] *= 0.7  # the floor
        return room.astype(np.uint8)


def _ease(share: float) -> float:
    """0..1, gently at both ends."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def _read(path: Path, model: type[Any]) -> Any:  # noqa: ANN401 (the model's own type)
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadScene(f"{path} can't be played: {error}") from error
