"""Whatever people do in whatever order, beside a small model of what must come of it."""
