"""Choosing pictures on the pages, as a browser does it."""

import re

from django.http import HttpResponse
from django.test import Client

FOUR = ("boat", "cat", "sun", "key")  # in this order


def tiles_on(page: str) -> dict[str, str]:
    """Return which value each picture has on this page."""
    found = re.findall(r'name="picture" value="(\d+)"><svg[^>]*><use href="[^"#]*#([\w-]+)"', page)
    return {picture: value for value, picture in found}


def display(client: Client, url: str = "/login/billeder/") -> tuple[str, dict[str, str]]:
    page = client.get(url).content.decode()
    return re.search(r'name="grid" value="(\w+)"', page).group(1), tiles_on(page)


def choose(client: Client, ids: tuple[str, ...] = FOUR, url: str = "/login/billeder/") -> HttpResponse:
    """Choose as the script does it: all four at once."""
    token, tiles = display(client, url)
    return client.post(url, {"grid": token, "chosen": " ".join(tiles[one] for one in ids)})


def new_pictures(client: Client) -> tuple[str, ...]:
    """Return the pictures that are given on this page, in their order."""
    page = client.get("/login/din-nye-adgangskode/").content.decode()
    return tuple(re.findall(r'#([\w-]+)"></use></svg>[^<]+</li>', page))
