from hub.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted, Unavailable


class ConsentMissing(FailedPrecondition):
    pass


class GuardianNeeded(InvalidArgument):
    pass


class PhotosRefused(InvalidArgument):
    """Each refused photo is a violation `photos[i]` and a metadata entry with its reason."""


class FaceClashNotFound(NotFound):
    pass


class FaceClashResolved(FailedPrecondition):
    """Staff have decided this clash otherwise already."""


class NotYourFace(PermissionDenied):
    pass


class EncoderBusy(ResourceExhausted):
    pass


class FaceModelsUnusable(Unavailable):
    pass


class TemplateKeyMissing(Unavailable):
    """Stored templates were encrypted with a key that is not in the hub's secrets folder."""


class GalleryVersionUnknown(InvalidArgument):
    pass
