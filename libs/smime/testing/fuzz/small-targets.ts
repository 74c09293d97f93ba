// SPDX-License-Identifier: Apache-2.0
import { BerError } from '../../asn1/ber-error.ts';
import { BerReader } from '../../asn1/ber-reader.ts';
import { toDer } from '../../asn1/ber-to-der.ts';
import type { ByteQueue } from '../../asn1/byte-queue.ts';
import { children, DerError, readDer, readOid } from '../../asn1/der.ts';
import { readAlgorithm, readSmallInteger } from '../../asn1/fields.ts';
import { readTime } from '../../asn1/read-time.ts';
import { readCertificates } from '../../certificates/read-certificates.ts';
import { UnreadableCertificateError } from '../../errors.ts';
import { run, taken, type Waiting } from '../../flow/flow.ts';
import { takeEntityHeader } from '../../mime/entity-header.ts';
import { AmbiguousBoundaryError, untilDelimiter } from '../../mime/multipart.ts';
import { entityKind, isSignaturePart } from '../../open/smime-layer.ts';
import { UnopenableMessageError } from '../../open/unopenable.ts';
import { certificateOf } from '../../index.ts';
import { queueOf } from '../in-chunks.ts';
import { Finding, wordsOf, type Target } from './target.ts';

/** Cuts that no reader may mind. */
const CUTS = [[1], [7, 1, 100], [64 * 1024]];

/** What a reader makes of an input, however it is cut; an error counts as its name. */
async function however(input: Buffer, read: (queue: ByteQueue) => Waiting<string>): Promise<void> {
  const results = new Set<string>();
  let failure: { error: unknown } | null = null;
  for (const sizes of CUTS) {
    try {
      results.add(await run(read(queueOf(input, ...sizes))));
    } catch (error) {
      failure = { error };
      results.add(`threw ${error instanceof Error ? `${error.name} ${error.message}` : 'something'}`);
    }
  }
  if (results.size > 1)
    throw new Finding(`it depends on the cuts: ${[...results].join(' / ').slice(0, 300)}`);
  if (failure !== null) throw failure.error;
}

const DER_WORDS = wordsOf(
  ...[
    '3080',
    '0000',
    '2480',
    'a080',
    '0400',
    '30840000',
    '308800000000',
    '3100',
    '020100',
    '0500',
    '1f81',
    '0303',
  ].map((hex) => Buffer.from(hex, 'hex')),
);

const ber: Target = {
  words: DER_WORDS,
  refuses: (error) => error instanceof BerError || error instanceof DerError,
  run: async (input) => {
    await however(input, function* (queue) {
      const reader = new BerReader(queue, 100_000);
      let text = '';
      const walk = function* (depth: number): Waiting<void> {
        for (let header = yield* reader.next(); header !== null; header = yield* reader.next()) {
          text += ` ${header.tag.toString(16)}`;
          if ((header.tag & 0x20) !== 0 && (header.tag & ~0x20) !== 0x04 && depth < 3) {
            reader.enter(header);
            yield* walk(depth + 1);
            yield* reader.leave();
          } else if (header.tag % 2 === 0) {
            yield* taken(reader.octets(header), (octets) => {
              text += octets.toString('hex');
            });
          } else text += (yield* reader.value(header)).bytes.toString('hex');
          if (depth === 0 && !(yield* queue.has(1))) return;
        }
      };
      yield* walk(0);
      return text;
    });
    for (const value of children(readDer(toDer(input)))) {
      for (const read of [readOid, readAlgorithm, readSmallInteger, readTime, children])
        attempt(() => read(value));
    }
  },
};

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
}

const multipart: Target = {
  words: wordsOf('\r\n--b\r\n', '\n--b--\r\n', '--b', '\r', '\n', '\r\n--b  \r\n', '--bb\r\n', '\r\n\r\n'),
  refuses: (error) => error instanceof AmbiguousBoundaryError,
  run: (input) =>
    however(input, function* (queue) {
      const parts: string[] = [];
      for (;;) {
        const chunks: Buffer[] = [];
        const end = yield* taken(untilDelimiter(queue, 'b', true), (chunk) => chunks.push(chunk));
        const bytes = Buffer.concat(chunks);
        if (/(?<!\r)\n/.test(bytes.toString('latin1'))) throw new Finding('a bare LF came out');
        parts.push(`${bytes.toString('hex')} ${end}`);
        if (end === 'cut-off' || !(yield* queue.has(1))) return parts.join('\n');
      }
    }),
};

const certificate: Target = {
  words: DER_WORDS,
  refuses: (error) => error instanceof UnreadableCertificateError,
  run: (input) =>
    Promise.resolve().then(() => {
      readCertificates(input);
      certificateOf(input);
    }),
};

const header: Target = {
  words: wordsOf(
    ...[
      'Content-Type: ',
      'application/pkcs7-mime',
      '; smime-type=',
      'multipart/signed',
      '; boundary="',
      '\\"',
      '\r\n',
    ],
    ...[
      '\r\n ',
      '\n\t',
      '\r\n\r\n',
      'protocol="application/pkcs7-signature"',
      '=?utf-8?B?AA==?=',
      '; name=x.p7m',
      '"',
    ],
    ...['Content-Disposition: attachment; filename=', 'application/octet-stream', '\r', '\0', ': '],
  ),
  refuses: (error) => error instanceof UnopenableMessageError,
  run: (input) =>
    however(input, function* (queue) {
      const { header: read, bytes } = yield* takeEntityHeader(queue);
      const start = `${bytes.length} `;
      if (read instanceof Error) return `${start}${read.message}`;
      return `${start}${JSON.stringify(entityKind(read, 0))} ${isSignaturePart(read)}`;
    }),
};

export const SMALL_TARGETS = { ber, multipart, certificate, header };
