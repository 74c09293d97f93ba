// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNote, parseCheckpoint, verifyProofs } from '@securemail/ledger';
import { memoryLedger } from '@securemail/ledger/testing';
import { heldAgainst, noteIn } from './held-against.ts';

const ledger = memoryLedger(40);
const keys = [ledger.verifier];
const noteOf = (proof: string) => proof.slice(proof.lastIndexOf('\n\n', proof.lastIndexOf('\n\n') - 1) + 2);

it('holds every checkpoint of a file of proofs against what was kept, not the last alone', async () => {
  const kept = noteOf(await ledger.prove(3, 20));
  const same = await ledger.prove(7, 20);
  const held = (file: string) =>
    heldAgainst(kept, verifyProofs(file, keys).checkpoints, [], keys).map(({ isVerified, isOpen }) =>
      isVerified ? 'verified' : isOpen ? 'open' : 'wrong',
    );
  expect(held(`${same}${same}`)).toEqual(['verified']);
  for (const size of [10, 30]) {
    const other = await ledger.prove(7, size);
    expect(held(`${other}${same}`)).toEqual(['open', 'verified']);
    expect(held(`${same}${other}`)).toEqual(['verified', 'open']);
  }
});

it('takes the note of a checkpoint from what goes by it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'held-test-'));
  const proof = await ledger.prove(7, 20);
  const files = {
    note: noteOf(proof),
    proofs: `${proof}${await ledger.prove(8, 30)}`.replaceAll('\n', '\r\n'),
    export: await ledger.export({ kind: 'range', from: null, to: null, first: 0, count: 20 }, 20),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
    const note = openNote(await noteIn(join(folder, name)), keys);
    expect(parseCheckpoint(note?.text ?? '')).toMatchObject({ size: 20 });
    expect(note?.signedBy).toHaveLength(1);
  }
  for (const text of ['{"checkpoint":7}\n', '{', '']) {
    await writeFile(join(folder, 'rubbish'), text);
    expect(openNote(await noteIn(join(folder, 'rubbish')), keys)).toBeNull();
  }
  await rm(folder, { recursive: true });
});
