from smartroster.notifications.v1 import notifications_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_NOTIFICATIONS = "/smartroster.notifications.v1.NotificationsService/"


def _notification_id(aim: Aim) -> str:
    return str(aim.college.notifications[aim.person_id])


ROWS = {
    _NOTIFICATIONS + "ListNotifications": Row(request=lambda _: pb.ListNotificationsRequest(), shows=_notification_id),
    _NOTIFICATIONS + "MarkNotifications": Row(
        request=lambda aim: pb.MarkNotificationsRequest(notification_ids=[_notification_id(aim)], read=True),
        shows=lambda _: "changed_count: 1",
    ),
    _NOTIFICATIONS + "WatchNotifications": Row(request=lambda _: pb.WatchNotificationsRequest(), of_caller_alone=True),
    _NOTIFICATIONS + "CreateBrokerCredentials": Row(
        request=lambda _: pb.CreateBrokerCredentialsRequest(), of_caller_alone=True
    ),
}
