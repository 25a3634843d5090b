"""SchoolService and the services beside it on the wire."""
