// SPDX-License-Identifier: Apache-2.0
import { Address, Language } from '@securemail/contracts';
import { codeMail, noticeMail, notificationMail, type MailFacts } from './mails.ts';

const SITE = 'https://post.demo.example';
const LINK = `${SITE}/mailbox/m/${'x'.repeat(43)}`;
const facts: MailFacts = {
  look: {
    name: 'Ø & <Co> "Kommune"',
    colours: { accent: '#0b4a8f', banner: '#7a1c1c', onBanner: '#ffffff' },
    help: 'Call 70 10 <20> 30.\nMonday to Friday.',
  },
  from: Address.parse('securemail@demo.example'),
  to: Address.parse('bo@citizen.example'),
  language: 'en',
  at: new Date('2026-11-29T10:00:00Z'),
  messageId: '<x@demo.example>',
};
const endsAt = new Date('2027-02-27T10:00:00Z');
const PAGE = `${SITE}/mailbox/o/demo`;
const urls = (text = '') => text.match(/\bhttps?:\/\/[^\s"<>]+/g) ?? [];

describe.each(Language.options)('in %s', (language) => {
  const notification = notificationMail({ ...facts, language }, { site: SITE, link: LINK, endsAt });
  const code = codeMail({ ...facts, language }, { code: '012345', minutes: 10 });

  it('a notification has its one link, says until when, and how to check that it is genuine', () => {
    expect(notification.subject).toContain(facts.look.name);
    expect(urls(notification.text)).toEqual([LINK, 'https://post.demo.example/.']);
    expect(urls(notification.html)).toEqual([LINK, 'https://post.demo.example/.']);
    expect(notification.html?.match(/href=/g)).toHaveLength(1);
    expect(notification.text).toMatch(/27\.? (February|februar|Februar) 2027 (at|kl\.|um) 10[:.]00 UTC/);
  });

  it('a code stands in the mail and not in its subject, beside no link at all', () => {
    expect(code.text).toContain('\n  012345\n');
    expect(code.html).toContain('>012345<');
    expect(code.subject).not.toContain('012345');
    expect(urls(code.text)).toEqual([]);
    expect(code.html).not.toMatch(/href|src/);
    expect(code.text).toMatch(/10 min/i);
  });

  it.each([
    ['passkey', 'added'],
    ['passkey', 'removed'],
    ['password', 'added'],
    ['password', 'removed'],
  ] as const)('a notice says that a %s was %s, and has no link to press', (kind, change) => {
    const { text = '', html = '' } = noticeMail({ ...facts, language }, { kind, change, page: PAGE });
    expect(text).toMatch(kind === 'passkey' ? /passkey|adgangsnøgle/i : /passwor[dt]|adgangskode/i);
    expect(urls(text)).toEqual([PAGE]);
    expect(html).not.toMatch(/href|src|<p><\/p>/);
    const others = ['added', 'removed'].filter((each) => each !== change);
    for (const other of others as (typeof change)[])
      expect(noticeMail({ ...facts, language }, { kind, change: other, page: PAGE }).text).not.toBe(text);
  });

  it.each([notification, code])('the name of the organisation is text', ({ html, text, from }) => {
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('Ø &amp; &lt;Co&gt; &quot;Kommune&quot;');
    expect(html).not.toContain('<Co>');
    expect(text).toContain(facts.look.name);
    expect(from.name).toBe(facts.look.name);
  });

  it.each([notification, code])(
    'it has the colours of the organisation, and says whom to ask',
    ({ html, text }) => {
      expect(html).toContain('background:#7a1c1c;color:#ffffff');
      expect(html).toContain('<p>Call 70 10 &lt;20&gt; 30.<br>Monday to Friday.</p>');
      expect(text).toMatch(/\n\nCall 70 10 <20> 30\.\nMonday to Friday\.\n$/);
    },
  );
});
