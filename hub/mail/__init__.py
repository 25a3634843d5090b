"""E-mail on the way out: composing messages from templates, and handing them to an SMTP server."""
