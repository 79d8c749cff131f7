"""Which part of each package may import which: the architecture page's import directions, as data.

A part is a dotted path inside its package; `*` stands for one name, such as a slice's, and `=` in what
a part may import stands for that same name. The longest part that fits a module is the module's own.
A part may always import itself; `""` is the package's `__init__`, `"..."` means every part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Parts = Mapping[str, Sequence[str]]

EVERY_PART = "..."


def stack(*ranks: Sequence[str]) -> dict[str, Sequence[str]]:
    """Parts from the lowest rank to the highest: each may import every part of a lower rank."""
    table: dict[str, Sequence[str]] = {}
    below: list[str] = []
    for rank in ranks:
        table.update({part: tuple(below) for part in rank})
        below.extend(rank)
    return table


SDK: Parts = {
    **stack(
        ("errors", "_filters", "_options", "_loops", "_naming", "_plain_http"),
        ("_wire",),
        ("_config", "_meta", "_problem", "_arguments", "_tokens"),
        ("models",),
        ("_operations", "_headers"),
        ("_call",),
        ("_request", "_response"),
        ("_retry", "_log", "_trace"),
        ("_flow",),
        ("_sync_backend", "_paging"),
        ("_transport",),
        ("_core",),
        ("_async", "_sync"),
    ),
    "webhooks": ("models", "errors"),
    "": (EVERY_PART,),
}

SERVER: Parts = {
    "naming": (),
    "version": (),
    "kernel": (),
    "services": (),
    "services.ports": ("kernel",),
    "services.*": (),
    "services.*.model": ("kernel", "services.ports"),
    "services.*.views": ("kernel", "services.ports", "services.=.model"),
    "services.*.service": ("kernel", "services.ports", "services.=.model", "services.=.views"),
    "services.*.schemas": ("kernel", "web", "services.ports", "services.=.model"),
    "services.*.wiring": ("kernel", "web", "services.ports", "services.="),
    **dict.fromkeys(
        ("services.*.routes", "services.*.control", "services.*.page"),
        (
            "kernel",
            "web",
            "services.ports",
            "services.=.model",
            "services.=.views",
            "services.=.service",
            "services.=.schemas",
        ),
    ),
    "web": ("kernel", "version"),
    "web.control": ("kernel", "web", "webhooks"),
    "webhooks": ("kernel",),
    "persist": ("kernel",),
    "dashboard": ("kernel", "web"),
    "slices": ("kernel", "services.*", "web", "webhooks"),
    "openapi": ("kernel", "web", "slices", "naming", "version"),
    "fixtures": ("kernel", "services.*", "web", "slices"),
    "worlds": ("kernel", "web", "webhooks", "persist", "slices", "fixtures"),
    "statefiles": ("kernel", "web", "persist", "slices", "worlds"),
    "ports": ("openapi", "web", "persist", "slices", "naming"),
    "app": (
        "ports",
        "kernel",
        "web",
        "webhooks",
        "persist",
        "dashboard",
        "slices",
        "fixtures",
        "worlds",
        "naming",
    ),
    "serve": ("kernel", "web", "webhooks", "persist", "fixtures", "app", "naming", "version"),
    "cli": (EVERY_PART,),
    "__main__": (EVERY_PART,),
    "testing": (EVERY_PART,),
    "": (),
}

# Libraries that only these parts may import. A library that is not named here may be used anywhere but
# in the kernel, which uses the standard library alone.
ONLY_IN: Mapping[str, Mapping[str, Sequence[str]]] = {
    "isa_user": {"httpx": ("_transport",), "opentelemetry": ("_trace",), "isa_mockserver": ()},
    "isa_mockserver": {"isa_user": ("testing",), "httpx": ("testing", "webhooks", "cli")},
}
NEVER_IN: Mapping[str, Sequence[str]] = {
    "services.*.model": ("starlette", "pydantic"),
    "services.*.views": ("starlette", "pydantic"),
    "services.*.service": ("starlette", "pydantic"),
}
STANDARD_LIBRARY_ONLY = ("kernel",)
