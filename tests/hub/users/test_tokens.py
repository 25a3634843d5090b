from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.secret_files import SecretsUnusable
from hub.users.errors import AccessTokenRefused, PasswordTooWeak
from hub.users.passwords import Passwords
from hub.users.tokens import AccessClaims, AccessTokens, TokenKeys

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CLAIMS = AccessClaims(uuid4(), uuid4())


@pytest.fixture
def tokens(tmp_path: Path) -> AccessTokens:
    return AccessTokens(TokenKeys.load_or_create(tmp_path), audience="here.example")


def test_a_token_lasts_a_quarter_of_an_hour_and_not_a_second_more(tokens: AccessTokens) -> None:
    issued = tokens.issue(CLAIMS, NOW)
    assert issued.expire_time == NOW + timedelta(minutes=15)
    assert tokens.check(issued.token, NOW + timedelta(minutes=14, seconds=59)) == CLAIMS
    with pytest.raises(AccessTokenRefused, match="expired"):
        tokens.check(issued.token, NOW + timedelta(minutes=15))


def test_a_token_names_its_key_and_its_algorithm(tokens: AccessTokens) -> None:
    header = jwt.get_unverified_header(tokens.issue(CLAIMS, NOW).token)
    assert header["alg"] == "EdDSA"
    assert len(header["kid"]) == 16


def test_a_token_for_another_audience_is_refused(tmp_path: Path, tokens: AccessTokens) -> None:
    elsewhere = AccessTokens(TokenKeys.load_or_create(tmp_path), audience="elsewhere.example")
    with pytest.raises(AccessTokenRefused):
        tokens.check(elsewhere.issue(CLAIMS, NOW).token, NOW)


def _forged(tokens: AccessTokens, **header: str) -> str:
    real = tokens.issue(CLAIMS, NOW).token
    claims = jwt.decode(real, options={"verify_signature": False})
    kid = jwt.get_unverified_header(real)["kid"]
    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid} | header)


def test_forged_tokens_are_refused(tokens: AccessTokens) -> None:
    real = tokens.issue(CLAIMS, NOW).token
    claims = jwt.decode(real, options={"verify_signature": False})
    kid = jwt.get_unverified_header(real)["kid"]
    head, body, signature = real.split(".")
    for forged in (
        _forged(tokens),
        _forged(tokens, kid="unknown"),
        jwt.encode(claims, "", algorithm="none", headers={"kid": kid}),
        jwt.encode(claims, "x" * 64, algorithm="HS256", headers={"kid": kid}),
        f"{head}.{body}.{signature[::-1]}",
        "no token",
        "",
    ):
        with pytest.raises(AccessTokenRefused):
            tokens.check(forged, NOW)


def test_a_new_key_signs_and_old_tokens_still_serve(tmp_path: Path, tokens: AccessTokens) -> None:
    old = tokens.issue(CLAIMS, NOW).token
    TokenKeys.add(tmp_path)
    again = AccessTokens(TokenKeys.load_or_create(tmp_path), audience="here.example")
    new = again.issue(CLAIMS, NOW).token
    assert again.check(old, NOW) == again.check(new, NOW) == CLAIMS
    assert jwt.get_unverified_header(new)["kid"] != jwt.get_unverified_header(old)["kid"]


def test_keys_are_readable_by_the_hub_alone(tmp_path: Path) -> None:
    TokenKeys.load_or_create(tmp_path)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "token-key-1.pem").write_text("not a key")
    with pytest.raises(SecretsUnusable, match=r"token-key-1\.pem.*chmod 600"):
        TokenKeys.load_or_create(tmp_path)
    (tmp_path / "token-key-1.pem").chmod(0o600)
    with pytest.raises(SecretsUnusable, match=r"token-key-1\.pem"):
        TokenKeys.load_or_create(tmp_path)


@pytest.mark.parametrize(
    "password",
    [
        "Xk9#qLm2v",  # nine characters
        "password1234",  # common
        "1234567890",
        "qwertyuiop",
        "Odhiambo2026",  # own name
        "ada.odhiambo1",  # own e-mail
        "x" * 129,
    ],
)
async def test_weak_passwords_are_refused_with_advice(password: str, passwords: Passwords) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        await passwords.accept(password, ["ada.odhiambo@college.example", "Ada", "Odhiambo"], field="password")
    assert [violation.field for violation in refused.value.violations] == ["password"]


async def test_a_hash_is_argon2id_and_fits_its_password_alone(passwords: Passwords) -> None:
    password_hash = await passwords.accept("plum orbit lantern", [], field="password")
    assert password_hash.startswith("$argon2id$")
    assert await passwords.match(password_hash, "plum orbit lantern")
    assert not await passwords.match(password_hash, "plum orbit lanterns")
    assert not await passwords.match(None, "plum orbit lantern")
    assert not await passwords.match("$argon2id$unusable", "plum orbit lantern")
