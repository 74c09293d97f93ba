// SPDX-License-Identifier: Apache-2.0
import type { Findings } from '../domain/findings.ts';
import type { Rule } from '../domain/rules.ts';
import { DEFAULT_LIMITS, type Limits } from '../extract/budget.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

export interface ScannerOptions {
  /** Mails that are looked at at the same time, each in a process of its own. @default 1 */
  processes?: number | undefined;
  /** For a mail, milliseconds, from its last octet on; then its process is killed. @default 30000 */
  timeoutMs?: number | undefined;
  /** JavaScript heap of a process, MiB; buffers come on top. @default 512 */
  heapMegabytes?: number | undefined;
  /** Mails after which a process is replaced. @default 100 */
  mailsPerProcess?: number | undefined;
  /** What one mail may take; the rest is as in `DEFAULT_LIMITS`. */
  limits?: Partial<Limits> | undefined;
  /** Nobody with a CPR number is born after it. @default the clock */
  now?: (() => Date) | undefined;
}

/** Finds sensitive data in mails, in processes apart. */
export interface Scanner {
  /**
   * Looks through a mail. However it is made, there is an answer: what could not be looked at stands in `unread`.
   * Mails wait for a free process.
   *
   * @param source a raw mail (RFC 5322) in chunks of any size; it is read once, and closed when left early.
   * @param rules as `rulesSchema` gives them.
   * @param signal ends the wait and the scan.
   * @throws what `source` throws; the reason of `signal`; Error where the scanner is closed, or no process starts.
   */
  scan: (
    source: AsyncIterable<Uint8Array>,
    rules: readonly Rule[],
    signal?: AbortSignal,
  ) => Promise<Findings>;
  /** Ends the processes; what is being scanned or waits is rejected. */
  close: () => Promise<void>;
}

interface Slot {
  sandbox: Sandbox;
  mails: number;
}

/** Starts the processes. They keep nobody's process from ending, and end with it. */
export function openScanner({
  processes = 1,
  timeoutMs = 30_000,
  heapMegabytes = 512,
  mailsPerProcess = 100,
  limits = {},
  now = () => new Date(),
}: ScannerOptions = {}): Scanner {
  const closing = new AbortController();
  const slots = Array.from({ length: processes }, (): Slot => ({
    sandbox: openSandbox(heapMegabytes),
    mails: 0,
  }));
  const queue = queueFor(slots);

  function renew(slot: Slot): void {
    slot.sandbox.stop();
    if (closing.signal.aborted) return;
    slot.sandbox = openSandbox(heapMegabytes);
    slot.mails = 0;
  }

  return {
    async scan(source, rules, signal) {
      const ending = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      const slot = await queue.take(ending);
      try {
        if (!slot.sandbox.isAlive()) renew(slot);
        slot.mails += 1;
        const job = {
          rules,
          limits: { ...DEFAULT_LIMITS, ...limits },
          today: now(),
          timeoutMs,
          signal: ending,
        };
        return await slot.sandbox.scan(source, job);
      } finally {
        if (!slot.sandbox.isAlive() || slot.mails >= mailsPerProcess) renew(slot);
        queue.giveBack(slot);
      }
    },
    close() {
      closing.abort(new Error('the scanner is closed'));
      for (const { sandbox } of slots) sandbox.stop();
      return Promise.resolve();
    },
  };
}

/** Who comes first is served first. */
function queueFor(slots: readonly Slot[]) {
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    take(signal: AbortSignal): Promise<Slot> {
      if (signal.aborted) return Promise.reject(signal.reason);
      const slot = free.pop();
      if (slot !== undefined) return Promise.resolve(slot);
      const { promise, resolve, reject } = Promise.withResolvers<Slot>();
      const served = (freed: Slot) => {
        signal.removeEventListener('abort', leave);
        resolve(freed);
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(served), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(served);
      return promise;
    },
    giveBack(slot: Slot): void {
      const next = waiting.shift();
      if (next === undefined) free.push(slot);
      else next(slot);
    },
  };
}
