"""What suppliers' systems speak to: tokens, deliveries, and what they may fetch as ws17 or OneRoster."""
