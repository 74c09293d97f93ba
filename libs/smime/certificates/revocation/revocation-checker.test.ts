// SPDX-License-Identifier: Apache-2.0
import { sign } from 'node:crypto';
import {
  children,
  context,
  der,
  NULL,
  octetString,
  oid,
  readDer,
  sequence,
  TAG,
  type DerValue,
} from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import { drawAuthority } from '../../testing/draw-certificate.ts';
import { NO_CHECK, OCSP_SIGNING, revocationAuthority } from '../../testing/revocation-authority.ts';
import type { Certificate } from '../certificate.ts';
import { httpFetcher } from './http-fetcher.ts';
import { revocationChecker, type RevocationChecker, type RevocationQuestion } from './revocation-checker.ts';

const now = new Date();
const DAY = 24 * 3600 * 1000;
const inIndex = (at: Date) =>
  at
    .toISOString()
    .replace(/[-:T]|\.\d+/g, '')
    .slice(2);
const yesterday = inIndex(new Date(+now - DAY));

let authority: Awaited<ReturnType<typeof revocationAuthority>>;
let checker: RevocationChecker;
beforeEach(async () => {
  authority = await revocationAuthority();
  checker = revocationChecker({
    fetcher: httpFetcher({ privateHosts: true, milliseconds: 2_000, octets: 100_000 }),
  });
});
afterEach(() => authority.close());

const judge = (certificate: Certificate, question: Partial<RevocationQuestion> = {}) =>
  checker.judge([authority.root.certificate, certificate], { at: now, whenUnknown: 'refuse', ...question });

describe.each(['ocsp', 'crl'] as const)('by %s, a certificate', (tells) => {
  it('that is not revoked is good', async () => {
    const certificate = await authority.issue({ tells });
    expect(await judge(certificate)).toEqual({ ok: true, verdict: { status: 'good' }, certificate: null });
  });

  it('that is revoked is not used, and it is told since when and why', async () => {
    const certificate = await authority.issue({ tells, revoked: `${yesterday},superseded` });
    expect(await judge(certificate)).toEqual({
      ok: false,
      verdict: {
        status: 'revoked',
        reason: 'superseded',
        since: new Date(Math.floor((+now - DAY) / 1000) * 1000),
      },
      certificate,
    });
  });

  it('that was revoked later was good before, unless its key was compromised', async () => {
    const before = { at: new Date(+now - 2 * DAY) };
    const left = await authority.issue({ tells, revoked: `${yesterday},cessationOfOperation` });
    expect(await judge(left, before)).toMatchObject({ ok: true, verdict: { status: 'good' } });
    checker = revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) });
    const stolen = await authority.issue({ tells, revoked: `${yesterday},keyCompromise` });
    expect(await judge(stolen, before)).toMatchObject({
      verdict: { status: 'revoked', reason: 'keyCompromise' },
    });
  });

  it('that has expired is not known to be good', async () => {
    const certificate = await authority.issue({ tells, notAfter: new Date(+now - 1_000) });
    expect(await judge(certificate)).toMatchObject({ ok: false, verdict: { status: 'unknown' } });
  });

  it('is asked about once, until the answer is an hour old', async () => {
    const certificate = await authority.issue({ tells });
    await Promise.all([judge(certificate), judge(certificate)]);
    await judge(certificate);
    expect(authority.asked).toEqual([`/${tells}`]);
    await judge(certificate, { now: new Date(+now + 2 * 3600 * 1000) });
    expect(authority.asked).toHaveLength(2);
  });

  it.each([
    ['nonsense', () => Buffer.from('nonsense')],
    ['nothing', () => Buffer.alloc(0)],
    ['more than it should', () => Buffer.alloc(200_000)],
    ['an error', () => Promise.reject(new Error('no'))],
    ['never', () => new Promise<Buffer>(() => undefined)],
  ])('is unknown where the server answers %s, and is not asked about again at once', async (_, answer) => {
    const certificate = await authority.issue({ tells });
    authority.answerInstead(`/${tells}`, answer);
    expect(await judge(certificate)).toMatchObject({
      ok: false,
      verdict: { status: 'unknown' },
      certificate,
    });
    expect(await judge(certificate, { whenUnknown: 'accept' })).toMatchObject({ ok: true, certificate });
    expect(authority.asked).toHaveLength(1);
  });

  it('is unknown where the answer is out of date', async () => {
    const certificate = await authority.issue({ tells, notAfter: new Date(+now + 90 * DAY) });
    expect(await judge(certificate, { now: new Date(+now + 3 * DAY) })).toMatchObject({
      verdict: { status: 'unknown' },
    });
  });
});

it('a list that somebody else signed tells nothing', async () => {
  const certificate = await authority.issue({ tells: 'crl' });
  const other = await revocationAuthority();
  try {
    const theirs = await httpFetcher({ privateHosts: true }).fetch(`${other.address}/crl`, null);
    authority.answerInstead('/crl', () => theirs);
    expect(await judge(certificate)).toMatchObject({
      verdict: { status: 'unknown', why: 'a list is not signed by the issuer' },
    });
  } finally {
    await other.close();
  }
});

it('a list is not even read before it is known who signed it', async () => {
  const certificate = await authority.issue({ tells: 'crl' });
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const unreadable = sequence(sequence(NULL, NULL), algorithm, der(TAG.bitString, Buffer.alloc(72)));
  authority.answerInstead('/crl', () => unreadable);
  expect(await judge(certificate)).toMatchObject({
    verdict: { status: 'unknown', why: 'a list is not signed by the issuer' },
  });
});

/** The same answer without its nextUpdate, signed anew. */
function withoutEnd(response: Buffer): Buffer {
  const [status, wrapped] = children(readDer(response)) as [DerValue, DerValue];
  const [type, basic] = children(readDer(wrapped.content)) as [DerValue, DerValue];
  const [tbs, algorithm] = children(readDer(basic.content)) as [DerValue, DerValue];
  const single = (value: DerValue) =>
    sequence(...children(value).flatMap(({ tag, bytes }) => (tag === context(0) ? [] : [bytes])));
  const changed = sequence(
    ...children(tbs).map((field) =>
      field.tag === TAG.sequence ? sequence(...children(field).map(single)) : field.bytes,
    ),
  );
  const signature = der(TAG.bitString, Buffer.of(0), sign('sha256', changed, authority.root.key));
  const signed = octetString(sequence(changed, algorithm.bytes, signature));
  return sequence(status.bytes, der(context(0), sequence(type.bytes, signed)));
}

it('an answer that does not say until when it holds is remembered for the hour that it counts', async () => {
  const fetcher = httpFetcher({ privateHosts: true });
  checker = revocationChecker({
    fetcher: { fetch: async (...question) => withoutEnd(await fetcher.fetch(...question)) },
    cacheMilliseconds: DAY,
  });
  const certificate = await authority.issue({ tells: 'ocsp', notAfter: new Date(+now + 90 * DAY) });
  for (const minutes of [0, 1, 59]) {
    const then = new Date(+now + minutes * 60_000);
    expect(await judge(certificate, { now: then })).toMatchObject({ verdict: { status: 'good' } });
  }
  expect(authority.asked).toHaveLength(1);
  expect(await judge(certificate, { now: new Date(+now + 2 * 3600 * 1000) })).toMatchObject({
    verdict: { status: 'unknown', why: 'the answer does not count: it is out of date' },
  });
  expect(authority.asked).toHaveLength(2);
});

it('an answer that is much longer than one about a certificate is not read', async () => {
  const fetcher = httpFetcher({ privateHosts: true });
  const padding = Buffer.alloc(70_000);
  checker = revocationChecker({
    fetcher: { fetch: async (...question) => Buffer.concat([await fetcher.fetch(...question), padding]) },
  });
  expect(await judge(await authority.issue({ tells: 'ocsp' }))).toMatchObject({
    verdict: { status: 'unknown', why: 'the answer is too long' },
  });
});

it.each([
  ['is remembered', 5_000, 1],
  ['is not, where there is no room for its objects', 3_000, 2],
])('an answer of some hundred octets %s', async (_, room, times) => {
  const fetcher = httpFetcher({ privateHosts: true });
  // A quarter is for OCSP.
  checker = revocationChecker({ fetcher, cacheOctets: 4 * room });
  const certificate = await authority.issue({ tells: 'ocsp' });
  for (let time = 0; time < 2; time += 1) expect(await judge(certificate)).toMatchObject({ ok: true });
  expect(authority.asked).toHaveLength(times);
});

it('a list that is out of date is not fetched again at once', async () => {
  const certificate = await authority.issue({ tells: 'crl', notAfter: new Date(+now + 90 * DAY) });
  const then = new Date(+now + 3 * DAY);
  for (let time = 0; time < 2; time += 1) {
    expect(await judge(certificate, { now: then })).toMatchObject({
      verdict: { status: 'unknown', why: 'a list does not count: it is out of date' },
    });
  }
  expect(authority.asked).toHaveLength(1);
});

describe('a responder', () => {
  it.each([
    ['that the issuer named', () => authority.delegate(OCSP_SIGNING, NO_CHECK), 'good'],
    ['that nobody named for it', () => authority.delegate(NO_CHECK), 'unknown'],
    ['that could itself be revoked', () => authority.delegate(OCSP_SIGNING), 'unknown'],
    ['of somebody else', () => drawAuthority('Other', { extensions: [OCSP_SIGNING, NO_CHECK] }), 'unknown'],
  ] as const)('%s: its word makes a certificate good or unknown', async (_, who, status) => {
    const certificate = await authority.issue({ tells: 'ocsp' });
    authority.respondAs(who());
    expect(await judge(certificate)).toMatchObject({ verdict: { status } });
  });

  it('that fails is replaced by the list', async () => {
    const certificate = await authority.issue({ tells: 'both', revoked: `${yesterday},keyCompromise` });
    authority.answerInstead('/ocsp', () => Promise.reject(new Error('no')));
    expect(await judge(certificate)).toMatchObject({ verdict: { status: 'revoked' } });
    expect(authority.asked).toEqual(['/ocsp', '/crl']);
  });

  it('that fails, and a list that does too, are both told of', async () => {
    const certificate = await authority.issue({ tells: 'both' });
    authority.answerInstead('/ocsp', () => Promise.reject(new Error('no')));
    authority.answerInstead('/crl', () => Buffer.alloc(200_000));
    expect(await judge(certificate)).toMatchObject({
      verdict: { status: 'unknown', why: 'HTTP 500; it is too long' },
    });
  });

  it('is reached by the name of its host too', async () => {
    const certificate = await authority.issue({ tells: 'ocsp', host: 'localhost' });
    expect(await judge(certificate)).toMatchObject({ verdict: { status: 'good' } });
  });

  it('on a private address is not asked, as certificates of strangers name it', async () => {
    const certificate = await authority.issue({ tells: 'both' });
    checker = revocationChecker();
    expect(await judge(certificate)).toMatchObject({ ok: false, verdict: { status: 'unknown' } });
    expect(authority.asked).toEqual([]);
  });
});

it('an empty path is a mistake of the caller, and never a good one', async () => {
  await expect(checker.judge([], { at: now, whenUnknown: 'refuse' })).rejects.toThrow(TypeError);
});
