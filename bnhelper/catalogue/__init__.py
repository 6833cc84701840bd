"""Procedures and their packs: read, searched, turned into a checklist."""
