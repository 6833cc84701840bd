"""Carriers that perform orders."""
