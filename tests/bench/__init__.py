"""Measurements: ratios in one run, medians of at least five, never an absolute promise."""
