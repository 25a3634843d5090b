import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.db.audit import AuditEntry
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.fields import EtagStale
from hub.school import queries
from hub.school.errors import LogoInvalid, LogoNotFound, PartInUse, SchoolExists, SchoolInvalid, SchoolNotFound
from hub.school.models import School
from hub.school.rules import DefaultPolicies
from hub.school.service import institution
from tests.factories.school import SCHOOL, make_class_group, make_programme, make_school
from tests.fixtures.database import MakeUow
from tests.hub.school.pictures import picture


async def test_there_is_one_school(uow: UnitOfWork) -> None:
    with pytest.raises(SchoolNotFound):
        await queries.get_school(uow)
    school = await make_school(uow)
    assert (await make_school(uow)).id == school.id  # the same again
    with pytest.raises(SchoolExists, match="Kisima"):
        await make_school(uow, name="Another")


async def test_a_racing_second_school_is_refused(make_uow: MakeUow) -> None:
    async def create(name: str) -> None:
        async with make_uow() as uow:
            # Without the service's check: the constraint alone must hold.
            uow.session.add(School(**SCHOOL | {"name": name}))

    results = await asyncio.gather(create("A"), create("B"), create("C"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyExists", "AlreadyExists", "NoneType"]


async def test_a_second_singleton_value_is_refused(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_school(uow)
    with pytest.raises(IntegrityError):
        async with make_uow() as uow:
            uow.session.add(School(**SCHOOL, singleton=2))


async def test_bad_school_fields_are_named(uow: UnitOfWork) -> None:
    for field, value in (
        ("time_zone", "Nairobi"),
        ("time_zone", ""),
        ("name", " "),
        ("code", ""),
        ("locale", "English!"),
    ):
        with pytest.raises(SchoolInvalid) as refused:
            await make_school(uow, **{field: value})
        assert [violation.field for violation in refused.value.violations] == [f"school.{field}"]


async def test_the_school_cannot_be_deleted(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_school(uow)
    with pytest.raises(DBAPIError, match="the school is never deleted"):
        async with make_uow() as uow:
            await uow.session.execute(delete(School))
    async with make_uow() as uow:
        assert await queries.find_school(uow) is not None


async def test_update_checks_the_etag_and_is_audited(uow: UnitOfWork) -> None:
    school = await make_school(uow)
    wanted = replace(institution.draft_of(school), name="Kisima Polytechnic", code="unused")
    await institution.update_school(uow, wanted=wanted, fields=frozenset({"name"}), etag=str(school.etag))
    assert (school.name, school.code) == ("Kisima Polytechnic", "KTC")
    with pytest.raises(EtagStale):
        await institution.update_school(uow, wanted=wanted, fields=frozenset({"name"}), etag="1")
    await uow.store_records()
    entry = (await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "school.update_school"))).one()
    assert entry.before == {"name": "Kisima Technical College"}
    assert entry.after == {"name": "Kisima Polytechnic"}


async def test_an_update_that_changes_nothing_is_not_audited(uow: UnitOfWork) -> None:
    school = await make_school(uow)
    etag = str(school.etag)
    await institution.update_school(
        uow, wanted=institution.draft_of(school), fields=frozenset(institution.FIELDS), etag=etag
    )
    assert str(school.etag) == etag
    await uow.store_records()
    assert not list(await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "school.update_school")))


async def test_levels_are_the_schools_own_list(uow: UnitOfWork) -> None:
    school = await make_school(uow)
    programme = await make_programme(uow, level="Diploma")
    assert programme.level == "diploma"
    wanted = replace(institution.draft_of(school), programme_levels=("artisan", "diploma"))
    fields = frozenset({"programme_levels"})
    await institution.update_school(uow, wanted=wanted, fields=fields, etag="")
    await make_programme(uow, level="artisan")
    with pytest.raises(SchoolInvalid, match="give one of artisan, diploma"):
        await make_programme(uow, level="certificate")
    with pytest.raises(PartInUse, match="diploma"):
        await institution.update_school(
            uow, wanted=replace(wanted, programme_levels=("artisan",)), fields=fields, etag=""
        )
    for levels in (("a", "A"), ("a", " "), ("x" * 51,)):
        with pytest.raises(SchoolInvalid) as refused:
            await institution.update_school(
                uow, wanted=replace(wanted, programme_levels=levels), fields=fields, etag=""
            )
        assert [violation.field for violation in refused.value.violations] == ["school.programme_levels"]


async def test_new_parts_get_the_default_policies(uow: UnitOfWork) -> None:
    policies = DefaultPolicies(class_group_capacity=25, programme_duration_years=2, terms_per_year=4)
    await make_school(uow, default_policies=policies)
    programme = await make_programme(uow, duration_years=0, terms_per_year=0)
    assert (programme.duration_years, programme.terms_per_year) == (2, 4)
    assert (await make_class_group(uow, programme_id=programme.id, capacity=None)).capacity == 25
    assert (await make_class_group(uow, programme_id=programme.id, stream="B", capacity=0)).capacity == 0


async def test_bad_default_policies_are_named(uow: UnitOfWork) -> None:
    for policies, field in (
        (DefaultPolicies(class_group_capacity=-1), "class_group_capacity"),
        (DefaultPolicies(programme_duration_years=11), "programme_duration_years"),
        (DefaultPolicies(terms_per_year=13), "terms_per_year"),
        (DefaultPolicies(holiday_country="XX"), "holiday_country"),
        (DefaultPolicies(holiday_country="KE", holiday_subdivision="BY"), "holiday_country"),
    ):
        with pytest.raises(SchoolInvalid) as refused:
            await make_school(uow, default_policies=policies)
        assert [violation.field for violation in refused.value.violations] == [f"school.default_policies.{field}"]


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
async def test_a_logo_is_kept_as_it_came(uow: UnitOfWork, kind: str, media_type: str) -> None:
    await make_school(uow)
    content = picture(kind)
    school = await institution.set_logo(uow, logo=await institution.decode_logo(content), etag="")
    logo = await queries.get_logo(uow)
    assert (logo.content, logo.media_type, logo.width, logo.height) == (content, media_type, 60, 40)
    etag = school.etag
    await institution.set_logo(uow, logo=await institution.decode_logo(content), etag="")  # the same again
    assert (school.etag, school.logo_media_type) == (etag, media_type)
    other = picture(kind, (10, 10))
    await institution.set_logo(uow, logo=await institution.decode_logo(other), etag=str(etag))
    assert (await queries.get_logo(uow)).content == other
    with pytest.raises(EtagStale):
        await institution.delete_logo(uow, etag=str(etag))
    for _ in range(2):
        await institution.delete_logo(uow, etag="")
        assert (school.logo_media_type, school.logo_sha256) == ("", "")
        with pytest.raises(LogoNotFound):
            await queries.get_logo(uow)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "does not decode"),
        (b"<svg/>", "does not decode"),
        (picture("GIF"), "does not decode"),
        (picture()[:-30], "does not decode"),  # cut off
        (picture("JPEG")[:400], "does not decode"),
        (picture()[:16] + bytes(4) + picture()[20:], "does not decode"),  # no width
        (picture(size=(5000, 5000)), "5000 × 5000 pixels"),
        (picture() + bytes(1024 * 1024), "at most 1048576"),
    ],
)
async def test_what_is_no_logo_is_refused(content: bytes, match: str) -> None:
    with pytest.raises(LogoInvalid, match=match):
        await institution.decode_logo(content)
