"""Elevadgang: teachers and user administrators help pupils (D3.5). A door that stands on institutions and the core."""
