// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { createReceivedCast, type ReceivedCast } from './testing/received-cast.ts';
import { arrive } from './testing/received-mail.ts';
import {
  anna,
  bo,
  detachedEntity,
  encryptedEntity,
  HTML,
  mail,
  opaqueEntity,
  TEXT,
} from './testing/received/case.ts';

const MAILS = 6_000;
const PARTS = `Content-Type: multipart/alternative; boundary="in"\r\n\r\n--in\r\n${TEXT}\r\n--in\r\n${HTML}\r\n--in--\r\n`;
const HIDDEN = `From: Bo <bo@citizen.example>\r\nSubject: Journal\r\n${TEXT.replace('charset', 'hp="cipher"; charset')}`;

const SEEDS = [
  mail(detachedEntity(TEXT, bo, { shape: 'thunderbird' }), { shape: 'thunderbird' }),
  mail(detachedEntity(PARTS, bo, { shape: 'appleMail' }), { shape: 'appleMail' }),
  mail(opaqueEntity(TEXT, bo, { shape: 'outlook' }), { shape: 'outlook' }),
  mail(opaqueEntity(PARTS, bo, {}, '-stream')),
  mail(encryptedEntity(detachedEntity(TEXT))),
  mail(encryptedEntity(opaqueEntity(HIDDEN), anna, {}, '-aes-256-gcm')),
  mail(encryptedEntity(HTML)),
  mail(detachedEntity(TEXT, ({ issued }) => issued.kim)),
  mail(PARTS),
];
/** Lines that mean something to whoever reads mail. */
const LINES = [
  'From: bo@citizen.example',
  'From: kim@citizen.example',
  'Subject: Pay now',
  'Content-Type: text/html',
  'Content-Type: multipart/mixed; boundary="in"',
  'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="in"',
  'Content-Type: application/pkcs7-mime',
  'Content-Type: message/rfc822',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: binary',
  'X-SecureMail-Verdict: valid',
  '--in',
  '--in--',
  '------------ms030207080905010206040801',
  '------------ms030207080905010206040801--',
  '<img src="http://evil.example/?',
  '',
  '.',
];

type Mutation = (message: Buffer, others: readonly Buffer[]) => Buffer;
/** A place in it, as a share of its length: most of a mail is base64, so half of them are within its first tenth. */
const place = fc.oneof(
  fc.double({ min: 0, max: 0.1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const octet = (message: Buffer, at: number) => Math.floor(at * message.length);
const lines = (message: Buffer) => message.toString('latin1').split('\r\n');
const joined = (all: readonly string[]) => Buffer.from(all.join('\r\n'), 'latin1');

const flip = fc.tuple(place, fc.nat(7)).map(([at, bit]): Mutation => (message) => {
  const copy = Buffer.from(message);
  const index = octet(copy, at);
  if (index < copy.length) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
});
const cut = fc.tuple(place, fc.integer({ min: 1, max: 400 })).map(([at, length]): Mutation => (message) => {
  const start = octet(message, at);
  return Buffer.concat([message.subarray(0, start), message.subarray(start + length)]);
});
const splice = fc.tuple(fc.nat(), place, place).map(([which, at, from]): Mutation => (message, others) => {
  const other = others[which % others.length] ?? message;
  return Buffer.concat([message.subarray(0, octet(message, at)), other.subarray(octet(other, from))]);
});
const addLine = fc.tuple(place, fc.constantFrom(...LINES)).map(([at, line]): Mutation => (message) => {
  const all = lines(message);
  return joined(all.toSpliced(Math.floor(at * all.length), 0, line));
});
const dropLine = place.map((at): Mutation => (message) => {
  const all = lines(message);
  return joined(all.toSpliced(Math.floor(at * all.length), 1));
});
const moveLines = fc
  .tuple(place, place, fc.integer({ min: 1, max: 30 }))
  .map(([from, to, count]): Mutation => (message) => {
    const all = lines(message);
    const taken = all.splice(Math.floor(from * all.length), count);
    return joined(all.toSpliced(Math.floor(to * all.length), 0, ...taken));
  });
const copyLines = fc
  .tuple(place, place, fc.integer({ min: 1, max: 30 }))
  .map(([from, to, count]): Mutation => (message) => {
    const all = lines(message);
    const start = Math.floor(from * all.length);
    return joined(all.toSpliced(Math.floor(to * all.length), 0, ...all.slice(start, start + count)));
  });
const mutations = fc.array(fc.oneof(flip, cut, splice, addLine, dropLine, moveLines, copyLines), {
  minLength: 1,
  maxLength: 4,
});

let cast: ReceivedCast;
let seeds: readonly Buffer[];
beforeAll(async () => {
  cast = await createReceivedCast();
  seeds = await Promise.all(SEEDS.map(async (make) => Buffer.from(await make(cast))));
});
afterAll(() => cast.close());

const isSigned = ({ verdict }: { verdict: string }) => verdict === 'valid' || verdict === 'valid-but';

const shownIn = async (message: Buffer) => {
  const { text, html, attachments } = await simpleParser(message);
  return JSON.stringify([
    text?.trim(),
    html,
    attachments.filter(({ filename }) => filename !== 'smime.p7s').length,
  ]);
};

it(`${MAILS} mails, changed on their way, crash nothing, and none is valid, or valid but something, with what nobody signed`, async () => {
  const { directory } = cast;
  const arrived = await Promise.all(seeds.map((seed) => arrive(seed, { directory })));
  const signed = new Set(
    await Promise.all(arrived.filter(({ data }) => isSigned(data)).map(({ message }) => shownIn(message))),
  );
  expect(signed.size).toBeGreaterThan(1);
  const verdicts = new Map<string, number>();
  const property = fc.asyncProperty(fc.nat(SEEDS.length - 1), mutations, async (which, changes) => {
    const original = seeds[which] ?? Buffer.alloc(0);
    const changed = changes.reduce((message, change) => change(message, seeds), original);
    try {
      const { data, message } = await arrive(changed, { directory });
      verdicts.set(data.verdict, (verdicts.get(data.verdict) ?? 0) + 1);
      if (data.reservations.includes('unauthenticated-encryption'))
        expect((await simpleParser(message)).html || '').not.toMatch(/<(?!a\s)[a-z][^>]*evil\.example/i);
      if (data.verdict === 'valid') expect(data.reservations).toEqual([]);
      if (isSigned(data)) expect(signed).toContain(await shownIn(message));
    } catch (error) {
      // Intake takes no such message.
      if (!(error instanceof MalformedMessageError)) throw error;
      verdicts.set('refused', (verdicts.get('refused') ?? 0) + 1);
    }
  });
  await fc.assert(property, { numRuns: MAILS });
  for (const verdict of ['valid', 'invalid', 'valid-but', 'not-signed'])
    expect(verdicts.get(verdict) ?? 0).toBeGreaterThan(50);
}, 120_000);
