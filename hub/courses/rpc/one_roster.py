"""OneRosterService on the wire."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import grpc

from hub.courses.one_roster.archive import read_archive
from hub.courses.one_roster.importing import import_roster
from hub.courses.one_roster.places import Wishes
from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.rpc.fields import parse_optional_uuid, refuse_nul
from hub.spreadsheets.wire import import_updates
from hub.users.college import College
from smartroster.courses.v1 import one_roster_pb2 as pb
from smartroster.courses.v1 import one_roster_pb2_grpc
from smartroster.imports.v1 import imports_pb2

Context = grpc.aio.ServicerContext[Any, Any]


class OneRosterServicer(one_roster_pb2_grpc.OneRosterServiceServicer):
    def __init__(self, database: Database, *, college: College) -> None:
        self._db = database
        self._college = college

    def ImportOneRoster(
        self, request: pb.ImportOneRosterRequest, context: Context
    ) -> AsyncIterator[imports_pb2.ImportUpdate]:
        # The door looks at unary calls; this is the one stream that is asked for with a text.
        refuse_nul(pb.ImportOneRosterRequest(programme_level=request.programme_level))
        wishes = Wishes(parse_optional_uuid(request.department_id, "department_id"), request.programme_level)
        return import_updates(
            self._db,
            current_principal(),
            read=partial(read_archive, request.archive),
            store=partial(import_roster, wishes=wishes, college=self._college),
            lock="courses.one_roster",
            validate_only=request.validate_only,
        )
