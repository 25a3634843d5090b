"""The admin's side: the `roster` command over the hub's API, cards for devices, the demo.

Words: a *profile* is one hub as this computer knows it (address, pinned CA, sign-in); a *card* is the memory card from
which a Raspberry Pi starts; a *claim* is the one-time right of a device to enrol.
"""
