"""Small weeks for tests: by hand, and at random."""

from typing import Any

from hypothesis import strategies as st

from hub.timetable.solver.policy import EITHER, Policy, Rule
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Plan, Problem, Room, Slot

EVERY_SOFT = {
    rule: weight
    for weight, rule in enumerate(
        (
            Rule.MIN_WORKING_DAYS,
            Rule.GROUP_LONE_PERIOD,
            Rule.GROUP_GAP,
            Rule.TRAINER_GAP,
            Rule.LUNCH,
            Rule.ROOM_STABILITY,
            Rule.PREFERRED,
            Rule.ROOM_FIT,
            Rule.MOVED,
        ),
        start=1,
    )
}
EVERYTHING = Policy(weights=EVERY_SOFT)


def problem(*lessons: Lesson, **changes: Any) -> Problem:  # noqa: ANN401 (fields of a Problem)
    """2 days × 5 periods, a room of 30 and a laboratory of 15, groups g and h, trainers t and u, courses a and b."""
    parts: dict[str, Any] = {
        "grid": Grid(days=2, periods_per_day=5),
        "rooms": (
            Room(key="r", name="Room 1", capacity=30, type="classroom"),
            Room(key="l", name="Lab 1", capacity=15, type="lab", features=frozenset({"gas"})),
        ),
        "groups": (Party(key="g", name="Group G"), Party(key="h", name="Group H")),
        "trainers": (Party(key="t", name="Ms T"), Party(key="u", name="Mr U")),
        "courses": (Course(key="a", name="Algebra"), Course(key="b", name="Biology")),
        "policy": EVERYTHING,
    }
    return Problem(lessons=lessons, **{**parts, **changes})


def lesson(key: str = "1", course: str = "a", **changes: Any) -> Lesson:  # noqa: ANN401 (fields of a Lesson)
    return Lesson(key=key, course=course, **{"students": 25, **changes})


slots = st.builds(Slot, st.integers(0, 2), st.integers(0, 4))
some_slots = st.frozensets(slots, max_size=4)
parties = st.tuples(some_slots, some_slots, st.none() | st.integers(1, 4), st.none() | st.integers(1, 3))


def places(rooms: int) -> st.SearchStrategy[Placement]:
    return st.builds(Placement, st.integers(0, 2), st.integers(0, 4), st.integers(0, rooms - 1).map(str))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Crowded weeks of 3 days × 5 periods in which every field is used, and every rule has a weight or is hard."""
    rooms, groups, trainers, courses = (draw(st.integers(1, 3)) for _ in range(4))
    hard = draw(st.frozensets(st.sampled_from(sorted(EITHER))))
    kinds = st.sampled_from(["lab", "classroom"])
    features = st.frozensets(st.sampled_from(["gas", "oven"]))
    return Problem(
        grid=Grid(
            days=3,
            periods_per_day=5,
            breaks=draw(some_slots),
            closed=draw(st.frozensets(slots, max_size=1)),
            lunch=draw(st.sampled_from([frozenset(), frozenset({Slot(0, 2), Slot(0, 3), Slot(1, 2)})])),
        ),
        rooms=tuple(
            Room(
                key=str(key),
                name=f"Room {key}",
                capacity=draw(st.integers(0, 60)),
                type=draw(kinds),
                features=draw(features),
                unavailable=draw(some_slots),
                shared=draw(st.booleans()),
                max_daily_lessons=draw(st.none() | st.integers(1, 3)),
            )
            for key in range(rooms)
        ),
        groups=tuple(_party(f"g{key}", *draw(parties)) for key in range(groups)),
        trainers=tuple(_party(f"t{key}", *draw(parties)) for key in range(trainers)),
        courses=tuple(
            Course(key=f"c{key}", name=f"C{key}", min_days=draw(st.integers(1, 3))) for key in range(courses)
        ),
        lessons=tuple(
            Lesson(
                key=str(key),
                course=f"c{draw(st.integers(0, courses - 1))}",
                duration=draw(st.integers(1, 3)),
                trainer=draw(st.none() | st.integers(0, trainers - 1).map("t{}".format)),
                groups=tuple(draw(st.frozensets(st.integers(0, groups - 1).map("g{}".format)))),
                students=draw(st.integers(0, 60)),
                room_type=draw(st.none() | kinds),
                room_features=draw(st.just(frozenset()) | features),
                rooms=draw(st.none() | st.frozensets(st.integers(0, rooms - 1).map(str))),
                allowed=draw(st.none() | st.frozensets(slots, min_size=8)),
                unavailable=draw(some_slots),
                preferred=draw(some_slots),
                former=draw(st.none() | places(rooms)),
            )
            for key in range(draw(st.integers(1, 8)))
        ),
        policy=Policy(hard=hard, weights={**EVERY_SOFT, **dict.fromkeys(EITHER - hard, 7)}),
    )


@st.composite
def problems_with_plans(draw: st.DrawFn) -> tuple[Problem, Plan]:
    """The plan is any, most of the time a bad one; some lessons are pinned."""
    made = draw(problems())
    chosen = {lesson.key: draw(st.none() | places(len(made.rooms))) for lesson in made.lessons}
    return made, Plan({key: place for key, place in chosen.items() if place is not None})


def _party(
    key: str, unavailable: frozenset[Slot], preferred: frozenset[Slot], daily: int | None, run: int | None
) -> Party:
    return Party(key=key, name=key, unavailable=unavailable, preferred=preferred, max_daily=daily, max_consecutive=run)
