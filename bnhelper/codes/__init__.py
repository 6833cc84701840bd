"""Machine-readable codes, both ways."""
