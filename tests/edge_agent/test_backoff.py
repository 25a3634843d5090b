import statistics

from edge_agent.uplink.backoff import Backoff


def test_waits_double_up_to_the_longest_and_are_spread_from_zero() -> None:
    rounds = [Backoff(60) for _ in range(400)]
    for bound in (0.5, 1, 2, 4, 8, 16, 32, 60, 60):
        waits = [backoff.next_s() for backoff in rounds]
        assert 0 <= min(waits) < bound * 0.1
        assert bound * 0.9 < max(waits) <= bound
        assert bound * 0.4 < statistics.mean(waits) < bound * 0.6


def test_there_is_no_limit_to_the_tries() -> None:
    backoff = Backoff(60)
    assert max(backoff.next_s() for _ in range(5_000)) <= 60


def test_what_worked_begins_anew() -> None:
    backoff = Backoff(60)
    for _ in range(10):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 0.5
