"""What the events of Segment’s libraries mean as acts (docs/segment.md).

The names are those of Segment’s own specification. An event that nobody said the meaning of is kept as a View: that
somebody was there is all that is known, and it does not make anybody look more engaged than they are.
"""

from typing import Final

from estime.kernel.configuration import configuration
from estime.ledger.vocabulary import ACTIVITY_TYPES

UNKNOWN: Final = "View"

_TYPES: Final = """
View      Products Searched · Product List Viewed · Product List Filtered · Promotion Viewed · Promotion Clicked
View      Product Clicked · Product Viewed · Cart Viewed · Checkout Started · Checkout Step Viewed
View      Checkout Step Completed · Payment Info Entered · Signed In · Signed Out · Application Opened
View      Application Backgrounded · Application Updated · Deep Link Opened · Email Link Clicked
View      Push Notification Received · Push Notification Tapped · Video Playback Started · Video Playback Completed
Read      Email Opened · Article Viewed · Article Completed
Add       Product Added · Product Added to Wishlist · Wishlist Product Added to Cart
Remove    Product Removed · Product Removed from Wishlist · Coupon Removed
Accept    Order Completed · Coupon Applied
Update    Order Updated
Reject    Order Cancelled · Order Refunded · Coupon Denied
Announce  Product Shared · Cart Shared
Create    Product Reviewed
Join      Signed Up · Account Created · Account Added User · Trial Started · Application Installed
Leave     Account Deleted · Account Removed User · Trial Ended · Application Uninstalled · Unsubscribed
Invite    Invite Sent
"""


def _read(table: str) -> dict[str, str]:
    lines = [line.split(maxsplit=1) for line in table.strip().splitlines()]
    return {_name(event): kind for kind, events in lines for event in events.split(" · ")}


def _name(event: str) -> str:
    """Events are written in many ways: “Order Completed”, “order_completed”, “orderCompleted” are one."""
    return "".join(letter for letter in event.casefold() if letter.isalnum())


KNOWN: Final = _read(_TYPES)


def type_of(event: str) -> str:
    """The Activity Streams type of an event: what estime.toml says, else what is known of it, else View."""
    name = _name(event)
    told = {_name(key): value for key, value in configuration().segment.events.items()}.get(name)
    if told is not None and told in ACTIVITY_TYPES:
        return told
    return KNOWN.get(name, UNKNOWN)


def unknown_types() -> list[str]:
    """What estime.toml calls a type and is none."""
    return sorted(set(configuration().segment.events.values()) - ACTIVITY_TYPES)
