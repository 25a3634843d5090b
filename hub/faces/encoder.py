"""Photos to encodings, off the event loop: one engine, loaded at the first photo, one thread, a bounded queue."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

import numpy as np

from hub.errors import FieldViolation
from hub.faces.errors import EncoderBusy, FaceModelsUnusable, PhotosRefused
from presence.faces.engine import Engine, load_engine
from presence.faces.match import Gallery, verify
from presence.faces.models import MODELS_OF_ENGINES, ModelError, engine_sha256
from presence.faces.registration import (
    Clash,
    PhotoRefused,
    check_agreement,
    find_clash,
    read_portrait,
)
from presence.faces.types import Encoding, Encodings

T = TypeVar("T")

_MAX_WAITING = 16  # calls; at about 0.2 s each nobody waits for longer than a client does


@dataclass(frozen=True, slots=True, eq=False)
class EncodedPhotos:
    """`encodings` is (n, 128), one row a photo."""

    engine: str
    model_sha256: str
    encodings: Encodings


@dataclass(frozen=True, slots=True)
class Comparison:
    """`similarity` is 0..1 on the calibrated scale."""

    similarity: float
    same_person: bool


class FaceEncoder:
    """`engine_id` is "sface" or "dlib". Close it at shutdown."""

    def __init__(self, engine_id: str = "sface", *, threads: int = 1) -> None:
        self.engine_id = engine_id
        self._threads = threads
        # One thread: the engines' networks keep state while they run.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="face-encoder")
        self._waiting = 0

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    async def model_sha256(self) -> str:
        """The identity of the engine's models, once their files are found whole; does not load them.

        Raises:
            FaceModelsUnusable: a file is missing or damaged; or the engine is not known.
        """

        def check() -> str:
            models = MODELS_OF_ENGINES.get(self.engine_id)
            if models is None:
                raise ModelError(f"There is no engine {self.engine_id!r}: use {' or '.join(MODELS_OF_ENGINES)}.")
            for model in models:
                model.locate()
            return engine_sha256(self.engine_id)

        return await self._run(check)

    async def encode(self, photos: Sequence[bytes]) -> EncodedPhotos:
        """Encodings of photos that show one face each, all of the same person.

        Raises:
            PhotosRefused: names each photo that can't be used, with its reason.
            EncoderBusy: too many wait already.
            FaceModelsUnusable: the engine's models are missing or damaged.
        """
        return await self._run(lambda: self._encode(photos))

    async def encode_one(self, photo: bytes) -> tuple[EncodedPhotos | None, str]:
        """One photo to compare: its encoding, or None and the reason (UPPER_SNAKE) why it can't be used."""

        def encode() -> tuple[EncodedPhotos | None, str]:
            try:
                encoding = read_portrait(self._engine, photo).encoding
            except PhotoRefused as refusal:
                return None, refusal.problem.value
            return self._encoded([encoding]), ""

        return await self._run(encode)

    async def find_clash(
        self, encoded: EncodedPhotos, gallery: Mapping[UUID, Encodings], own_id: UUID
    ) -> "Clash[UUID] | None":
        """Who else in the gallery has this face, if anyone."""
        return await self._run(
            lambda: find_clash(self._engine, encoded.encodings, Gallery(self._engine.calibration, gallery), own_id)
        )

    async def compare(self, encoded: EncodedPhotos, templates: Encodings) -> Comparison:
        """One photo against one person's templates."""

        def compare() -> Comparison:
            verification = verify(self._engine.calibration, encoded.encodings[0], templates)
            return Comparison(verification.similarity, verification.same_person)

        return await self._run(compare)

    @cached_property
    def _engine(self) -> Engine:
        return load_engine(self.engine_id, threads=self._threads)

    def _encoded(self, encodings: Sequence[Encoding]) -> EncodedPhotos:
        return EncodedPhotos(self._engine.id, self._engine.model_sha256, np.stack(encodings).astype(np.float32))

    def _encode(self, photos: Sequence[bytes]) -> EncodedPhotos:
        encodings: list[Encoding] = []
        refused: dict[int, tuple[str, str]] = {}
        for i, photo in enumerate(photos):
            if photo in photos[:i]:
                refused[i] = ("SAME_PHOTO", "This is the same photo as an earlier one: take another one.")
                continue
            try:
                encodings.append(read_portrait(self._engine, photo).encoding)
            except PhotoRefused as refusal:
                refused[i] = (refusal.problem.value, str(refusal))
        if not refused:
            stranger = check_agreement(self._engine, encodings)
            if stranger is not None:
                refused[stranger] = (
                    "OTHER_PERSON",
                    "This does not show the same person as the other photos: take it again.",
                )
        if refused:
            raise _photos_refused(refused)
        return self._encoded(encodings)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= _MAX_WAITING:
            raise EncoderBusy(
                "Too many faces are being registered at once: try again in a few seconds.",
                retry_after=timedelta(seconds=5),
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except ModelError as error:
            raise FaceModelsUnusable(f"Faces can't be registered now. {error}") from error
        finally:
            self._waiting -= 1


def _photos_refused(refused: Mapping[int, tuple[str, str]]) -> PhotosRefused:
    count = "One photo" if len(refused) == 1 else f"{len(refused)} photos"
    return PhotosRefused(
        f"{count} can't be used, so none was: "
        + " ".join(f"Photo {i + 1}: {text.rstrip('.')}." for i, (_, text) in sorted(refused.items())),
        violations=[
            FieldViolation(f"photos[{i}]", f"{reason}: {text}") for i, (reason, text) in sorted(refused.items())
        ],
        metadata={f"photos[{i}]": reason for i, (reason, _) in sorted(refused.items())},
    )
