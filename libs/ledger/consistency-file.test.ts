// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { checkpointText } from './checkpoint.ts';
import { consistencyText, verifyConsistency } from './consistency-file.ts';
import { rootOver } from './frontier.ts';
import { hashOfLeaf } from './hash.ts';
import { consistencyProof } from './proofs.ts';
import { noteVerifier, signNote } from './sign-note.ts';
import { cosign } from './testing/cosign.ts';
import { subtreesIn } from './tiles.ts';

const ORIGIN = 'ledger.example/demo';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const verifiers = [noteVerifier(ORIGIN, publicKey)];

/** Fewer leaves than a tile has. */
function ledgerOf(size: number, changed: readonly number[] = []) {
  const leaves = Array.from({ length: size }, (_, index) =>
    hashOfLeaf(Buffer.from(`${index}${changed.includes(index) ? ' rewritten' : ''}`)),
  );
  const subtree = subtreesIn(() => Promise.resolve(Buffer.concat(leaves)));
  const checkpoint = (upTo: number, origin = ORIGIN) => ({
    origin,
    size: upTo,
    root: rootOver(leaves.slice(0, upTo)),
  });
  const note = (upTo: number, origin = ORIGIN) =>
    signNote(checkpointText(checkpoint(upTo, origin)), origin, privateKey);
  return {
    checkpoint,
    note,
    grown: async (former: number) =>
      consistencyText({ former, proof: await consistencyProof(former, size, subtree), note: note(size) }),
  };
}

const faultOf = (file: string | null, kept: string, latter: Latter = null) =>
  verifyConsistency(file, verifiers, { kept, latter }).fault;

it('is consistent with each tree that it began with, also where line ends were changed', async () => {
  for (const size of [1, 2, 7, 8, 100, 200]) {
    const ledger = ledgerOf(size);
    for (let former = 0; former <= size; former += 1) {
      const file = await ledger.grown(former);
      expect(faultOf(file, ledger.note(former))).toBeNull();
      expect(faultOf(file.replaceAll('\n', '\r\n'), ledger.note(former))).toBeNull();
      expect(faultOf(file, ledger.note(former), ledger.checkpoint(size))).toBeNull();
    }
  }
});

it('tells which witnesses saw what was kept', async () => {
  const [witness, stranger] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const at = new Date(1_700_000_000_000);
  const ledger = ledgerOf(100);
  const note = cosign(ledger.note(90), 'witness.example', witness.privateKey, at);
  const kept = cosign(note, 'stranger.example', stranger.privateKey, at);
  const asked = [...verifiers, noteVerifier('witness.example', witness.publicKey, 'witness')];
  const file = await ledger.grown(90);
  const verdict = verifyConsistency(file, asked, { kept, latter: null });
  expect(verdict).toMatchObject({ isVerified: true, seenBy: [{ name: 'witness.example', at }] });
  expect(verifyConsistency(file, asked, { kept: ledger.note(90), latter: null }).seenBy).toEqual([]);
  const another = cosign(ledger.note(90), 'witness.example', stranger.privateKey, at);
  expect(verifyConsistency(file, asked, { kept: another, latter: null }).seenBy).toEqual([]);
});

it('is not consistent where anything of before was rewritten', async () => {
  const before = ledgerOf(90);
  for (let leaf = 0; leaf < 90; leaf += 1)
    expect(faultOf(await ledgerOf(200, [leaf]).grown(90), before.note(90))).toContain('was rewritten since');
  expect(faultOf(await ledgerOf(200, [90, 199]).grown(90), before.note(90))).toBeNull();
});

it('is not consistent once any octet of the proof is another', async () => {
  const ledger = ledgerOf(200);
  const file = await ledger.grown(90);
  for (let at = 0; at < file.length; at += 1) {
    const other = file[at] === 'A' ? 'B' : 'A';
    const touched = file.slice(0, at) + other + file.slice(at + 1);
    expect(faultOf(touched, ledger.note(90))).not.toBeNull();
    expect(faultOf(file.slice(0, at), ledger.note(90))).not.toBeNull();
  }
});

type Case = [what: string, file: string | null, kept: string, latter: Latter, why: string];
type Latter = Parameters<typeof verifyConsistency>[2]['latter'];

it('says what is wrong', async () => {
  const [nine, twenty] = [ledgerOf(9), ledgerOf(20)];
  const grown = await twenty.grown(9);
  const cases: Case[] = [
    ['it has grown, and nothing proves it', null, nine.note(9), twenty.checkpoint(20), 'is needed'],
    [
      'what was kept is later',
      null,
      twenty.note(20),
      nine.checkpoint(9),
      'is older, or leaves were taken away',
    ],
    [
      'so it is, with what proves nothing',
      grown,
      twenty.note(20),
      ledgerOf(9, [3]).checkpoint(9),
      'does not begin',
    ],
    ['another ledger was kept', grown, nine.note(9, 'ledger.example/other'), null, 'no checkpoint'],
    ['of another size', await twenty.grown(8), nine.note(9), null, 'is about a ledger of 8'],
    ['of another file', grown, nine.note(9), ledgerOf(30).checkpoint(30), 'another checkpoint'],
    ['rubbish was kept', grown, 'rubbish', null, 'no checkpoint'],
    ['it is rubbish', 'rubbish', nine.note(9), null, 'no proof of consistency'],
    ['one size, another tree', null, nine.note(9), ledgerOf(9, [3]).checkpoint(9), 'rewritten'],
  ];
  for (const [what, file, kept, latter, why] of cases)
    expect([what, faultOf(file, kept, latter)]).toEqual([what, expect.stringContaining(why)]);
});

it('accuses nobody where what was kept is later than the file, and is proven the other way round', async () => {
  const [nine, twenty] = [ledgerOf(9), ledgerOf(20)];
  const verdict = (file: string | null) =>
    verifyConsistency(file, verifiers, { kept: twenty.note(20), latter: nine.checkpoint(9) });
  expect(verdict(null)).toMatchObject({ isVerified: false, isOpen: true });
  expect(verdict(await twenty.grown(9))).toMatchObject({ isVerified: true, isOpen: false, fault: null });
  expect(verdict(await twenty.grown(8))).toMatchObject({ isVerified: false, isOpen: false });
});

it('takes one size without a proof', () => {
  expect(faultOf(null, ledgerOf(9).note(9), ledgerOf(9).checkpoint(9))).toBeNull();
});
