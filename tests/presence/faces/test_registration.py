import io

import cv2
import numpy as np
import PIL.Image
import pytest

from presence.faces.engine import Engine
from presence.faces.match import Gallery
from presence.faces.registration import (
    PhotoProblem,
    PhotoRefused,
    check_agreement,
    encode_portrait,
    find_clash,
    find_faces,
    read_portrait,
)
from presence.faces.types import Encoding, Image
from tests.fixtures.faces import OBAMAS, portrait, portrait_bytes

HEIGHT = 480


def refusal(engine: Engine, image: Image) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as refused:
        encode_portrait(engine, image)
    return refused.value


def of_height(name: str, height: int = HEIGHT) -> Image:
    image = portrait(name)
    return np.asarray(cv2.resize(image, (round(image.shape[1] * height / image.shape[0]), height)), dtype=np.uint8)


def obamas(engine: Engine) -> list[Encoding]:
    return [encode_portrait(engine, portrait(name)).encoding for name in OBAMAS]


def hopper(engine: Engine) -> Encoding:
    return encode_portrait(engine, portrait("grace_hopper")).encoding


def test_good_photo_becomes_an_encoding(engine: Engine) -> None:
    read = read_portrait(engine, portrait_bytes("grace_hopper"))
    assert read.encoding.shape == (128,)
    assert read.quality.problems == ()


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        (np.zeros((HEIGHT, 640, 3), np.uint8), PhotoProblem.NO_FACE),
        (np.hstack([of_height("grace_hopper"), of_height("joe_biden")]), PhotoProblem.SEVERAL_FACES),
        (of_height("grace_hopper", 200), PhotoProblem.TOO_SMALL),
        (of_height("grace_hopper")[:, :250], PhotoProblem.CLIPPED),
        (cv2.GaussianBlur(portrait("grace_hopper"), (0, 0), 9), PhotoProblem.BLURRED),
        ((portrait("eileen_collins") * 0.2).astype(np.uint8), PhotoProblem.TOO_DARK),
    ],
    ids=["nobody", "two people", "small", "cut off", "blurred", "dark"],
)
def test_bad_photo_is_refused_with_its_reason(image: Image, problem: PhotoProblem, sface: Engine) -> None:
    refused = refusal(sface, image)
    assert refused.problem is problem
    assert str(refused) == problem.sentence


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"no image at all", PhotoProblem.NOT_AN_IMAGE),
        (portrait_bytes("grace_hopper")[:20_000], PhotoProblem.NOT_AN_IMAGE),
        (bytes(11 * 1024 * 1024), PhotoProblem.TOO_LARGE),
    ],
    ids=["text", "torn", "large"],
)
def test_unreadable_photo_is_refused_with_its_reason(data: bytes, problem: PhotoProblem, sface: Engine) -> None:
    with pytest.raises(PhotoRefused) as refused:
        read_portrait(sface, data)
    assert refused.value.problem is problem


def test_every_problem_has_a_sentence_that_says_what_to_do() -> None:
    assert all(problem.sentence.endswith(".") for problem in PhotoProblem)


def test_photo_taken_with_the_phone_on_its_side_is_turned_upright(sface: Engine) -> None:
    upright = PIL.Image.fromarray(portrait("grace_hopper"))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    upright.transpose(PIL.Image.Transpose.ROTATE_90).save(data, "JPEG", exif=exif, quality=95)
    assert float(read_portrait(sface, data.getvalue()).encoding @ hopper(sface)) > 0.95


def test_small_face_in_the_background_does_not_count(sface: Engine) -> None:
    image = portrait("grace_hopper").copy()
    height = image.shape[0] // 6
    passer_by = of_height("joe_biden", height)
    image[:height, : passer_by.shape[1]] = passer_by
    assert len(find_faces(sface, image)) >= 1
    assert float(encode_portrait(sface, image).encoding @ hopper(sface)) > 0.9


@pytest.mark.parametrize("height", [400, 900, 2000])
def test_face_is_found_whatever_its_size(height: int, sface: Engine) -> None:
    image = of_height("barack_obama_1", height)
    [face] = find_faces(sface, image)
    assert face.box.height == pytest.approx(0.41 * height, rel=0.1)


def test_faces_found_fill_the_photo(sface: Engine) -> None:
    image = portrait("barack_obama_1")
    [face] = find_faces(sface, image)
    close = image[round(face.box.top) : round(face.box.bottom), round(face.box.left) : round(face.box.right)]
    assert len(find_faces(sface, cv2.resize(close, None, fx=6, fy=6).astype(np.uint8))) == 1


def test_photos_of_one_person_agree(engine: Engine) -> None:
    assert check_agreement(engine, obamas(engine)) is None
    assert check_agreement(engine, obamas(engine)[:1]) is None


@pytest.mark.parametrize("position", range(4))
def test_photo_of_somebody_else_is_found_among_the_others(position: int, engine: Engine) -> None:
    encodings = obamas(engine)
    encodings.insert(position, hopper(engine))
    assert check_agreement(engine, encodings) == position


def test_of_two_photos_that_differ_the_second_is_told(engine: Engine) -> None:
    assert check_agreement(engine, [hopper(engine), obamas(engine)[0]]) == 1


def test_same_face_under_two_accounts_clashes(engine: Engine) -> None:
    first, *rest = obamas(engine)
    gallery = Gallery(engine.calibration, {"obama": np.stack(rest), "hopper": hopper(engine)[None]})
    clash = find_clash(engine, [first], gallery, "new")
    assert clash is not None
    assert clash.person_id == "obama"
    assert clash.similarity > 0.5


def test_nobody_clashes_with_themselves_or_with_strangers(engine: Engine) -> None:
    first, *rest = obamas(engine)
    gallery = Gallery(engine.calibration, {"obama": np.stack(rest), "hopper": hopper(engine)[None]})
    assert find_clash(engine, [first], gallery, "obama") is None
    assert find_clash(engine, [hopper(engine)], gallery.with_changes({}, ["hopper"])) is None
    assert find_clash(engine, [first], Gallery[str](engine.calibration, {})) is None


def test_face_that_is_two_accounts_already_is_a_clash_all_the_more(engine: Engine) -> None:
    first, second, third = obamas(engine)
    gallery = Gallery(engine.calibration, {"one": first[None], "other": first[None] + np.float32(1e-4) * second[None]})
    assert gallery.match(first).person_id is None
    assert find_clash(engine, [third], gallery, "new") is not None
