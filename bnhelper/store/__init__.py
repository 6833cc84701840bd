"""What this machine keeps: one encrypted SQLite file, one transaction at a time."""
