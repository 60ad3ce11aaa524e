"""The pages of residents and volunteers: each takes input, calls one verb, answers."""
