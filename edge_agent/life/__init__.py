"""What keeps the agent alive and honest on its machine: clock, watchdog, self-check, its own figures."""
