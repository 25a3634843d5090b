"""Whose face is a track? A few good frames are encoded; their mean names it, and each frame has a vote."""

from collections import Counter, deque
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from presence.faces.match import Gallery
from presence.faces.types import Encoding

USABLE_FRAMES = 2
"""So many must agree on a name."""
UNKNOWN_FRAMES = 4
"""So many without a name make a stranger while they are still there; two do when they have left.
Somebody who walks up is far, and hard to name, at first."""
MOST_WITHOUT_MATCH = 12
MOST_AFTER_MATCH = 6
GOOD_SHARE = 0.8
"""Of the best quality so far; worse frames are not worth encoding after the first ones."""
WAIT_S, WAIT_AFTER_MATCH_S = 0.25, 1.5
"""Between encodings: frames in quick succession tell the same."""
DOUBTS = 1
"""So many looks at a named face may name nobody or somebody else."""
PATIENCE_S = 1.5
"""After so long, a worse frame than the best is better than none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`person_id` is None for a stranger; `similarity`, 0..1, is the nearest person's."""

    person_id: UUID | None
    similarity: float


@dataclass(slots=True)
class Ballot:
    """A track's encodings and what they came to."""

    encodings: list[Encoding] = field(default_factory=list)
    votes: Counter[UUID | None] = field(default_factory=Counter)
    encoded: int = 0
    encoded_after_match: int = 0
    best_quality: float = 0.0
    encoded_s: float = -1e9
    verdict: Verdict | None = None
    doubts: int = 0

    def doubt(self) -> None:
        """The face jumped: it may be another one's now, so it is looked at again soon."""
        self.doubts = max(self.doubts, 1)

    def wants(self, quality: float, now_s: float) -> bool:
        """Whether a frame of this quality, 0..1, is worth encoding now."""
        waited_s = now_s - self.encoded_s
        named = self.verdict is not None and self.verdict.person_id is not None
        if named:
            return self.encoded_after_match < MOST_AFTER_MATCH and (
                waited_s >= (WAIT_S if self.doubts else WAIT_AFTER_MATCH_S)
            )
        if self.encoded >= MOST_WITHOUT_MATCH:
            return False
        if self.encoded < USABLE_FRAMES:
            return True
        return waited_s >= WAIT_S and (quality >= GOOD_SHARE * self.best_quality or waited_s >= PATIENCE_S)

    def add(self, encoding: Encoding, quality: float, gallery: Gallery[UUID], now_s: float) -> Verdict | None:
        """Count a frame; answers the verdict so far, None while it is open."""
        named = self.verdict is not None and self.verdict.person_id is not None
        self.encodings.append(encoding)
        self.encoded += 1
        self.encoded_after_match += named
        self.encoded_s = now_s
        self.best_quality = max(self.best_quality, quality)
        vote = gallery.match(encoding).person_id
        self.votes[vote] += 1
        if named and self._is_doubted(vote):
            # The track has jumped to another face: begin anew with what is seen now.
            self.verdict, self.doubts, self.best_quality = None, 0, quality
            self.encodings, self.votes = [encoding], Counter([vote])
        mean = gallery.match(np.stack(self.encodings))
        if len(self.encodings) < USABLE_FRAMES:
            return None
        if mean.person_id is not None and self._is_elected(mean.person_id):
            self.verdict = Verdict(mean.person_id, mean.similarity)
        elif len(self.encodings) >= UNKNOWN_FRAMES:
            self.verdict = Verdict(None, mean.similarity)
        return self.verdict

    def close(self) -> Verdict | None:
        """The verdict when the face has left: two usable frames without a name make a stranger."""
        if self.verdict is None and len(self.encodings) >= USABLE_FRAMES:
            self.verdict = Verdict(None, 0.0)
        return self.verdict

    def _is_doubted(self, vote: UUID | None) -> bool:
        """Whether a named face has not looked like its name twice running."""
        agrees = self.verdict is not None and vote == self.verdict.person_id
        self.doubts = 0 if agrees else self.doubts + 1
        return self.doubts > DOUBTS

    def _is_elected(self, person_id: UUID) -> bool:
        """Frames for somebody else speak against; frames for nobody do not: their mean may still be clear."""
        others = max((count for voted, count in self.votes.items() if voted not in {None, person_id}), default=0)
        return others < max(self.votes[person_id], 1)


class Strangers:
    """Strangers of the last minutes, so that one who turns away and back is one stranger."""

    def __init__(self, *, remember_s: float = 300.0, most: int = 32) -> None:
        self._remember_s = remember_s
        self._seen: deque[tuple[float, Encoding]] = deque(maxlen=most)

    def is_new(self, encodings: list[Encoding], gallery: Gallery[UUID], now_s: float) -> bool:
        """Whether nobody so alike has been here of late; remembers them."""
        calibration = gallery.calibration
        mean = calibration.mean(np.stack(encodings))
        threshold = calibration.threshold(max(len(self._seen), 1))
        known = any(
            calibration.score(mean, other) >= threshold
            for seen_s, other in self._seen
            if now_s - seen_s <= self._remember_s
        )
        self._seen.append((now_s, mean))
        return not known
