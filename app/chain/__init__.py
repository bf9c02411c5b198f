"""What anybody can check of the audit chain with the public key alone: arithmetic, no database, no clock (H1, G5)."""
