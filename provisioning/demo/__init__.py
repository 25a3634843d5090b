"""The main job, played: `python -m provisioning.demo`.

A hub and two room agents run as processes of their own; everything goes through the same commands and API that people
use. What is true at the end is asked of the hub and compared with what the story says.
"""
