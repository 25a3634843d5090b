"""FacesService on the wire. No answer holds an encoding or an image."""

from typing import Any
from uuid import UUID

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.faces import queries, rules
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.errors import NotYourFace
from hub.faces.models import ErasureProof, FaceClash, FaceConsent
from hub.faces.rules import ClashResolution
from hub.faces.service import consent, registration, upkeep
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import parse_uuid, to_timestamp
from hub.rpc.paging import Key, page
from smartroster.faces.v1 import faces_pb2 as pb
from smartroster.faces.v1 import faces_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class FacesServicer(faces_pb2_grpc.FacesServiceServicer):
    def __init__(self, database: Database, *, keys: KeyRing, encoder: FaceEncoder) -> None:
        self._db = database
        self._keys = keys
        self._encoder = encoder

    async def GiveConsent(self, request: pb.GiveConsentRequest, context: Context) -> pb.Consent:
        person_id = _person(request.person_id)
        async with self._db.unit_of_work(current_principal()) as uow:
            return _consent_to_proto(
                await consent.give_consent(uow, person_id=person_id, guardian_name=request.guardian_name)
            )

    async def WithdrawConsent(self, request: pb.WithdrawConsentRequest, context: Context) -> pb.Consent:
        person_id = _person(request.person_id)
        async with self._db.unit_of_work(current_principal()) as uow:
            return _consent_to_proto(await consent.withdraw_consent(uow, person_id=person_id, reason=request.reason))

    async def RegisterFace(self, request: pb.RegisterFaceRequest, context: Context) -> pb.FaceRegistration:
        person_id = _person(request.person_id)
        photos = list(request.photos)
        if not rules.MIN_PHOTOS <= len(photos) <= rules.MAX_PHOTOS:
            raise InvalidArgument.of("photos", f"holds {len(photos)}: give {rules.MIN_PHOTOS} to {rules.MAX_PHOTOS}")
        # Encoding takes long: no transaction is open meanwhile. Consent is asked before it and, for good, after it.
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            await consent.require_consent(uow, person_id)
        encoded = await self._encoder.encode(photos)
        async with self._db.unit_of_work(current_principal()) as uow:
            await registration.register(
                uow, keys=self._keys, encoder=self._encoder, person_id=person_id, encoded=encoded
            )
            await uow.session.flush()
            return await _registration_to_proto(uow, person_id)

    async def GetFaceRegistration(
        self,
        request: pb.GetFaceRegistrationRequest,
        context: Context,
    ) -> pb.FaceRegistration:
        person_id = _person(request.person_id)
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return await _registration_to_proto(uow, person_id)

    async def VerifyFace(self, request: pb.VerifyFaceRequest, context: Context) -> pb.VerifyFaceResponse:
        person_id = _person(request.person_id)
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            await consent.require_consent(uow, person_id)
        encoded, problem = await self._encoder.encode_one(request.photo)
        if encoded is None:
            return pb.VerifyFaceResponse(reasons=[problem])
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            comparison = await registration.compare(
                uow, keys=self._keys, encoder=self._encoder, person_id=person_id, encoded=encoded
            )
        if comparison is None:
            return pb.VerifyFaceResponse(reasons=["NO_TEMPLATES"])
        return pb.VerifyFaceResponse(
            similarity=comparison.similarity,
            same_person=comparison.same_person,
            reasons=[] if comparison.same_person else ["BELOW_THRESHOLD"],
        )

    async def ListFaceClashes(self, request: pb.ListFaceClashesRequest, context: Context) -> pb.ListFaceClashesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.clashes_query(include_resolved=request.include_resolved),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(FaceClash.found_time, descending=True), Key(FaceClash.id, descending=True)],
            )
            return pb.ListFaceClashesResponse(face_clashes=map(_clash_to_proto, rows), next_page_token=token)

    async def ResolveFaceClash(self, request: pb.ResolveFaceClashRequest, context: Context) -> pb.FaceClash:
        clash_id = parse_uuid(request.face_clash_id, "face_clash_id")
        match request.resolution:
            case pb.FaceClash.RESOLUTION_KEPT:
                resolution = ClashResolution.KEPT
            case pb.FaceClash.RESOLUTION_ERASED:
                resolution = ClashResolution.ERASED
            case _:
                raise InvalidArgument.of("resolution", "is required: KEPT or ERASED")
        async with self._db.unit_of_work(current_principal()) as uow:
            clash = await registration.resolve_clash(
                uow, clash_id=clash_id, resolution=resolution, reason=request.reason
            )
            return _clash_to_proto(clash)

    async def ListErasureProofs(
        self,
        request: pb.ListErasureProofsRequest,
        context: Context,
    ) -> pb.ListErasureProofsResponse:
        person_id = _person(request.person_id)
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            proofs = await queries.erasure_proofs(uow, person_id)
            return pb.ListErasureProofsResponse(erasure_proofs=map(_proof_to_proto, proofs))

    async def RotateTemplateKey(
        self,
        request: pb.RotateTemplateKeyRequest,
        context: Context,
    ) -> pb.RotateTemplateKeyResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            key_id, count = await upkeep.rotate_key(uow, keys=self._keys)
            return pb.RotateTemplateKeyResponse(key_id=key_id, reencrypted_templates=count)


def _person(value: str) -> UUID:
    """The person whom the caller may act for: anyone for those who see the whole school, else oneself."""
    person_id = parse_uuid(value, "person_id")
    scope = current_scope()
    if not scope.everything and scope.principal.id != person_id:
        raise NotYourFace("You may do this for your own face alone: ask an administrator for another person's.")
    return person_id


async def _registration_to_proto(uow: UnitOfWork, person_id: UUID) -> pb.FaceRegistration:
    known = await queries.registration_of(uow, person_id)
    said = await queries.newest_consent(uow, person_id)
    clash = await queries.open_clash_of(uow, person_id)
    return pb.FaceRegistration(
        person_id=str(person_id),
        consent=_consent_to_proto(said) if said else None,
        template_count=known.template_count if known else 0,
        engine=known.engine if known else "",
        model_sha256=known.model_sha256 if known else "",
        registered_time=to_timestamp(known.registered_time if known else None),
        clash=_clash_to_proto(clash) if clash else None,
    )


def _consent_to_proto(row: FaceConsent) -> pb.Consent:
    return pb.Consent(
        person_id=str(row.person_id),
        state=f"STATE_{row.state.value}",
        recorded_by=str(row.recorded_by or ""),
        recorded_time=to_timestamp(row.recorded_time),
        guardian_name=row.guardian_name,
    )


def _clash_to_proto(clash: FaceClash) -> pb.FaceClash:
    return pb.FaceClash(
        id=str(clash.id),
        person_id=str(clash.person_id),
        other_person_id=str(clash.other_person_id),
        similarity=clash.similarity,
        found_time=to_timestamp(clash.found_time),
        resolution=f"RESOLUTION_{clash.resolution.value}" if clash.resolution else None,
    )


def _proof_to_proto(proof: ErasureProof) -> pb.ErasureProof:
    return pb.ErasureProof(
        device_id=str(proof.device_id),
        person_id=str(proof.person_id),
        withdrawn_time=to_timestamp(proof.withdrawn_time),
        acknowledged_time=to_timestamp(proof.acknowledged_time),
    )
