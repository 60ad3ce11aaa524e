"""The policy lab: what other numbers of the ladder would have meant, in a simulated village.

Pure: no Django, no clock, no database; the same seed gives the same outcome. The moments and the choice are the
product's own (``ladder``, ``choosing``); what people do is assumed, each assumption with its source in
``docs/policy-lab.md``.
"""
