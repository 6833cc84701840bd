"""What is typed into a terminal: find, checklist, pack, form, store."""
