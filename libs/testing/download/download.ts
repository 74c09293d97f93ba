// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Download {
  file: string;
  url: string;
  /** Hexadecimal. */
  sha256: string;
}

const AT_ONCE = 8;
const TRIES = 3;
const PATIENCE = 120_000;

/** Fetches all of `downloads` into `folder`. @throws Error if one cannot be had, or is not what it should be. */
export async function downloadAll(downloads: readonly Download[], folder: string): Promise<void> {
  const waiting = [...downloads];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await writeFile(join(folder, next.file), await fetchVerified(next));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function fetchVerified({ url, sha256, file }: Download): Promise<Buffer> {
  const bytes = await fetchBytes(url);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw new Error(`${file} from ${new URL(url).host} is not the file that was locked (SHA-256 ${actual})`);
  }
  return bytes;
}

/** @throws Error that names the address and the reason, after three tries. */
export async function fetchBytes(url: string): Promise<Buffer> {
  for (let tries = 1; ; tries += 1) {
    const { bytes, reason, final } = await tryOnce(url);
    if (bytes !== null) return bytes;
    if (final || tries === TRIES) throw new Error(`${url} could not be fetched: ${reason}`);
    await sleep(500 * tries);
  }
}

async function tryOnce(url: string): Promise<{ bytes: Buffer | null; reason: string; final: boolean }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) return { bytes: Buffer.from(await response.arrayBuffer()), reason: '', final: true };
    await response.body?.cancel();
    return { bytes: null, reason: `HTTP ${response.status}`, final: response.status < 500 };
  } catch (error) {
    const { cause, message } = error as Error;
    return { bytes: null, reason: cause instanceof Error ? cause.message : message, final: false };
  }
}
