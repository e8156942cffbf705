"""Chapters of a lived challenge: it is set up and opened; members propose, improve, discuss, write together."""

from pathlib import Path

from browser.lived import Life

PHASES = (("propose", 0, 6), ("build", 7, 13), ("vote", 14, 20), ("decide", 21, 40), ("made", 41, 80))


def opened(life: Life) -> str:
    """Léa is led through the set-up, step after step, and opens the challenge. Returns its address."""
    words, lea = life.words, life.at(f"spaces/lived-{life.lang}/", "lea")
    lea.look("space-empty").follow("Prepare a challenge").look("challenge-new")
    lea.write("Title", words["title"]).press("Begin")
    lea.write("The problem", words["problem"]).write("What is known", words["known"])
    lea.tick("You choose among options").tick("Idea").tick("Creation")
    lea.look("set-up-question").press("Save and go on")
    lea.write("What is decided already", words["decided"]).write("What is off the table", words["off_table"])
    lea.look("set-up-frame").press("Save and go on")
    lea.write("Who decides", words["decider"]).write("With what resources", words["resources"])
    lea.write("Answered by", life.day(40)).look("set-up-means").press("Save and go on")
    for name, first, last in PHASES:
        lea.page.fill(f"[name={name}_starts]", life.day(first))
        lea.page.fill(f"[name={name}_ends]", life.day(last))
    lea.look("set-up-calendar").press("Save and go on")
    lea.look("set-up-deal").follow("It stays yours, and we may make it").press("Save and go on")
    lea.look("set-up-vote").follow("Prepare a vote").look("vote-methods")
    lea.follow("Approve as many as you like").write("The question of the vote", words["vote"])
    lea.tick("Everything that stands in the challenge when the vote begins").look("vote-rules")
    lea.press("Save, and say what is up for the vote").look("vote-set-up")
    lea.follow("Go on with the challenge").look("set-up-look").press("Open the challenge")
    lea.says("It is open. From now on what it says stays as it is.").look("challenge-for-its-lead")
    life.at(lea.path).says("Your say here").look("challenge-for-a-stranger")
    return lea.path


def proposed(life: Life, challenge: str, sketch: Path) -> str:
    """Anna writes on what is saved as she goes, adds a picture, agrees to the deal, publishes."""
    words, anna = life.words, life.at(challenge, "anna")
    anna.follow("Give something").look("write")
    anna.page.locator("#title").press_sequentially(words["latch"])
    anna.page.fill("#body", words["latch_body"])
    anna.page.get_by_text(life.said("Saved."), exact=True).wait_for()
    life.at("drafts/", "anna").reads(words["latch"]).look("drafts").follow("Go on writing")
    assert anna.page.input_value("#body") == words["latch_body"]
    anna.unfold("Add a picture").page.set_input_files("[name=picture]", sketch)
    anna.page.fill("[name=alt]", words["alt"])
    anna.press("Add the picture").look("draft")
    anna.press("Publish").says("Read it, and tick that you agree.").look("draft-without-deal")
    anna.tick("I have read the deal, and agree to it.").press("Publish").says("Published. Thank you.")
    assert anna.page.locator(".prose img").evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    anna.look("idea-new")
    return anna.path


def proposed_alike(life: Life, challenge: str) -> str:
    """Ben types what Anna gave already: he is shown hers, supports it instead, and gives something else."""
    words, ben = life.words, life.at(challenge, "ben")
    ben.follow("Give something").page.locator("#title").press_sequentially(words["latch_near"])
    ben.says("There is something like this already").look("write-similar").press("Support that")
    ben.reads(words["latch"]).look("idea-supported")
    life.at(challenge, "ben").follow("Give something")
    ben.write("Title", words["screw"]).write("Your words", words["screw_body"])
    ben.tick("I have read the deal, and agree to it.").press("Publish").says("Published. Thank you.")
    return ben.path


def improved(life: Life, latch: str) -> None:
    """Chloé changes Anna's words as she would have them, and agrees to the deal; Anna adopts that in one click."""
    words, chloe = life.words, life.at(latch, "chloe")
    text = chloe.follow("Offer an improvement").page.input_value("#body")
    picture = text.partition("\n\n![")
    chloe.write("The words", words["latch_better"] + picture[1] + picture[2])
    chloe.write("Why it is better so", words["why_better"]).look("improve")
    chloe.tick("I have read the deal, and agree to it.").press("Offer it").look("idea-improvement-offered")
    anna = life.at(latch, "anna").reads("Chloé Petit").look("idea-improvement-to-adopt").press("Adopt it")
    anna.reads("Chloé Petit").look("idea-adopted")
    assert life.said("improved it") in anna.page.locator(".people").first.inner_text()
    anna.page.locator(f"a[href$='{latch}versions/']").first.click()
    anna.reads(life.said("with an improvement by %(name)s", name="Chloé Petit")).look("versions")


def talked(life: Life, latch: str) -> None:
    """Members speak with each other: a question to somebody by name, who tried it, an answer."""
    words = life.words
    dani = life.at(latch, "dani").write("What do you say?", words["asked"]).choose("What is it?", "Question")
    dani.press("Say it").reads(words["asked"].partition(",")[2].strip())
    ben = (
        life.at(latch, "ben")
        .write("What do you say?", words["tried"])
        .choose("What is it?", "I have tried it")
    )
    ben.press("Say it").reads(words["tried"])
    anna = life.at(latch, "anna")
    anna.follow("Answer", inside=anna.page.locator(".comment", has_text="Dani Silva")).write(
        "Your answer", words["answered"]
    )
    anna.look("idea-answering").press("Say it").reads(words["answered"]).look("idea-discussed")


def written_together(life: Life, latch: str) -> None:
    """Anna asks Chloé to write it with her; Chloé, who agreed to the deal before, accepts."""
    anna = life.at(latch, "anna").follow("Authors").write("Name", "Chloé Petit").look("authors").press("Ask")
    assert "Chloé Petit" in anna.page.inner_text("main")
    chloe = life.at("drafts/", "chloe").look("drafts-invited").follow("Answer").look("invitation")
    chloe.press("Accept")
    chloe.look("idea-written-together")
    assert "Chloé Petit" in chloe.page.locator(".people").first.inner_text()


def built_on(life: Life, latch: str) -> str:
    """Dani builds on it, supports it with one click, and follows it."""
    words, dani = life.words, life.at(latch, "dani")
    dani.page.get_by_role("button", name=life.said("I support it")).click()
    dani.page.locator("button[aria-pressed=true]").wait_for()
    dani.follow("Build on it").look("write-built-on")
    dani.write("Title", words["strap"]).write("Your words", words["strap_body"])
    dani.tick("I have read the deal, and agree to it.").press("Publish").says("Built on").look(
        "idea-built-on"
    )
    return dani.path


def brought_together(life: Life, latch: str, strap: str) -> None:
    """Ben proposes that two are one; all authors of each agree, and they are. Nothing of either is lost by that."""
    words, ben = life.words, life.at(latch, "ben").follow("Bring together with another one")
    ben.write("Look for another one", words["strap_word"]).press("Search").tick(words["strap"]).look(
        "together"
    )
    ben.press("Go on to the words").write("Title", words["merge_title"])
    ben.write("Why they belong together", words["merge_why"]).look("together-words").press("Propose it")
    proposal = ben.path
    life.at(proposal, "dani").lacks("@m-").look("merge-to-agree").press("I agree")
    life.at(proposal, "chloe").press("I agree").reads("Anna Weber")
    life.at(proposal, "anna").press("I agree").look("merge-done")
    head = (
        life.at(latch).reads(words["merge_title"], words["strap"], "Dani Silva").look("idea-brought-together")
    )
    assert head.page.locator(".support .count").inner_text().startswith("2")
    part = life.at(strap)
    assert part.path == latch or part.page.locator(f"main a[href$='{latch}']").count()
    part.look("idea-part")


def taken_apart(life: Life, latch: str, strap: str) -> None:
    """Dani thinks better of it: what goes back where is shown first, and then everything is in its place again."""
    words, dani = (
        life.words,
        life.at(latch, "dani").follow("How it came about").follow("Take them apart again"),
    )
    dani.write("Why they are better apart", words["unmerge_why"]).look("take-apart").press("Take them apart")
    dani.look("merge-undone")
    life.at(latch).reads(words["latch"], words["answered"]).look("idea-apart")
    life.at(strap).reads(words["strap_body"]).lacks(life.said("This was brought together with others:"))
