"""Clients of the rights desk, written against its contract alone: nothing here imports the service."""
