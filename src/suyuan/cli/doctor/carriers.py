"""The ways out of the house: whether their addresses can be read, and whether anybody listens there."""

from collections.abc import Iterator

from .finding import Finding, error, warning

HOW = {
    "mail": (
        "mail_unreachable",
        "start the mail server, or set SUYUAN_SMTP_HOST and SUYUAN_SMTP_PORT to where it listens",
    ),
    "sms_http": (
        "sms_unreachable",
        "ask its keeper whether it runs, let the firewall pass, or mend the URL on the channel's page",
    ),
    "apprise": (
        "robot_unreachable",
        "let the firewall pass to that host (or set HTTPS_PROXY), or mend the address on the channel's page",
    ),
}
"""What each carrier's finding is called, and what mends it."""
PROBLEMS = {
    "timeout": "does not answer",
    "no_such_host": "is a host nobody knows",
    "nobody_listens": "refuses: nobody listens there",
}


def look() -> Iterator[Finding]:
    """Yield each way that leads nowhere; a carrier that is not set up, or is switched off, is no fault."""
    from suyuan.actions.notice.ways import ways
    from suyuan.gateways.carriers.reach import knock
    from suyuan.store import rules

    found = list(ways())
    seconds = float(rules.figure("doctor.reach", "timeout_seconds"))
    silent = knock([way.place for way in found if way.place], seconds)
    for way in found:
        whose = f"channel {way.channel}" + (f", {way.named}" if way.named else "")
        if not way.readable:
            yield error(
                "address_unreadable",
                f"{whose}: its address cannot be read, so nothing leaves",
                "hand the address in again on the channel's page (docs/outbox.md)",
            )
        elif way.place in silent:
            say = warning if way.carrier == "apprise" else error
            host, port = way.place or ("", 0)
            code, fix = HOW[way.carrier]
            yield say(code, f"{whose}: {host}:{port} {PROBLEMS[silent[host, port]]}; messages wait", fix)
