"""Who may do what, and who did it: roles, tokens, sign-in tries, the audit log. Entries: `TokenTable`, `AuditLog`."""

__all__ = ()
