import enum
from datetime import date, timedelta

MIN_PHOTOS = 3
MAX_PHOTOS = 5
MAX_PHOTO_BYTES = 8 * 1024 * 1024
AGE_OF_CONSENT = 18
KEY_LIFETIME = timedelta(days=90)
# A hub that shares the secrets folder may still write with a key that is no longer the newest.
KEY_RETIREMENT = timedelta(days=1)


class ConsentState(enum.Enum):
    GIVEN = "GIVEN"
    WITHDRAWN = "WITHDRAWN"


class RegistrationState(enum.Enum):
    IN_USE = "IN_USE"
    HELD = "HELD"  # clashes with another account; in no gallery until staff decide


class ClashResolution(enum.Enum):
    KEPT = "KEPT"
    ERASED = "ERASED"


def is_minor(birth_date: date | None, today: date) -> bool:
    """Whether a guardian has to consent; a person whose birth date is not known counts as grown up.

    Who was born on 29 February comes of age on 1 March.
    """
    if birth_date is None:
        return False
    comes_of_age = (birth_date.month, birth_date.day) <= (today.month, today.day)
    return today.year - birth_date.year - (not comes_of_age) < AGE_OF_CONSENT
