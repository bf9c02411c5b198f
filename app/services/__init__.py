"""The acts of the desk: stations above the casebook, and below it what a duty does now."""
