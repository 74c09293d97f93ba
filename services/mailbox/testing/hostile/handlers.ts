// SPDX-License-Identifier: Apache-2.0

/** Elements whose handler runs by itself, as soon as they are shown, fail, or get the focus. */
const BY_THEMSELVES = [
  ['img src=x', 'onerror'],
  ['img src=data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'onload'],
  ['svg', 'onload'],
  ['body', 'onload'],
  ['body', 'onpageshow'],
  ['body', 'onfocus'],
  ['iframe', 'onload'],
  ['iframe srcdoc=x', 'onload'],
  ['object data=x', 'onerror'],
  ['object data=data:text/plain,x', 'onload'],
  ['embed src=data:text/plain,x', 'onload'],
  ['video src=x', 'onerror'],
  ['audio src=x', 'onerror'],
  ['audio src=x', 'onloadstart'],
  ['video poster=x src=x', 'onloadstart'],
  ['input autofocus', 'onfocus'],
  ['select autofocus', 'onfocus'],
  ['textarea autofocus', 'onfocus'],
  ['button autofocus', 'onfocus'],
  ['a href=x autofocus tabindex=0', 'onfocus'],
  ['p contenteditable autofocus tabindex=0', 'onfocusin'],
  ['details open', 'ontoggle'],
  ['marquee', 'onstart'],
  ['marquee loop=1 width=0', 'onfinish'],
  ['link rel=stylesheet href=x', 'onerror'],
  ['script src=x', 'onerror'],
  ['style', 'onload'],
  ['image src=x', 'onerror'],
  ['input type=image src=x', 'onerror'],
  ['p style="animation:x 1ms" tabindex=0', 'onanimationstart'],
  ['video controls autoplay', 'onwaiting'],
] as const;
/** Elements whose handler wants somebody: none of them may be left either. */
const BY_SOMEBODY = [
  ...['onclick', 'onmouseover', 'onmouseenter', 'onpointerdown', 'ontouchstart', 'onwheel', 'onkeydown'],
  ...['oncopy', 'oncut', 'onpaste', 'ondrag', 'onbeforeinput', 'onselectionchange', 'oncontextmenu'],
  ...['onauxclick', 'ondblclick', 'onscrollend', 'onbeforematch', 'oncontentvisibilityautostatechange'],
];

/** Ways to write the same handler that programs have read in different ways. */
const WRITTEN = [
  (element: string, handler: string) => `<${element} ${handler}=RUN>`,
  (element: string, handler: string) => `<${element} ${handler.toUpperCase()}="RUN">x</${element}>`,
  (element: string, handler: string) => `<${element}\n/\t${handler}\n=\n'RUN'>`,
];

export const HANDLERS: readonly string[] = [
  ...BY_THEMSELVES.flatMap(([element, handler]) => WRITTEN.map((write) => write(element, handler))),
  ...BY_SOMEBODY.map((handler) => `<p ${handler}="RUN" style="width:100%">words</p>`),
  '<style>@keyframes x{}</style><p style="animation-name:x" onanimationend="RUN">x</p>',
  '<p id=x style="transition:color 1ms" ontransitionend=RUN>x</p>',
  '<svg><animate onbegin=RUN attributeName=x dur=1s>',
  '<svg><set onbegin=RUN attributeName=x>',
  '<svg><animate onend=RUN attributeName=x dur=1ms>',
  '<svg><a><rect width=99 height=99 onclick=RUN></a></svg>',
  '<math><maction actiontype=statusline onmouseover=RUN>x</maction></math>',
  '<xss onfocus=RUN autofocus tabindex=1>x</xss>',
  '<xss style="display:block" oncontentvisibilityautostatechange=RUN>x</xss>',
  '<input type=hidden oncontentvisibilityautostatechange=RUN style=content-visibility:auto>',
  '<a href="#" id=x tabindex=1 onfocus=RUN>x</a><meta http-equiv=refresh content="0;#x">',
];
