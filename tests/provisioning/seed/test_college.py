from collections import Counter
from datetime import date

import pytest

from provisioning.seed.college import SIZES, College, make_college


@pytest.fixture(scope="module")
def college() -> College:
    return make_college(SIZES["college"], seed=1, start_year=2026)


@pytest.mark.parametrize(
    ("size", "programmes", "groups", "trainees", "trainers", "rooms"),
    [
        ("small", 1, 2, 60, 5, 6),
        ("college", 20, 120, 6_000, 150, 80),
        ("university", 200, 1_200, 60_000, 1_500, 800),
    ],
)
def test_a_size_is_what_it_says(
    size: str, programmes: int, groups: int, trainees: int, trainers: int, rooms: int
) -> None:
    made = make_college(SIZES[size], seed=1, start_year=2026)
    assert (len(made.programmes), len(made.class_groups), len(made.trainees), len(made.trainers), len(made.rooms)) == (
        programmes,
        groups,
        trainees,
        trainers,
        rooms,
    )


def test_the_same_seed_gives_the_same_college(college: College) -> None:
    assert make_college(SIZES["college"], seed=1, start_year=2026) == college
    assert make_college(SIZES["college"], seed=2, start_year=2026).trainees != college.trainees


def test_what_must_be_unique_is(college: College) -> None:
    everyone = [one.person for one in college.trainees] + [one.person for one in college.trainers]
    for values in (
        [person.email for person in everyone],
        [person.phone for person in everyone],
        [trainee.admission_number for trainee in college.trainees],
        [trainer.staff_number for trainer in college.trainers],
        [course.code for course in college.courses],
        [programme.code for programme in college.programmes],
        [group.name for group in college.class_groups],
        [room.code for room in college.rooms],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_prerequisites_come_earlier_in_every_curriculum(college: College) -> None:
    needed = {course.code: course.prerequisites for course in college.courses}
    checked = 0
    for programme in college.programmes:
        place = {line.course: (line.year_of_study, line.term) for line in programme.curriculum}
        for code, when in place.items():
            for prerequisite in needed[code]:
                assert place[prerequisite] < when
                checked += 1
    assert checked == 20 * 24  # the second and third stage of twelve subjects


def test_every_class_group_has_five_courses_in_every_term(college: College) -> None:
    assert {len(list(college.due(group, term))) for group in college.class_groups for term in (1, 2, 3)} == {5}


def test_trainers_and_rooms_suffice_for_the_lessons(college: College) -> None:
    """Hours of demand over hours of supply, by department and by type of room: below 90 % of a 40-hour week."""
    courses = {course.code: course for course in college.courses}
    taught: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for group in college.class_groups:
        for line in college.due(group, 1):
            course = courses[line.course]
            taught[course.department] += course.theory_hours + course.practical_hours
            held["classroom"] += course.theory_hours
            held[course.practical_room] += course.practical_hours
    del held[""]
    trainers = Counter(trainer.department for trainer in college.trainers)
    rooms = Counter(room.room_type for room in college.rooms)
    assert max(hours / trainers[department] for department, hours in taught.items()) < 20
    assert max(hours / rooms[kind] / 40 for kind, hours in held.items()) < 0.9


def test_terms_are_whole_weeks_in_order(college: College) -> None:
    assert [term.start_date for term in college.terms] == [date(2026, 9, 7), date(2027, 1, 4), date(2027, 5, 3)]
    assert all((term.end_date - term.start_date).days == 90 for term in college.terms)
    assert college.terms[-1].end_date <= college.end_date
    assert college.year_name == "2026/2027"


def test_each_department_has_one_head(college: College) -> None:
    heads = Counter(trainer.department for trainer in college.trainers if trainer.is_head)
    assert heads == {department.code: 1 for department in college.departments}
