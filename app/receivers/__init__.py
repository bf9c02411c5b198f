"""Receiving what the desk sends: a listener for one's own machine, and the certification of an endpoint."""
