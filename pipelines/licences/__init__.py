"""The cheapest lawful licence plan: pure functions on Polars frames (issue 5)."""
