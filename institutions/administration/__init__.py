"""Brugeradministration: what became of an institution's deliveries, and what its administrators decide about them."""
