"""Building blocks with no knowledge of a screen."""
