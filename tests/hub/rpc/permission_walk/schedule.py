from datetime import timedelta

from smartroster.timetable.v1 import schedule_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_SCHEDULE = "/smartroster.timetable.v1.ScheduleService/"


def _day(aim: Aim) -> str:
    """A day of a week in which the plan has its lessons."""
    return (aim.college.term.last - timedelta(days=7)).isoformat()


def _week(aim: Aim) -> pb.GetWeeklyScheduleRequest:
    return pb.GetWeeklyScheduleRequest(class_group_id=str(aim.side.class_group_id), date=_day(aim))


ROWS = {
    _SCHEDULE + "GetWeeklySchedule": Row(request=_week, shows=lambda aim: aim.side.entry_id),
    _SCHEDULE + "ExportWeeklySchedule": Row(
        request=lambda aim: pb.ExportWeeklyScheduleRequest(
            week=_week(aim), format=pb.ExportWeeklyScheduleRequest.FORMAT_ICS
        ),
    ),
    _SCHEDULE + "ListFreeRooms": Row(
        request=lambda aim: pb.ListFreeRoomsRequest(
            date=_day(aim), start_time_of_day="04:00", end_time_of_day="05:00", page_size=400
        ),
        shows=lambda aim: aim.side.room_id,
    ),
    _SCHEDULE + "ListFreeTrainers": Row(
        request=lambda aim: pb.ListFreeTrainersRequest(
            date=_day(aim), start_time_of_day="04:00", end_time_of_day="05:00", page_size=400
        ),
        shows=lambda aim: aim.side.trainer_id,
    ),
    _SCHEDULE + "ListRoomUtilisations": Row(
        request=lambda aim: pb.ListRoomUtilisationsRequest(start_date=_day(aim), end_date=_day(aim), page_size=400),
        shows=lambda aim: aim.side.room_id,
    ),
    _SCHEDULE + "ListTrainerLoads": Row(
        request=lambda aim: pb.ListTrainerLoadsRequest(start_date=_day(aim), end_date=_day(aim), page_size=400),
        shows=lambda aim: aim.side.trainer_id,
    ),
    _SCHEDULE + "CreateFeed": Row(
        request=lambda aim: pb.CreateFeedRequest(feed=pb.Feed(class_group_id=str(aim.side.class_group_id)))
    ),
    _SCHEDULE + "ListFeeds": Row(
        request=lambda _: pb.ListFeedsRequest(page_size=400), shows=lambda aim: aim.college.feeds[aim.person_id]
    ),
    _SCHEDULE + "RotateFeed": Row(
        request=lambda aim: pb.RotateFeedRequest(feed_id=str(aim.college.feeds[aim.person_id]))
    ),
    _SCHEDULE + "DeleteFeed": Row(
        request=lambda aim: pb.DeleteFeedRequest(feed_id=str(aim.college.feeds[aim.person_id]))
    ),
}
