"""A stand-in for MitID and NemLog-in ("Test login", D8.5), for development and the demo, never for production."""
