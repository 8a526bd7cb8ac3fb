"""The guides: data in both languages, a small markup, and search."""
