import io
import struct
import zlib

import numpy as np
import PIL.Image
import pytest

from presence.faces.photo import LONGEST_SIDE_PX, ImageTooLarge, NotAnImage, decode_photo

ORIENTATION = 0x0112


def saved(image: PIL.Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def left_red(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> PIL.Image.Image:
    """Red on the left, blue on the right."""
    image = PIL.Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says that it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("JPEG", mode) for mode in ("RGB", "L", "CMYK")),
        *((kind, mode) for kind in ("PNG", "WEBP") for mode in ("RGB", "L", "RGBA", "P")),
    ],
)
def test_every_kind_and_mode_comes_out_as_rgb(kind: str, mode: str) -> None:
    image = decode_photo(saved(left_red(mode), kind))
    assert image.shape == (40, 60, 3)
    assert image.dtype == np.uint8
    if mode != "L":
        assert image[20, 5, 0] > 180
        assert image[20, 5, 2] < 80


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(orientation: int) -> None:
    # How a camera stores an upright picture, by EXIF orientation: undone by these.
    stored_as = {
        2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
        3: PIL.Image.Transpose.ROTATE_180,
        4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
        5: PIL.Image.Transpose.TRANSPOSE,
        6: PIL.Image.Transpose.ROTATE_90,
        7: PIL.Image.Transpose.TRANSVERSE,
        8: PIL.Image.Transpose.ROTATE_270,
    }
    upright = left_red()
    stored = upright.transpose(stored_as[orientation]) if orientation in stored_as else upright
    exif = PIL.Image.Exif()
    exif[ORIENTATION] = orientation
    image = decode_photo(saved(stored, exif=exif, quality=95))
    assert np.abs(image.astype(int) - np.array(upright).astype(int)).mean() < 10


def test_large_photos_are_reduced() -> None:
    image = decode_photo(saved(left_red(size=(6000, 3000))))
    assert image.shape == (LONGEST_SIDE_PX // 2, LONGEST_SIDE_PX, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",  # a JPEG's first three bytes
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        saved(left_red(), "GIF"),  # an image, but of a kind that nobody's camera makes
        saved(left_red(), "TIFF"),
        saved(left_red(), "JPEG")[:400],  # torn
        saved(left_red(), "PNG")[:60],
        saved(left_red(), "WEBP")[:40],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
    ids=["empty", "jpeg start", "svg", "pdf", "gif", "tiff", "torn jpeg", "torn png", "torn webp", "png of zeros"],
)
def test_what_is_not_a_whole_photo_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImage, match=r"JPEG, PNG or WebP|damaged"):
        decode_photo(data)


@pytest.mark.parametrize("size", [(8000, 6000), (12_000, 10_000), (60_000, 60_000)])
def test_decompression_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    data = png_claiming(*size)
    assert len(data) < 1000
    with pytest.raises(ImageTooLarge, match="at most 40 megapixels"):
        decode_photo(data)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ImageTooLarge, match=r"has 10\.0 MiB; send at most 10 MiB"):
        decode_photo(bytes(10 * 1024 * 1024 + 1))


def test_jpeg_of_a_thousand_scans_is_refused() -> None:
    data = saved(left_red(), "JPEG", progressive=True)
    scan = data.index(b"\xff\xda")
    with pytest.raises(ImageTooLarge, match="too much work"):
        decode_photo(data[:scan] + data[scan:-2] * 1000 + data[-2:])


def test_bounds_can_be_set() -> None:
    with pytest.raises(ImageTooLarge):
        decode_photo(saved(left_red()), max_pixels=2399)
    assert decode_photo(saved(left_red()), max_pixels=2400).size == 2400 * 3
