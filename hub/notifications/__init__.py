"""Turns events of the other domains into messages to people.

Words: a *notification* is one message to one person about one event; a *delivery* is its way through one channel
(in-app, MQTT). The database is the truth: a channel that is down queues and blocks no other.
"""
