// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { hashOfNothing } from './hash.ts';
import { noteVerifier, signNote } from './sign-note.ts';
import { openNote, parseVerifierKey, verifierKey } from './signed-note.ts';
import { cosign } from './testing/cosign.ts';

/** The example of the specification. */
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
const ours = generateKeyPairSync('ed25519');
const NAME = 'ledger.example/demo';

it('reads what others signed', () => {
  const verifier = parseVerifierKey(NEUMANN);
  expect(openNote(NOTE, [verifier])?.signedBy).toEqual([{ name: 'PeterNeumann', at: null }]);
  expect(verifierKey(verifier)).toBe(NEUMANN);
  expect(openNote(NOTE.replace('think', 'thinks'), [verifier])).toBeNull();
});

it('is signed by us as a checkpoint, and by a witness who says when', () => {
  const checkpoint = { origin: NAME, size: 0, root: hashOfNothing() };
  const note = signNote(checkpointText(checkpoint), NAME, ours.privateKey);
  const witness = generateKeyPairSync('ed25519');
  const seen = noteVerifier('witness.example', witness.publicKey, 'witness');
  const cosigned = cosign(note, 'witness.example', witness.privateKey, new Date(1_700_000_000_000));
  const octets = cosigned.slice(0, -1).split(' ').at(-1)!;
  const log = noteVerifier(NAME, ours.publicKey);
  const opened = openNote(cosigned, [log, seen]);
  expect(opened?.signedBy).toEqual([
    { name: NAME, at: null },
    { name: 'witness.example', at: new Date(1_700_000_000_000) },
  ]);
  expect(parseCheckpoint(opened!.text)).toEqual(checkpoint);
  const other = parseVerifierKey(verifierKey(seen));
  expect(other.kind).toBe('witness');
  expect(
    openNote(cosigned.replace(octets, Buffer.from(octets, 'base64').fill(0, 4, 12).toString('base64')), [
      seen,
    ]),
  ).toBeNull();
});

it.each([
  ['nothing', ''],
  ['no signature', 'a\n'],
  ['no line end', NOTE.slice(0, -1)],
  ['rubbish where signatures stand', `${NOTE}rubbish\n`],
  ['a signature that is cut', NOTE.replace('ZIn', '')],
])('%s is no note', (_, note) => {
  expect(openNote(note, [parseVerifierKey(NEUMANN)])).toBeNull();
});

it('who is not asked for does not count, also under our name', () => {
  const note = signNote('a\n', NAME, generateKeyPairSync('ed25519').privateKey);
  expect(openNote(note, [noteVerifier(NAME, ours.publicKey)])?.signedBy).toEqual([]);
});

it('a public key that was changed is refused', () => {
  const key = verifierKey(noteVerifier(NAME, createPublicKey(ours.privateKey)));
  expect(() => parseVerifierKey(key.replace('demo', 'other'))).toThrow('was changed');
  expect(() => parseVerifierKey(`${key}AAAA`)).toThrow();
  expect(() => parseVerifierKey('name')).toThrow('looks like');
});

it.each([
  ['no origin', '\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
  ['a size with a zero before it', 'a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
  ['a size that no number holds', 'a\n9999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
  ['a short root', 'a\n1\n47DEQpj8HBSa+/TImW+5JA==\n'],
  ['a root in other letters', 'a\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
])('%s is no checkpoint', (_, text) => {
  expect(parseCheckpoint(text)).toBeNull();
});
