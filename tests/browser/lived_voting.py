"""Chapters of a lived challenge: members vote, change their minds, the vote closes, is counted, and objected to."""

from browser.lived import Life

CHOICES = {"anna": ("latch",), "ben": ("screw",), "chloe": ("latch", "strap"), "dani": ("strap", "latch")}


def voted(life: Life, challenge: str) -> None:
    """The vote begins by itself; each votes, Ben votes otherwise afterwards; the brand's people do not vote."""
    life.later(15)
    words = life.words
    for who, chosen in CHOICES.items():
        member = life.at(f"{challenge}votes/", who)
        if who == "anna":
            member.look("votes")
        member.follow(words["vote"])
        if who == "anna":
            member.look("vote")
        for name in chosen:
            member.tick(words[name], exact=True)
        member.press("Vote", context="button").says("Your vote counts.")
    ben = life.here("ben").look("vote-cast").follow("See or change my ballot").look("vote-change")
    ben.tick(words["latch"], exact=True).press("Change my vote").says(
        "Your ballot now says what you have just sent."
    )
    path = ben.path
    life.at(path, "lea").says("The brand’s people do not vote: members decide here.").look(
        "vote-for-its-lead"
    )


def counted(life: Life, challenge: str) -> None:
    """It closes and is counted when its time has come; Dani objects, Rémi answers; then it is sealed."""
    life.later(7)
    words, dani = life.words, life.at(f"{challenge}votes/", "dani")
    dani.look("votes-over").follow(words["vote"]).look("vote-over").follow("See the result")
    dani.reads(words["latch"]).look("result").follow("Object to how it went")
    dani.write("Your objection", words["objection"]).look("object").press("Object")
    dani.reads(words["objection"])
    result = dani.path
    remi = life.at(result, "remi")
    remi.follow("Answer", inside=remi.page.locator(".talk")).write("Your answer", words["objection_answer"])
    remi.look("objection-answer").press("Answer").reads(words["objection_answer"]).look("result-objected")
    life.later(8)
    sealed = life.said("Sealed on %(when)s: since then nothing says which ballot is whose.").partition("%")[0]
    life.at(result, "anna").reads(sealed).lacks(life.said("Object to how it went"))
