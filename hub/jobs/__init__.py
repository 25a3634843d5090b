"""Work that runs by the clock, once for the whole site however many hubs there are."""
