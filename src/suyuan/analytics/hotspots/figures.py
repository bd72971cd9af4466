"""The figures that hot spots are looked for by; the rulebook says them (hotspots.toml)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Days, weights and limits; the rulebook has the reason of each."""

    windows: int
    """The longest window, days."""
    recent: int
    """So many days before the windows say how many are usual now."""
    warm_up: int
    """No signal in the first days."""
    refit: int
    """The season is learned anew so often, days."""
    season_from: int
    """Days known before a yearly season is believed."""
    spread_of_days: float
    spread_of_trend: float
    spread_of_season: float
    """Standard deviations of what is drawn to nothing, of log counts; of the trend a year."""
    outlier: float
    """Standard deviations above which a day counts no more."""
    prior_events: float
    """So many events of the long run stand beside those of the recent days."""
    unsure: float
    """What is expected may be off by this part of itself."""
    prior_windows: float
    """So many windows stand for what the scatter was before any was seen."""
    alike: int
    """A day is swapped with one of so many of its kind of which as much is expected."""
    gap: int
    """A signal on the same node goes on where so many days lie between."""
