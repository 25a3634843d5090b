"""A passive liveness model: MiniFASNet of Silent-Face-Anti-Spoofing (Apache-2.0).

Its weights are not part of the product.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from presence.faces.liveness import LivenessOutcome
from presence.faces.models import ModelCorrupt, ModelMissing
from presence.faces.types import Box, DetectedFace, Image

INPUT_PX = 80
LIVE_CLASS = 1
CROP_SCALES = (2.7, 4.0)
"""Of the face's box: MiniFASNetV2's and MiniFASNetV1SE's."""

Net: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""(1, 3, 80, 80) BGR 0..255 to the classes' probabilities, (3,)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """An `.onnx` file, or ncnn's `.param` with its `.bin` beside it.

    `sha256`, in hex, is the file's; for ncnn that of both together: `cat model.param model.bin | sha256sum`.
    """

    path: Path
    sha256: str


class MiniFasNet:
    """One net for each crop of CROP_SCALES, in their order; their answers are averaged."""

    def __init__(self, weights: Sequence[Weights], *, threads: int = 1, live_from: float = 0.5) -> None:
        """`live_from`, 0..1, is the probability from which a face counts as live.

        Raises ModelMissing, ModelCorrupt; ImportError without onnxruntime or ncnn; ValueError for more weights than
        crops.
        """
        if not 0 < len(weights) <= len(CROP_SCALES):
            raise ValueError(
                f"Give one or two models: for the crop of {CROP_SCALES[0]}, and for that of {CROP_SCALES[1]}."
            )
        self._nets = [_load(each, threads) for each in weights]
        self._live_from = live_from
        self._lock = threading.Lock()

    def live_probability(self, image: Image, face: DetectedFace) -> float:
        """0..1, the mean of the nets'."""
        bgr = image[:, :, ::-1]
        answers = []
        for scale, net in zip(CROP_SCALES, self._nets, strict=False):
            planes = crop(bgr, face.box, scale).astype(np.float32).transpose(2, 0, 1)[None]
            with self._lock:
                answers.append(float(net(np.ascontiguousarray(planes))[LIVE_CLASS]))
        return sum(answers) / len(answers)

    def judge(self, image: Image, face: DetectedFace) -> LivenessOutcome:
        """LIVE or SUSPECT."""
        live = self.live_probability(image, face) >= self._live_from
        return LivenessOutcome.LIVE if live else LivenessOutcome.SUSPECT


def crop(image: Image, box: Box, scale: float) -> Image:
    """The box grown by `scale`, or less where the image is too small, moved into the image, and resized to INPUT_PX:
    as the nets were trained (Silent-Face-Anti-Spoofing, generate_patches.py).
    """
    height, width = image.shape[:2]
    scale = min(scale, (width - 1) / max(box.width, 1.0), (height - 1) / max(box.height, 1.0))
    grown = box.grown(scale)
    left = min(max(grown.left, 0.0), width - 1 - grown.width)
    top = min(max(grown.top, 0.0), height - 1 - grown.height)
    patch = image[int(top) : int(top + grown.height) + 1, int(left) : int(left + grown.width) + 1]
    return np.asarray(cv2.resize(np.ascontiguousarray(patch), (INPUT_PX, INPUT_PX)), dtype=np.uint8)


def _load(weights: Weights, threads: int) -> Net:
    files = [weights.path]
    if weights.path.suffix == ".param":
        files.append(weights.path.with_suffix(".bin"))
    digest = hashlib.sha256()
    for file in files:
        try:
            digest.update(file.read_bytes())
        except OSError as error:
            raise ModelMissing(f"The liveness model {file} can't be read ({error.strerror}): put it there.") from error
    if digest.hexdigest() != weights.sha256.lower():
        raise ModelCorrupt(
            f"The liveness model {weights.path} has SHA-256 {digest.hexdigest()}, expected {weights.sha256}: "
            "replace the file, or the digest in the settings."
        )
    if weights.path.suffix == ".param":
        return _ncnn_net(weights.path, weights.path.with_suffix(".bin"), threads)
    return _onnx_net(weights.path, threads)


def _onnx_net(path: Path, threads: int) -> Net:
    import onnxruntime  # noqa: PLC0415 (optional)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(planes: NDArray[np.float32]) -> NDArray[np.float32]:
        scores = np.asarray(session.run(None, {name: planes})[0][0], dtype=np.float32)
        if scores.min() >= 0 and abs(float(scores.sum()) - 1) < 1e-3:  # noqa: PLR2004 (already probabilities)
            return scores
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), dtype=np.float32)

    return run


def _ncnn_net(param: Path, model: Path, threads: int) -> Net:
    import ncnn  # noqa: PLC0415 (optional)

    net = ncnn.Net()
    net.opt.num_threads = threads
    if net.load_param(str(param)) != 0 or net.load_model(str(model)) != 0:
        raise ModelCorrupt(f"ncnn can't load {param} and {model}: they don't belong together.")

    def run(planes: NDArray[np.float32]) -> NDArray[np.float32]:
        with net.create_extractor() as extractor:
            extractor.input("data", ncnn.Mat(planes[0]))
            _, output = extractor.extract("softmax")
            return np.array(output, dtype=np.float32).ravel()

    return run
