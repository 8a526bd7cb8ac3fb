"""The pages of Elevadgang, by subject."""
