"""The way to the MQTT broker (any of 3.1.1), and the broker that comes with the hub."""
