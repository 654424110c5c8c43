"""foedus tests arguments about alliances and foreign bases."""

__version__ = "0.1.0"
