"""The gRPC edge: who may call what, errors on the wire, paging, and the servers themselves. It knows no domain."""
