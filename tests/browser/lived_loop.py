"""Chapters of a lived challenge: what became of what was given. And of a question to the brand, answered late."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from browser.lived import Life


def decided(life: Life, challenge: str, ideas: dict[str, str]) -> None:
    """Rémi finds what is owed on his desk, and answers all of it: one taken up with a promise, the others not."""
    words = life.words
    remi = life.at("to-keep/", "remi").reads(words["title"]).look("desk")
    remi.page.goto(f"/{life.lang}/{challenge}answers/")
    remi.look("answers")
    for _each in ideas:
        taken = words["screw"] not in remi.page.locator("main h2").first.inner_text()
        remi.page.check(f"[name=outcome][value={'taken' if taken else 'not_taken'}]")
        remi.write("The real reason", words["reason" if taken else "no_reason"])
        remi.write("What of it lives on", words["lives_on" if taken else "no_lives_on"])
        if words["latch"] == remi.page.locator("main h2").first.inner_text():
            remi.unfold("Promise something with it").write("What you promise", words["promise"])
            remi.write("By when", life.day(50))
        remi.press("Answer, and on to the next")
    remi.look("answers-none-left")
    life.at("to-keep/", "remi").follow("Open").reads(words["latch"]).lacks(life.said("Say what was made"))
    life.at(ideas["screw"], "ben").reads(words["no_reason"], words["no_lives_on"], "Rémi Faure").look(
        "idea-refused"
    )


def taken_into_account(life: Life, latch: str) -> None:
    """Next to her idea Anna reads the answer and the promise, and says whether it takes in what she said."""
    words, anna = life.words, life.at(latch, "anna")
    anna.reads(words["reason"], words["promise"], "Rémi Faure").look("idea-taken-up")
    anna.page.check("[name=says][value=part]")
    anna.press("Say it", inside=anna.page.locator("form:has([name=says])"))
    anna.look("idea-considered")
    assert anna.page.locator("[name=says]:checked").get_attribute("value") == "part"
    assert life.at(latch, "ben").page.locator("[name=says]").count() == 0


def promised_and_made(life: Life, challenge: str, latch: str, sketch: Path) -> None:
    """The promised day goes by and it shows; it is kept late, which stays; what was made names all it came from."""
    words = life.words
    life.later(24)
    stranger = life.at(latch).reads(life.many("%(n)s day late", "%(n)s days late", 4) % {"n": 4})
    stranger.look("idea-promise-late")
    life.at("to-keep/", "lea").look("desk-late")
    lea = life.at(latch, "lea").follow("Settle it").look("promise").write("What was done", words["kept"])
    lea.press("It is kept")
    late = life.many("kept %(n)s day late", "kept %(n)s days late", 4) % {"n": 4}
    life.at(latch).reads(late, words["kept"]).look("idea-promise-kept-late")
    lea = life.at(challenge, "lea").follow("Tell what was made").look("outcome-new")
    lea.write("What was made", words["made"]).write("On which day", life.day(53)).write(
        "Tell about it", words["made_body"]
    )
    lea.unfold("Add a picture").page.set_input_files("[name=picture]", sketch)
    lea.page.fill("[name=alt]", words["made_alt"])
    lea.press("Add the picture").look("outcome-new-picture").press("Tell it in my name")
    lea.reads(words["latch"], "Anna Weber", "Chloé Petit").look("outcome")
    life.at(latch).reads(words["made"]).look("idea-made")
    life.at(challenge).look("challenge-over")


def told(life: Life, folder: Path) -> None:
    """On Monday morning Anna's digest is delivered; she reads in it what changed, and follows it to her page."""
    words = life.words
    life.later(8)
    letter = digests(life, "anna")[-1]
    text = body(letter, "plain")
    late = life.said("promised for %(day)s by %(name)s, and kept late").rpartition(" ")[2]
    assert all(piece in text for piece in (words["latch"], words["made"], "Rémi Faure", late)), text
    (folder / "letter.html").write_text(body(letter, "html"))
    anna = life.here("anna")
    anna.page.goto((folder / "letter.html").as_uri())
    anna.look("digest", rules=False)
    assert letter["Content-Language"] == anna.page.evaluate("document.documentElement.lang") == life.lang
    assert anna.page.locator(f"a[href$='/{life.lang}/me/contributions/']").count() == 1
    life.at("me/contributions/", "anna").reads(words["latch"], words["made"]).look("mine")
    before = len(digests(life, "anna"))
    life.later(8)
    assert len(digests(life, "anna")) == before, "told again of what was told"


def digests(life: Life, who: str) -> list[EmailMessage]:
    """The letters to somebody, oldest first. Their files name nobody: whose each is, the link that ends them says."""
    mine = f"/{life.lang}/digests/stop/{life.place.told['members'][f'{who}-{life.lang}']}:"
    files = sorted((life.place.home / "digests").rglob("*.eml"), key=lambda path: int(path.stem))
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    return [letter for letter in letters if mine in str(letter["List-Unsubscribe"])]


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def asked(life: Life) -> str:
    """Dani asks in public; Anna and Ben ask it too, Ben leaves and comes back; with three an answer is owed."""
    words, dani = life.words, life.at(f"spaces/lived-{life.lang}/questions/", "dani")
    dani.look("questions-none").follow("Ask the brand something").look("question-ask")
    dani.write("Your question, or the contradiction that you see", words["question"])
    dani.write("What makes you ask", words["question_body"]).press("Ask it").look("question-asked")
    asked = dani.path
    for who in ("anna", "ben"):
        life.at(asked, who).press("I ask this too")
    ben = life.here("ben").look("question-reached").press("Leave it").press("I ask this too")
    owed = life.said("Enough people asked: an answer by name is owed by %(day)s.").partition("%")[0]
    ben.reads(owed)
    return asked


def answered_late(life: Life, asked: str) -> None:
    """Nobody answers in time: that shows by itself. Rémi answers under his name; how late it came stays."""
    words = life.words
    life.later(18)
    late = life.many("%(n)s day late", "%(n)s days late", 4) % {"n": 4}
    life.at(asked).reads(late).look("question-late")
    remi = life.at("to-keep/", "remi").reads(words["question"]).look("desk-question")
    remi.page.goto(f"/{life.lang}/{asked}")
    remi.write("Your answer", words["answer"]).look("question-to-answer").press("Answer in my name")
    remi.reads(words["answer"], "Rémi Faure").look("question-answered-late")
    stays = life.many("%(n)s day late", "%(n)s days late", 4) % {"n": 4}
    life.at(asked, "dani").reads(stays).look("question-answered")
    life.at(f"spaces/lived-{life.lang}/questions/?order=answered").look("questions-answered")
