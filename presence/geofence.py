"""Is a position inside a geofence? Pure: no I/O, no clock. Hub and agent compute it alike.

Fences are a few metres to a few kilometres wide, so everything is computed on the plane that touches the ellipsoid at
the fence: an azimuthal equidistant projection about its centre, true to better than 1 in 10^6 at 10 km (Snyder, Map
Projections: A Working Manual, USGS Professional Paper 1395, chapter 25). It knows neither poles nor the antimeridian.
"""

import enum
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import shapely
from pyproj import Transformer

MAX_FENCE_M = 100_000.0
# A circle is drawn as a polygon of 4 x 64 sides: its area is right to 0.01 %.
_SIDES_PER_QUARTER = 64
_EXACT_M = 0.001  # a circle this small is a point


class GeofenceError(ValueError):
    """The fence or position cannot be; the message names the fix."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Centre in WGS-84 degrees, radius in metres."""

    latitude: float
    longitude: float
    radius_m: float

    def __post_init__(self) -> None:
        _check_place(self.latitude, self.longitude)
        if not 0 < self.radius_m <= MAX_FENCE_M:
            raise GeofenceError(f"the radius is {self.radius_m} m: give more than 0 and at most {MAX_FENCE_M:.0f} m")


@dataclass(frozen=True, slots=True)
class Polygon:
    """At least three (latitude, longitude) vertices in WGS-84 degrees; closes itself, must not cross itself."""

    vertices: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        for latitude, longitude in self.vertices:
            _check_place(latitude, longitude)
        if len(set(self.vertices)) < 3:  # noqa: PLR2004 (a triangle)
            raise GeofenceError(f"a polygon has at least 3 different vertices and this one has {len(self.vertices)}")
        plane = _plane(self)
        if not plane.is_valid:
            raise GeofenceError(
                f"the polygon crosses itself: {shapely.is_valid_reason(plane)} (metres from its centre)"
            )
        if plane.area <= 0 or max(map(abs, plane.bounds)) > MAX_FENCE_M:
            raise GeofenceError(f"the polygon is flat or wider than {MAX_FENCE_M:.0f} m: check the vertices")


Fence: TypeAlias = Circle | Polygon


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS-84 degrees; `accuracy_m` is the radius of the circle that holds the true place."""

    latitude: float
    longitude: float
    accuracy_m: float

    def __post_init__(self) -> None:
        _check_place(self.latitude, self.longitude)
        if not (self.accuracy_m >= 0 and math.isfinite(self.accuracy_m)):
            raise GeofenceError(f"the accuracy is {self.accuracy_m} m: give 0 or more metres")


class GeofenceOutcome(enum.Enum):
    INSIDE = "INSIDE"
    OUTSIDE = "OUTSIDE"
    INACCURATE = "INACCURATE"


@dataclass(frozen=True, slots=True)
class GeofenceJudgement:
    """`distance_m` is from the position to the fence (0 inside); `overlap_share` of the accuracy circle lies in it."""

    outcome: GeofenceOutcome
    distance_m: float
    overlap_share: float


def judge(fence: Fence, position: Position, *, max_accuracy_m: float, min_overlap_share: float) -> GeofenceJudgement:
    """Judge a position: INACCURATE when its accuracy is worse than allowed, whatever the place; else INSIDE when at
    least `min_overlap_share` (0..1) of its accuracy circle lies within the fence; else OUTSIDE.
    """
    plane = _plane(fence)
    x, y = _to_plane(_centre(fence), position.latitude, position.longitude)
    point = shapely.Point(x, y)
    distance_m = float(plane.distance(point))
    if position.accuracy_m > _EXACT_M:
        disc = point.buffer(position.accuracy_m, quad_segs=_SIDES_PER_QUARTER)
        overlap_share = float(plane.intersection(disc).area / disc.area)
    else:
        overlap_share = float(plane.covers(point))
    if position.accuracy_m > max_accuracy_m:
        outcome = GeofenceOutcome.INACCURATE
    elif overlap_share >= min_overlap_share and overlap_share > 0:
        outcome = GeofenceOutcome.INSIDE
    else:
        outcome = GeofenceOutcome.OUTSIDE
    return GeofenceJudgement(outcome, distance_m, overlap_share)


def _check_place(latitude: float, longitude: float) -> None:
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:  # noqa: PLR2004 (degrees; false for NaN)
        raise GeofenceError(
            f"{latitude}, {longitude} is no place: latitude is -90 to 90 and longitude -180 to 180 degrees"
        )


def _centre(fence: Fence) -> tuple[float, float]:
    return (fence.latitude, fence.longitude) if isinstance(fence, Circle) else fence.vertices[0]


@lru_cache(maxsize=256)
def _plane(fence: Fence) -> shapely.Polygon:
    """The fence in metres east and north of its centre."""
    if isinstance(fence, Circle):
        return shapely.Point(0, 0).buffer(fence.radius_m, quad_segs=_SIDES_PER_QUARTER)
    plane = shapely.Polygon([_to_plane(_centre(fence), *vertex) for vertex in fence.vertices])
    shapely.prepare(plane)
    return plane


@lru_cache(maxsize=256)
def _projection(centre: tuple[float, float]) -> Transformer:
    latitude, longitude = centre
    return Transformer.from_crs(
        "EPSG:4326", f"+proj=aeqd +lat_0={latitude!r} +lon_0={longitude!r} +datum=WGS84 +units=m", always_xy=True
    )


def _to_plane(centre: tuple[float, float], latitude: float, longitude: float) -> tuple[float, float]:
    x, y = _projection(centre).transform(longitude, latitude)
    return float(x), float(y)
