// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { verifyFile } from './index.ts';
import { memoryLedger } from './testing/memory-ledger.ts';

const ledger = memoryLedger(300);

it.each([1, 7, 1_000_000])('tells an export from proofs, in pieces of %i octets', async (length) => {
  const verdictOf = (file: Buffer) => {
    const pieces = Array.from({ length: Math.ceil(file.length / length) }, (_, at) =>
      file.subarray(at * length, (at + 1) * length),
    );
    return verifyFile(Readable.from(pieces), [ledger.verifier]);
  };
  const exported = await ledger.export({ kind: 'range', from: null, to: null, first: 0, count: 20 }, 20);
  expect(await verdictOf(exported)).toMatchObject({ isVerified: true, events: 20, scope: { count: 20 } });
  const proof = Buffer.from(await ledger.prove(7));
  expect(await verdictOf(proof)).toMatchObject({ isVerified: true, events: 1, proven: [{ leaf: 7 }] });
  for (const other of [Buffer.of(), Buffer.from('Dear Bo'), proof.subarray(0, 20), exported.subarray(0, 900)])
    expect((await verdictOf(other)).isVerified).toBe(false);
});

it('more proofs than are looked at are not verified, whatever stands at their end', async () => {
  const proof = await ledger.prove(7);
  const many = proof.repeat(Math.ceil((16 * 1024 * 1024) / proof.length));
  const verdict = await verifyFile(Readable.from([Buffer.from(many)]), [ledger.verifier]);
  expect(verdict).toMatchObject({ isVerified: false, events: 0, faults: [{ kind: 'unreadable' }] });
});
