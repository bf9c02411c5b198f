"""What several of the examples share: signature verification, a small server's start, watched files."""
