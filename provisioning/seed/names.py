"""Names of people who do not exist, as they are common in East Africa."""

import random
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Person:
    given_name: str
    family_name: str
    gender: str
    email: str
    phone: str


def people(dice: random.Random, *, domain: str) -> Iterator[Person]:
    """People without end, each with an e-mail and a phone number that no other has."""
    text = files("provisioning.seed").joinpath("names.toml").read_text(encoding="utf-8")
    names = {kind: names.split() for kind, names in tomllib.loads(text).items()}
    taken: dict[str, int] = {}
    serial = 0
    while True:
        gender = dice.choice(("female", "male"))
        given, family = dice.choice(names[gender]), dice.choice(names["family"])
        local = f"{_ascii(given)}.{_ascii(family)}"
        taken[local] = number = taken.get(local, 0) + 1
        serial += 1
        yield Person(
            given,
            family,
            gender,
            f"{local}{number if number > 1 else ''}@{domain}",
            # 0700 000 000 and following: a Kenyan mobile number by its form.
            f"+2547{serial:08d}",
        )


def _ascii(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
