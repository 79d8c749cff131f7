"""The control API under `/_mock`: for the machine's own user, never for a web page."""

from __future__ import annotations

from .mount import ROUTES, control_places
from .route import ControlRoute, ControlSettings

__all__ = ["ROUTES", "ControlRoute", "ControlSettings", "control_places"]
