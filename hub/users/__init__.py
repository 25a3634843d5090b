"""Owns accounts, roles and profiles, sign-in and its tokens, class group membership, reading of the audit trail.

Words: a *user* is a person with an account; a *profile* is what a role adds to it; a *membership* is a trainee's dated
belonging to one class group; a *sign-in session* is a family of refresh tokens that one sign-in began; a *mailed token*
is the single-use right in a link; a *second factor* is what is asked for beside the password; *registration* is the
making of many accounts from a spreadsheet.
"""
