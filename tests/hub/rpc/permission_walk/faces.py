import grpc
from uuid6 import uuid7

from smartroster.faces.v1 import faces_pb2 as pb
from tests.hub.rpc.permission_walk.row import Row

_FACES = "/smartroster.faces.v1.FacesService/"
_NO_CONSENT = frozenset({grpc.StatusCode.FAILED_PRECONDITION})

ROWS = {
    _FACES + "GiveConsent": Row(
        request=lambda aim: pb.GiveConsentRequest(person_id=str(aim.person_id), guardian_name="Ma Wanjiru")
    ),
    _FACES + "WithdrawConsent": Row(
        request=lambda aim: pb.WithdrawConsentRequest(person_id=str(aim.person_id), reason="Asked.")
    ),
    _FACES + "RegisterFace": Row(
        request=lambda aim: pb.RegisterFaceRequest(person_id=str(aim.person_id), photos=[b"1", b"2", b"3"]),
        accepts=_NO_CONSENT,
    ),
    _FACES + "GetFaceRegistration": Row(
        request=lambda aim: pb.GetFaceRegistrationRequest(person_id=str(aim.person_id)),
        shows=lambda aim: aim.person_id,
    ),
    _FACES + "VerifyFace": Row(
        request=lambda aim: pb.VerifyFaceRequest(person_id=str(aim.person_id), photo=b"1"), accepts=_NO_CONSENT
    ),
    _FACES + "ListFaceClashes": Row(request=lambda _: pb.ListFaceClashesRequest()),
    _FACES + "ResolveFaceClash": Row(
        request=lambda _: pb.ResolveFaceClashRequest(
            face_clash_id=str(uuid7()), resolution=pb.FaceClash.RESOLUTION_KEPT, reason="Twins."
        ),
        # There is no clash in the college.
        accepts=frozenset({grpc.StatusCode.NOT_FOUND}),
    ),
    _FACES + "ListErasureProofs": Row(request=lambda aim: pb.ListErasureProofsRequest(person_id=str(aim.person_id))),
    _FACES + "RotateTemplateKey": Row(request=lambda _: pb.RotateTemplateKeyRequest()),
}
