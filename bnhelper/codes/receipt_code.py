"""The code printed on a home receipt: a link to the look-up page, with nothing personal in it."""


def look_up_url(server_url: str, token: str) -> str:
    """Return the address a resident's phone opens; the token is 128 random bits and the only key to it."""
    return f"{server_url.rstrip('/')}/t/{token}"


def receipt_text(server_url: str, token: str, readable_code: str) -> str:
    """Return what the QR code says: the link, or the readable code while this machine knows no province."""
    return look_up_url(server_url, token) if server_url else readable_code
