// SPDX-License-Identifier: Apache-2.0
import { tally } from '../domain/tally.ts';
import { mailPieces } from '../extract/mail-pieces.ts';
import { loadPdfReader } from '../extract/pdf-pieces.ts';
import type { Answer, Order } from './protocol.ts';

/** The program of a sandbox: one mail after the other, told and answered over the channel that `fork` opens. */
type Begun = Extract<Order, { kind: 'begin' }> & { octets: Uint8Array[] };

/** `@types/node` 24 do not know the method yet. */
const permission = process.permission as typeof process.permission & { drop: (scope: string) => void };

let mail: Begun | null = null;

async function scan({ rules, limits, today, octets }: Begun): Promise<void> {
  const { text, unread, findings } = tally(rules, today);
  for await (const piece of mailPieces(Buffer.concat(octets), limits)) {
    if ('text' in piece) text(piece.where, piece.text);
    else unread(piece.where, piece.because);
    // What was found before a fault or the time limit is not lost.
    await say({ kind: 'findings', findings: findings(), done: false });
  }
  await say({ kind: 'findings', findings: findings(), done: true });
}

function say(answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(answer, undefined, undefined, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

function obey(order: Order): void {
  switch (order.kind) {
    case 'begin':
      mail = { ...order, octets: [] };
      return;
    case 'octets':
      mail?.octets.push(order.octets);
      return;
    case 'end': {
      const begun = mail;
      mail = null;
      if (begun !== null) void scan(begun).catch(() => process.exit(1));
    }
  }
}

await loadPdfReader();
// All is loaded: from here on no file can be read, not even those that it was started with.
permission.drop('fs.read');
process.on('message', obey);
process.on('disconnect', () => process.exit(0));
await say({ kind: 'ready' });
