"""Suyuan 溯源: hears a power company's customers, keeps its promises, traces complaints to their source."""

__version__ = "0.1.0"
