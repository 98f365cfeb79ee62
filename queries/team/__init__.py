"""What people write: one SQLite file, never rebuilt, that survives every load."""
