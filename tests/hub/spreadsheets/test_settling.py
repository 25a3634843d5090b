from collections.abc import Awaitable, Callable

from hub.spreadsheets.columns import Problem
from hub.spreadsheets.settling import settle


async def test_a_step_waits_for_those_that_make_way_and_what_stood_against_it_is_forgotten() -> None:
    problems: list[Problem] = [Problem("Sheet", 1, "", "was there before")]
    done: list[int] = []

    def step(number: int, *, needs: int | None = None) -> Callable[[], Awaitable[bool]]:
        async def take() -> bool:
            if needs is not None and needs not in done:
                problems.append(Problem("Sheet", number, "", f"waits for {needs}"))
                return False
            done.append(number)
            problems.append(Problem("Sheet", number, "", "is odd"))  # done, with something to tell
            return True

        return take

    await settle([step(1, needs=2), step(2, needs=3), step(3), step(4, needs=5), step(5, needs=4)], problems)
    assert done == [3, 2, 1]
    assert [(one.row, one.reason) for one in problems] == [
        (1, "was there before"),
        *((number, "is odd") for number in (3, 2, 1)),
        (4, "waits for 5"),
        (5, "waits for 4"),
    ]
