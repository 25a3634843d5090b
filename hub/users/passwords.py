"""Passwords: what is strong enough, and Argon2id hashes, computed outside of the event loop."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from hub.users.errors import PasswordTooWeak

T = TypeVar("T")

SHORTEST = 10
LONGEST = 128
# zxcvbn's scale is 0 to 4; 3 is "safely unguessable: moderate protection from offline slow-hash scenario".
_WEAKEST_SCORE = 3
# zxcvbn takes time that grows with the square of the length, and refuses more.
_LOOKED_AT = 72
# A shorter word of the user's own data would be found by chance.
_SHORTEST_OWN_WORD = 3
_FEWEST_OTHER_CHARACTERS = 6

# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. More memory would not leave the hub its 300 MB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_A_TIME = 2


class Passwords:
    """One a process: hashes at most two passwords at a time, each on 19 MiB."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="argon2")
        # Verified when there is no account, so that the answer takes as long as for a known one.
        self._nobody = _HASHER.hash("nobody")

    async def accept(self, password: str, own_data: Iterable[str], *, field: str) -> str:
        """The hash to store; `own_data` is what the password must not be made from: names, e-mail, numbers.

        Raises:
            PasswordTooWeak: shorter than 10 characters, too common, or made from the user's own data.
        """
        return await self._run(_accept, password, own_words(own_data), field)

    async def match(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; without a hash never, after the same time."""
        fits = await self._run(_match, password_hash or self._nobody, password)
        return fits and password_hash is not None

    def close(self) -> None:
        self._threads.shutdown()

    async def _run(self, function: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


def own_words(texts: Iterable[str]) -> list[str]:
    """The texts and their words, case-folded, without very short ones."""
    words = [word for text in texts for word in (text, *text.replace("@", " ").replace(".", " ").split())]
    return [word.casefold() for word in words if len(word) >= _SHORTEST_OWN_WORD]


def _accept(password: str, words: list[str], field: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordTooWeak.of(field, f"must have {SHORTEST} to {LONGEST} characters: three or four words are good")
    if len(_without(password.casefold(), words)) < _FEWEST_OTHER_CHARACTERS:
        raise PasswordTooWeak.of(field, "is made from your own name, e-mail or numbers: use other words")
    strength = zxcvbn(password[:_LOOKED_AT], user_inputs=words)
    if strength["score"] < _WEAKEST_SCORE:
        advice = " ".join(filter(None, [strength["feedback"]["warning"], *strength["feedback"]["suggestions"]]))
        raise PasswordTooWeak.of(
            field, f"is too easy to guess: {advice or 'add a word or two'} Don't use your own name, e-mail or numbers."
        )
    return _HASHER.hash(password)


def _without(text: str, words: list[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _match(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
