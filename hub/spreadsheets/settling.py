"""Rows that wait for each other: one must make way before another can be stored, wherever the two stand in the file."""

from collections.abc import Awaitable, Callable, Iterable

from hub.spreadsheets.columns import Problem


async def settle(steps: Iterable[Callable[[], Awaitable[bool]]], problems: list[Problem]) -> None:
    """Take the steps in turn, and those that are not done again for as long as another one gets done.

    Args:
        steps: each answers whether it is done; one that is not has stored nothing.
        problems: to which the steps add. What a step adds when it is not done counts only if it never gets done.
    """
    waiting = list(steps)
    while waiting:
        left, told = [], []
        for step in waiting:
            known = len(problems)
            if not await step():
                left.append(step)
                told += problems[known:]
                del problems[known:]
        if len(left) == len(waiting):
            problems += told
            return
        waiting = left
