"""The pages of cases: the institution's own, and STIL's inbox."""
