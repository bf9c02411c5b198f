"""The doors: wire shapes on top, endpoints below; an endpoint is a principal and one service call."""
