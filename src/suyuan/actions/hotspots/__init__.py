"""Hot spots 热点: in a table somebody brings (``tables``), and in the home's own orders (``own``)."""

from .tables import Asked, Scanned, days, figures, scanned

__all__ = ["Asked", "Scanned", "days", "figures", "scanned"]
