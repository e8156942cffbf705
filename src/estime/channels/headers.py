"""The obvious meaning of column names, in English and French, for files that come without a mapping."""

import json
import re
import unicodedata
from collections.abc import Sequence

from estime.channels.errors import MappingNeeded
from estime.channels.mapping import FieldSpec, Mapping

ACT_NAMES: dict[str, tuple[str, ...]] = {
    "source_id": ("id", "source_id", "message_id", "post_id", "comment_id", "status_id", "identifiant"),
    "actor": (
        "actor", "author", "user", "username", "user_name", "user_id", "author_id", "member", "member_id",
        "handle", "from", "sender", "customer", "customer_id", "auteur", "utilisateur", "utilisatrice",
        "pseudo", "membre", "expediteur", "client", "id_client", "nom_d_utilisateur", "who", "qui",
    ),
    "type": ("type", "activity", "action", "verb", "acte", "activite", "what", "quoi"),
    "published": (
        "published", "published_at", "date", "datetime", "timestamp", "created_at", "created", "posted_at",
        "sent_at", "at", "when", "time", "publie", "publie_le", "cree_le", "horodatage", "date_heure",
        "date_et_heure", "quand",
    ),
    "object_id": ("object", "object_id", "objet", "id_objet", "target"),
    "object_type": ("object_type", "type_objet", "type_d_objet"),
    "in_reply_to": (
        "in_reply_to", "reply_to", "parent", "parent_id", "replies_to", "en_reponse_a", "reponse_a",
        "id_parent",
    ),
    "context": (
        "context", "thread", "thread_id", "topic", "topic_id", "room", "conversation", "fil", "sujet",
        "salon", "discussion", "contexte",
    ),
    "content": ("content", "text", "message", "body", "comment", "contenu", "texte", "commentaire", "corps"),
    "lang": ("lang", "language", "langue"),
    "value": ("value", "rating", "amount", "score", "valeur", "note", "montant"),
    "unit": ("unit", "currency", "unite", "devise"),
    "incentive": ("incentive", "campaign", "offer", "campagne", "offre", "incitation"),
    "on_behalf_of": ("on_behalf_of", "au_nom_de"),
}  # fmt: skip

TYPE_WORDS: dict[str, str] = {
    "post": "Create", "message": "Create", "comment": "Create", "reply": "Create", "answer": "Create",
    "create": "Create", "publication": "Create", "commentaire": "Create", "reponse": "Create",
    "like": "Like", "j_aime": "Like", "jaime": "Like", "reaction": "Like", "dislike": "Dislike",
    "share": "Announce", "repost": "Announce", "retweet": "Announce", "partage": "Announce",
    "announce": "Announce", "follow": "Follow", "abonnement": "Follow", "join": "Join", "inscription": "Join",
    "arrivee": "Join", "leave": "Leave", "depart": "Leave", "view": "View", "vue": "View", "read": "Read",
    "lecture": "Read",
}  # fmt: skip

METRIC_NAMES: dict[str, tuple[str, ...]] = {
    "reactions": ("num_reactions", "reactions", "reaction_count"),
    "likes": ("num_likes", "likes", "like", "like_count", "j_aime", "mentions_j_aime"),
    "comments": (
        "num_comments",
        "comments",
        "comment",
        "comment_count",
        "commentaires",
        "nombre_de_commentaires",
    ),
    "shares": ("num_shares", "shares", "share", "share_count", "partages"),
    "loves": ("num_loves", "loves"),
    "wows": ("num_wows", "wows"),
    "hahas": ("num_hahas", "hahas"),
    "sads": ("num_sads", "sads"),
    "angrys": ("num_angrys", "angrys"),
    "views": ("views", "view_count", "num_views", "vues", "nombre_de_vues"),
    "reach": ("reach", "t_reach", "portee"),
    "impressions": ("impressions", "t_impression"),
    "clicks": ("clicks", "clics"),
}
FOLLOWER_NAMES = (
    "followers", "fans", "subscribers", "members", "follower_count", "page_likes", "page_t_likes",
    "page_fans", "abonnes", "membres",
)  # fmt: skip
INSIGHT_PUBLISHED = ("status_published", "post_published", "publish_time", *ACT_NAMES["published"])
INSIGHT_CONTENT = (
    "status_message",
    "post_message",
    "caption",
    "description",
    *ACT_NAMES["content"][:4],
    "texte",
)
INSIGHT_PAGE = ("page", "page_id", "page_name", "account", "account_name", "compte", "nom_de_la_page")
OBSERVED_NAMES = (
    "observed",
    "observed_at",
    "as_of",
    "releve_le",
    "date",
    "day",
    "jour",
    "month",
    "mois",
    "timestamp",
)


def folded(name: str) -> str:
    """A column name without case, accents and punctuation: "En réponse à" is en_reponse_a."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", "_", plain.lower()).strip("_")


def pick(columns: dict[str, str], names: Sequence[str]) -> str | None:
    """The first of the names that is a column (folded name to written name)."""
    return next((columns[name] for name in names if name in columns), None)


def folded_columns(header: Sequence[str]) -> dict[str, str]:
    """Folded name to the name as written, the first of each."""
    found: dict[str, str] = {}
    for name in header:
        found.setdefault(folded(name), name)
    return found


def acts_mapping(header: Sequence[str]) -> Mapping:
    """The mapping that the names of the columns suggest, or an error that shows the one to write."""
    columns = folded_columns(header)
    fields: dict[str, FieldSpec] = {}
    for target, names in ACT_NAMES.items():
        column = pick(columns, names)
        if column is not None and not any(spec.column == column for spec in fields.values()):
            fields[target] = FieldSpec(column=column)
    hour = pick(columns, ("heure", "hour", "time"))
    if "date" in columns and hour and pick(columns, ACT_NAMES["published"]) == columns["date"]:
        fields["published"] = FieldSpec(columns=(columns["date"], hour))
    if not {"actor", "published"} <= set(fields):
        raise mapping_needed(header)
    return Mapping(fields=fields)


def mapping_needed(header: Sequence[str]) -> MappingNeeded:
    """The error that shows which columns were found and what to write."""
    shown = [name for name in header if name][:30]
    columns = folded_columns(header)

    def column(field: str, meaning: str) -> str:
        found = pick(columns, ACT_NAMES[field])
        return f"<{meaning}>" if found is None else json.dumps(found, ensure_ascii=False)

    return MappingNeeded(
        f"The columns do not say who did what when. Found: {', '.join(shown)}.",
        todo="Write a mapping file and give it with --map, for example:\n"
        "timezone: Europe/Paris\n"
        "fields:\n"
        f"  source_id: {column('source_id', 'the column with the id; leave this line out if there is none')}\n"
        f"  actor: {column('actor', 'the column with the author')}\n"
        f"  published: {column('published', 'the column with the time')}\n"
        "  type: {constant: Create}\n"
        f"  content: {column('content', 'the column with the text')}\n",
        columns=shown,
    )


def insights_mapping(header: Sequence[str]) -> Mapping:
    """The mapping of a table of posts with platform totals."""
    columns = folded_columns(header)
    published = pick(columns, INSIGHT_PUBLISHED)
    metrics = {m: FieldSpec(column=c) for m, names in METRIC_NAMES.items() if (c := pick(columns, names))}
    if published is None or not metrics:
        raise mapping_needed(header)
    fields = {"published": FieldSpec(column=published)}
    page = pick(columns, INSIGHT_PAGE)
    fields["actor"] = FieldSpec(column=page) if page else FieldSpec(constant="")
    for target, names in (("source_id", ACT_NAMES["source_id"]), ("content", INSIGHT_CONTENT)):
        if column := pick(columns, names):
            fields[target] = FieldSpec(column=column)
    fans = pick(columns, FOLLOWER_NAMES)
    channel = {"followers": FieldSpec(column=fans)} if fans else {}
    # totals grow from one export to the next: they must not make the id of the post
    stable = tuple(spec.column for spec in fields.values() if spec.column)
    return Mapping(
        format="insights",
        fields=fields,
        observations=metrics,
        channel_observations=channel,
        id_from=stable,
    )


def audience_mapping(header: Sequence[str]) -> Mapping:
    """The mapping of a table of followers over time."""
    columns = folded_columns(header)
    observed = pick(columns, OBSERVED_NAMES)
    followers = pick(columns, FOLLOWER_NAMES)
    if observed is None or followers is None:
        raise mapping_needed(header)
    return Mapping(
        format="audience",
        channel_observations={"followers": FieldSpec(column=followers)},
        observation={"observed": FieldSpec(column=observed)},
    )
