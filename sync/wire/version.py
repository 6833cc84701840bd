"""The contract's name and version, and the headers that carry them."""

from typing import Final

CONTRACT: Final = "intake/1"  #: value of `BN-Server` on every answer; an answer without it is not our server's
ENVELOPE_SCHEMA: Final = 1  #: value of `BN-Schema` and of the envelope's member `schema`
ENVELOPE_SCHEMAS_READ: Final = (1,)  #: what the server still accepts; the last three, once there are three

SERVER_HEADER: Final = "BN-Server"
REQUEST_ID_HEADER: Final = "BN-Request-Id"
DEVICE_HEADER: Final = "BN-Device"
SCHEMA_HEADER: Final = "BN-Schema"
SIGNATURE_HEADER: Final = "BN-Signature"  #: detached EdDSA JWS of the device over the envelope's bytes
RECEIPT_HEADER: Final = "BN-Receipt"  #: on the answer to a file: receipts of what is whole with it, comma between them
DIGEST_HEADER: Final = "Content-Digest"  #: RFC 9530, `sha-256=:<base64>:`, over the encoded bytes

CHUNK_BYTES: Final = 256 * 1024  #: at most this much may have to be sent twice after a cut (settled.md, measured)
MAX_ENVELOPE_BYTES: Final = 256 * 1024
MAX_BLOB_BYTES: Final = 16 * 1024 * 1024
MAX_BLOBS_PER_DOSSIER: Final = 40  #: distinct files of one revision, over all its papers
MAX_PAGE: Final = 500
LONGEST_WAIT_S: Final = 25  #: for news, by `Prefer: wait=` (RFC 7240); below what middle boxes allow a silent request
UPLOAD_KEPT_DAYS: Final = 7  #: after the last byte; must outlast a week without coverage
