"""Public holidays of countries, from the `holidays` library."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from holidays.registry import COUNTRIES

from hub.school.errors import HolidaysUnknown
from hub.school.rules import Period


@dataclass(frozen=True, slots=True)
class Country:
    """`code` is ISO 3166-1 alpha-2; `subdivisions` are as the library names them."""

    code: str
    name: str
    subdivisions: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """All countries that the library knows, by code."""
    names = {names[1]: names[0] for names in COUNTRIES.values()}
    subdivisions = holidays.list_supported_countries(include_aliases=False)
    return tuple(
        Country(code, _spaced(names[code]), tuple(sorted(subdivisions.get(code, ())))) for code in sorted(names)
    )


def problem_of(country: str, subdivision: str) -> str:
    """What is wrong with the pair, with the fix; "" when holidays are known for it, or when both are empty."""
    if not country:
        return "is required with a subdivision: give its country" if subdivision else ""
    known = next((one for one in countries() if one.code == country), None)
    if known is None:
        return f'"{country}" is no country whose holidays are known: give an ISO 3166-1 code such as KE'
    if subdivision and subdivision not in known.subdivisions:
        told = ", ".join(known.subdivisions) or "none"
        return f'"{subdivision}" is no subdivision of {known.name}: these are known: {told}'
    return ""


def public_holidays(period: Period, *, country: str, subdivision: str, locale: str) -> list[tuple[date, str]]:
    """The public holidays in the period, by date; two on one day are one, with both names.

    Args:
        period: the days.
        country: ISO 3166-1 alpha-2.
        subdivision: of the country, or "".
        locale: names come in this BCP-47 language if the library has them so, or else in the country's own.

    Raises:
        HolidaysUnknown: no holidays are known for the country or subdivision.
    """
    problem = problem_of(country, subdivision)
    if problem or not country:
        raise HolidaysUnknown.of("country", problem or "is required: give an ISO 3166-1 code such as KE")
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(period.first.year, period.last.year + 1),
        language=_language(country, locale),
    )
    return sorted((day, name) for day, name in found.items() if day in period)


def _language(country: str, locale: str) -> str | None:
    # Asked for none, the library would take that of the hub's own environment.
    own: str | None = getattr(holidays, country).default_language
    known: list[str] = holidays.list_localized_countries().get(country, [])
    language, _, region = locale.replace("-", "_").partition("_")
    exact = f"{language.lower()}_{region.upper()}"
    same = [one for one in known if one.partition("_")[0] == language.lower()]
    return exact if exact in same else next(iter(same), own)


def _spaced(class_name: str) -> str:
    """The library's "UnitedStates" as people write it."""
    return "".join(f" {letter}" if letter.isupper() and i else letter for i, letter in enumerate(class_name))
