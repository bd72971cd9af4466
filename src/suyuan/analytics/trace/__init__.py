"""From a complaint back to the step that caused it.

``log``      the slice of an object-centric event log that a method looks at
``rules``    what may block what: read from rulebook/causality.toml, never from names in code
``blocked``  an order that could not start because another one was never archived
"""
