"""Who may do what of co-creation: every endpoint with the scope that it needs, to be compared with what is there."""

OPEN, OWN, WRITE, CAST, LEAD, MODERATE = (
    "spaces:read*",
    "spaces:read",
    "spaces:write",
    "votes:cast",
    "spaces:lead",
    "spaces:moderate",
)
LEAVE = "me:leave"
"""The scopes; with a star, what is public needs no token."""

TABLE = {
    OPEN: """
        GET /spaces
        GET /spaces/{slug}
        GET /spaces/{slug}/power
        GET /spaces/{slug}/considered
        GET /spaces/{slug}/events
        GET /challenges/{number}/events
        GET /spaces/{slug}/newcomers
        GET /spaces/{slug}/challenges
        GET /challenges/{number}
        POST /challenges/{number}/similar
        GET /challenges/{number}/deals
        GET /challenges/{number}/backstage
        GET /files/{key}
        GET /challenges/{number}/contributions
        GET /spaces/{slug}/contributions
        GET /contributions/{number}
        GET /contributions/{number}/versions
        GET /contributions/{number}/versions/{version}
        GET /contributions/{number}/versions/{version}/difference
        GET /pictures/{key}
        GET /pictures/{key}/content
        GET /contributions/{number}/comments
        GET /challenges/{number}/comments
        GET /questions/{number}/comments
        GET /comments/{number}
        GET /comments/{number}/wordings
        GET /edits/{number}
        GET /spaces/{slug}/questions
        GET /challenges/{number}/questions
        GET /questions/{number}
        GET /challenges/{number}/decisions
        GET /contributions/{number}/answers
        GET /challenges/{number}/pledges
        GET /pledges/{number}
        GET /challenges/{number}/outcomes
        GET /outcomes/{number}
        GET /challenges/{number}/polls
        GET /polls/{number}
        GET /polls/{number}/objections
        GET /polls/{number}/results
        GET /polls/{number}/ballots
        GET /contributions/{number}/merges
        GET /contributions/{number}/merges/suggestion
        GET /merges/{number}
        GET /merges/{number}/undoing
        GET /spaces/{slug}/hidings
    """,
    LEAD: """
        POST /spaces
        PUT /spaces/{slug}
        POST /spaces/{slug}/challenges
        PUT /challenges/{number}
        DELETE /challenges/{number}
        PUT /challenges/{number}/phases
        POST /challenges/{number}/open
        POST /challenges/{number}/extensions
        PUT /challenges/{number}/cancellation
        PUT /challenges/{number}/override
        POST /challenges/{number}/deals
        POST /challenges/{number}/backstage
        PUT /challenges/{number}/backstage/{entry}
        POST /challenges/{number}/backstage/{entry}/files
        DELETE /files/{key}
        POST /questions/{number}/answers
        POST /contributions/{number}/decisions
        POST /challenges/{number}/pledges
        POST /contributions/{number}/pledges
        POST /questions/{number}/pledges
        PUT /pledges/{number}/kept
        PUT /pledges/{number}/waived
        PUT /pledges/{number}/replacement
        POST /challenges/{number}/outcomes
        POST /challenges/{number}/polls
        PUT /polls/{number}
        DELETE /polls/{number}
        POST /polls/{number}/lock
        POST /polls/{number}/options
        PUT /polls/{number}/options
        DELETE /polls/{number}/options/{option}
        PUT /polls/{number}/options/{option}/hiding
        PUT /polls/{number}/objections/{objection}/answer
        PUT /merges/{number}/decision
        GET /challenges/{number}/data
        POST /spaces/{slug}/imports
        GET /imports/{key}
        GET /imports/{key}/rejects
        PUT /contests/{number}/answer
    """,
    OWN: """
        GET /challenges/led
        GET /challenges/{number}/check
        GET /contributions/{number}/authors
        GET /drafts
        GET /drafts/{key}
        POST /members/find
        GET /challenges/{number}/sources
        GET /me/contributions
        GET /me/notices
        GET /me/invitations
        GET /me/digest
        GET /me/surveys
        GET /me/place
        GET /hidings/{number}
    """,
    WRITE: """
        PUT /challenges/{number}/follow
        DELETE /challenges/{number}/follow
        POST /challenges/{number}/contributions
        PUT /contributions/{number}/support
        DELETE /contributions/{number}/support
        PUT /contributions/{number}/follow
        DELETE /contributions/{number}/follow
        PUT /contributions/{number}/withdrawal
        POST /contributions/{number}/versions
        PUT /contributions/{number}/versions/{version}/disowning
        POST /contributions/{number}/authors
        PUT /contributions/{number}/authors/me
        DELETE /contributions/{number}/authors/me
        PUT /drafts/{key}
        DELETE /drafts/{key}
        POST /drafts/{key}/publish
        POST /spaces/{slug}/pictures
        POST /contributions/{number}/comments
        POST /challenges/{number}/comments
        POST /questions/{number}/comments
        PUT /comments/{number}
        DELETE /comments/{number}
        POST /edits/{number}/adopt
        POST /edits/{number}/decline
        POST /spaces/{slug}/questions
        POST /challenges/{number}/questions
        DELETE /questions/{number}
        PUT /questions/{number}/join
        DELETE /questions/{number}/join
        PUT /questions/{number}/follow
        DELETE /questions/{number}/follow
        PUT /questions/{number}/considered
        PUT /decisions/{number}/considered
        POST /polls/{number}/objections
        PUT /me/digest
        PUT /me/surveys/{number}
        DELETE /me/surveys/{number}
        PUT /me/asking
        PUT /me/place/objection
        DELETE /me/place/objection
        PUT /me/place/readings/{number}
        DELETE /me/place/readings/{number}
        POST /contributions/{number}/merges
        PUT /merges/{number}
        DELETE /merges/{number}
        PUT /merges/{number}/agreement
        PUT /merges/{number}/refusal
        PUT /merges/{number}/undoing
        POST /merges/{number}/contests
        POST /reports
        PUT /hidings/{number}/appeal
    """,
    CAST: """
        POST /polls/{number}/proposals
        GET /polls/{number}/ballot
        PUT /polls/{number}/ballot
        DELETE /polls/{number}/ballot
        POST /polls/{number}/ballot/withdrawal
        GET /polls/{number}/next
    """,
    MODERATE: """
        POST /moderation/kept
        POST /moderation/hidings
        PUT /hidings/{number}/lifting
        GET /moderation/reports
        GET /moderation/appeals
        GET /moderation/hints
        PUT /moderation/hints/{number}/seen
        GET /moderation/log
        PUT /hidings/{number}/appeal/answer
    """,
    LEAVE: """
        POST /me/leave
    """,
}
NEEDED = {tuple(line.split()): scope for scope, lines in TABLE.items() for line in lines.strip().splitlines()}
