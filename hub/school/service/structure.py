"""Departments, programmes and class groups."""

from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries
from hub.school.errors import PartInUse
from hub.school.models import ClassGroup, Department, Programme
from hub.school.rules import (
    ClassGroupDraft,
    DepartmentDraft,
    ProgrammeDraft,
    check_class_group,
    check_programme,
    check_texts,
    class_group_name,
)
from hub.school.service.records import (
    change,
    refuse,
    refuse_archived,
    refuse_taken,
    remove,
    set_archived,
    store,
)
from hub.users import queries as users_queries

DEPARTMENT_FIELDS = ("code", "name")
PROGRAMME_FIELDS = ("department_id", "code", "name", "level", "duration_years", "terms_per_year")
CLASS_GROUP_FIELDS = ("intake_year", "stream", "name", "capacity")


async def create_department(uow: UnitOfWork, *, draft: DepartmentDraft) -> Department:
    """Store a department; SchoolInvalid for blank fields, NameTaken for a code or name that another has."""
    values = await _department_values(uow, draft, None)
    return await store(uow, "department", Department(**values), values)


async def update_department(
    uow: UnitOfWork, *, department_id: UUID, wanted: DepartmentDraft, fields: frozenset[str], etag: str
) -> Department:
    """Change the named fields of DEPARTMENT_FIELDS.

    Raises:
        DepartmentNotFound, EtagStale: as their names say; SchoolInvalid, NameTaken as for `create_department`.
    """
    department = await queries.get_department(uow, department_id)
    check_etag(department.etag, etag)
    draft = replace(
        DepartmentDraft(code=department.code, name=department.name),
        **{field: getattr(wanted, field) for field in fields},
    )
    return await change(uow, "department", department, await _department_values(uow, draft, department))


async def archive_department(uow: UnitOfWork, *, department_id: UUID, etag: str) -> Department:
    """Take a department out of use. Repeating it changes nothing.

    Raises:
        DepartmentNotFound, EtagStale: as their names say.
        PartInUse: programmes of it are in use.
    """
    department = await queries.get_department(uow, department_id)
    in_use = list(
        await uow.session.scalars(
            select(Programme.code)
            .where(Programme.department_id == department.id, Programme.archived.is_(False))
            .order_by(Programme.code)
        )
    )
    if in_use:
        raise PartInUse(f"{department.name} has programmes in use ({', '.join(in_use)}): archive them first.")
    return await set_archived(uow, "department", department, archived=True, etag=etag)


async def restore_department(uow: UnitOfWork, *, department_id: UUID, etag: str) -> Department:
    """Bring an archived department back; DepartmentNotFound, EtagStale. Repeating it changes nothing."""
    department = await queries.get_department(uow, department_id)
    return await set_archived(uow, "department", department, archived=False, etag=etag)


async def delete_department(uow: UnitOfWork, *, department_id: UUID, etag: str) -> None:
    """Delete a department; DepartmentNotFound, EtagStale; PartInUse when it has programmes, trainers or courses."""
    department = await queries.get_department(uow, department_id)
    before = {field: getattr(department, field) for field in DEPARTMENT_FIELDS}
    await remove(uow, "department", department, before, etag=etag, instead="archive the department instead")


async def create_programme(uow: UnitOfWork, *, draft: ProgrammeDraft) -> Programme:
    """Store a programme of a department; duration and terms of 0 are the school's defaults.

    Raises:
        DepartmentNotFound, PartArchived, SchoolInvalid: as their names say.
        NameTaken: the department has a programme of this code.
    """
    defaults = await queries.default_policies(uow)
    draft = replace(
        draft,
        duration_years=draft.duration_years or defaults.programme_duration_years or 1,
        terms_per_year=draft.terms_per_year or defaults.terms_per_year or 3,
    )
    values = asdict(await _checked_programme(uow, draft, None))
    return await store(uow, "programme", Programme(**values), values)


async def update_programme(
    uow: UnitOfWork, *, programme_id: UUID, wanted: ProgrammeDraft, fields: frozenset[str], etag: str
) -> Programme:
    """Change the named fields of PROGRAMME_FIELDS.

    Raises:
        ProgrammeNotFound, EtagStale: as their names say; else as for `create_programme`.
    """
    programme = await queries.get_programme(uow, programme_id)
    check_etag(programme.etag, etag)
    draft = ProgrammeDraft(**{field: getattr(programme, field) for field in PROGRAMME_FIELDS})
    draft = replace(draft, **{field: getattr(wanted, field) for field in fields})
    return await change(uow, "programme", programme, asdict(await _checked_programme(uow, draft, programme)))


async def archive_programme(uow: UnitOfWork, *, programme_id: UUID, etag: str) -> Programme:
    """Take a programme out of use. Repeating it changes nothing.

    Raises:
        ProgrammeNotFound, EtagStale: as their names say.
        PartInUse: class groups of it are in use.
    """
    programme = await queries.get_programme(uow, programme_id)
    in_use = list(
        await uow.session.scalars(
            select(ClassGroup.name)
            .where(ClassGroup.programme_id == programme.id, ClassGroup.archived.is_(False))
            .order_by(ClassGroup.name)
        )
    )
    if in_use:
        raise PartInUse(f"{programme.name} has class groups in use ({', '.join(in_use)}): archive them first.")
    return await set_archived(uow, "programme", programme, archived=True, etag=etag)


async def restore_programme(uow: UnitOfWork, *, programme_id: UUID, etag: str) -> Programme:
    """Bring an archived programme back; ProgrammeNotFound, EtagStale; PartArchived while its department is."""
    programme = await queries.get_programme(uow, programme_id)
    refuse_archived(await queries.get_department(uow, programme.department_id), "department")
    return await set_archived(uow, "programme", programme, archived=False, etag=etag)


async def delete_programme(uow: UnitOfWork, *, programme_id: UUID, etag: str) -> None:
    """Delete a programme; ProgrammeNotFound, EtagStale; PartInUse when it has class groups or a curriculum."""
    programme = await queries.get_programme(uow, programme_id)
    before = {field: getattr(programme, field) for field in PROGRAMME_FIELDS}
    await remove(uow, "programme", programme, before, etag=etag, instead="archive the programme instead")


async def create_class_group(uow: UnitOfWork, *, draft: ClassGroupDraft) -> ClassGroup:
    """Store a class group of a programme.

    Raises:
        ProgrammeNotFound, PartArchived, SchoolInvalid: as their names say.
        NameTaken: another class group has the name.
    """
    programme = await queries.get_programme(uow, draft.programme_id)
    refuse_archived(programme, "programme")
    if draft.capacity is None:
        draft = replace(draft, capacity=(await queries.default_policies(uow)).class_group_capacity)
    values = asdict(await _checked_class_group(uow, draft, programme, None))
    return await store(uow, "class_group", ClassGroup(**values), values)


async def update_class_group(
    uow: UnitOfWork, *, class_group_id: UUID, wanted: ClassGroupDraft, fields: frozenset[str], etag: str
) -> ClassGroup:
    """Change the named fields of CLASS_GROUP_FIELDS; a generated name follows intake and stream.

    Raises:
        ClassGroupNotFound, EtagStale: as their names say; else as for `create_class_group`.
        SchoolInvalid: also when there are more trainees than the capacity.
    """
    group = await queries.get_class_group(uow, class_group_id)
    check_etag(group.etag, etag)
    programme = await queries.get_programme(uow, group.programme_id)
    draft = ClassGroupDraft(
        programme_id=group.programme_id,
        intake_year=group.intake_year,
        stream=group.stream,
        name="" if group.name == class_group_name(programme.code, group.intake_year, group.stream) else group.name,
        capacity=group.capacity,
    )
    draft = await _checked_class_group(
        uow, replace(draft, **{field: getattr(wanted, field) for field in fields}), programme, group
    )
    members = (await users_queries.open_members(uow, [group.id])).get(group.id, 0)
    if draft.capacity and draft.capacity < members:
        refuse([FieldViolation("class_group.capacity", f"{members} trainees are in it: give {members} or more")])
    return await change(uow, "class_group", group, asdict(draft))


async def archive_class_group(uow: UnitOfWork, *, class_group_id: UUID, etag: str) -> ClassGroup:
    """Take a class group out of use. Repeating it changes nothing.

    Raises:
        ClassGroupNotFound, EtagStale: as their names say.
        PartInUse: trainees are in it.
    """
    group = await queries.get_class_group(uow, class_group_id)
    members = (await users_queries.open_members(uow, [group.id])).get(group.id, 0)
    if members:
        raise PartInUse(f"{members} trainees are in {group.name}: move them to another class group first.")
    return await set_archived(uow, "class_group", group, archived=True, etag=etag)


async def restore_class_group(uow: UnitOfWork, *, class_group_id: UUID, etag: str) -> ClassGroup:
    """Bring an archived class group back; ClassGroupNotFound, EtagStale; PartArchived while its programme is."""
    group = await queries.get_class_group(uow, class_group_id)
    refuse_archived(await queries.get_programme(uow, group.programme_id), "programme")
    return await set_archived(uow, "class_group", group, archived=False, etag=etag)


async def delete_class_group(uow: UnitOfWork, *, class_group_id: UUID, etag: str) -> None:
    """Delete a class group; ClassGroupNotFound, EtagStale; PartInUse when anything ever referred to it."""
    group = await queries.get_class_group(uow, class_group_id)
    before = {field: getattr(group, field) for field in ("programme_id", *CLASS_GROUP_FIELDS)}
    await remove(uow, "class_group", group, before, etag=etag, instead="archive the class group instead")


async def _department_values(uow: UnitOfWork, draft: DepartmentDraft, own: Department | None) -> dict[str, str]:
    values = {"code": draft.code.strip(), "name": draft.name.strip()}
    refuse(check_texts("department", values))
    for field in ("code", "name"):
        taken = getattr(Department, field) == values[field]
        await refuse_taken(uow, Department, taken, f"a department {values[field]}", own=own)
    return values


async def _checked_programme(uow: UnitOfWork, draft: ProgrammeDraft, own: Programme | None) -> ProgrammeDraft:
    department = await queries.get_department(uow, draft.department_id)
    if own is None or own.department_id != department.id:
        refuse_archived(department, "department")
    levels = await queries.programme_levels(uow)
    # As the school writes it: levels differ by more than their case.
    level = next((one for one in levels if one.casefold() == draft.level.strip().casefold()), draft.level.strip())
    draft = replace(draft, code=draft.code.strip(), name=draft.name.strip(), level=level)
    refuse(check_programme(draft, levels))
    await refuse_taken(
        uow,
        Programme,
        (Programme.department_id == department.id) & (Programme.code == draft.code),
        f"a programme {draft.code} in the department {department.code}",
        own=own,
    )
    return draft


async def _checked_class_group(
    uow: UnitOfWork, draft: ClassGroupDraft, programme: Programme, own: ClassGroup | None
) -> ClassGroupDraft:
    refuse(check_class_group(draft))
    name = draft.name.strip() or class_group_name(programme.code, draft.intake_year, draft.stream)
    draft = replace(draft, stream=draft.stream.strip(), name=name)
    await refuse_taken(uow, ClassGroup, ClassGroup.name == draft.name, f"a class group {draft.name}", own=own)
    return draft
