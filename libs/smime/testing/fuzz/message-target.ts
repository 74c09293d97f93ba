// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import {
  softwareUnwrapper,
  UnopenableMessageError,
  type Layer,
  type Opening,
  type Unwrapper,
} from '../../index.ts';
import { openBytes } from '../opening.ts';
import { publishedCertificate, publishedKey } from '../published.ts';
import { Finding, wordsOf, type Target } from './target.ts';

const PEOPLE = ['alice', 'bob', 'carlos', 'dana'];
const LEGACY = ['md5', 'sha1', 'rsa-1024', '3des'] as const;
/** What the messages of the corpus say: nobody else signed or sealed anything for these people. */
const GENUINE = new Set([
  '',
  'This is some sample content.',
  'Content-Type: text/plain\r\n\r\nPay 100\r\n',
  'Content-Type: message/rfc822; forwarded=no\r\n\r\nFrom: a@a.example\r\nSubject: x\r\n\r\nPay 100\r\n',
  [
    ...['From: carlos@smime.example', 'Subject: Secret', 'HP-Outer: From: carlos@smime.example'],
    ...['HP-Outer: Subject: [...]', 'Content-Type: text/plain;', ' hp="cipher"', '', 'Pay 100', ''],
  ].join('\r\n'),
]);
/** What compressed content may grow to (expansion-budget.ts). */
const FREE = 1024 * 1024;
const MAX_RATIO = 100;

/** Opens messages with the keys of RFC 9216 and all that is weak, and sees that none is taken for genuine wrongly. */
export function messageTarget(): Target {
  let keys: Promise<Unwrapper[]> | null = null;
  return {
    words: wordsOf(
      ...[
        'Content-Type: application/pkcs7-mime; smime-type=',
        'multipart/signed; boundary="b"; micalg=sha-256',
      ],
      ...[
        'compressed-data',
        'enveloped-data',
        'certs-only',
        '\r\n--b\r\n',
        '\r\n--b--\r\n',
        '\r\n\r\n',
        'MIAG',
        'AAAA',
      ],
      ...['message/rfc822; forwarded=no', '; hp="cipher"', '; hp-legacy-display="1"', 'HP-Outer: ', 'From: '],
      ...['3080', '2480', 'a080', '0000', '06092a864886f70d010702', '06092a864886f70d010703'].map((hex) =>
        Buffer.from(hex, 'hex'),
      ),
    ),
    refuses: (error) => error instanceof UnopenableMessageError || error instanceof MalformedMessageError,
    run: async (input) => {
      keys ??= Promise.all(PEOPLE.map(unwrapperOf));
      const options: Omit<Opening<Buffer>, 'keep'> = { unwrappers: await keys, legacy: LEGACY };
      const { kept, layers } = await openBytes(input, options, 300);
      if (kept.length > FREE + input.length * MAX_RATIO) throw new Finding('the content grew');
      if (isGenuine(layers) && !GENUINE.has(kept.toString('latin1'))) {
        throw new Finding('a content that nobody made is taken for genuine');
      }
    },
  };
}

export const unwrapperOf = async (person: string): Promise<Unwrapper> =>
  softwareUnwrapper({
    key: await publishedKey('rfc9216', `${person}.decrypt.key`),
    certificate: await publishedCertificate('rfc9216', `${person}.encrypt.crt`),
  });

/** Whether a reader would believe that somebody made just this: by a signature, or by a tag. */
const isGenuine = (layers: readonly Layer[]) =>
  layers.some(
    (layer) =>
      (layer.kind === 'signed' && layer.signatures.some(({ verified }) => verified)) ||
      (layer.kind === 'encrypted' && layer.authenticated),
  );
