// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Findings } from '../domain/findings.ts';
import type { Rule } from '../domain/rules.ts';
import type { Limits } from '../extract/budget.ts';
import type { Order } from './protocol.ts';
import { readAnswer } from './read-answer.ts';
import { startSandbox } from './start-sandbox.ts';
import { abortOf, within } from './waits.ts';

/** Starting takes a quarter of a second; on a busy machine more. */
const START_MS = 30_000;

export interface Job {
  rules: readonly Rule[];
  limits: Limits;
  today: Date;
  /** From the last octet on, milliseconds. */
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** A process that scans one mail after the other. */
export interface Sandbox {
  /**
   * Scans a mail.
   *
   * @throws what `source` throws; the reason of `signal`; Error where the process does not start. It is stopped then.
   */
  scan: (source: AsyncIterable<Uint8Array>, job: Job) => Promise<Findings>;
  /** False after a mail that it did not survive. */
  isAlive: () => boolean;
  stop: () => void;
}

export function openSandbox(heapMegabytes: number): Sandbox {
  const child = startSandbox(heapMegabytes);
  let alive = true;
  const stop = () => {
    alive = false;
    child.kill('SIGKILL');
  };
  child.once('exit', () => (alive = false));
  child.once('error', stop);
  const ready = untilReady(child);
  ready.catch(stop);
  ready
    .finally(() => {
      idle(child);
    })
    .catch(() => undefined);

  return {
    async scan(source, job) {
      busy(child);
      try {
        return await scanWith(child, ready, source, job, stop);
      } catch (error) {
        stop();
        job.signal?.throwIfAborted();
        throw error;
      } finally {
        idle(child);
      }
    },
    isAlive: () => alive,
    stop,
  };
}

/** A sandbox that waits keeps nobody's process from ending. */
function idle(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function busy(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

async function untilReady(child: ChildProcess): Promise<void> {
  const ended = new AbortController();
  child.once('exit', () => {
    ended.abort(new Error('the sandbox does not start'));
  });
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(START_MS)]);
  await once(child, 'message', { signal }).catch((error: unknown) => {
    throw new Error('the sandbox does not start', { cause: error });
  });
}

async function scanWith(
  child: ChildProcess,
  ready: Promise<void>,
  source: AsyncIterable<Uint8Array>,
  job: Job,
  stop: () => void,
): Promise<Findings> {
  job.signal?.throwIfAborted();
  const aborted = abortOf(job.signal);
  try {
    await Promise.race([ready, aborted.promise]);
    return await scanReady(child, source, job, aborted.promise, stop);
  } finally {
    aborted.forget();
  }
}

async function scanReady(
  child: ChildProcess,
  source: AsyncIterable<Uint8Array>,
  job: Job,
  aborted: Promise<never>,
  stop: () => void,
): Promise<Findings> {
  const progress = listen(child, new Set(job.rules.map(({ name }) => name)));
  try {
    const told = tell(child, job, source);
    told.catch(() => undefined); // It may be that nobody waits for it any more.
    const size = await Promise.race([told, progress.ended, aborted]);
    const outcome =
      size === 'told'
        ? await within<Findings | 'crashed'>(job.timeoutMs, [progress.done, progress.ended, aborted])
        : size;
    if (typeof outcome !== 'string') return outcome;
    stop();
    const { found, unread } = progress.soFar();
    return { found, unread: [...unread, { where: 'message', because: outcome }] };
  } finally {
    progress.stop();
  }
}

/** @returns `too-large` as soon as the source has more octets than it may; its rest is not read then. */
async function tell(
  child: ChildProcess,
  { rules, limits, today }: Job,
  source: AsyncIterable<Uint8Array>,
): Promise<'told' | 'too-large' | 'crashed'> {
  await send(child, { kind: 'begin', rules, limits, today });
  let left = limits.messageOctets;
  for await (const octets of source) {
    left -= octets.length;
    if (left < 0) return 'too-large';
    if (!child.connected) return 'crashed';
    await send(child, { kind: 'octets', octets });
  }
  await send(child, { kind: 'end' });
  return 'told';
}

/** Resolves when the octets are with the process; one that is gone is noticed elsewhere. */
function send(child: ChildProcess, order: Order): Promise<void> {
  return new Promise((resolve) => {
    if (!child.connected) resolve();
    else {
      child.send(order, () => {
        resolve();
      });
    }
  });
}

/** Hears the answers for one mail. */
function listen(child: ChildProcess, rules: ReadonlySet<string>) {
  let findings: Findings = { found: [], unread: [] };
  const done = Promise.withResolvers<Findings>();
  const ended = Promise.withResolvers<'crashed'>();
  const hear = (message: unknown) => {
    const answer = readAnswer(message, rules);
    if (answer?.kind !== 'findings') {
      ended.resolve('crashed');
      return;
    }
    findings = answer.findings;
    if (answer.done) done.resolve(findings);
  };
  const end = () => {
    ended.resolve('crashed');
  };
  child.on('message', hear);
  child.once('exit', end);
  if (child.exitCode !== null || child.signalCode !== null) end();
  return {
    done: done.promise,
    ended: ended.promise,
    soFar: () => findings,
    stop() {
      child.off('message', hear);
      child.off('exit', end);
    },
  };
}
