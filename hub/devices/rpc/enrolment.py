"""EnrolmentService: claim codes and expired certificates, on the enrolment port."""

from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.devices.address_limit import AddressLimit
from hub.devices.authority import Authority
from hub.devices.errors import ClaimCodeExpired, ClaimCodeUnknown, ClaimCodeUsed, RenewalRefused
from hub.devices.rpc.messages import Address, enrolment_to_proto
from hub.devices.service import certificates, claims
from hub.devices.service.certificates import Enrolment
from hub.rpc.auth import current_principal
from hub.rpc.fields import (
    from_timestamp,
)
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_REFUSED_CLAIM = (ClaimCodeUnknown, ClaimCodeExpired, ClaimCodeUsed, RenewalRefused)


class EnrolmentServicer(devices_pb2_grpc.EnrolmentServiceServicer):
    def __init__(self, database: Database, *, authority: Authority, device_address: Address) -> None:
        self._db = database
        self._authority = authority
        self._device_address = device_address
        self._limit = AddressLimit()

    async def Enrol(self, request: pb.EnrolRequest, context: Context) -> pb.EnrolResponse:
        signing_request = certificates.read_signing_request(request.csr_pem)
        return await self._issue(
            lambda uow: claims.enrol(
                uow,
                authority=self._authority,
                claim_secret=request.claim_secret,
                request=signing_request,
                hardware_serial=request.hardware_serial,
                model=request.model,
                agent_version=request.agent_version,
            )
        )

    async def RenewExpired(self, request: pb.RenewExpiredRequest, context: Context) -> pb.EnrolResponse:
        signing_request = certificates.read_signing_request(request.csr_pem)
        signed_time = from_timestamp(request.signed_time, "signed_time")
        return await self._issue(
            lambda uow: certificates.renew_expired(
                uow,
                authority=self._authority,
                certificate_pem=request.certificate_pem,
                request=signing_request,
                signed_time=signed_time,
                signature=request.signature,
            )
        )

    async def _issue(self, use_case: Callable[[UnitOfWork], Awaitable[Enrolment]]) -> pb.EnrolResponse:
        principal = current_principal()
        address = principal.address or "unknown"
        self._limit.take(address, self._db.clock())
        try:
            async with self._db.unit_of_work(principal) as uow:
                await claims.refuse_flood(uow, address=address)
                return enrolment_to_proto(await use_case(uow), self._device_address())
        except _REFUSED_CLAIM:
            # The refused unit was rolled back; what counts against the address is a fact of its own.
            await self._db.run(principal, lambda uow: claims.record_enrolment_failure(uow, address=address))
            raise
