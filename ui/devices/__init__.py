"""Camera, scanner, printer."""
