import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presence.geofence import Circle, GeofenceError, GeofenceOutcome, Polygon, Position, judge

METRES_PER_DEGREE = 111_195.0  # of latitude, within half a per cent everywhere
ROOM = Circle(-1.2921, 36.8219, 20.0)


def north_of(circle: Circle, metres: float, accuracy_m: float) -> Position:
    return Position(circle.latitude + metres / METRES_PER_DEGREE, circle.longitude, accuracy_m)


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "outcome"),
    [
        (0, 5, GeofenceOutcome.INSIDE),  # in the middle
        (14, 5, GeofenceOutcome.INSIDE),  # the whole circle still inside
        (18, 5, GeofenceOutcome.INSIDE),  # most of it inside
        (22, 5, GeofenceOutcome.OUTSIDE),  # less than half of it inside
        (40, 5, GeofenceOutcome.OUTSIDE),  # beside the fence
        (0, 0, GeofenceOutcome.INSIDE),  # a perfect position
        (21, 0, GeofenceOutcome.OUTSIDE),  # a perfect position beside it
        (0, 31, GeofenceOutcome.INACCURATE),  # worse than allowed, though in the middle
        (500, 31, GeofenceOutcome.INACCURATE),  # worse than allowed is its own reason, not outside
    ],
)
def test_a_position_is_judged_by_the_share_of_its_accuracy_circle(
    metres: float, accuracy_m: float, outcome: GeofenceOutcome
) -> None:
    judged = judge(ROOM, north_of(ROOM, metres, accuracy_m), max_accuracy_m=30, min_overlap_share=0.5)
    assert judged.outcome is outcome


def test_distance_is_in_metres_from_the_edge() -> None:
    judged = judge(ROOM, north_of(ROOM, 120, 1), max_accuracy_m=30, min_overlap_share=0.5)
    assert judged.distance_m == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize("fence", [Circle(-16.5, 180.0, 50), Circle(-16.5, -180.0, 50), Circle(90.0, 0.0, 50)])
def test_neither_antimeridian_nor_pole_matters(fence: Circle) -> None:
    beside = Position(fence.latitude - 0.0001, 179.9999 if fence.latitude < 0 else 77.0, 5)
    assert judge(fence, beside, max_accuracy_m=30, min_overlap_share=0.9).outcome is GeofenceOutcome.INSIDE


def test_a_polygon_is_what_its_vertices_say() -> None:
    hall = Polygon(((0.0, 0.0), (0.0, 0.001), (0.001, 0.001), (0.001, 0.0)))
    inside = judge(hall, Position(0.0005, 0.0005, 5), max_accuracy_m=30, min_overlap_share=1.0)
    beside = judge(hall, Position(0.0005, 0.0015, 5), max_accuracy_m=30, min_overlap_share=0.01)
    assert (inside.outcome, inside.distance_m) == (GeofenceOutcome.INSIDE, 0)
    assert beside.outcome is GeofenceOutcome.OUTSIDE
    assert beside.distance_m == pytest.approx(55.7, rel=0.01)


@pytest.mark.parametrize(
    ("vertices", "message"),
    [
        (((0.0, 0.0), (0.0, 0.001)), "at least 3"),
        (((0.0, 0.0), (0.001, 0.001), (0.001, 0.0), (0.0, 0.001)), "crosses itself"),
        (((0.0, 0.0), (0.0, 0.001), (0.0, 0.002)), "crosses itself|flat"),
        (((0.0, 0.0), (0.0, 0.001), (math.nan, 0.0)), "no place"),
        (((0.0, 0.0), (0.0, 40.0), (20.0, 0.0)), "wider"),
    ],
)
def test_a_polygon_that_cannot_be_is_refused(vertices: tuple[tuple[float, float], ...], message: str) -> None:
    with pytest.raises(GeofenceError, match=message):
        Polygon(vertices)


@pytest.mark.parametrize("radius_m", [0, -1, math.nan, math.inf, 1e9])
def test_a_radius_that_cannot_be_is_refused(radius_m: float) -> None:
    with pytest.raises(GeofenceError, match="radius"):
        Circle(0, 0, radius_m)


@pytest.mark.parametrize("accuracy_m", [-1, math.nan, math.inf])
def test_an_accuracy_that_cannot_be_is_refused(accuracy_m: float) -> None:
    with pytest.raises(GeofenceError, match="accuracy"):
        Position(0, 0, accuracy_m)


@given(
    latitude=st.floats(-80, 80),
    longitude=st.floats(-179, 179),
    metres=st.floats(0, 200),
    accuracy_m=st.floats(0.5, 100),
)
def test_the_verdict_is_the_same_wherever_the_college_is(
    latitude: float, longitude: float, metres: float, accuracy_m: float
) -> None:
    there, at_home = Circle(latitude, longitude, 60), Circle(0, 0, 60)
    shares = [
        judge(fence, north_of(fence, metres, accuracy_m), max_accuracy_m=100, min_overlap_share=0.5).overlap_share
        for fence in (there, at_home)
    ]
    # A degree of latitude differs by up to 1 % over the ellipsoid: at 200 m that is 2 m.
    assert shares[0] == pytest.approx(shares[1], abs=4 / (2 * accuracy_m) + 0.05)


@given(metres=st.floats(0, 200), accuracy_m=st.floats(0, 100), share=st.floats(0, 1))
def test_asking_for_less_overlap_never_turns_inside_into_outside(
    metres: float, accuracy_m: float, share: float
) -> None:
    position = north_of(ROOM, metres, accuracy_m)
    strict = judge(ROOM, position, max_accuracy_m=100, min_overlap_share=share)
    lenient = judge(ROOM, position, max_accuracy_m=100, min_overlap_share=share / 2)
    assert not (strict.outcome is GeofenceOutcome.INSIDE and lenient.outcome is GeofenceOutcome.OUTSIDE)
