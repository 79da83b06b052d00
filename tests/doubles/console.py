"""What tests of the console share: reading a page's forms, and sending one."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import httpx

_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


async def token_of(client: httpx.AsyncClient, page: str = "/console") -> str:
    """Return the token that the forms of a page carry."""
    found = _TOKEN.search((await client.get(page)).text)
    assert found, f"{page} has a form of ours"
    return found.group(1)


async def press(
    client: httpx.AsyncClient, address: str, page: str = "/console", **fields: str
) -> httpx.Response:
    """Send a form as the page that carries it would; nothing is followed."""
    data = {"token": await token_of(client, page), **fields}
    return await client.post(address, data=data)


def fields_of(page: str, form: str) -> dict[str, list[str]]:
    """Return what a page's form of this id would send if its main button were pressed."""
    reader = _FormReader(form)
    reader.feed(page)
    return reader.fields


class _FormReader(HTMLParser):
    """Gathers the fields of one form."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._area = self._pick = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Take in a field."""
        held = dict(attrs)
        name, value = held.get("name") or "", held.get("value") or ""
        if tag == "form":
            self._inside = held.get("id") == self.form
        if not self._inside:
            return
        if tag == "input" and (held.get("type") != "checkbox" or "checked" in held):
            self._add(name, value)
        if tag == "textarea":
            self._area = name
            self._add(name, "")
        if tag == "select":
            self._pick = name
        if tag == "option" and "selected" in held:
            self._add(self._pick, value)

    def handle_endtag(self, tag: str) -> None:
        """End a field, or the form."""
        self._inside = self._inside and tag != "form"
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        """Take in the text of an area: a browser leaves out its first line end."""
        if self._area:
            self.fields[self._area][-1] += data.removeprefix("\n")

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)
