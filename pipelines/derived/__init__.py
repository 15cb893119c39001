"""Tables that Python makes from finished tables of a build, for dbt to read (decision 14)."""
