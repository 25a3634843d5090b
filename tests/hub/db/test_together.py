import asyncio
from collections.abc import Collection

import pytest

from hub.db.together import Together
from hub.errors import Unavailable


class Table:
    """Answers a key's value at the moment of the look-up; `gate` holds the look-ups up."""

    def __init__(self) -> None:
        self.values = {1: "one", 2: "two"}
        self.asked: list[set[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    async def look_up(self, keys: Collection[int]) -> dict[int, str]:
        self.asked.append(set(keys))
        found = {key: self.values[key] for key in keys if key in self.values}
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return found


async def test_those_who_ask_during_a_look_up_are_answered_by_the_next_one() -> None:
    table = Table()
    table.gate.clear()
    together = Together(table.look_up)
    first = asyncio.create_task(together.get(1))
    await asyncio.sleep(0.02)
    table.values[1] = "uno"
    later = [asyncio.create_task(together.get(key)) for key in (1, 1, 2, 3)]
    await asyncio.sleep(0)
    table.gate.set()
    assert await first == "one"
    assert await asyncio.gather(*later) == ["uno", "uno", "two", None]
    assert table.asked == [{1}, {1, 2, 3}]


async def test_what_changed_counts_for_whoever_asks_afterwards() -> None:
    table = Table()
    together = Together(table.look_up)
    for value in ("one", "uno", "eins"):
        table.values[1] = value
        assert await together.get(1) == value


async def test_failure_is_told_to_all_who_waited_and_to_nobody_else() -> None:
    table = Table()
    together = Together(table.look_up)
    table.failure = ValueError("away")
    answers = await asyncio.gather(together.get(1), together.get(2), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["away", "away"]
    table.failure = None
    assert await together.get(2) == "two"


async def test_one_who_gives_up_takes_the_answer_from_nobody() -> None:
    table = Table()
    table.gate.clear()
    together = Together(table.look_up)
    impatient, patient = (asyncio.create_task(together.get(1)) for _ in range(2))
    await asyncio.sleep(0.01)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    table.gate.set()
    assert await patient == "one"


async def test_look_up_without_an_end_is_given_up_and_the_next_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.db.together.LONGEST_LOOK_UP_SECONDS", 0.05)
    table = Table()
    together = Together(table.look_up)
    table.gate.clear()
    with pytest.raises(Unavailable):
        await together.get(1)
    table.gate.set()
    assert await together.get(1) == "one"
