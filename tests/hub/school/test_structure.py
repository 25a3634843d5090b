from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hub.courses.college import CollegeOfThisHub
from hub.db.audit import AuditEntry
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.fields import EtagStale
from hub.school import queries
from hub.school.errors import (
    ClassGroupNotFound,
    DepartmentNotFound,
    NameTaken,
    NotOfDepartment,
    PartArchived,
    PartInUse,
    ProgrammeNotFound,
    SchoolInvalid,
)
from hub.school.rules import ClassGroupDraft, DepartmentDraft, ProgrammeDraft
from hub.school.service import heads, structure
from hub.users import queries as users_queries
from hub.users.errors import ClassGroupFull
from hub.users.rules import Role
from tests.factories.courses import make_course, make_enrolment
from tests.factories.school import make_class_group, make_department, make_programme
from tests.factories.users import make_trainee, make_trainer

NOBODY = UUID(int=0)


async def test_codes_and_names_are_unique_where_they_must_be(uow: UnitOfWork) -> None:
    department = await make_department(uow, code="ICT", name="Computing")
    with pytest.raises(NameTaken):
        await make_department(uow, code="ICT", name="Other")
    with pytest.raises(NameTaken):
        await make_department(uow, code="OTH", name="Computing")
    await make_programme(uow, department_id=department.id, code="DICT")
    with pytest.raises(NameTaken):
        await make_programme(uow, department_id=department.id, code="DICT")
    elsewhere = await make_department(uow)
    await make_programme(uow, department_id=elsewhere.id, code="DICT")


async def test_a_class_group_gets_its_name_from_programme_intake_and_stream(uow: UnitOfWork) -> None:
    programme = await make_programme(uow, code="DICT")
    assert (await make_class_group(uow, programme_id=programme.id)).name == "DICT-2026-A"
    assert (await make_class_group(uow, programme_id=programme.id, stream="")).name == "DICT-2026"
    assert (await make_class_group(uow, programme_id=programme.id, name="Evening")).name == "Evening"
    with pytest.raises(NameTaken):
        await make_class_group(uow, programme_id=programme.id)


async def test_parts_of_nothing_are_refused(uow: UnitOfWork) -> None:
    with pytest.raises(DepartmentNotFound):
        await make_programme(uow, department_id=uuid4())
    with pytest.raises(SchoolInvalid) as refused:
        await make_programme(uow, code=" ", duration_years=-1, terms_per_year=13)
    assert [violation.field for violation in refused.value.violations] == [
        "programme.code",
        "programme.duration_years",
        "programme.terms_per_year",
    ]
    with pytest.raises(SchoolInvalid):
        await make_class_group(uow, capacity=-1)


async def test_a_department_is_updated_by_mask_and_etag(uow: UnitOfWork) -> None:
    department = await make_department(uow, code="ICT", name="Computing")
    await make_department(uow, code="BUS", name="Business")
    wanted = DepartmentDraft(code="CS", name="ignored")
    etag = str(department.etag)
    await structure.update_department(
        uow, department_id=department.id, wanted=wanted, fields=frozenset({"code"}), etag=etag
    )
    assert (department.code, department.name) == ("CS", "Computing")
    with pytest.raises(EtagStale):
        await structure.update_department(
            uow, department_id=department.id, wanted=wanted, fields=frozenset({"code"}), etag=etag
        )
    for draft, field in (
        (DepartmentDraft(code="BUS", name=""), "code"),
        (DepartmentDraft(code="", name="Business"), "name"),
    ):
        with pytest.raises(NameTaken, match=getattr(draft, field)):
            await structure.update_department(
                uow, department_id=department.id, wanted=draft, fields=frozenset({field}), etag=""
            )
    with pytest.raises(SchoolInvalid, match="name is required"):
        await structure.update_department(
            uow,
            department_id=department.id,
            wanted=DepartmentDraft(code="", name=" "),
            fields=frozenset({"name"}),
            etag="",
        )


async def test_a_department_with_parts_is_not_deleted_and_says_why(uow: UnitOfWork) -> None:
    department = await make_department(uow)
    programme = await make_programme(uow, department_id=department.id, code="DICT")
    await make_course(uow, department_id=department.id)
    with pytest.raises(PartInUse, match="1 courses, 1 programmes, which would be lost: archive the department"):
        await structure.delete_department(uow, department_id=department.id, etag="")
    with pytest.raises(PartInUse, match="DICT"):
        await structure.archive_department(uow, department_id=department.id, etag="")
    await structure.archive_programme(uow, programme_id=programme.id, etag="")
    await structure.archive_department(uow, department_id=department.id, etag="")
    assert department.archived
    for refused in (
        structure.create_programme(
            uow,
            draft=ProgrammeDraft(
                department_id=department.id, code="N", name="N", level="diploma", duration_years=1, terms_per_year=1
            ),
        ),
        structure.restore_programme(uow, programme_id=programme.id, etag=""),
        structure.create_class_group(uow, draft=ClassGroupDraft(programme_id=programme.id, intake_year=2026)),
    ):
        with pytest.raises(PartArchived, match="restore it first"):
            await refused
    await structure.restore_department(uow, department_id=department.id, etag="")
    await structure.restore_programme(uow, programme_id=programme.id, etag="")
    assert not programme.archived


async def test_an_empty_department_is_deleted_and_the_audit_keeps_it(uow: UnitOfWork) -> None:
    department = await make_department(uow, code="OLD", name="Old")
    with pytest.raises(EtagStale):
        await structure.delete_department(uow, department_id=department.id, etag="7")
    await structure.delete_department(uow, department_id=department.id, etag=str(department.etag))
    with pytest.raises(DepartmentNotFound):
        await queries.get_department(uow, department.id)
    await uow.store_records()
    entry = (await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "school.delete_department"))).one()
    assert (entry.object_id, entry.before) == (str(department.id), {"code": "OLD", "name": "Old"})


async def test_a_programme_is_updated_moved_archived_and_deleted(uow: UnitOfWork) -> None:
    department, other = await make_department(uow), await make_department(uow)
    programme = await make_programme(uow, department_id=department.id, code="DICT")
    await make_programme(uow, department_id=other.id, code="DICT")
    draft = ProgrammeDraft(
        department_id=other.id, code="HICT", name="Higher", level="degree", duration_years=4, terms_per_year=2
    )

    async def update(*fields: str) -> None:
        await structure.update_programme(
            uow, programme_id=programme.id, wanted=draft, fields=frozenset(fields), etag=""
        )

    with pytest.raises(NameTaken, match=f"DICT in the department {other.code}"):
        await update("department_id")
    await update("code", "level", "duration_years")
    await update("department_id")
    assert (programme.department_id, programme.code, programme.level, programme.duration_years) == (
        other.id, "HICT", "degree", 4,
    )  # fmt: skip
    assert (programme.name, programme.terms_per_year) == ("Diploma in ICT", 3)
    group = await make_class_group(uow, programme_id=programme.id)
    with pytest.raises(PartInUse, match="1 class groups"):
        await structure.delete_programme(uow, programme_id=programme.id, etag="")
    with pytest.raises(PartInUse, match=group.name):
        await structure.archive_programme(uow, programme_id=programme.id, etag="")
    await structure.delete_class_group(uow, class_group_id=group.id, etag="")
    await structure.delete_programme(uow, programme_id=programme.id, etag="")
    with pytest.raises(ProgrammeNotFound):
        await update("code")


async def test_a_made_name_follows_intake_and_stream_and_a_given_one_stays(uow: UnitOfWork) -> None:
    programme = await make_programme(uow, code="DICT")
    made = await make_class_group(uow, programme_id=programme.id)
    given = await make_class_group(uow, programme_id=programme.id, name="Evening")
    wanted = ClassGroupDraft(programme_id=NOBODY, intake_year=2027, stream="B", name="", capacity=3)
    for group in (made, given):
        await structure.update_class_group(
            uow, class_group_id=group.id, wanted=wanted, fields=frozenset({"intake_year", "stream"}), etag=""
        )
    assert (made.name, given.name, given.intake_year, given.capacity) == ("DICT-2027-B", "Evening", 2027, 40)
    with pytest.raises(NameTaken, match="DICT-2027-B"):
        await structure.update_class_group(
            uow, class_group_id=given.id, wanted=wanted, fields=frozenset({"name"}), etag=""
        )


async def test_a_class_group_keeps_places_for_who_is_in_it(uow: UnitOfWork) -> None:
    group = await make_class_group(uow)
    await make_trainee(uow, class_group_id=group.id)
    await make_trainee(uow, class_group_id=group.id)
    for capacity, fits in ((1, False), (2, True), (0, True)):
        wanted = ClassGroupDraft(programme_id=NOBODY, intake_year=2026, capacity=capacity)
        change = structure.update_class_group(
            uow, class_group_id=group.id, wanted=wanted, fields=frozenset({"capacity"}), etag=""
        )
        if fits:
            assert (await change).capacity == capacity
        else:
            with pytest.raises(SchoolInvalid, match="2 trainees are in it: give 2 or more"):
                await change
    with pytest.raises(PartInUse, match="2 trainees"):
        await structure.archive_class_group(uow, class_group_id=group.id, etag="")
    with pytest.raises(PartInUse, match="2 memberships"):
        await structure.delete_class_group(uow, class_group_id=group.id, etag="")


async def test_an_enrolled_class_group_is_archived_and_not_deleted(uow: UnitOfWork) -> None:
    group = await make_class_group(uow)
    await make_enrolment(uow, class_group_id=group.id)
    with pytest.raises(PartInUse, match="1 enrolments"):
        await structure.delete_class_group(uow, class_group_id=group.id, etag="")
    for _ in range(2):
        assert (await structure.archive_class_group(uow, class_group_id=group.id, etag="")).archived
    assert not (await structure.restore_class_group(uow, class_group_id=group.id, etag=str(group.etag))).archived
    with pytest.raises(ClassGroupNotFound):
        await structure.archive_class_group(uow, class_group_id=uuid4(), etag="")


async def test_nobody_comes_into_an_archived_class_group(uow: UnitOfWork) -> None:
    group = await make_class_group(uow)
    await structure.archive_class_group(uow, class_group_id=group.id, etag="")
    with pytest.raises(ClassGroupFull) as refused:
        await make_trainee(uow, class_group_id=group.id)
    assert ["is archived" in violation.description for violation in refused.value.violations] == [True]
    with pytest.raises(PartArchived, match=group.name):
        await make_enrolment(uow, class_group_id=group.id)


async def test_a_head_is_a_trainer_of_the_department_and_follows_another(uow: UnitOfWork) -> None:
    department, other = await make_department(uow), await make_department(uow)
    first = await make_trainer(uow, department_id=department.id)
    second = await make_trainer(uow, department_id=department.id)
    stranger = await make_trainer(uow, department_id=other.id)
    trainee = await make_trainee(uow)

    async def appoint(user_id: UUID | None) -> UUID | None:
        await heads.appoint_head(
            uow,
            department_id=department.id,
            user_id=user_id,
            appointed_date=date(2026, 2, 1),
            college=CollegeOfThisHub(),
        )
        return (await users_queries.heads_of(uow, [department.id])).get(department.id)

    for wrong in (stranger, trainee):
        with pytest.raises(NotOfDepartment, match=f"{wrong.display_name} is not a trainer of {department.name}"):
            await appoint(wrong.id)
    assert await appoint(first.id) == first.id
    assert first.hod is not None
    assert first.hod.appointed_date == date(2026, 2, 1)
    etag = first.etag
    assert await appoint(first.id) == first.id
    assert first.etag == etag
    assert await appoint(second.id) == second.id
    assert first.roles == {Role.TRAINER}
    assert second.roles == {Role.TRAINER, Role.HOD}
    assert await appoint(None) is None
    assert second.roles == {Role.TRAINER}
