"""The HTTP door: health, metrics, the JSON API over the same servicers as gRPC, and what domains hang in."""
