"""Work beside the calls: ticks by the clock, once for the whole site however many hubs there are, and long-running jobs
that a call begins and people follow and cancel.

A job is one long piece of work: its kind names the handler, its state moves from QUEUED over RUNNING to SUCCEEDED,
FAILED or CANCELLED, and the hub that runs it holds a lease.
"""
