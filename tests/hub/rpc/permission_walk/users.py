from uuid import uuid4

import grpc

from hub.spreadsheets.writer import write_workbook
from hub.users.workbook import TRAINEES, TRAINERS
from smartroster.users.v1 import account_pb2, registration_pb2
from smartroster.users.v1 import users_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_AUTH = "/smartroster.users.v1.AuthService/"
_ACCOUNT = "/smartroster.users.v1.AccountService/"
_REGISTRATION = "/smartroster.users.v1.RegistrationService/"
_USERS = "/smartroster.users.v1.UsersService/"


def _new_admin() -> pb.User:
    return pb.User(
        email=f"{uuid4().hex}@college.example", given_name="Nia", family_name="Otieno", roles=[pb.ROLE_ADMIN]
    )


def _renamed(aim: Aim) -> pb.UpdateUserRequest:
    request = pb.UpdateUserRequest(user=pb.User(id=str(aim.person_id), phone="+254712345678"))
    request.update_mask.paths.append("phone")
    return request


ROWS = {
    _AUTH + "GetMe": Row(request=lambda _: pb.GetMeRequest(), shows=lambda aim: aim.person_id),
    _AUTH + "ChangePassword": Row(
        request=lambda _: pb.ChangePasswordRequest(current_password="x", new_password="correct-horse-battery-9"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
        of_caller_alone=True,
    ),
    _ACCOUNT + "ListSignInSessions": Row(
        request=lambda _: account_pb2.ListSignInSessionsRequest(), shows=lambda _: "current: true", of_caller_alone=True
    ),
    # Nobody has a session of that name: one's own are known to the caller alone.
    _ACCOUNT + "EndSignInSession": Row(
        request=lambda _: account_pb2.EndSignInSessionRequest(sign_in_session_id=str(uuid4())),
        accepts=frozenset({grpc.StatusCode.NOT_FOUND}),
        of_caller_alone=True,
    ),
    _ACCOUNT + "EndOtherSignInSessions": Row(
        request=lambda _: account_pb2.EndOtherSignInSessionsRequest(), of_caller_alone=True
    ),
    _ACCOUNT + "GetSecondFactor": Row(request=lambda _: account_pb2.GetSecondFactorRequest(), of_caller_alone=True),
    _ACCOUNT + "EnrolSecondFactor": Row(
        request=lambda _: account_pb2.EnrolSecondFactorRequest(current_password="x"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
        of_caller_alone=True,
    ),
    _ACCOUNT + "ConfirmSecondFactor": Row(
        request=lambda _: account_pb2.ConfirmSecondFactorRequest(totp_code="123456"),
        accepts=frozenset({grpc.StatusCode.FAILED_PRECONDITION}),
        of_caller_alone=True,
    ),
    _ACCOUNT + "ReplaceRecoveryCodes": Row(
        request=lambda _: account_pb2.ReplaceRecoveryCodesRequest(current_password="x"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
        of_caller_alone=True,
    ),
    _ACCOUNT + "DisableSecondFactor": Row(
        request=lambda _: account_pb2.DisableSecondFactorRequest(current_password="x"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
        of_caller_alone=True,
    ),
    _REGISTRATION + "GetTraineesTemplate": Row(request=lambda _: registration_pb2.GetTraineesTemplateRequest()),
    _REGISTRATION + "ImportTrainees": Row(
        request=lambda _: registration_pb2.ImportTraineesRequest(workbook=write_workbook([TRAINEES], title="x"))
    ),
    _REGISTRATION + "ExportTrainees": Row(request=lambda _: registration_pb2.ExportTraineesRequest()),
    _REGISTRATION + "GetTrainersTemplate": Row(request=lambda _: registration_pb2.GetTrainersTemplateRequest()),
    _REGISTRATION + "ImportTrainers": Row(
        request=lambda _: registration_pb2.ImportTrainersRequest(workbook=write_workbook([TRAINERS], title="x"))
    ),
    _REGISTRATION + "ExportTrainers": Row(request=lambda _: registration_pb2.ExportTrainersRequest()),
    _USERS + "CreateUser": Row(request=lambda _: pb.CreateUserRequest(user=_new_admin())),
    _USERS + "BatchCreateUsers": Row(
        request=lambda _: pb.BatchCreateUsersRequest(requests=[pb.CreateUserRequest(user=_new_admin())])
    ),
    _USERS + "GetUser": Row(
        request=lambda aim: pb.GetUserRequest(user_id=str(aim.person_id)), shows=lambda aim: aim.person_id
    ),
    _USERS + "ListUsers": Row(request=lambda _: pb.ListUsersRequest(page_size=400), shows=lambda aim: aim.person_id),
    _USERS + "UpdateUser": Row(request=_renamed),
    _USERS + "AssignRoles": Row(
        request=lambda aim: pb.AssignRolesRequest(
            user=pb.User(id=str(aim.side.trainee_id), roles=[pb.ROLE_TRAINEE, pb.ROLE_ADMIN])
        ),
    ),
    _USERS + "ResetSecondFactor": Row(
        request=lambda aim: pb.ResetSecondFactorRequest(user_id=str(aim.side.trainee_id), reason="lost")
    ),
    _USERS + "DisableUser": Row(
        request=lambda aim: pb.DisableUserRequest(user_id=str(aim.side.trainee_id), reason="left")
    ),
    _USERS + "EnableUser": Row(request=lambda aim: pb.EnableUserRequest(user_id=str(aim.side.trainee_id))),
    _USERS + "ExportPersonalData": Row(
        request=lambda aim: pb.ExportPersonalDataRequest(user_id=str(aim.person_id)),
        shows=lambda aim: aim.person_id,
    ),
    # The e-mail is not the person's.
    _USERS + "EraseUser": Row(
        request=lambda aim: pb.EraseUserRequest(user_id=str(aim.side.trainee_id), confirm_email="x"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
    ),
    _USERS + "ListAuditEntries": Row(
        request=lambda aim: pb.ListAuditEntriesRequest(object_id=str(aim.side.session_id)),
        shows=lambda aim: aim.side.session_id,
    ),
}
