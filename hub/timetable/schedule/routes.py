"""The feeds at the HTTP door: no sign-in, the address itself is the secret."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from hub.db.database import Database
from hub.db.principal import Principal
from hub.errors import NotFound, Unavailable
from hub.timetable.schedule import feeds
from hub.timetable.schedule.calendar_file import MEDIA_TYPE, render_calendar

PATH = "/feeds/{token}.ics"
_HEADERS = {
    # Programs ask again with the ETag each time: who takes a feed back is obeyed at once, and no proxy keeps a copy.
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def feed_path(token: str) -> str:
    """The path of a feed's address."""
    return PATH.replace("{token}", token)


def feed_routes(database: Database, *, site: str) -> Sequence[BaseRoute]:
    """What the HTTP door serves of this domain. `site` makes the UIDs of events those of this college."""

    async def answer(request: Request) -> Response:
        address = request.client.host if request.client else None
        try:
            async with database.unit_of_work(Principal("anonymous", address=address), write=False) as uow:
                content = await feeds.read_feed(uow, token=request.path_params["token"], site=site)
        except NotFound as error:
            return PlainTextResponse(f"{error.message}\n", status_code=404, headers=_HEADERS)
        except Unavailable as error:
            return PlainTextResponse(f"{error.message}\n", status_code=503, headers=_HEADERS)
        # Rendering takes some milliseconds of one core for each dozen of lessons: others are answered meanwhile.
        file = await asyncio.to_thread(render_calendar, content.series, name=content.name, zone=content.zone)
        etag = f'"{sha256(file).hexdigest()[:32]}"'
        headers = {**_HEADERS, "ETag": etag}
        if matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="timetable.ics"'
        return Response(file, media_type=MEDIA_TYPE, headers=headers)

    return [Route(PATH, answer, methods=["GET"])]


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the header names this ETag, compared weakly (RFC 9110, 13.1.2)."""
    given = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in given or etag in given
