"""What takes a whole hub: events that other domains hear."""

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from uuid6 import uuid7

from tests.fixtures.hub import RunningHub


async def _eventually(holds: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    give_up = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < give_up
        await asyncio.sleep(0.1)


async def test_who_is_erased_is_forgotten_by_faces_and_notifications_too(grpc_hub: RunningHub) -> None:
    token = await grpc_hub.sign_in()

    async def call(method: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
        return await grpc_hub.call(method, body, token)

    user = {
        "email": "gone@college.example",
        "givenName": "Gone",
        "familyName": "Soon",
        "roles": ["ROLE_DP_ACADEMICS"],
    }
    person = await call("users.v1.UsersService/CreateUser", requestId=str(uuid7()), user=user)
    await call(
        "faces.v1.FacesService/GiveConsent", requestId=str(uuid7()), personId=person["id"], guardianName="Ma Gone"
    )
    await call("users.v1.UsersService/EraseUser", userId=person["id"], confirmEmail="gone@college.example")

    async def forgotten() -> bool:
        told = await call("users.v1.UsersService/ExportPersonalData", userId=person["id"])
        text = base64.b64decode(told["content"]).decode()
        rows = json.loads(text)["rows"]
        return (
            [row["state"] for row in rows["face_consents"]] == ["GIVEN", "WITHDRAWN"]
            and "account_mails" not in rows
            and "Gone" not in text
            and "gone@" not in text
        )

    await _eventually(forgotten)
