"""How is a figure written for people?

One rule for the whole product, stated here and nowhere else: figures are computed and handed on unrounded;
where people read them a share is a percentage with two decimals, rounded half up from the exact fraction,
and always followed by its n/N. (20 of 51 is 39.2157 %: 39.22 %, where a bulletin that cut printed 39.21 %.)
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

RULE = {
    "zh": "计算与输出不舍入;显示为百分数,保留两位小数,按精确分数四舍五入,并始终附 n/N。",
    "en": "Computed and exported unrounded; shown as a percentage with two decimals, the exact fraction "
    "rounded half up, always with its n/N.",
}
DECIMALS = 2
NOTHING = "—"


def rounded(value: Fraction | Decimal | float, decimals: int = DECIMALS) -> str:
    """Return a number with ``decimals`` decimals, rounded half up from its exact value."""
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    step = Fraction(1, 10**decimals)
    shifted = abs(exact) / step + Fraction(1, 2)
    whole = shifted.numerator // shifted.denominator
    sign = -1 if exact < 0 and whole else 1
    quantum = Decimal(1).scaleb(-decimals)
    return str((Decimal(sign * whole) * quantum).quantize(quantum, rounding=ROUND_HALF_UP))


def count(value: float) -> str:
    """Return a count without needless decimals."""
    return str(int(value)) if float(value).is_integer() else rounded(value)


def share(n: float, of: float) -> str:
    """Return ``n`` of ``of`` as people read it, e.g. ``39.22 % (20/51)``; a dash when ``of`` is 0."""
    if of == 0:
        return f"{NOTHING} ({count(n)}/0)"
    exact = Fraction(str(n)) / Fraction(str(of))
    return f"{rounded(exact * 100)} % ({count(n)}/{count(of)})"


def rate(n: float, of: float, scale: float) -> str:
    """Return ``n`` per ``scale`` of ``of``, e.g. ``1.25 (5/40000)``; a dash when ``of`` is 0."""
    if of == 0:
        return f"{NOTHING} ({count(n)}/0)"
    exact = Fraction(str(n)) / Fraction(str(of)) * Fraction(str(scale))
    return f"{rounded(exact)} ({count(n)}/{count(of)})"
