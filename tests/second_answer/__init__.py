"""A second answer to every question, in plain, slow, obvious Python.

It is written from the rules alone, with the standard library alone, and shares nothing with
`queries/`: when the two agree, neither is likely to be wrong by the same mistake.
"""
