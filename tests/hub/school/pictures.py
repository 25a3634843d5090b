"""Pictures made for the tests."""

import io

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "navy").save(target, kind)
    return target.getvalue()
