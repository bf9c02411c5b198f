"""A copy of the holds for a system that asks too often to ask the desk: "may I use this person's data?"."""
