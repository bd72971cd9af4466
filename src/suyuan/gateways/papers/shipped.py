"""The templates that come along, as Word opens them; scripts/make_papers.py makes them."""

from importlib import resources


def shipped(kind: str) -> bytes:
    """Return the template that comes along for a kind of paper."""
    return (resources.files("suyuan.rulebook") / "papers" / f"{kind}.docx").read_bytes()
