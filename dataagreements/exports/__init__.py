"""What suppliers fetch: people of an institution, as XML (ws17, D1.3) and as JSON (OneRoster 1.2)."""
