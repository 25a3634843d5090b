"""Class groups, programmes and departments that accounts name: whether they exist, fit together and have room."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.users import queries
from hub.users.college import ClassGroupPlaces, College
from hub.users.errors import ClassGroupFull
from hub.users.rules import TraineeDraft, UserDraft
from hub.users.service.profiles import wanted_group


async def check_places(
    uow: UnitOfWork,
    drafts: Sequence[UserDraft],
    *,
    paths: Sequence[str],
    college: College,
    settled: TraineeDraft | None = None,
) -> list[FieldViolation]:
    """A violation for each place that does not exist, and each class group of another programme than the trainee's.

    `settled` is where the trainee stands already: a change of something else does not question it.
    """
    trainees = [(f"{path}.trainee", draft.trainee) for path, draft in zip(paths, drafts, strict=True) if draft.trainee]
    departments = [
        (f"{path}.{name}.department_id", profile.department_id)
        for path, draft in zip(paths, drafts, strict=True)
        for name, profile in (("trainer", draft.trainer), ("hod", draft.hod))
        if profile and profile.department_id
    ]
    groups = await college.class_groups(uow, {one.class_group_id for _, one in trainees if one.class_group_id})
    programmes = await college.programmes(
        uow,
        {one.programme_id for _, one in trainees if one.programme_id} | {one.programme_id for one in groups.values()},
    )
    known_departments = await college.departments(uow, {department for _, department in departments})
    return [
        violation
        for path, trainee in trainees
        if not _stands(trainee, settled)
        and (violation := _place_violation(path, trainee, groups, programmes)) is not None
    ] + [
        FieldViolation(field, f"there is no department {department}: create it first")
        for field, department in departments
        if department not in known_departments
    ]


def _stands(trainee: TraineeDraft, settled: TraineeDraft | None) -> bool:
    return settled is not None and (trainee.class_group_id, trainee.programme_id) == (
        settled.class_group_id,
        settled.programme_id,
    )


def _place_violation(
    path: str, trainee: TraineeDraft, groups: Mapping[UUID, ClassGroupPlaces], programmes: Mapping[UUID, str]
) -> FieldViolation | None:
    if trainee.programme_id and trainee.programme_id not in programmes:
        return FieldViolation(f"{path}.programme_id", f"there is no programme {trainee.programme_id}: create it first")
    if not trainee.class_group_id:
        return None
    group = groups.get(trainee.class_group_id)
    if group is None:
        return FieldViolation(
            f"{path}.class_group_id", f"there is no class group {trainee.class_group_id}: create it first"
        )
    if trainee.programme_id in (None, group.programme_id):
        return None
    return FieldViolation(
        f"{path}.class_group_id",
        f"{group.name} is of the programme {programmes[group.programme_id]} and the trainee of "
        f"{programmes[trainee.programme_id]}: choose a class group of that one, or change programme_id too",
    )


async def in_programmes(uow: UnitOfWork, drafts: Sequence[UserDraft], *, college: College) -> list[UserDraft]:
    """The checked drafts, each trainee without a programme in the class group's."""
    wanted = [
        draft.trainee.class_group_id if draft.trainee and not draft.trainee.programme_id else None for draft in drafts
    ]
    groups = await college.class_groups(uow, {group for group in wanted if group})
    return [
        replace(draft, trainee=replace(draft.trainee, programme_id=groups[group].programme_id))
        if draft.trainee and group
        else draft
        for draft, group in zip(drafts, wanted, strict=True)
    ]


async def take_places(uow: UnitOfWork) -> None:
    """One at a time counts the free places of class groups and fills them."""
    await uow.take_turn("class group places")


async def refuse_full_groups(
    uow: UnitOfWork, drafts: Sequence[UserDraft], *, paths: Sequence[str], college: College
) -> None:
    """ClassGroupFull when the drafts, all of them new to their class groups, don't fit in, or nobody does any more."""
    wanted = [wanted_group(draft) for draft in drafts]
    coming = Counter(group for group in wanted if group)
    if coming:
        await take_places(uow)
    members = await queries.open_members(uow, coming)
    places = await college.class_groups(uow, set(coming))
    full = {
        group: place
        for group, place in places.items()
        if place.capacity and members.get(group, 0) + coming[group] > place.capacity
    }
    violations = [
        FieldViolation(
            f"{path}.trainee.class_group_id", f"{places[group].name} is archived: choose a class group that is in use"
        )
        for path, group in zip(paths, wanted, strict=True)
        if group is not None and group in places and places[group].archived
    ]
    violations += [
        FieldViolation(
            f"{path}.trainee.class_group_id",
            f"{full[group].name} has {full[group].capacity} places and {members.get(group, 0)} trainees: "
            f"{coming[group]} more don't fit; choose another class group or raise its capacity",
        )
        for path, group in zip(paths, wanted, strict=True)
        if group in full
    ]
    if violations:
        raise ClassGroupFull("A class group is full; nothing was stored.", violations=violations)
