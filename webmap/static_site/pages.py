"""What a page is without a server: its filters, which a form asks for, are links to pages of their own."""

import re

_FORM = re.compile(r'<form class="bar[^"]*" method="get"(?P<label>[^>]*)>(?P<inside>.*?)</form>', re.DOTALL)
_SELECT = re.compile(r'<select id="region" name="region">(?P<options>.*?)</select>', re.DOTALL)
_OPTION = re.compile(r'<option value="?(?P<code>[^"> ]*)"?(?P<is>[^>]*)>(?P<name>[^<]*)')
_LABEL = re.compile(r'<label for="region">(?P<text>[^<]*)</label>')
_TAKE = re.compile(r'<div class="take">.*?</details>.*?</div>', re.DOTALL)


def without_forms(page: str, path: str) -> str:
    """A page whose forms are links: of the regions, and of what may be taken along.

    The form that a script reads, the state of an overview, stays.

    Parameters
    ----------
    page : as the application answers
    path : that was asked for
    """
    return _FORM.sub(lambda form: _links(path, form["label"], form["inside"]), page)


def _links(path: str, label: str, inside: str) -> str:
    select, named, take = _SELECT.search(inside), _LABEL.search(inside), _TAKE.search(inside)
    menu = _menu(path, named["text"], select["options"]) if select and named else ""
    return f'<nav class="bar"{label}>\n{menu}{take[0] if take else ""}\n</nav>'


def _menu(path: str, label: str, options: str) -> str:
    items, chosen = [], ""
    for option in _OPTION.finditer(options):
        name = option["name"].strip()
        if "selected" in option["is"] or not chosen:
            chosen = name
        query = f"?region={option['code']}" if option["code"] else ""
        items.append(f'<li><a href="{path}{query}">{name}</a></li>')
    listed = "\n".join(items)
    summary = f"<summary>{label}: {chosen}</summary>"
    return f'<details class="menu regions">{summary}\n<ul>\n{listed}\n</ul></details>\n'
