"""The posts an office begins with."""

from suyuan.store import rules
from suyuan.store.models import Post


def propose_posts() -> None:
    """Enter the posts of the rulebook where there are none: a beginning that the posts page changes."""
    if Post.objects.exists():
        return
    Post.objects.bulk_create(
        Post(
            code=each["code"],
            name=each["name"],
            duties=each["duties"],
            specialty=each.get("specialty", ""),
            roles=each["roles"],
            over=each["over"],
        )
        for each in rules.posts()
    )
