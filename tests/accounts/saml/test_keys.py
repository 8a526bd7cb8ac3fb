"""Keys: from files in production, made once elsewhere."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

from accounts.activation.saml import keys, parties


def test_own_keys_are_made_once_and_readable_by_their_owner_only(settings, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    pair = keys.own_pair("some-name")
    path = tmp_path / "keys" / "some-name.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keys.own_pair("some-name") == pair
    assert list(path.parent.iterdir()) == [path]


def test_workers_that_start_at_once_get_the_same_key(settings, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    with ThreadPoolExecutor(4) as workers:
        pairs = list(workers.map(lambda _: keys.own_pair("raced"), range(4)))
    assert len({pair.key_pem for pair in pairs}) == 1
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_a_key_shows_nothing_of_itself(settings, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    assert "BEGIN" not in repr(keys.own_pair("shy"))


def test_files_that_the_settings_name_are_used(settings, tmp_path: Path):
    pair = keys.own_pair("mitid-sp")
    (tmp_path / "sp.key").write_bytes(pair.key_pem)
    (tmp_path / "sp.crt").write_bytes(pair.certificate_pem)
    settings.MITID_SP_KEY, settings.MITID_SP_CERTIFICATE = str(tmp_path / "sp.key"), str(tmp_path / "sp.crt")
    assert keys.service_provider_keys() == pair
    assert load_pem_private_key(keys.service_provider_keys().key_pem, None)


def test_a_file_that_is_missing_is_told_of(settings):
    settings.MITID_SP_KEY, settings.MITID_SP_CERTIFICATE = "nowhere.key", "nowhere.crt"
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        keys.service_provider_keys()


def test_in_production_no_key_is_made_and_no_stand_in_trusted(settings):
    settings.PRODUCTION = True
    settings.TEST_IDP = True
    with pytest.raises(ImproperlyConfigured):
        keys.service_provider_keys()
    with pytest.raises(ImproperlyConfigured):
        parties.identity_provider()
