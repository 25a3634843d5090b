import pytest

from presence.faces.types import Box

BOX = Box(10, 20, 30, 60)


def test_box_measures() -> None:
    assert (BOX.width, BOX.height, BOX.area, BOX.centre) == (20, 40, 800, (20, 40))


@pytest.mark.parametrize(
    ("other", "iou"),
    [
        (BOX, 1.0),
        (Box(30, 20, 50, 60), 0.0),  # side by side, sharing an edge
        (Box(10, 20, 20, 60), 0.5),  # a half of it
        (Box(20, 20, 40, 60), 1 / 3),  # half over half
        (Box(12, 22, 12, 22), 0.0),  # no area at all
    ],
)
def test_intersection_over_union(other: Box, iou: float) -> None:
    assert BOX.iou(other) == pytest.approx(iou)
    assert other.iou(BOX) == pytest.approx(iou)


def test_growing_keeps_the_centre() -> None:
    grown = BOX.grown(2.7)
    assert grown.centre == pytest.approx(BOX.centre)
    assert (grown.width, grown.height) == pytest.approx((54, 108))


def test_scaling_follows_the_image() -> None:
    assert BOX.scaled(0.5) == Box(5, 10, 15, 30)
