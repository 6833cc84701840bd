"""Language and sentences."""
