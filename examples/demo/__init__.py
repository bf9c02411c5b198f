"""The whole journey on screen: a service of its own, real neighbours, every step asserted."""
