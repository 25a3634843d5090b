"""Photos as people send them: untrusted bytes to pixels, within bounds of bytes, pixels and decoding work."""

import io
import struct

import numpy as np
import PIL.Image
import PIL.ImageOps

from presence.faces.types import Image

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTO_PIXELS = 40_000_000
LONGEST_SIDE_PX = 2048
"""Larger photos are reduced to it: no engine sees more."""
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_JPEG_SCANS = 100
"""A progressive JPEG has about ten; each costs a pass over all pixels, so thousands are a bomb."""
JPEG_SCAN_MARKER = b"\xff\xda"


class PhotoError(Exception):
    """The text is for the person who sent it."""


class NotAnImage(PhotoError):
    pass


class ImageTooLarge(PhotoError):
    pass


def decode_photo(data: bytes, *, max_bytes: int = MAX_PHOTO_BYTES, max_pixels: int = MAX_PHOTO_PIXELS) -> Image:
    """The upright RGB pixels of a JPEG, PNG or WebP (its first picture), without metadata.

    Raises NotAnImage, and ImageTooLarge before anything is decoded.
    """
    if len(data) > max_bytes:
        raise ImageTooLarge(f"The photo has {len(data) / 2**20:.1f} MiB; send at most {max_bytes / 2**20:.0f} MiB.")
    try:
        photo = PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        raise ImageTooLarge(_too_many_pixels(max_pixels)) from error
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error) as error:
        raise NotAnImage("This is not a JPEG, PNG or WebP photo.") from error
    with photo:
        if photo.width * photo.height > max_pixels:
            raise ImageTooLarge(_too_many_pixels(max_pixels))
        if photo.format == "JPEG" and data.count(JPEG_SCAN_MARKER) > MOST_JPEG_SCANS:
            raise ImageTooLarge("The JPEG takes too much work to decode; save it again in a photo program.")
        try:
            # JPEG decodes straight to a reduced size; the other formats ignore it.
            photo.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            upright = PIL.ImageOps.exif_transpose(photo).convert("RGB")
            upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        except (OSError, SyntaxError, ValueError, EOFError, OverflowError, IndexError, struct.error) as error:
            raise NotAnImage("The photo is damaged: it can't be read to its end. Send it again.") from error
    return np.array(upright, dtype=np.uint8)


def _too_many_pixels(max_pixels: int) -> str:
    return f"The photo has too many pixels; send at most {max_pixels / 1e6:.0f} megapixels."
