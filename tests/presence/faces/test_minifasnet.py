import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from presence.faces.detector import YuNetDetector
from presence.faces.liveness import LivenessOutcome
from presence.faces.minifasnet import CROP_SCALES, MiniFasNet, Weights, crop
from presence.faces.models import ModelCorrupt, ModelMissing
from presence.faces.types import Box
from tests.fixtures.faces import portrait

WEIGHTS = (
    Path(os.environ.get("ROSTER_TEST_DATA", Path(__file__).parents[4] / "shared" / "data")) / "models" / "minifasnet"
)


def ncnn_weights(name: str) -> Weights:
    param = WEIGHTS / f"{name}.param"
    if not param.exists():
        pytest.skip(f"no liveness weights at {param}: set ROSTER_TEST_DATA to the folder that holds models/minifasnet")
    digest = hashlib.sha256(param.read_bytes() + param.with_suffix(".bin").read_bytes())
    return Weights(param, digest.hexdigest())


@pytest.mark.parametrize(
    ("box", "scale", "cut"),
    [
        (Box(90, 90, 110, 110), 2.7, (73, 73, 127, 127)),
        (Box(0, 0, 20, 20), 2.7, (0, 0, 54, 54)),  # moved into the image, not cut off
        (Box(180, 180, 200, 200), 2.7, (145, 145, 199, 199)),
        (Box(40, 40, 160, 160), 4.0, (0, 0, 199, 199)),  # no larger than the image
    ],
)
def test_crop_is_what_the_nets_were_trained_on(box: Box, scale: float, cut: tuple[int, int, int, int]) -> None:
    rows, columns = np.mgrid[0:200, 0:200]
    image = np.dstack([columns, rows, np.zeros_like(rows)]).astype(np.uint8)
    patch = crop(image, box, scale)
    assert patch.shape == (80, 80, 3)
    left, top, right, bottom = cut
    assert patch[0, 0, :2].tolist() == pytest.approx([left, top], abs=2)
    assert patch[-1, -1, :2].tolist() == pytest.approx([right, bottom], abs=2)


def test_missing_weights_say_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"model\.onnx can't be read"):
        MiniFasNet([Weights(tmp_path / "model.onnx", "0" * 64)])


def test_other_weights_than_configured_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"other")
    with pytest.raises(ModelCorrupt, match="replace the file, or the digest in the settings"):
        MiniFasNet([Weights(file, "0" * 64)])


@pytest.mark.parametrize("count", [0, 3])
def test_as_many_nets_as_crops_at_most(count: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one or two models"):
        MiniFasNet([Weights(tmp_path / "model.onnx", "0" * 64)] * count)


def test_two_nets_answer_with_their_mean() -> None:
    image = portrait("barack_obama_1")
    [face] = YuNetDetector().detect(image)
    first, second = ncnn_weights("model_1"), ncnn_weights("model_2")
    both = MiniFasNet([first, second])
    alone = MiniFasNet([first]).live_probability(image, face)
    assert 0 <= alone <= 1
    probability = both.live_probability(image, face)
    assert 0 <= probability <= 1
    assert min(alone, 2 * probability - alone) >= -1e-6
    strict = MiniFasNet([first, second], live_from=probability + 1e-6)
    lax = MiniFasNet([first, second], live_from=probability)
    assert strict.judge(image, face) is LivenessOutcome.SUSPECT
    assert lax.judge(image, face) is LivenessOutcome.LIVE
    assert len(CROP_SCALES) == 2
