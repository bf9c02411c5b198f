"""A holder of personal data as the desk's neighbour: is told, fetches its task, acts, reports."""
