"""Choosing the animal on the pupil's page, as a browser does it."""

import re

from django.http import HttpResponse
from django.test import Client

from accounts.models import ResetWindow

AT = "/login/vaelg-billede/"


def arrive(client: Client, username: str = "emil6613", next_path: str = "") -> HttpResponse:
    return client.post(f"/login/brugernavn/?next={next_path}", {"username": username})


def display(client: Client) -> tuple[str, dict[str, str]]:
    """Return the token of the page, and which value each animal has on it."""
    page = client.get(AT).content.decode()
    tiles = re.findall(r'name="animal" value="(\d)"><span[^>]*><svg[^>]*><use href="[^"#]*#([\w-]+)"', page)
    return re.search(r'name="grid" value="(\w+)"', page).group(1), {animal: value for value, animal in tiles}


def choose(client: Client, animal: str) -> HttpResponse:
    token, tiles = display(client)
    return client.post(AT, {"grid": token, "animal": tiles[animal]})


def a_wrong_one(window: ResetWindow) -> str:
    return next(animal for animal in window.shown if animal != window.animal)


def make_words(client: Client) -> HttpResponse:
    """Keep the assigned password and repeat it; return where that leads."""
    page = client.get("/login/din-nye-adgangskode/").content.decode()
    secret = re.search(r'class="secret-word">([^<]+)<', page).group(1)
    client.post("/login/din-nye-adgangskode/")
    return client.post("/login/gentag/", {"password": secret})
