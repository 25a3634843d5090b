"""The school itself: made once, changed, never deleted."""

import asyncio
import hashlib
import io
import warnings
import zoneinfo
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from PIL import Image
from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import holiday_calendar, queries
from hub.school.errors import LogoInvalid, PartInUse, SchoolExists
from hub.school.models import Programme, School, SchoolLogo
from hub.school.rules import DEFAULT_LEVELS, DefaultPolicies, SchoolDraft, check_school
from hub.school.service.records import change, refuse, store

FIELDS = ("name", "code", "address", "time_zone", "locale", "programme_levels", "default_policies")
MAX_LOGO_BYTES: Final = 1024 * 1024
_MAX_LOGO_PIXELS: Final = 16_000_000
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A logo that decodes."""

    content: bytes
    media_type: str
    width: int
    height: int


async def create_school(uow: UnitOfWork, *, draft: SchoolDraft) -> School:
    """Store the one school; the same draft again answers it.

    Raises:
        SchoolInvalid: names each bad field.
        SchoolExists: there is a school with other values.
    """
    values = _checked(draft)
    school = await queries.find_school(uow)
    if school is not None:
        if all(getattr(school, field) == value for field, value in values.items()):
            return school
        raise SchoolExists(
            f'There is a school already, "{school.name}", and a hub serves one: update that one instead.'
        )
    return await store(uow, "school", School(**values), values)


async def update_school(uow: UnitOfWork, *, wanted: SchoolDraft, fields: frozenset[str], etag: str) -> School:
    """Change the named fields of FIELDS.

    Raises:
        SchoolNotFound, EtagStale, SchoolInvalid: as their names say.
        PartInUse: a level that programmes have would go.
    """
    school = await queries.get_school(uow)
    check_etag(school.etag, etag)
    values = _checked(replace(draft_of(school), **{field: getattr(wanted, field) for field in fields}))
    gone = set(school.programme_levels) - set(values["programme_levels"])
    used = await uow.session.scalars(select(Programme.level).where(Programme.level.in_(gone)).distinct())
    if still := sorted(used):
        raise PartInUse(f"Programmes have the level {', '.join(still)}: give them another one first.")
    return await change(uow, "school", school, values)


def draft_of(school: School) -> SchoolDraft:
    """The school as it stands; storing it changes nothing."""
    return SchoolDraft(
        name=school.name,
        code=school.code,
        address=school.address,
        time_zone=school.time_zone,
        locale=school.locale,
        programme_levels=tuple(school.programme_levels),
        default_policies=DefaultPolicies(**school.default_policies),
    )


async def decode_logo(content: bytes) -> LogoFile:
    """The file as a picture, decoded whole in a thread.

    Raises:
        LogoInvalid: no PNG or JPEG, damaged, or too large.
    """
    if len(content) > MAX_LOGO_BYTES:
        raise LogoInvalid.of("content", f"has {len(content)} bytes: give a file of at most {MAX_LOGO_BYTES}, 1 MiB")
    return await asyncio.to_thread(_decode, content)


async def set_logo(uow: UnitOfWork, *, logo: LogoFile, etag: str) -> School:
    """Store the logo instead of the present one. The same again changes nothing.

    Raises:
        SchoolNotFound, EtagStale: as their names say.
    """
    school = await queries.get_school(uow)
    check_etag(school.etag, etag)
    digest = hashlib.sha256(logo.content).hexdigest()
    if digest == school.logo_sha256:
        return school
    row = await uow.session.get(SchoolLogo, school.id)
    if row is None:
        uow.session.add(SchoolLogo(school_id=school.id, **asdict(logo)))
    else:
        for field, value in asdict(logo).items():
            setattr(row, field, value)
    return await change(
        uow, "school", school, {"logo_media_type": logo.media_type, "logo_sha256": digest}, "set_logo_of"
    )


async def delete_logo(uow: UnitOfWork, *, etag: str) -> School:
    """Remove the logo. Repeating it changes nothing.

    Raises:
        SchoolNotFound, EtagStale: as their names say.
    """
    school = await queries.get_school(uow)
    check_etag(school.etag, etag)
    row = await uow.session.get(SchoolLogo, school.id)
    if row is not None:
        await uow.session.delete(row)
    return await change(uow, "school", school, {"logo_media_type": "", "logo_sha256": ""}, "delete_logo_of")


def _checked(draft: SchoolDraft) -> dict[str, Any]:
    """The draft as column values."""
    levels = tuple(level.strip() for level in draft.programme_levels) or DEFAULT_LEVELS
    draft = replace(draft, programme_levels=levels)
    violations = check_school(draft, zoneinfo.available_timezones())
    policies = draft.default_policies
    if problem := holiday_calendar.problem_of(policies.holiday_country, policies.holiday_subdivision):
        violations.append(FieldViolation("school.default_policies.holiday_country", problem))
    refuse(violations)
    return {field: getattr(draft, field) for field in FIELDS} | {
        "programme_levels": list(levels),
        "default_policies": asdict(policies),
    }


def _decode(content: bytes) -> LogoFile:
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that unpacks to hundreds of megabytes.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_MEDIA_TYPES)) as picture:
                width, height = picture.size
                if width * height > _MAX_LOGO_PIXELS:
                    raise LogoInvalid.of("content", f"is {width} × {height} pixels: give a smaller picture")
                picture.load()
                return LogoFile(content, _MEDIA_TYPES[picture.format or ""], width, height)
    # Pillow's decoders raise all of these on damaged files.
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LogoInvalid.of("content", "does not decode as a PNG or JPEG picture: export it again") from None
