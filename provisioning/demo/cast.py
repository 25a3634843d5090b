"""Who is in the story. Portraits: see tests/data/faces/SOURCES.md."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageEnhance

PORTRAITS = Path(__file__).parents[2] / "tests" / "data" / "faces"
_PHOTOS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`photos` are what the office registers; `walk` is what the camera sees. Without photos nobody knows the face."""

    given_name: str
    family_name: str
    number: str
    photos: tuple[str, ...] = ()
    walk: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        return f"{self.given_name}.{self.family_name}@college.example".lower()


GRACE = Person(given_name="Grace", family_name="Hopper", number="S-001", photos=("grace_hopper",), walk="grace_hopper")
BARACK = Person(
    given_name="Barack",
    family_name="Obama",
    number="T-001",
    photos=("barack_obama_1", "barack_obama_3"),
    walk="barack_obama_2",  # not one of the registered photos
)
JOE = Person(given_name="Joe", family_name="Biden", number="T-002", photos=("joe_biden",), walk="joe_biden")
EILEEN = Person(
    given_name="Eileen", family_name="Collins", number="T-003", photos=("eileen_collins",), walk="eileen_collins"
)
KATHERINE = Person(given_name="Katherine", family_name="Johnson", number="T-004")
STRANGER = Person(given_name="Mona", family_name="Lisa", number="", walk="mona_lisa")

TRAINEES = (BARACK, JOE, EILEEN, KATHERINE)


def portrait(name: str) -> Path:
    return PORTRAITS / f"{name}.jpg"


def registration_photos(person: Person) -> list[bytes]:
    """Three photos, as the office takes them; for want of portraits the first one again, leaned and darker."""
    images = [Image.open(portrait(name)).convert("RGB") for name in person.photos]
    first = images[0]
    for step in range(1, 1 + _PHOTOS - len(images)):
        leaned = first.rotate(2.5 * step, resample=Image.Resampling.BICUBIC, fillcolor=(110, 110, 110))
        images.append(ImageEnhance.Brightness(leaned).enhance(1 - 0.06 * step))
    return [_jpeg(image) for image in images]


def _jpeg(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=92)
    return data.getvalue()
