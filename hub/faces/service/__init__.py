"""The use cases of faces, one module each; what other domains and the composition root call is named here."""

from hub.faces.queries import consent_withdrawn_before
from hub.faces.service.gallery import (
    GalleryChanges,
    acknowledge_gallery,
    device_gallery_key,
    forget_device,
    gallery_changes,
)
from hub.faces.service.upkeep import jobs

__all__ = [
    "GalleryChanges",
    "acknowledge_gallery",
    "consent_withdrawn_before",
    "device_gallery_key",
    "forget_device",
    "gallery_changes",
    "jobs",
]
