"""What is fast, against what, in one run. Ratios only; never a timed test."""
