"""AuthService and UsersService on the wire."""
