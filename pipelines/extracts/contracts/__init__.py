"""Contracts of lake tables, one module per kind; `pipelines.extracts.tables` lists those in use."""
