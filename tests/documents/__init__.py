"""Documents: forms, package, messages."""
