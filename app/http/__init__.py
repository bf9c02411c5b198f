"""The mechanics of the door: strict JSON, problem documents, limits, conditional requests."""
