"""The pages of Brugeradministration, by subject."""
