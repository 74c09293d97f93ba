// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { EmailId, EventId, newEmailId, TenantId, type SealedEvent } from '@securemail/contracts';
import { checkpointText } from '../checkpoint.ts';
import type { Scope } from '../export/format.ts';
import { writeExport } from '../export/write.ts';
import { rootOver } from '../frontier.ts';
import { hashOfLeaf } from '../hash.ts';
import { entryOf, leafOf } from '../leaf.ts';
import { proofText } from '../proof-file.ts';
import { inclusionProof } from '../proofs.ts';
import { noteVerifier, signNote } from '../sign-note.ts';
import { subtreesIn, TILE_WIDTH, type ReadTile } from '../tiles.ts';

const BEGAN = Date.parse('2026-11-01T00:00:00.000Z');
const SOURCES = ['intake', 'crypto', 'delivery', 'receipts'] as const;
export const ORIGIN = 'ledger.example/demo';

/** When the leaf was recorded: one a second. */
export const recordedAt = (index: number): Date => new Date(BEGAN + index * 1_000);

const eventId = (index: number): EventId =>
  EventId.parse(`01900000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`);

/** A ledger of emails that each service did something with, twice, one email after the other but for some overlap. */
export function memoryLedger(size: number) {
  const emails = Array.from({ length: Math.ceil(size / 8) }, () => newEmailId());
  const events = Array.from({ length: size }, (_, index): SealedEvent => {
    const [round, service] = [Math.floor(index / 32), Math.floor((index % 32) / 4)];
    return {
      id: eventId(index),
      name: 'Delivered',
      version: 1,
      source: SOURCES[service % 4] ?? 'intake',
      time: new Date(BEGAN + index * 1_000 - 20).toISOString(),
      tenantId: TenantId.parse('demo'),
      emailId: emails[(round * 4 + (index % 4)) % emails.length] ?? newEmailId(),
      sequence: Math.floor(service / 4) + 1,
      traceparent: null,
      data: { recipients: [index], note: 'Ærø "x" \u2028' },
      personal: 'AbC_',
    };
  });
  const texts = events.map((event, index) => leafOf(event, recordedAt(index)));
  const levels = [texts.map((text) => hashOfLeaf(entryOf(text)))];
  for (let below = levels[0] ?? []; below.length >= TILE_WIDTH;) {
    const whole = Math.floor(below.length / TILE_WIDTH);
    below = Array.from({ length: whole }, (_, at) => {
      return rootOver((levels.at(-1) ?? []).slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH));
    });
    levels.push(below);
  }
  const readTile: ReadTile = (level, index) =>
    Promise.resolve(Buffer.concat((levels[level] ?? []).slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const sign = (text: string) => signNote(text, ORIGIN, privateKey);
  return {
    emails: [...new Set(events.map(({ emailId }) => emailId))],
    verifier: noteVerifier(ORIGIN, publicKey),
    sign,
    /** That a leaf is in the tree of the first `upTo`, as a receipt carries it. */
    async prove(index: number, upTo = size): Promise<string> {
      const checkpoint = { origin: ORIGIN, size: upTo, root: rootOver((levels[0] ?? []).slice(0, upTo)) };
      const proof = await inclusionProof(index, upTo, subtreesIn(readTile));
      return proofText({ leaf: texts[index] ?? '', index, proof, note: sign(checkpointText(checkpoint)) });
    },
    async export(scope: Scope, upTo = size): Promise<Buffer> {
      const checkpoint = { origin: ORIGIN, size: upTo, root: rootOver((levels[0] ?? []).slice(0, upTo)) };
      const isIn = (index: number) =>
        scope.kind === 'range'
          ? index >= scope.first && index < scope.first + scope.count
          : events[index]?.emailId === EmailId.parse(scope.emailId);
      const leaves = texts
        .map((text, index) => ({ index, text }))
        .filter(({ index }) => index < upTo && isIn(index));
      const pieces: string[] = [];
      const note = sign(checkpointText(checkpoint));
      const exported = { scope, exportedAt: recordedAt(size), checkpoint, note, readTile, sign };
      for await (const piece of writeExport({ ...exported, leaves: inTurn(leaves) })) pieces.push(piece);
      return Buffer.from(pieces.join(''));
    },
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- As a database would hand them out.
async function* inTurn<T>(values: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* values;
}
