"""The demo country: real institutions with invented people, delivered through the importers that production uses.

It never ages. Birth dates and classes follow the school year of today, so that Esther is always eight and in 2.A. CPR
numbers stay the same for ever, since a changed one is an issue (D1.8): they were made for the school year 2026/27.
"""
