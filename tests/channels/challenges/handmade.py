"""Sources of every format with the columns of the real ones, small enough to be counted by hand."""

MINUTE = 60_000
START = 1_500_000_000_000


def _vote(minute: int, statement: int, voter: int, vote: int | str) -> str:
    return f"{START + minute * MINUTE},x,{statement},{voter},{vote}"


POLIS = {
    "summary.csv": 'topic,Where to put the benches?\nurl,https://pol.is/7square\nviews,40\nconversation-description,"Two\nlines"\n',
    "comments.csv": "\n".join(
        [
            "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body",
            f"{START},x,0,0,3,1,1,In the shade",
            f'{START + MINUTE},x,1,2,1,2,0,"Nowhere, at all"',
            f"{START + MINUTE},x,2,1,0,0,-1,Buy my benches",
        ]
    )
    + "\n",
    "votes.csv": "\n".join(
        [
            "timestamp,datetime,comment-id,voter-id,vote",
            *(_vote(2 + voter, 0, voter, 1 if voter else -1) for voter in range(4)),
            *(_vote(10 + voter, 1, voter, -1) for voter in range(3)),
            _vote(20, 0, 0, 1),  # voter 0 thinks again
        ]
    )
    + "\n",
}

PAIRS = {
    "wikisurvey_square_ideas.csv": "\n".join(
        [
            "Wikisurvey ID,Idea ID,Idea Text,Wins,Losses,User Submitted,Session ID,Created at,Active",
            "77,1,A fountain,2,0,FALSE,900,2017-06-28 03:00:00 UTC,TRUE",
            "77,2,A kiosk,1,1,FALSE,900,2017-06-28 03:00:00 UTC,TRUE",
            "77,3,A car park,0,2,TRUE,901,2017-06-29 03:00:00 UTC,FALSE",
        ]
    )
    + "\n",
    "wikisurvey_square_votes.csv": "\n".join(
        [
            "Vote ID,Session ID,Wikisurvey ID,Winner ID,Winner Text,Loser ID,Loser Text,Created at,Valid",
            "1,901,77,1,A fountain,2,A kiosk,2017-06-29 04:00:00 UTC,TRUE",
            "2,901,77,2,A kiosk,3,A car park,2017-06-29 04:01:00 UTC,TRUE",
            "3,902,77,1,A fountain,3,A car park,2017-06-29 05:00:00 UTC,TRUE",
            "4,903,77,3,A car park,1,A fountain,2017-06-29 05:30:00 UTC,FALSE",
            "5,902,77,2,A kiosk,1,A fountain,2017-06-29 05:01:00 UTC,TRUE",
            "6,902,77,1,A fountain,2,A kiosk,2017-06-29 05:02:00 UTC,TRUE",
        ]
    )
    + "\n",
}

UNDECIDED = "\n".join(
    [
        "Record Type,Record ID,Session ID,Question ID,Left Choice ID,Left Choice Text,Right Choice ID,"
        "Right Choice Text,Prompt ID,Appearance ID,Reason,Created at",
        "Skip,8,903,77,2,A kiosk,1,A fountain,5,6,like_both,2017-06-29 06:00:00 UTC",
        "Skip,9,901,77,2,A kiosk,1,A fountain,5,7,no_opinion,2017-06-29 06:01:00 UTC",
        "Orphaned Appearance,7,904,77,2,A kiosk,1,A fountain,5,N/A,N/A,2017-06-29 06:02:00 UTC",
        "Skip,10,901,77,2,A kiosk,2,A kiosk,5,8,,2017-06-29 06:03:00 UTC",
        "",
    ]
)  # fmt: skip
"""The third file of a wiki survey, which the site gives where somebody asks for it."""

MADRID = {
    "proposals.csv": "\n".join(
        [
            "id;title;description;cached_votes_up;created_at;retired_at",
            '11;Sombra en la plaza;"<p>Más <b>árboles</b> &amp; bancos.</p><script>x()</script>";120;01/02/2024;',
            "12;Fuente;;0;2024-02-03 10:00:00 +0100;05/02/2024",
            "13;Sin fecha;;3;ayer;",
        ]
    )
    + "\n",
}

DECIDIM = {
    "open-data-proposals.csv": "\n".join(
        [
            "id;component/id;title/ca;title/es;body/ca;body/es;state;published_at;proposal_votes_count;author/id;author/name",
            "5;9;Una ombra;;<p>Amb arbres</p>;;accepted;2017-10-01 10:00:00 UTC;7;41;Núria Puig",
            "6;9;;Una fuente;;;withdrawn;2017-10-02 10:00:00 UTC;;42;Joan",
        ]
    )
    + "\n",
    "open-data-proposal_comments.csv": "\n".join(
        [
            "id;created_at;body;locale;author/id;author/name;alignment;depth;commentable_id;commentable_type;"
            "root_commentable_url",
            "1;2017-10-16 07:18:14 UTC;D’acord;ca;42;Joan;1;0;5;Decidim::Proposals::Proposal;https://d.example/p/5",
            "2;2017-10-16 08:00:00 UTC;Gràcies;ca;41;Núria Puig;0;1;1;Decidim::Comments::Comment;https://d.example/p/5",
            "3;2017-10-17 08:00:00 UTC;A la trobada;ca;43;;0;0;8;Decidim::Meetings::Meeting;https://d.example/m/8",
            "4;2017-10-17 09:00:00 UTC;Perdut;ca;43;;0;1;99;Decidim::Comments::Comment;https://d.example/p/5",
        ]
    )
    + "\n",
    "open-data-users.csv": "id;name\n1;x\n",
}

PB = {
    "square.pb": "\n".join(
        [
            "META",
            "key;value",
            "description;Square budget",
            "unit;Riverside",
            "country;Poland",
            "budget;1000",
            "vote_type;approval",
            "date_begin;01.10.2022",
            "date_end;15.10.2022",
            "PROJECTS",
            "project_id;cost;name;votes",
            "1;600;Trees;3",
            "2;400.5;Benches;2",
            "3;-5;Broken;0",
            "VOTES",
            "voter_id;vote;age",
            "v1;1,2;40",
            "v2;1;30",
            "v3;2,1;20",
            "v3;1;20",
            "v4;9;20",
        ]
    )
    + "\n",
}

IDEAS = {
    "proposals.csv": "\n".join(
        [
            "id,title,description,author_id,author_name,created_at,category",
            "a,A shady square,Trees first.,u1,Ana Ruiz,2025-03-01 10:00:00,",
            f"b,{'Long ' * 40},Short.,u2,Bo,2025-03-02 10:00:00,tip",
        ]
    )
    + "\n",
    "comments.csv": "\n".join(
        [
            "id,proposal_id,parent_id,author_id,text,created_at",
            "k1,a,,u2,Which trees?,2025-03-03 10:00:00",
            "k3,,k2,u2,Good,2025-03-05 10:00:00",
            "k2,a,k1,u1,Lime trees,2025-03-04 10:00:00",
            "k4,zzz,,u1,Lost,2025-03-04 11:00:00",
        ]
    )
    + "\n",
    "votes.csv": "\n".join(
        [
            "voter_id,proposal_id,voted_at",
            *(f"v{n},{'a' if n < 4 else 'b'},2025-04-0{n}T08:00:00Z" for n in range(1, 7)),
            "v1,b,2025-04-01T08:01:00Z",
        ]
    )
    + "\n",
}
