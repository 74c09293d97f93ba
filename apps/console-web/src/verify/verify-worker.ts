// SPDX-License-Identifier: Apache-2.0
import './no-eval.ts';
import { parseVerifierKeys, verdictLines, verifyFile } from '@securemail/ledger/verify';
import type { Order, Word } from './messages.ts';

/** So often it is told how far it has come. Milliseconds. */
const TOLD_EVERY = 200;

const tell = (word: Word) => postMessage(word);

async function* octetsOf(file: File): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = file.stream().getReader();
  let [octets, told] = [0, performance.now()];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
      octets += value.length;
      if (performance.now() - told < TOLD_EVERY) continue;
      told = performance.now();
      tell({ kind: 'progress', octets });
    }
  } finally {
    // There may be a verdict before the end.
    void reader.cancel();
  }
}

async function verify({ file, keys }: Order): Promise<Word> {
  try {
    const verdict = await verifyFile(octetsOf(file), parseVerifierKeys(keys));
    return { kind: 'verdict', isVerified: verdict.isVerified, lines: verdictLines(verdict) };
  } catch (error) {
    return { kind: 'failed', text: error instanceof Error ? error.message : String(error) };
  }
}

addEventListener('message', ({ data }: MessageEvent<Order>) => void verify(data).then(tell));
