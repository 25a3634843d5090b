from smartroster.timetable.v1 import timetable_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_TIMETABLE = "/smartroster.timetable.v1.TimetableService/"


def _new_room(_: Aim) -> pb.CreateRoomRequest:
    fence = pb.Geofence(circle=pb.Geofence.Circle(centre=pb.LatLng(latitude=-1.2921, longitude=36.8219), radius_m=50))
    return pb.CreateRoomRequest(room=pb.Room(code="NEW", name="New", capacity=20, geofence=fence))


def _larger_room(aim: Aim) -> pb.UpdateRoomRequest:
    request = pb.UpdateRoomRequest(room=_new_room(aim).room)
    request.room.id = str(aim.side.room_id)
    request.update_mask.paths.append("capacity")
    return request


ROWS = {
    _TIMETABLE + "CreateRoom": Row(request=_new_room),
    _TIMETABLE + "GetRoom": Row(request=lambda aim: pb.GetRoomRequest(room_id=str(aim.side.room_id))),
    _TIMETABLE + "ListRooms": Row(request=lambda _: pb.ListRoomsRequest(), shows=lambda aim: aim.side.room_id),
    _TIMETABLE + "UpdateRoom": Row(request=_larger_room),
    _TIMETABLE + "CreateTimetableEntry": Row(
        request=lambda aim: pb.CreateTimetableEntryRequest(
            timetable_entry=pb.TimetableEntry(
                enrolment_id=str(aim.side.enrolment_id),
                room_id=str(aim.side.room_id),
                weekday=3,
                start_time_of_day="14:00",
                end_time_of_day="16:00",
                start_date=aim.college.term.first.isoformat(),
                end_date=aim.college.term.last.isoformat(),
            )
        )
    ),
    _TIMETABLE + "ListTimetableEntries": Row(
        request=lambda _: pb.ListTimetableEntriesRequest(page_size=1000), shows=lambda aim: aim.side.entry_id
    ),
    _TIMETABLE + "DeleteTimetableEntry": Row(
        request=lambda aim: pb.DeleteTimetableEntryRequest(timetable_entry_id=str(aim.side.draft_entry_id))
    ),
    _TIMETABLE + "PublishTimetable": Row(
        request=lambda aim: pb.PublishTimetableRequest(term_id=str(aim.college.term_id))
    ),
}
