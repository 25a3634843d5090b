"""All rows of the walk: a domain keeps its own in a file here."""

from tests.hub.rpc.permission_walk import (
    attendance,
    courses,
    devices,
    faces,
    jobs,
    notifications,
    schedule,
    school,
    timetable,
    users,
)
from tests.hub.rpc.permission_walk.row import Row

ROWS: dict[str, Row] = {
    **users.ROWS,
    **school.ROWS,
    **courses.ROWS,
    **timetable.ROWS,
    **schedule.ROWS,
    **faces.ROWS,
    **devices.ROWS,
    **attendance.ROWS,
    **jobs.ROWS,
    **notifications.ROWS,
}
