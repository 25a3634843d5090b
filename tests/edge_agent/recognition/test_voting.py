from collections.abc import Callable
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.recognition.voting import MOST_AFTER_MATCH, MOST_WITHOUT_MATCH, Ballot, Strangers
from presence.faces.calibration import Calibration, Metric
from presence.faces.match import Gallery
from presence.faces.types import Encoding, Encodings

ANNE, BEN = uuid4(), uuid4()


@pytest.fixture
def people(directions: Callable[[int], Encodings]) -> Encodings:
    """Anne, Ben, and two strangers."""
    return directions(4)


@pytest.fixture
def gallery(calibration: Calibration, people: Encodings) -> Gallery[UUID]:
    return Gallery(calibration, {ANNE: people[:1], BEN: people[1:2]})


def name(ballot: Ballot, gallery: Gallery[UUID], *probes: Encoding) -> list[UUID | str | None]:
    """What each frame came to: a person, None for a stranger, "open"."""
    answers: list[UUID | str | None] = []
    for at, probe in enumerate(probes):
        verdict = ballot.add(probe, 0.5, gallery, float(at))
        answers.append(verdict.person_id if verdict is not None else "open")
    return answers


def test_two_frames_make_a_name(gallery: Gallery[UUID], people: Encodings) -> None:
    assert name(Ballot(), gallery, people[0], people[0]) == ["open", ANNE]


def test_one_frame_makes_nothing(gallery: Gallery[UUID], people: Encodings) -> None:
    ballot = Ballot()
    assert name(ballot, gallery, people[2]) == ["open"]
    assert ballot.close() is None


def test_a_stranger_who_stays_is_one_after_four_frames(gallery: Gallery[UUID], people: Encodings) -> None:
    assert name(Ballot(), gallery, *[people[2]] * 4) == ["open", "open", "open", None]


def test_a_stranger_who_leaves_is_one_after_two(gallery: Gallery[UUID], people: Encodings) -> None:
    ballot = Ballot()
    name(ballot, gallery, people[2], people[2])
    verdict = ballot.close()
    assert verdict is not None
    assert verdict.person_id is None


def test_a_stranger_may_still_get_a_name(gallery: Gallery[UUID], people: Encodings) -> None:
    ballot = Ballot()
    name(ballot, gallery, *[people[2] * 0.4 + people[0] * 0.1] * 4)
    assert name(ballot, gallery, *[people[0]] * 4)[-1] == ANNE


def test_frames_for_two_people_name_nobody(gallery: Gallery[UUID], people: Encodings) -> None:
    assert ANNE not in name(Ballot(), gallery, people[0], people[1])
    assert BEN not in name(Ballot(), gallery, people[0], people[1])


def test_a_face_that_becomes_anothers_loses_its_name(gallery: Gallery[UUID], people: Encodings) -> None:
    ballot = Ballot()
    assert name(ballot, gallery, people[0], people[0])[-1] == ANNE
    assert name(ballot, gallery, people[1])[-1] == ANNE  # one bad frame is forgiven
    assert name(ballot, gallery, people[1], people[1])[-1] == BEN


def test_a_jump_is_looked_at_soon(gallery: Gallery[UUID], people: Encodings) -> None:
    ballot = Ballot()
    name(ballot, gallery, people[0], people[0])
    assert not ballot.wants(0.5, 1.5)
    ballot.doubt()
    assert ballot.wants(0.5, 1.5)


@given(qualities=st.lists(st.floats(0.01, 1), min_size=300, max_size=300), known=st.booleans())
def test_no_track_is_encoded_more_often_than_it_may(qualities: list[float], *, known: bool) -> None:
    directions = np.eye(128, dtype=np.float32)
    gallery = Gallery(_calibration(), {ANNE: directions[:1], BEN: directions[1:2]})
    ballot, probe = Ballot(), directions[0 if known else 2]
    before_match = after_match = 0
    for at, quality in enumerate(qualities):
        if ballot.wants(quality, at / 10):
            named = ballot.verdict is not None and ballot.verdict.person_id is not None
            before_match, after_match = before_match + (not named), after_match + named
            ballot.add(probe, quality, gallery, at / 10)
    assert before_match <= MOST_WITHOUT_MATCH
    assert after_match <= MOST_AFTER_MATCH
    assert known == (ballot.verdict is not None and ballot.verdict.person_id == ANNE)


def _calibration() -> Calibration:
    return Calibration(Metric.COSINE, 0.05, (0.3, 0.5), (-2.0, -5.0), (0.0, 1.0), (0.0, 1.0))


def test_a_stranger_who_turns_away_and_back_is_one(gallery: Gallery[UUID], people: Encodings) -> None:
    strangers = Strangers(remember_s=300)
    assert strangers.is_new([people[2]], gallery, 0.0)
    assert not strangers.is_new([people[2]], gallery, 100.0)
    assert strangers.is_new([people[3]], gallery, 100.0)
    assert strangers.is_new([people[2]], gallery, 1000.0)
