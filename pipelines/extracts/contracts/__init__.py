"""Contracts of lake tables, one module per kind of source; `pipelines.extracts.tables` lists all."""
