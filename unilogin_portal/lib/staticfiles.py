"""Static files with the hash of their content in the name, so that browsers may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """As whitenoise's, but a reference that a third party's style sheet makes to a missing file is left alone."""

    manifest_strict = False
