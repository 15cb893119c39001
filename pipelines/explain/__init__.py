"""From a published figure to its rows, and from a row to the bytes of a file.

`lineage` says which lines a figure rests on, `originals` finds a file's bytes again, `places` what
stands at a place in them, `answer` puts it together, `auditor` writes it to a file. Computing the
figures is not done here.
"""
