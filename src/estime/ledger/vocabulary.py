"""The words of W3C Activity Streams 2.0 (AS2) that an act may be written in.

Source: Activity Vocabulary, W3C Recommendation 23 May 2017, §3.1 Activity Types.
"""

ACTIVITY_TYPES = frozenset(
    "Accept Add Announce Arrive Block Create Delete Dislike Flag Follow Ignore Invite Join Leave Like Listen"
    " Move Offer Question Read Reject Remove TentativeAccept TentativeReject Travel Undo Update View".split()
)

MAX_IDENTIFIER = 1024  # characters: PostgreSQL refuses index rows over 2,704 bytes
MAX_CONTENT = 4 * 1024 * 1024  # characters
