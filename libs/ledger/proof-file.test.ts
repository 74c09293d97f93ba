// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { verifyProofs } from './index.ts';
import { noteVerifier } from './sign-note.ts';
import { memoryLedger, ORIGIN } from './testing/memory-ledger.ts';

const SIZE = 700;
const ledger = memoryLedger(SIZE);
const keys = [ledger.verifier];

it('any leaf is proven in the tree of any size, alone or with others', async () => {
  const places = fc.integer({ min: 1, max: SIZE }).chain((upTo) =>
    fc.record({
      upTo: fc.constant(upTo),
      leaves: fc.array(fc.nat(upTo - 1), { minLength: 1, maxLength: 4 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(places, async ({ upTo, leaves }) => {
      const texts = await Promise.all(leaves.map((leaf) => ledger.prove(leaf, upTo)));
      const verdict = verifyProofs(texts.join(''), keys);
      expect(verdict.faults).toEqual([]);
      expect(verdict).toMatchObject({ isVerified: true, events: leaves.length });
      expect(verdict.proven.map(({ leaf }) => leaf)).toEqual(leaves);
      expect(verdict.checkpoint?.size).toBe(upTo);
    }),
    { numRuns: 50 },
  );
});

it('it tells what was recorded, and what carried it as text may have changed its line ends', async () => {
  const text = await ledger.prove(4);
  const verdict = verifyProofs(text.replaceAll('\n', '\r\n'), keys);
  expect(verdict.isVerified).toBe(true);
  expect(verdict.proven).toEqual([
    {
      leaf: 4,
      eventId: '01900000-0000-7000-8000-000000000004',
      type: 'securemail.Delivered.v1',
      emailId: ledger.emails[0],
      time: '2026-11-01T00:00:03.980Z',
      recordedAt: '2026-11-01T00:00:04.000Z',
    },
  ]);
});

it('whatever octet is changed, removed or added, it is not verified', async () => {
  const whole = Buffer.from(`${await ledger.prove(300)}${await ledger.prove(2)}`);
  const verified = verifyProofs(whole.toString(), keys);
  const changes = fc.record({
    at: fc.nat(whole.length - 1),
    how: fc.constantFrom('changed', 'removed', 'added'),
    by: fc.integer({ min: 32, max: 126 }),
  });
  fc.assert(
    fc.property(changes, ({ at, how, by }) => {
      const rest = whole.subarray(how === 'added' ? at : at + 1);
      const put = how === 'removed' ? [] : [by];
      const touched = Buffer.concat([whole.subarray(0, at), Buffer.from(put), rest]);
      fc.pre(!touched.equals(whole));
      const verdict = verifyProofs(touched.toString(), keys);
      expect(verdict.isVerified).toBe(false);
      // What is proven all the same is proven as it was.
      for (const each of verdict.proven) expect(verified.proven).toContainEqual(each);
    }),
    { numRuns: 1_000 },
  );
});

it.each<[string, (text: string) => string, string]>([
  ['nothing', () => '', 'unreadable'],
  ['something else', () => 'Dear Bo,\n', 'unreadable'],
  ['one with something before it', (text) => `Dear Bo,\n${text}`, 'unreadable'],
  ['one with something after it', (text) => `${text}\n`, 'unsigned'],
  ['one that was cut off', (text) => text.slice(0, 400), 'unreadable'],
  ['one without its leaf', (text) => text.replace(/^extra .*\n/m, ''), 'unreadable'],
  ['one of another place', (text) => text.replace('index 300', 'index 301'), 'changed'],
  ['one beyond the tree', (text) => text.replace('index 300', 'index 700'), 'changed'],
  ['one without its signature', (text) => text.replace(/\n\n\u2014[^]*/, '\n'), 'unsigned'],
])('%s is not verified', async (_, change, kind) => {
  const verdict = verifyProofs(change(await ledger.prove(300)), keys);
  expect(verdict.isVerified).toBe(false);
  expect(verdict.faults[0]?.kind).toBe(kind);
});

it('another ledger, or who has another key of the same name, proves nothing', async () => {
  const text = await ledger.prove(1);
  const { publicKey } = generateKeyPairSync('ed25519');
  for (const others of [
    [],
    [noteVerifier(ORIGIN, publicKey)],
    [noteVerifier('else.example/demo', publicKey)],
  ])
    expect(verifyProofs(text, others)).toMatchObject({ isVerified: false, events: 0 });
  expect(verifyProofs(await memoryLedger(10).prove(1), keys).isVerified).toBe(false);
});
