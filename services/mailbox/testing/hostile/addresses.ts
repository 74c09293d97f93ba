// SPDX-License-Identifier: Apache-2.0

/** Ways to write an address that runs. */
const RUNNING = [
  'javascript:RUN',
  'JaVaScRiPt:RUN',
  ' javascript:RUN',
  '&#1;javascript:RUN',
  'java&#9;script:RUN',
  'java&#10;script:RUN',
  'java&#13;script:RUN',
  '&#106;&#97;vascript&colon;RUN',
  '&#x6A;avascript&#58;RUN',
  'javascript&colon;&lpar;RUN&rpar;',
  'javascript://%0aRUN',
  'javascript:/*--></title></style>*/RUN',
  'view-source:javascript:RUN',
  'feed:javascript:RUN',
  'jar:javascript:RUN',
  'vbscript:RUN',
  'livescript:RUN',
  'mhtml:javascript:RUN',
  'data:text/html,<script>RUN</script>',
  'data:text/html;charset=utf-7,+ADw-script+AD4-RUN+ADw-/script+AD4-',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="RUN"/>',
  'data:application/xhtml+xml,<x:script xmlns:x="http://www.w3.org/1999/xhtml">RUN</x:script>',
  'data:text/xml,<x:script xmlns:x="http://www.w3.org/1999/xhtml">RUN</x:script>',
  'blob:null/RUN',
  'filesystem:http://x/RUN',
];
/** Where such an address is followed without anybody. */
const FOLLOWED = [
  (address: string) => `<iframe src='${address}'></iframe>`,
  (address: string) => `<object data='${address}'></object>`,
  (address: string) => `<embed src='${address}'>`,
  (address: string) => `<meta http-equiv=refresh content='0;url=${address}'>`,
];
/** Where somebody has to follow it. */
const OFFERED = [
  (address: string) => `<a href='${address}'>words</a>`,
  (address: string) => `<form action='${address}'><button>words</button></form>`,
  (address: string) => `<button form=f formaction='${address}'>words</button><form id=f></form>`,
  (address: string) => `<svg><a xlink:href='${address}'><text y=20>words</text></a></svg>`,
  (address: string) => `<map name=m><area href='${address}' coords=0,0,9,9></map><img usemap=#m>`,
  (address: string) => `<math href='${address}'><mtext>words</mtext></math>`,
];

export const ADDRESSES: readonly string[] = [
  ...RUNNING.flatMap((address, index) => [
    FOLLOWED[index % FOLLOWED.length]?.(address) ?? '',
    OFFERED[index % OFFERED.length]?.(address) ?? '',
    `<a href='${address}'>words</a>`,
  ]),
  '<iframe srcdoc="&lt;script&gt;RUN&lt;/script&gt;"></iframe>',
  '<iframe srcdoc="&lt;img src=x onerror=RUN&gt;"></iframe>',
  '<iframe srcdoc="&lt;img src=OUT&gt;" sandbox></iframe>',
  '<svg><use href="data:image/svg+xml,<svg id=x xmlns=\'http://www.w3.org/2000/svg\'><image href=x onerror=RUN /></svg>#x"></svg>',
  '<svg><script href="data:text/javascript,RUN"></script></svg>',
  '<svg><script>RUN</script></svg>',
  '<svg><foreignObject><script>RUN</script></foreignObject></svg>',
  '<svg><animate xlink:href=#x attributeName=href values=javascript:RUN /><a id=x><text y=20>x</text></a></svg>',
  '<script>RUN</script>',
  '<SCRIPT>RUN</SCRIPT >',
  '<script/x>RUN</script>',
  '<script\t>RUN</script\n>',
  '<script type=module>RUN</script>',
  '<script src="data:text/javascript,RUN"></script>',
  '<script>//<![CDATA[\nRUN\n//]]></script>',
  '<<script>RUN//<</script>',
  '<scr<script>ipt>RUN</scr</script>ipt>',
  '<script x="</script><script>RUN</script>">',
  '<base href="javascript:/a/-RUN"><a href="x">words</a>',
  '<isindex action=javascript:RUN type=submit>',
];
