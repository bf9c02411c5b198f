"""Tests, by the part of the service they show."""
