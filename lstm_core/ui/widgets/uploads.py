"""Files that a browser has uploaded."""

from __future__ import annotations

from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

from lstm_core.errors import Refusal


def held(upload: UploadedFile | DeletedFile) -> UploadedFile:
    """Return an uploaded file that the server still has.

    Raises:
        Refusal: it has let go of it (see ui/base/quotas.py).
    """
    if isinstance(upload, DeletedFile):
        raise Refusal("The server no longer has this file. Upload it once more.")
    return upload
