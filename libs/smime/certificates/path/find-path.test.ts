// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { OID } from '../../asn1/oids.ts';
import {
  drawAuthority,
  drawCertificate,
  extension,
  keyUsage,
  type Drawn,
} from '../../testing/draw-certificate.ts';
import { findPath, type PathQuestion } from './find-path.ts';
import { validatePath } from './validate-path.ts';

const at = new Date();
const DAY = 24 * 3600 * 1000;
const find = (leaf: Drawn, anchors: Drawn[], between: Drawn[] = [], more: Partial<PathQuestion> = {}) =>
  findPath(leaf.certificate, {
    at,
    trustAnchors: anchors.map(({ certificate }) => certificate),
    intermediates: between.map(({ certificate }) => certificate),
    ...more,
  });
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

describe('a path', () => {
  it('is given from its anchor down', () => {
    const root = drawAuthority('Root');
    const middle = drawAuthority('Middle', { issuer: root });
    const leaf = drawCertificate({ issuer: middle });
    expect(find(leaf, [root], [middle])).toEqual({
      ok: true,
      path: [root.certificate, middle.certificate, leaf.certificate],
      policies: new Set(),
    });
    expect(find(leaf, [root])).toEqual({ ok: false, fault: 'no-path' });
    expect(find(leaf, [middle])).toMatchObject({ ok: true });
  });

  it('is found through the one of several cross certificates that leads somewhere', () => {
    const [old, trusted] = [drawAuthority('Old root'), drawAuthority('Root')];
    const keys = p256();
    const expired = { notBefore: new Date(+at - 9 * DAY), notAfter: new Date(+at - DAY) };
    const middle = [
      drawAuthority('Middle', { keys, issuer: old }),
      drawAuthority('Middle', { keys, issuer: trusted, ...expired }),
      drawAuthority('Middle', { keys, issuer: trusted, extensions: [keyUsage(0x02)] }),
      drawAuthority('Middle', { keys, issuer: trusted }),
    ];
    const leaf = drawCertificate({ issuer: middle[0]! });
    expect(find(leaf, [trusted], middle)).toMatchObject({ ok: true });
    expect(find(leaf, [trusted], middle.slice(0, 2))).toEqual({ ok: false, fault: 'expired' });
    expect(find(leaf, [trusted], middle.slice(0, 3))).toEqual({ ok: false, fault: 'key-usage' });
  });

  it('does not go in circles', () => {
    const [one, two] = [p256(), p256()];
    const first = drawAuthority('One', { keys: one });
    const second = drawAuthority('Two', { keys: two, issuer: first });
    const back = drawAuthority('One', { keys: one, issuer: second });
    const leaf = drawCertificate({ issuer: first });
    expect(find(leaf, [drawAuthority('Root')], [second, back])).toEqual({ ok: false, fault: 'no-path' });
    expect(find(leaf, [first], [second, back])).toMatchObject({ ok: true });
  });

  it('is not sought for ever among certificates that all fit each other', () => {
    const keys = Array.from({ length: 12 }, p256);
    const authorities = keys.map((pair) => drawAuthority('Same', { keys: pair }));
    const web = keys.flatMap((pair) =>
      authorities.map((issuer) => drawAuthority('Same', { keys: pair, issuer })),
    );
    const leaf = drawCertificate({ issuer: authorities[0]! });
    const started = performance.now();
    expect(find(leaf, [drawAuthority('Root')], web)).toEqual({ ok: false, fault: 'over-limit' });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('holds at a time of the past, when a certificate was good that has expired since', () => {
    const then = { notBefore: new Date(+at - 30 * DAY), notAfter: new Date(+at - 10 * DAY) };
    const root = drawAuthority('Root', { notBefore: then.notBefore });
    const leaf = drawCertificate({ issuer: root, ...then });
    expect(find(leaf, [root])).toEqual({ ok: false, fault: 'expired' });
    expect(find(leaf, [root], [], { at: new Date(+at - 20 * DAY) })).toMatchObject({ ok: true });
    expect(find(leaf, [root], [], { at: new Date(+at - 40 * DAY) })).toEqual({
      ok: false,
      fault: 'not-yet-valid',
    });
    expect(find(leaf, [root], [], { at: new Date(NaN) })).toMatchObject({ ok: false });
  });

  it('has as many authorities as is asked for, eight at most without', () => {
    const chain = [drawAuthority('0')];
    for (let i = 1; i <= 9; i += 1) chain.push(drawAuthority(String(i), { issuer: chain.at(-1)! }));
    const leafUnder = (i: number) => drawCertificate({ issuer: chain[i]! });
    expect(find(leafUnder(8), chain.slice(0, 1), chain)).toMatchObject({ ok: true });
    expect(find(leafUnder(9), chain.slice(0, 1), chain)).toMatchObject({ ok: false });
    expect(find(leafUnder(2), chain.slice(0, 1), chain, { maxIntermediates: 1 })).toMatchObject({
      ok: false,
    });
  });

  it('does not lead through somebody who is no authority, or says what nobody here understands', () => {
    const root = drawAuthority('Root');
    const bob = drawCertificate({ issuer: root, subject: 'Bob' });
    expect(find(drawCertificate({ issuer: bob }), [root], [bob])).toMatchObject({
      fault: 'not-an-authority',
    });
    const odd = drawAuthority('Odd', {
      issuer: root,
      extensions: [extension('1.2.3', Buffer.of(5, 0), true)],
    });
    const leaf = drawCertificate({ issuer: odd });
    expect(find(leaf, [root], [odd])).toMatchObject({ fault: 'critical-extension-unknown' });
  });

  it('breaks where a signature is by another key of that name', () => {
    const root = drawAuthority('Root');
    const leaf = drawCertificate({ issuer: drawAuthority('Root') });
    expect(find(leaf, [root])).toEqual({ ok: false, fault: 'signature-wrong' });
    const verdict = validatePath([root.certificate, leaf.certificate], { at });
    expect(verdict).toEqual({ ok: false, fault: 'signature-wrong', index: 1 });
  });

  it('breaks at an extension that cannot be read, and nothing else breaks', () => {
    const root = drawAuthority('Root');
    for (const id of [OID.nameConstraints, OID.policyMappings, OID.policyConstraints, OID.inhibitAnyPolicy]) {
      for (const value of [Buffer.of(0x30, 0), Buffer.of(4, 0), Buffer.of(0x30, 2, 0xff, 0)]) {
        const bad = drawAuthority('Bad', { issuer: root, extensions: [extension(id, value, true)] });
        const leaf = drawCertificate({ issuer: bad });
        expect(find(leaf, [root], [bad])).toMatchObject({ ok: false });
        expect(find(bad, [root])).toEqual({ ok: false, fault: 'malformed' });
      }
    }
  });
});

it('an empty path is a mistake of the caller, and never a good one', () => {
  expect(() => validatePath([], { at })).toThrow(TypeError);
});
