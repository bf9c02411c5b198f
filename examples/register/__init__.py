"""A customer register as the desk's neighbour: who is known under a name, a contact or a number."""
