"""The strict look before the libraries': it says yes, or no in its own words, and never anything else."""

import base64
import zlib

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.activation import preparse
from accounts.activation.refusals import Reason, SamlRefused

PLAIN = b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"/>'
# Pieces that mean something to an XML parser, thrown together.
PIECES = st.sampled_from(
    [
        b"<", b">", b"/>", b"</", b"&", b";", b"'", b'"', b"=", b" ", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml ",
        b"?>", b"<!DOCTYPE ", b"<!ENTITY ", b"[", b"]", b"%", b"&#0;", b"&#x41;", b"&lt;", b"\x00", b"\xff\xfe",
        b"\xef\xbb\xbf", b"version='1.0'", b"encoding='utf-16'", b"xmlns", b":", b"ID", b"a", PLAIN, PLAIN[:40],
        b"samlp:Response", b"urn:oasis:names:tc:SAML:2.0:assertion", b"ds:Transform", b"\xc3\xa5",
    ]
)  # fmt: skip
XML = st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=40).map(b"".join))


def refusal(read, message) -> Reason | None:
    try:
        read(message)
    except SamlRefused as error:
        return error.reason
    return None


@given(XML)
@example(PLAIN)
@hypothesis_settings(max_examples=400, deadline=None)
def test_any_bytes_are_accepted_or_refused_in_words(xml: bytes):
    for read in (preparse.checked, preparse.checked_data):
        refusal(read, xml)


@given(st.one_of(st.text(max_size=300), XML.map(lambda xml: base64.b64encode(xml).decode())))
@hypothesis_settings(max_examples=300, deadline=None)
def test_any_posted_text_is_accepted_or_refused_in_words(message: str):
    refusal(preparse.posted, message)


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda data: base64.b64encode(data).decode())))
@hypothesis_settings(max_examples=300, deadline=None)
def test_any_redirected_text_is_accepted_or_refused_in_words(message: str):
    refusal(preparse.redirected, message)


@given(XML)
@hypothesis_settings(max_examples=200, deadline=None)
def test_what_is_accepted_has_neither_dtd_nor_comment_nor_cdata_nor_nul(xml: bytes):
    if refusal(preparse.checked, xml) is None:
        assert not any(mark in xml for mark in (b"<!", b"\0"))


def deflated(xml: bytes) -> str:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(compressor.compress(xml) + compressor.flush()).decode()


def test_a_plain_message_passes_by_post_and_by_redirect():
    assert preparse.posted(base64.b64encode(PLAIN).decode()) == PLAIN
    assert preparse.redirected(deflated(PLAIN)) == PLAIN
    assert preparse.checked(b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>" + PLAIN)


def test_a_compressed_bomb_is_not_unpacked():
    assert refusal(preparse.redirected, deflated(b" " * 50_000_000)) is Reason.TOO_LARGE


@pytest.mark.parametrize("data", [b"", b"no deflate", zlib.compress(PLAIN)])
def test_what_is_not_deflated_is_refused(data: bytes):
    message = base64.b64encode(data).decode() or "="
    assert refusal(preparse.redirected, message) in (Reason.NOT_DEFLATED, Reason.NOT_BASE64)


def test_something_after_the_deflated_message_is_refused():
    message = base64.b64encode(base64.b64decode(deflated(PLAIN)) + b"more").decode()
    assert refusal(preparse.redirected, message) is Reason.NOT_DEFLATED


def test_a_namespace_that_only_looks_known_is_refused():
    assert refusal(preparse.checked, PLAIN.replace(b"protocol", b"protocol#")) is Reason.UNKNOWN_ELEMENT
    # With the separator that expat puts between namespace and name inside the namespace.
    assert refusal(preparse.checked, PLAIN.replace(b"protocol", b"protocol Response")) is Reason.NOT_WELL_FORMED
    assert refusal(preparse.checked, b"<Response/>") is Reason.UNKNOWN_ELEMENT


@pytest.mark.parametrize("name", ["ID", "Id", "id", "xml:id"])
def test_identifiers_are_compared_under_all_their_names(name: str):
    twice = PLAIN.replace(b"/>", f'><samlp:Status {name}="_1"/></samlp:Response>'.encode())
    assert refusal(preparse.checked, twice) is Reason.DUPLICATE_ID


def test_data_in_another_vocabulary_is_judged_by_its_form_only():
    assert preparse.checked_data(b"<anything><at>all</at></anything>")
    assert refusal(preparse.checked_data, b"<!DOCTYPE a><a/>") is Reason.DTD
