"""A trainee's history of class groups: no overlaps, and no gap but where the trainee was in none."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.courses.college import CollegeOfThisHub
from hub.db.unit_of_work import UnitOfWork
from hub.users import queries
from hub.users.errors import ClassGroupFull, UserInvalid
from hub.users.models import User
from hub.users.rules import Role, Span, TraineeDraft, TraineeState, UserDraft, moved
from hub.users.service import accounts, memberships
from hub.users.service.profiles import draft_of
from tests.factories.school import make_class_group, make_programme
from tests.factories.users import draft_user, make_trainee, make_user
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

FIRST = date(2026, 1, 1)
GROUPS = [UUID(int=number) for number in range(3)]
MOVES = st.lists(st.tuples(st.sampled_from([*GROUPS, None]), st.integers(0, 30)), max_size=12)


def _group_on(spans: tuple[Span, ...], day: date) -> UUID | None:
    groups = [span.class_group_id for span in spans if span.start <= day and (span.end is None or day < span.end)]
    assert len(groups) <= 1
    return groups[0] if groups else None


@given(MOVES)
def test_no_sequence_of_moves_makes_an_overlap_or_an_unasked_gap(moves: list[tuple[UUID | None, int]]) -> None:
    spans: tuple[Span, ...] = ()
    # What each day should say: the last move that was taken on or before it.
    said: dict[date, UUID | None] = {}
    for group, day in moves:
        start = FIRST + timedelta(days=day)
        before = spans
        try:
            spans = moved(spans, group, start)
        except ValueError as error:
            [first_right] = error.args
            assert start < first_right
            assert moved(before, group, first_right) != before
            continue
        if spans != before:
            said = {day: there for day, there in said.items() if day < start} | {start: group}
        assert all(span.end is None or span.start < span.end for span in spans)
        assert all(one.end is not None and one.end <= following.start for one, following in pairwise(spans))
        for number in range(32):
            today = FIRST + timedelta(days=number)
            wanted = next((said[day] for day in sorted(said, reverse=True) if day <= today), None)
            assert _group_on(spans, today) == wanted


@given(MOVES, st.sampled_from([*GROUPS, None]), st.integers(0, 30))
def test_the_same_move_twice_is_one_move(moves: list[tuple[UUID | None, int]], group: UUID | None, day: int) -> None:
    spans: tuple[Span, ...] = ()
    for one, number in [*moves, (group, day)]:
        try:
            spans = moved(spans, one, FIRST + timedelta(days=number))
        except ValueError:
            continue
    last = spans[-1] if spans else None
    present = last.class_group_id if last is not None and last.end is None else None
    assert moved(spans, present, FIRST + timedelta(days=day)) == spans


def test_the_past_is_not_rewritten() -> None:
    spans = moved(moved((), GROUPS[0], FIRST), GROUPS[1], FIRST + timedelta(days=10))
    with pytest.raises(ValueError, match="2026") as refused:
        moved(spans, GROUPS[2], FIRST + timedelta(days=9))
    assert refused.value.args == (FIRST + timedelta(days=10),)


@settings(
    max_examples=12,
    deadline=None,
    # Each example stores; shrinking one that fails would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(st.tuples(st.sampled_from([0, 1, 2, None]), st.integers(0, 20)), min_size=1, max_size=6))
async def test_what_is_stored_is_the_history_that_the_rule_tells(
    make_uow: MakeUow, clock: FakeClock, moves: list[tuple[int | None, int]]
) -> None:
    async with make_uow() as uow:
        programme = await make_programme(uow)
        groups = [await make_class_group(uow, programme_id=programme.id, stream=f"{n}") for n in range(3)]
        trainee_id = (await make_trainee(uow, class_group_id=groups[0].id, membership_start_date=FIRST)).id
    spans = moved((), groups[0].id, FIRST)
    for number, days in moves:
        group = None if number is None else groups[number].id
        start = FIRST + timedelta(days=days)
        try:
            spans = moved(spans, group, start)
        except ValueError:
            continue
        async with make_uow() as uow:
            await _move(uow, await queries.get_user(uow, trainee_id), group, start)
    async with make_uow(write=False) as uow:
        user = await queries.get_user(uow, trainee_id)
        assert user.trainee is not None
        assert [Span(row.class_group_id, row.start_date, row.end_date) for row in user.trainee.memberships] == [*spans]
        for days in range(22):
            today = FIRST + timedelta(days=days)
            assert await queries.class_group_of(uow, trainee_id, today) == _group_on(spans, today)
    assert clock.now().year == 2026


async def _move(uow: UnitOfWork, user: User, group: UUID | None, start: date) -> None:
    profile = draft_of(user).trainee
    assert profile is not None
    state = TraineeState.DEFERRED if group is None else TraineeState.ACTIVE
    wanted = replace(profile, class_group_id=group, state=state, membership_start_date=start)
    await accounts.update_user(
        uow,
        user_id=user.id,
        wanted=replace(draft_of(user), trainee=wanted),
        fields=frozenset({"trainee"}),
        etag="",
        college=CollegeOfThisHub(),
    )


async def test_a_class_group_of_another_programme_is_refused_unless_the_programme_changes_too(
    uow: UnitOfWork,
) -> None:
    ours, theirs = await make_programme(uow, name="Networks"), await make_programme(uow, name="Welding")
    group = await make_class_group(uow, programme_id=ours.id)
    foreign = await make_class_group(uow, programme_id=theirs.id, name="WELD-26")
    trainee = await make_trainee(uow, class_group_id=group.id)
    profile = draft_of(trainee).trainee
    assert profile is not None
    assert profile.programme_id == ours.id
    for programme_id in (ours.id, None):
        wanted = replace(
            draft_of(trainee), trainee=replace(profile, class_group_id=foreign.id, programme_id=programme_id)
        )
        for fields in ({"trainee"}, {"trainee.class_group_id"}):
            with pytest.raises(UserInvalid) as refused:
                await _update(uow, trainee, wanted, fields)
            [violation] = refused.value.violations
            assert violation.field == "user.trainee.class_group_id"
            assert "WELD-26 is of the programme Welding and the trainee of Networks" in violation.description
    wanted = replace(draft_of(trainee), trainee=replace(profile, class_group_id=foreign.id, programme_id=theirs.id))
    await _update(uow, trainee, wanted, {"trainee.class_group_id", "trainee.programme_id"})
    assert trainee.trainee is not None
    assert trainee.trainee.programme_id == theirs.id


async def test_who_is_registered_for_a_programme_gets_a_class_group_of_it(uow: UnitOfWork) -> None:
    programme, group = await make_programme(uow), await make_class_group(uow)
    draft = draft_user(
        Role.TRAINEE,
        trainee=TraineeDraft(admission_number="P/1", class_group_id=group.id, programme_id=programme.id),
    )
    with pytest.raises(UserInvalid) as refused:
        await make_user(uow, draft)
    assert [violation.field for violation in refused.value.violations] == ["user.trainee.class_group_id"]


async def test_a_move_back_on_the_very_day_leaves_the_former_membership_open(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        programme = await make_programme(uow)
        home = await make_class_group(uow, programme_id=programme.id)
        other = await make_class_group(uow, programme_id=programme.id, stream="B")
        trainee_id = (await make_trainee(uow, class_group_id=home.id, membership_start_date=FIRST)).id
    for group in (other, home):
        async with make_uow() as uow:
            await _move(uow, await queries.get_user(uow, trainee_id), group.id, date(2026, 1, 18))
    async with make_uow(write=False) as uow:
        user = await queries.get_user(uow, trainee_id)
        assert user.trainee is not None
        assert [(row.class_group_id, row.start_date, row.end_date) for row in user.trainee.memberships] == [
            (home.id, FIRST, None)
        ]


async def test_who_goes_on_in_another_programme_is_of_that_one_and_can_be_changed(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        foundation, diploma = await make_programme(uow), await make_programme(uow)
        group = await make_class_group(uow, programme_id=foundation.id)
        following = await make_class_group(uow, programme_id=diploma.id)
        trainee_id = (await make_trainee(uow, class_group_id=group.id)).id
        stays = await make_trainee(uow)
        before = stays.trainee.programme_id if stays.trainee else None
    async with make_uow() as uow:
        moved_on = await memberships.roll_over(
            uow, targets={group.id: following.id}, own_targets={}, on=date(2026, 9, 1)
        )
    assert moved_on == {group.id: 1}
    async with make_uow() as uow:
        user = await queries.get_user(uow, trainee_id)
        assert user.trainee is not None
        assert user.trainee.programme_id == diploma.id
        assert [row.end_date for row in user.trainee.memberships] == [date(2026, 9, 1), None]
        await _update(uow, user, replace(draft_of(user), phone="+254712345678"), {"phone"})
        other = await queries.get_user(uow, stays.id)
        assert other.trainee is not None
        assert other.trainee.programme_id == before


async def _update(uow: UnitOfWork, user: User, wanted: UserDraft, fields: set[str]) -> None:
    await accounts.update_user(
        uow,
        user_id=user.id,
        wanted=wanted,
        fields=frozenset(fields),
        etag="",
        college=CollegeOfThisHub(),
    )


async def test_the_last_place_is_taken_once(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        group = await make_class_group(uow, capacity=1)

    async def admit() -> None:
        async with make_uow() as uow:
            await make_trainee(uow, class_group_id=group.id)
            await asyncio.sleep(0.05)  # the other one counts meanwhile

    outcomes = await asyncio.gather(admit(), admit(), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {type(None), ClassGroupFull}
    async with make_uow(write=False) as uow:
        assert await queries.open_members(uow, [group.id]) == {group.id: 1}
