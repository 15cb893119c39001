"""The analysis computed once more in plain Python, from the lake's rows to five marts (issue 4).

Written from `spend.md`, `loyalty.md` and `docs/decisions.md`; it shares no code and no SQL with the
models. The seeds are read as what they are, data.
"""
