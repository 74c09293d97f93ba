// SPDX-License-Identifier: Apache-2.0
import { ADDRESSES } from './addresses.ts';
import { HANDLERS } from './handlers.ts';
import { LOADS } from './loads.ts';
import { HOSTILE_MAILS, MAIL_PAYLOAD } from './mails.ts';
import { MUTATIONS } from './mutations.ts';
import { STYLES } from './styles.ts';

export interface Hostile {
  /** What says that its script has run. */
  ran: string;
  /** The path below the listener that it asks for. */
  out: string;
  /** The whole mail. */
  mail: string;
  /** Its HTML, where that is all that there is to it; null for what is made of more. */
  html: string | null;
}

const HEADER = [
  'From: Anna <anna@demo.example>',
  'To: Bo <bo@citizen.example>',
  'Date: Fri, 27 Nov 2026 09:30:00 +0100',
  'MIME-Version: 1.0',
];

/**
 * Mails that want to run something, to ask for something elsewhere, or to look like something else; after public lists (OWASP's
 * and PortSwigger's cheat sheets, html5sec.org, the findings of mutation XSS) and of our own. In each, RUN stands for what
 * says that it ran, OUT for an address that is listened at, REST for the same without its scheme.
 *
 * @param listener where requests that leave would come, such as `http://127.0.0.1:1234`.
 */
export function hostileMails(listener: string): Hostile[] {
  const html = new Set([...HANDLERS, ...ADDRESSES, ...LOADS, ...STYLES, ...MUTATIONS]);
  const wholes = HOSTILE_MAILS.map((mail) => ({ lines: mail(MAIL_PAYLOAD), html: null }));
  const parts = [...html].map((each) => ({
    lines: ['Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64', '', each],
    html: each,
  }));
  return [...parts, ...wholes].map(({ lines, html: shown }, index) => {
    const ran = String(900_000_000 + index);
    const out = `/${index}.png`;
    const filled = (text: string) =>
      text
        .replaceAll('RUN', `console.log(${ran})`)
        .replaceAll('OUT', `${listener}${out}`)
        .replaceAll('REST', `${listener.replace(/^http:\/\//, '')}${out}`);
    const body = shown === null ? null : filled(shown);
    const written =
      body === null
        ? lines.map(filled)
        : [...lines.slice(0, -1), Buffer.from(body).toString('base64').replaceAll(/.{76}/g, '$&\r\n')];
    return { ran, out, html: body, mail: [...HEADER, ...written, ''].join('\r\n') };
  });
}
