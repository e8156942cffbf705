from browser.place import Visit
def test_shots(chromium, place):
    for who, path, width, scheme, name in (
        ("lead","/en/questions/{asked[owed]}/",1440,"light","q"),
        ("lead","/fr/challenges/{challenges[open]}/answers/",1440,"light","answers"),
        ("","/fr/ideas/{ideas[head]}/",360,"dark","idea"),
        ("member","/fr/me/contributions/",1440,"light","mine"),
        ("","/fr/outcomes/{outcome}/",1440,"light","outcome"),
        ("","/fr/challenges/{challenges[open]}/widget/",420,"light","widget"),
        ("lead","/en/to-keep/",1440,"light","desk"),
        ("lead","/en/promises/{promises[late]}/",1440,"light","pledge"),
    ):
        v = Visit(chromium, place)
        page = v.page(width=width, scheme=scheme, **({"who": who} if who else {})) if False else v.page(width=width, scheme=scheme)
        import urllib.parse
        if who:
            page.context.add_cookies([{"name": k, "value": val, "url": place.address} for k, val in place.cookies(who).items()])
        page.goto(path.format_map(place.told))
        page.screenshot(path=f"/tmp/loop/shot-{name}.png", full_page=True)
        v.close()
