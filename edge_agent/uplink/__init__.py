"""The way to the hub: identity, durable outbox, streams, the room's data. Nothing else here knows the wire."""
