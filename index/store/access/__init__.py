"""Who may do what, and who has done what: roles, tokens, the audit log. Entries: `TokenTable`, `AuditLog`."""

__all__ = ()
