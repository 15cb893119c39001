"""Questions about categories to a person, and the answers back, as workbooks."""
