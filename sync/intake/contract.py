"""The contract's operations, each said once: who may call it, what it takes and answers. Routes and OpenAPI follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sync.intake.audit import AuditPage
from sync.intake.roles import AUDITORS, CARRIERS, ENROLLED, LEADERS, LIST_MAKERS, READERS, SYSTEMS, Role
from sync.intake.statuses import StatusEvent, StatusTaken
from sync.wire.changes import ChangesPage, Reconcile, ReconcileAnswer
from sync.wire.courier import BundleStatus
from sync.wire.dossiers import Envelope, RevisionVerdict
from sync.wire.enrolment import (
    DeviceRegistration,
    Devices,
    EnrolmentAnswer,
    EnrolmentRequest,
    Invitation,
    InvitationRequest,
    Me,
    ServerCard,
)
from sync.wire.model import Message
from sync.wire.receipt_keys import ReceiptKeys
from sync.wire.visits import VisitListMade, VisitListRequest, VisitRecord

_SIGNATURE = "detached EdDSA JWS over the plain body, without its Content-Encoding"
_DIGEST = "RFC 9530 digest of the body as it is sent, after its Content-Encoding: sha-256"
_TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    `who` is the roles that may call it, None for anybody. `answers` has a status and the model of its body, None for
    a body that is no JSON. `problems` are the refusals it can give besides those that every operation of its kind has.
    """

    method: str
    path: str
    handler: str
    summary: str
    who: frozenset[Role] | None
    answers: Mapping[int, type[Message] | None]
    body: type[Message] | None = None
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)  #: required request headers and what they say
    optional: Mapping[str, str] = field(default_factory=dict)  #: request headers that may be absent
    query: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()  #: headers of a success
    problems: tuple[int, ...] = ()
    in_openapi: bool = True


OPERATIONS: Final = (
    Operation("GET", "/.well-known/bn-intake", "card", "Who answers, its limits and its time", None, {200: ServerCard}),
    Operation(
        "GET", "/.well-known/jwks.json", "jwks", "The keys that sign receipts (RFC 7517)", None, {200: ReceiptKeys}
    ),
    Operation("GET", "/v1/ping", "ping", "Is this really the province?", None, {204: None}),
    Operation("HEAD", "/v1/ping", "ping", "Is this really the province?", None, {204: None}, in_openapi=False),
    Operation("GET", "/v1/openapi.json", "openapi", "This description", None, {200: None}),
    Operation(
        "POST",
        "/v1/enrolments",
        "enrol",
        "Exchange an invitation, which works once, for a token of this device",
        None,
        {201: EnrolmentAnswer},
        body=EnrolmentRequest,
        problems=(403, 409, 413, 422, 429),
    ),
    Operation("GET", "/v1/me", "me", "Who the province thinks this device is", ENROLLED, {200: Me}),
    Operation(
        "PUT",
        "/v1/devices/{device}",
        "register",
        "Bind the signing key of a machine to the person who signs in there by OIDC",
        CARRIERS,
        {200: Me, 201: Me},
        body=DeviceRegistration,
        problems=(409, 413, 422),
    ),
    Operation("GET", "/v1/devices", "devices", "The devices of the caller's unit, or of all", LEADERS, {200: Devices}),
    Operation(
        "PUT",
        "/v1/devices/{device}/revocation",
        "revoke_device",
        "Shut a device out; it bites with its next request",
        LEADERS,
        {204: None},
        problems=(404,),
    ),
    Operation(
        "POST",
        "/v1/invitations",
        "invite",
        "Make an invitation, which works once, for a device of the caller's unit",
        LEADERS,
        {201: Invitation},
        body=InvitationRequest,
        problems=(413, 422),
    ),
    Operation(
        "GET",
        "/v1/dossiers/{dossier}/envelope",
        "envelope",
        "What was handed in, for officers of the office that has it; the read is audited",
        READERS,
        {200: Envelope},
        problems=(404,),
    ),
    Operation(
        "GET",
        "/v1/audit",
        "audit",
        "Who did or saw what, oldest first; codes and ids, never contents",
        AUDITORS,
        {200: AuditPage},
        query={"after": "the last id seen", "limit": "at most so many, up to 500", "dossier": "of this one alone"},
    ),
    Operation(
        "POST",
        "/v1/statuses",
        "take_status",
        "A status from the province's systems, as a CloudEvent in the ten national codes",
        SYSTEMS,
        {200: StatusTaken},
        body=StatusEvent,
        media="application/cloudevents+json",
        problems=(404, 413, 422),
    ),
    Operation(
        "PUT",
        "/v1/dossiers/{dossier}/revisions/{revision}",
        "put_revision",
        "Send one revision of a dossier: 201 new, 200 the same again, 409 other bytes under the same name",
        CARRIERS,
        {200: RevisionVerdict, 201: RevisionVerdict},
        body=Envelope,
        headers={
            "Content-Digest": _DIGEST,
            "BN-Signature": _SIGNATURE,
            "BN-Schema": "1",
        },
        optional={"Content-Encoding": "zstd, or none"},
        problems=(400, 409, 413, 415, 422, 426),
    ),
    Operation(
        "GET",
        "/v1/dossiers/{dossier}",
        "dossier",
        "How a dossier stands",
        CARRIERS,
        {200: RevisionVerdict},
        problems=(404,),
    ),
    Operation(
        "GET",
        "/v1/changes",
        "changes",
        "What happened to this device's dossiers, in an order without gaps, and to the visit lists of its unit",
        CARRIERS,
        {200: ChangesPage, 304: None},
        query={
            "cursor": "the cursor of the page before; absent at first",
            "limit": "at most so many, up to 500",
            "visits": "1: visit lists too",
        },
        optional={"Prefer": "wait=25 (RFC 7240): hold the answer so long until there is news"},
        problems=(410,),
    ),
    Operation(
        "PUT",
        "/v1/records/{kind}/{record}/revisions/{revision}",
        "put_record",
        "Send one revision of a record, such as the outcome of a visit: 201 new, 200 the same again, 409 other bytes",
        CARRIERS,
        {200: RevisionVerdict, 201: RevisionVerdict},
        body=VisitRecord,
        headers={"Content-Digest": _DIGEST, "BN-Signature": _SIGNATURE},
        optional={"Content-Encoding": "zstd, or none"},
        problems=(400, 404, 409, 413, 415, 422, 426),
    ),
    Operation(
        "POST",
        "/v1/visit-lists",
        "make_visits",
        "Make a list of homes to visit, out of a table, for the devices of the caller's unit or one of them",
        LIST_MAKERS,
        {201: VisitListMade},
        body=VisitListRequest,
        problems=(404, 413, 422),
    ),
    Operation(
        "POST",
        "/v1/reconcile",
        "reconcile",
        "Which of these revisions the province lacks",
        CARRIERS,
        {200: ReconcileAnswer},
        body=Reconcile,
        problems=(413, 422),
    ),
    Operation(
        "OPTIONS",
        "/v1/blobs",
        "upload_options",
        "What uploads can do here (tus 1.0.0)",
        None,
        {204: None},
        says=("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
    ),
    Operation(
        "POST",
        "/v1/blobs",
        "create_upload",
        "Begin an upload, or find the one of the same content (tus creation)",
        CARRIERS,
        {201: None},
        media="application/offset+octet-stream",
        headers={"Upload-Length": "bytes of the whole file"},
        optional={"Upload-Metadata": "sha256, filetype, dossier in base64", "Upload-Checksum": "sha1 or sha256"},
        says=("Location", "Upload-Offset", "Upload-Expires", "BN-Receipt"),
        problems=(400, 409, 412, 413, 415, 460, 507),
    ),
    Operation(
        "HEAD",
        "/v1/blobs/{name}",
        "upload_head",
        "How far an upload is; a body that hangs is let go",
        CARRIERS,
        {200: None},
        says=("Upload-Offset", "Upload-Length"),
        problems=(404, 412, 415, 460),
    ),
    Operation(
        "PATCH",
        "/v1/blobs/{name}",
        "upload_patch",
        "Append to an upload; what arrives before a cut is kept",
        CARRIERS,
        {204: None},
        media="application/offset+octet-stream",
        headers={"Upload-Offset": "where the body begins"},
        optional={"Upload-Checksum": "sha1 or sha256 of the body"},
        says=("Upload-Offset", "Upload-Expires", "BN-Receipt"),
        problems=(400, 404, 409, 412, 413, 415, 460, 507),
    ),
    Operation(
        "DELETE", "/v1/blobs/{name}", "upload_delete", "Forget an upload", CARRIERS, {204: None}, problems=(404, 412)
    ),
    Operation(
        "GET",
        "/v1/blobs/{name}",
        "blob",
        "A file of this device by its SHA-256, such as a result",
        CARRIERS,
        {200: None, 206: None},
        optional={"Range": "bytes=FIRST-LAST of it (RFC 9110, 14.1)"},
        problems=(404,),
    ),
    Operation(
        "PUT",
        "/v1/bundles/{sha256}",
        "put_bundle",
        "Bring a sealed bundle that was carried by hand; what arrives before a cut is kept",
        CARRIERS,
        {200: BundleStatus, 202: BundleStatus},
        media="application/octet-stream",
        optional={"Content-Range": "bytes FIRST-LAST/TOTAL of a bundle in pieces (RFC 9110, 14.5)"},
        problems=(400, 404, 409, 411, 413, 507),
    ),
    Operation(
        "GET",
        "/v1/bundles/{sha256}",
        "bundle",
        "How far a bundle is, and what became of the revisions in it",
        CARRIERS,
        {200: BundleStatus},
        problems=(404,),
    ),
    Operation(
        "GET",
        "/v1/bundles/{sha256}/reply",
        "bundle_reply",
        "The signed receipts for a bundle, sealed to the device that made it",
        CARRIERS,
        {200: None},
        problems=(404,),
    ),
)
