"""Keys, signatures, sealed files."""
