"""What the answers add up to, and how it is shown: figures, what is hidden in them, series, charts and files."""
