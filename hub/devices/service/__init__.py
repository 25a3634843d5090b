"""The use cases of devices, one module each; what other domains and the composition root call is named here."""

from hub.devices.queries import get_device as device_for
from hub.devices.service.commands import request_sync, request_sync_everywhere, request_sync_of
from hub.devices.service.condition import record_watermark
from hub.devices.service.registry import DeviceRegistry
from hub.devices.service.watch import jobs, subscriptions

__all__ = [
    "DeviceRegistry",
    "device_for",
    "jobs",
    "record_watermark",
    "request_sync",
    "request_sync_everywhere",
    "request_sync_of",
    "subscriptions",
]
