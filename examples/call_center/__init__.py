"""A call center's tool as a client of the desk: it files and relays, it never shows a document and never decides."""
