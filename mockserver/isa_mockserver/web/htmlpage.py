"""Pages for people, of one file each: no script, no framework, nothing from elsewhere."""

from __future__ import annotations

from html import escape

from .wire import Answer

HTML = "text/html; charset=utf-8"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:10vh auto;"
    "padding:0 1.5rem}h1{font-size:1.4rem}button{font:inherit;padding:.5rem 1.5rem;margin:0 .8rem .8rem 0;"
    "cursor:pointer}form{display:inline}code,dd{overflow-wrap:anywhere}dt{opacity:.75}dd{margin:0 0 .6rem}"
    "table{border-spacing:0 .3rem}td{padding-right:1.5rem}"
)


def html_page(title: str, body: str, *, forms_to: str = "") -> Answer:
    """A whole page; `body` is HTML already, `forms_to` the origins beside ours that a form may end at."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {forms_to}"
    )
    headers = (
        ("Content-Security-Policy", policy.rstrip()),
        ("X-Content-Type-Options", "nosniff"),
        # With `no-referrer` a browser would not name our own origin when a button is pressed.
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    )
    return Answer(200, text.encode(), HTML, headers)
