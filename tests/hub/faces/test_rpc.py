"""FacesService with real photos through the real gates."""

from collections.abc import AsyncIterator
from uuid import UUID

import grpc
import pytest
from uuid6 import uuid7

from hub.db.database import Database
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.rpc import FacesServicer
from hub.rpc.auth import UserGate
from hub.rpc.server import Service
from smartroster.faces.v1 import faces_pb2 as pb
from smartroster.faces.v1 import faces_pb2_grpc as rpc
from tests.factories.faces import make_person
from tests.fixtures.database import MakeUow
from tests.fixtures.doors import TokenTable, bearer, refusal_of, serving
from tests.fixtures.photos import blank, photos, side_by_side

ADMIN = bearer("ADMIN")


@pytest.fixture
async def faces(database: Database, keys: KeyRing, encoder: FaceEncoder) -> AsyncIterator[rpc.FacesServiceStub]:
    service = Service(rpc.add_FacesServiceServicer_to_server, FacesServicer(database, keys=keys, encoder=encoder))
    async with (
        serving(UserGate(TokenTable()), [service]) as address,
        grpc.aio.insecure_channel(address) as channel,
    ):
        yield rpc.FacesServiceStub(channel)


@pytest.fixture
async def person_id(make_uow: MakeUow) -> UUID:
    async with make_uow() as uow:
        return await make_person(uow)


async def consent(faces: rpc.FacesServiceStub, person_id: UUID) -> pb.Consent:
    given: pb.Consent = await faces.GiveConsent(
        pb.GiveConsentRequest(request_id=str(uuid7()), person_id=str(person_id)), metadata=bearer("TRAINEE", person_id)
    )
    return given


def registration(person_id: UUID, *pictures: bytes) -> pb.RegisterFaceRequest:
    return pb.RegisterFaceRequest(request_id=str(uuid7()), person_id=str(person_id), photos=pictures)


async def test_from_consent_to_registration_to_erasure(faces: rpc.FacesServiceStub, person_id: UUID) -> None:
    me = bearer("TRAINEE", person_id)
    assert (await consent(faces, person_id)).recorded_by == str(person_id)
    request = registration(person_id, *photos(0))
    answer = await faces.RegisterFace(request, metadata=me)
    assert (answer.template_count, answer.engine, len(answer.model_sha256)) == (3, "sface", 64)
    assert not answer.HasField("clash")
    assert await faces.RegisterFace(request, metadata=me) == answer

    same = await faces.VerifyFace(pb.VerifyFaceRequest(person_id=str(person_id), photo=photos(0, 4)[3]), metadata=me)
    other = await faces.VerifyFace(pb.VerifyFaceRequest(person_id=str(person_id), photo=photos(1)[0]), metadata=me)
    nobody = await faces.VerifyFace(pb.VerifyFaceRequest(person_id=str(person_id), photo=blank()), metadata=me)
    assert (same.same_person, list(same.reasons)) == (True, [])
    assert (other.same_person, list(other.reasons)) == (False, ["BELOW_THRESHOLD"])
    assert (nobody.same_person, list(nobody.reasons)) == (False, ["NO_FACE"])

    withdrawn = await faces.WithdrawConsent(pb.WithdrawConsentRequest(person_id=str(person_id)), metadata=me)
    assert withdrawn.state == pb.Consent.STATE_WITHDRAWN
    now = await faces.GetFaceRegistration(pb.GetFaceRegistrationRequest(person_id=str(person_id)), metadata=me)
    assert (now.template_count, now.engine) == (0, "")


async def test_each_refused_photo_is_named_with_its_reason(faces: rpc.FacesServiceStub, person_id: UUID) -> None:
    await consent(faces, person_id)
    good = photos(0)
    request = registration(person_id, good[0], blank(), b"GIF89a nonsense", side_by_side(), good[0])
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await faces.RegisterFace(request, metadata=ADMIN)
    refusal = refusal_of(error.value)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PHOTOS_REFUSED")
    assert refusal.metadata == {
        "photos[1]": "NO_FACE",
        "photos[2]": "NOT_AN_IMAGE",
        "photos[3]": "SEVERAL_FACES",
        "photos[4]": "SAME_PHOTO",
    }
    now = await faces.GetFaceRegistration(pb.GetFaceRegistrationRequest(person_id=str(person_id)), metadata=ADMIN)
    assert now.template_count == 0


async def test_photos_of_two_people_are_not_one_registration(faces: rpc.FacesServiceStub, person_id: UUID) -> None:
    await consent(faces, person_id)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await faces.RegisterFace(registration(person_id, *photos(0)[:2], photos(1)[0]), metadata=ADMIN)
    assert refusal_of(error.value).metadata == {"photos[2]": "OTHER_PERSON"}


@pytest.mark.parametrize("count", [0, 2, 6])
async def test_three_to_five_photos_are_taken(faces: rpc.FacesServiceStub, person_id: UUID, count: int) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await faces.RegisterFace(registration(person_id, *[blank()] * count), metadata=ADMIN)
    assert refusal_of(error.value).code == grpc.StatusCode.INVALID_ARGUMENT


async def test_without_consent_photos_are_not_even_looked_at(faces: rpc.FacesServiceStub, person_id: UUID) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await faces.RegisterFace(registration(person_id, blank(), blank(), blank()), metadata=ADMIN)
    assert refusal_of(error.value).reason == "CONSENT_MISSING"


async def test_the_same_face_under_two_accounts_is_reported(
    faces: rpc.FacesServiceStub, person_id: UUID, make_uow: MakeUow
) -> None:
    async with make_uow() as uow:
        double_id = await make_person(uow)
    for someone, pictures in ((person_id, photos(0)), (double_id, photos(0, 5)[2:])):
        await consent(faces, someone)
        answer = await faces.RegisterFace(registration(someone, *pictures), metadata=ADMIN)
    assert answer.clash.other_person_id == str(person_id)
    listed = await faces.ListFaceClashes(pb.ListFaceClashesRequest(), metadata=bearer("DP_ACADEMICS"))
    assert [clash.id for clash in listed.face_clashes] == [answer.clash.id]
    decided = await faces.ResolveFaceClash(
        pb.ResolveFaceClashRequest(face_clash_id=answer.clash.id, resolution=pb.FaceClash.RESOLUTION_ERASED),
        metadata=ADMIN,
    )
    assert decided.resolution == pb.FaceClash.RESOLUTION_ERASED
    listed = await faces.ListFaceClashes(pb.ListFaceClashesRequest(), metadata=ADMIN)
    assert list(listed.face_clashes) == []
    listed = await faces.ListFaceClashes(pb.ListFaceClashesRequest(include_resolved=True), metadata=ADMIN)
    assert len(listed.face_clashes) == 1


@pytest.mark.parametrize("role", ["TRAINEE", "TRAINER", "HOD"])
async def test_others_faces_are_for_the_school_s_staff(faces: rpc.FacesServiceStub, person_id: UUID, role: str) -> None:
    someone_else = bearer(role)
    for call in (
        faces.GiveConsent(pb.GiveConsentRequest(person_id=str(person_id)), metadata=someone_else),
        faces.WithdrawConsent(pb.WithdrawConsentRequest(person_id=str(person_id)), metadata=someone_else),
        faces.GetFaceRegistration(pb.GetFaceRegistrationRequest(person_id=str(person_id)), metadata=someone_else),
        faces.VerifyFace(pb.VerifyFaceRequest(person_id=str(person_id)), metadata=someone_else),
        faces.ListErasureProofs(pb.ListErasureProofsRequest(person_id=str(person_id)), metadata=someone_else),
        faces.RegisterFace(registration(person_id, blank(), blank(), blank()), metadata=someone_else),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await call
        assert refusal_of(error.value).reason == "NOT_YOUR_FACE"
    for call in (
        faces.ListFaceClashes(pb.ListFaceClashesRequest(), metadata=someone_else),
        faces.RotateTemplateKey(pb.RotateTemplateKeyRequest(), metadata=someone_else),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await call
        assert refusal_of(error.value).reason == "ROLE_NOT_ALLOWED"


async def test_the_key_is_rotated_on_request(faces: rpc.FacesServiceStub, person_id: UUID, keys: KeyRing) -> None:
    await consent(faces, person_id)
    await faces.RegisterFace(registration(person_id, *photos(0)), metadata=ADMIN)
    answer = await faces.RotateTemplateKey(pb.RotateTemplateKeyRequest(), metadata=ADMIN)
    assert (answer.key_id, answer.reencrypted_templates) == (keys.current_id, 3)
    same = await faces.VerifyFace(
        pb.VerifyFaceRequest(person_id=str(person_id), photo=photos(0)[0]), metadata=bearer("TRAINEE", person_id)
    )
    assert same.same_person
