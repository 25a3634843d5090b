"""Who is it? One probe against the people of a gallery (1:N), or against one person (1:1)."""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from presence.faces.calibration import (
    DEFAULT_FALSE_MATCH_RATE,
    VERIFICATION_FALSE_MATCH_RATE,
    Calibration,
    Metric,
)
from presence.faces.types import Encoding, Encodings

PersonId = TypeVar("PersonId", bound=Hashable)


class NoMatch(Enum):
    EMPTY_GALLERY = "EMPTY_GALLERY"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    """Nobody in the gallery is alike enough: a stranger, or a bad photo."""
    BELOW_MARGIN = "BELOW_MARGIN"
    """Two people of the gallery are about equally alike."""


class Match(NamedTuple, Generic[PersonId]):
    """`person_id` is None exactly when there is a `reason`. The rest is about the nearest person, named or not."""

    person_id: PersonId | None
    nearest_id: PersonId | None
    """Not an answer to "who is it?": for finding clashes. None in an empty gallery."""
    score: float
    margin: float
    """How much less the second-nearest person scored; infinite in a gallery of one."""
    similarity: float
    reason: NoMatch | None


class Gallery(Generic[PersonId]):
    """People and the mean of their encodings. Never changes, so threads may share it; changes make a new one."""

    def __init__(
        self,
        calibration: Calibration,
        people: Mapping[PersonId, Encodings],
        *,
        false_match_rate: float = DEFAULT_FALSE_MATCH_RATE,
    ) -> None:
        """`people` holds each one's encodings, (k, 128) with k >= 1, of the calibration's engine."""
        templates = np.empty((len(people), 128), dtype=np.float32)
        for row, encodings in zip(templates, people.values(), strict=True):
            row[:] = _template(calibration, encodings)
        self._settle(calibration, tuple(people), templates, false_match_rate)

    def _settle(
        self, calibration: Calibration, people: tuple[PersonId, ...], templates: Encodings, false_match_rate: float
    ) -> None:
        self.calibration = calibration
        self.false_match_rate = false_match_rate
        self.threshold = calibration.threshold(max(len(people), 1), false_match_rate)
        self._people = people
        self._templates = templates
        # |p - t|^2 = |p|^2 - 2 (p·t - |t|^2 / 2): one product ranks by distance too.
        self._halves = (
            np.einsum("ij,ij->i", templates, templates) / np.float32(2)
            if calibration.metric is Metric.EUCLIDEAN
            else None
        )

    @property
    def people(self) -> Collection[PersonId]:
        return self._people

    def __len__(self) -> int:
        return len(self._people)

    def __contains__(self, person_id: PersonId) -> bool:
        return person_id in self._people

    def with_changes(
        self, upserts: Mapping[PersonId, Encodings], removals: Iterable[PersonId] = ()
    ) -> "Gallery[PersonId]":
        """A gallery where `removals` (unknown ones too) are gone and then `upserts` are added or replaced."""
        gone = {*removals, *upserts}
        kept = [row for row, person_id in enumerate(self._people) if person_id not in gone]
        added = [_template(self.calibration, encodings) for encodings in upserts.values()]
        changed: Gallery[PersonId] = Gallery.__new__(type(self))
        changed._settle(
            self.calibration,
            (*(self._people[row] for row in kept), *upserts),
            np.concatenate([self._templates[kept], np.reshape(added, (-1, 128))], dtype=np.float32),
            self.false_match_rate,
        )
        return changed

    def match(self, probe: Encoding | Encodings) -> Match[PersonId]:
        """Name the face of `probe`, (128,), or of the mean of several encodings of one face, (n, 128)."""
        if probe.ndim != 1:
            probe = self.calibration.mean(probe)
        if not self._people:
            return Match(None, None, -math.inf, 0.0, 0.0, NoMatch.EMPTY_GALLERY)
        closeness = self._templates @ probe
        if self._halves is not None:
            closeness -= self._halves
        row = closeness.argmax()
        best = closeness.item(row)
        closeness[row] = -math.inf
        second = closeness.item(closeness.argmax())
        if self._halves is not None:
            square = float(probe @ probe)
            best, second = _negative_distance(square, best), _negative_distance(square, second)
        margin = best - second
        reason = None
        if best < self.threshold:
            reason = NoMatch.BELOW_THRESHOLD
        elif margin < self.calibration.margin:
            reason = NoMatch.BELOW_MARGIN
        nearest = self._people[row]
        return Match(None if reason else nearest, nearest, best, margin, self.calibration.similarity(best), reason)


def _negative_distance(square: float, closeness: float) -> float:
    return -math.sqrt(max(square - 2 * closeness, 0.0))


def _template(calibration: Calibration, encodings: Encodings) -> Encoding:
    encodings = np.asarray(encodings, dtype=np.float32)
    if encodings.size == 0 or encodings.shape[-1] != 128 or not np.isfinite(encodings).all():  # noqa: PLR2004 (the engines' encodings)
        raise ValueError(
            f"A person needs at least one finite encoding of 128 numbers, not an array of {encodings.shape}."
        )
    return calibration.mean(encodings)


@dataclass(frozen=True, slots=True)
class Verification:
    """One face against one person's template. `similarity` is 0..1."""

    same_person: bool
    score: float
    similarity: float
    threshold: float


def verify(
    calibration: Calibration,
    probe: Encoding | Encodings,
    encodings: Encodings,
    *,
    false_match_rate: float = VERIFICATION_FALSE_MATCH_RATE,
) -> Verification:
    """Is `probe` the person of `encodings`, (k, 128)? So many strangers would be taken for it."""
    score = calibration.score(calibration.mean(probe), _template(calibration, encodings))
    threshold = calibration.threshold(1, false_match_rate)
    return Verification(score >= threshold, score, calibration.similarity(score), threshold)
