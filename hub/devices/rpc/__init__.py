"""The three services of devices on the wire, one module each, wired by the composition root."""

from hub.devices.rpc.device import DeviceServicer
from hub.devices.rpc.enrolment import EnrolmentServicer
from hub.devices.rpc.registry import DevicesServicer

__all__ = ["DeviceServicer", "DevicesServicer", "EnrolmentServicer"]
