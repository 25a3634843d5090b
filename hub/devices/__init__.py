"""Room devices on the hub's side: registry, claims, certificates, condition, alarms and commands.

Words: a *claim* is the one-time right to enrol as a device; its *code* holds a secret and the fingerprint of the hub's
CA. The *authority* is that CA. A device's *condition* is what its last heartbeat told; *reach* is how fresh that is.
"""
