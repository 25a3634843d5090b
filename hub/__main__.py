"""`python -m hub` is `roster-hub`."""

from hub.cli import main

main()
