"""A company's website as a client of the desk: one form, one status page, one way to the documents."""
