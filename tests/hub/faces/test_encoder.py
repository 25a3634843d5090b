import asyncio

import pytest

from hub.faces.encoder import FaceEncoder
from hub.faces.errors import EncoderBusy, FaceModelsUnusable, PhotosRefused
from presence.faces.engine import load_engine
from tests.fixtures.photos import blank, photos


async def test_encodings_are_the_engine_s(encoder: FaceEncoder) -> None:
    encoded = await encoder.encode(photos(0))
    engine = load_engine("sface")
    assert (encoded.engine, encoded.model_sha256) == (engine.id, engine.model_sha256)
    assert encoded.encodings.shape == (3, 128)


async def test_models_are_checked_without_being_loaded() -> None:
    encoder = FaceEncoder("sface")
    assert await encoder.model_sha256() == load_engine("sface").model_sha256
    assert "_engine" not in vars(encoder)
    encoder.close()


async def test_an_engine_that_is_not_known_says_so() -> None:
    encoder = FaceEncoder("arcface")
    with pytest.raises(FaceModelsUnusable, match="sface or dlib"):
        await encoder.model_sha256()
    encoder.close()


async def test_a_crowd_is_told_to_come_back(encoder: FaceEncoder) -> None:
    outcomes = await asyncio.gather(*(encoder.encode([blank()] * 3) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, EncoderBusy) for outcome in outcomes) == 4
    assert sum(isinstance(outcome, PhotosRefused) for outcome in outcomes) == 16
    with pytest.raises(PhotosRefused):  # the queue is free again
        await encoder.encode([blank()] * 3)
