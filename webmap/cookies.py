"""The two cookies, and how they are kept from scripts, from other sites and from the open line."""

from flask import Request, Response, request

SESSION = "atlas_session"
FORM = "atlas_form"
# What a browser resolves to its own machine, where nobody listens on the line.
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_private_line(asked: Request = request) -> bool:
    """Whether nobody on the way can read along: TLS, or the machine itself."""
    return asked.is_secure or asked.host.rpartition(":")[0] in LOOPBACK_NAMES or asked.host in LOOPBACK_NAMES


def name_of(cookie: str) -> str:
    """The name of a cookie; where it may be, one that no other host and no open line can set."""
    return f"__Host-{cookie}" if _is_sent_on_tls_only() else cookie


def put(response: Response, cookie: str, value: str) -> None:
    """Set a cookie until the browser is closed; without a value take it away."""
    response.set_cookie(
        name_of(cookie),
        value,
        max_age=None if value else 0,
        path="/",
        secure=_is_sent_on_tls_only(),
        httponly=True,
        samesite="Lax",
    )


def remove(response: Response, cookie: str) -> None:
    """Take a cookie away."""
    put(response, cookie, "")


def _is_sent_on_tls_only() -> bool:
    # On an open line the browser then keeps no cookie: nobody can sign in there, which the page says.
    return request.is_secure or not is_private_line()
