"""The way of an invitation through a whole hub: from the call that makes an account to its owner's first sign-in."""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import pytest

from tests.fixtures.hub import ADMIN_EMAIL, ADMIN_PASSWORD, hub_in_process, run_roster_hub
from tests.fixtures.smtp import Postbox, smtp_server

_PASSWORD = "giraffe-lantern-42-boat"


async def test_invited_person_gets_a_mail_chooses_a_password_and_signs_in(tmp_path: Path) -> None:
    data_dir = tmp_path / "hub"
    await asyncio.to_thread(
        run_roster_hub, data_dir, "create-admin", "--email", ADMIN_EMAIL, "--password-stdin", text=ADMIN_PASSWORD
    )
    postbox = Postbox()
    async with (
        smtp_server(postbox) as port,
        hub_in_process(data_dir, smtp_url=f"smtp://127.0.0.1:{port}", smtp_plaintext=True) as hub,
    ):
        user = {"email": "asha@college.example", "givenName": "Asha", "familyName": "Otieno", "roles": ["ROLE_ADMIN"]}
        await hub.call(
            "users.v1.UsersService/CreateUser", {"requestId": str(uuid4()), "user": user}, await hub.sign_in()
        )
        async with asyncio.timeout(20):
            while not postbox.mails:  # noqa: ASYNC110 (a postbox sets no event)
                await asyncio.sleep(0.05)
        (mail,) = postbox.mails
        body = mail.get_body(("plain",))
        assert body is not None
        link = re.search(r"(\S+)/set-password#token=(\S+)", body.get_content())
        assert link is not None
        assert link[1] == f"https://{hub.endpoints['http']}"
        await hub.call("users.v1.AuthService/SetPassword", {"token": link[2], "newPassword": _PASSWORD})
        signed_in = await hub.call(
            "users.v1.AuthService/SignIn", {"email": "asha@college.example", "password": _PASSWORD}
        )
        assert signed_in["user"]["state"] == "STATE_ACTIVE"
        assert mail["To"].addresses[0].addr_spec == "asha@college.example"


async def test_hub_without_a_mail_server_says_so_and_checks_the_one_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with hub_in_process(tmp_path / "hub"):
        pass
    assert "mails wait in the database until smtp_url is set" in capsys.readouterr().out
    without = run_roster_hub(tmp_path / "hub", "check").stdout
    assert "e-mail: none is sent: 0 wait in the database until smtp_url is set" in without
    down = run_roster_hub(
        tmp_path / "hub", "check", expected=1, smtp_url="smtp://127.0.0.1:9", smtp_plaintext=True
    ).stdout
    assert "FAIL e-mail: The mail server 127.0.0.1:9 cannot be used" in down
    async with smtp_server(Postbox()) as port:
        good = await asyncio.to_thread(
            run_roster_hub, tmp_path / "hub", "check", smtp_url=f"smtp://127.0.0.1:{port}", smtp_plaintext=True
        )
    assert f"ok   e-mail: 127.0.0.1:{port} takes mails from Smart Roster <roster@localhost>" in good.stdout
