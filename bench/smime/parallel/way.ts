// SPDX-License-Identifier: Apache-2.0

export interface Ran {
  readonly perSec: number;
  /** Of all threads and processes; others on the machine hardly change it, as they do `perSec`. */
  readonly cpuMsPerMail: number;
}

/** A way to use more than one core. */
export interface Way {
  readonly name: string;
  /** Threads or processes that work; 1 where there is only the event loop. */
  readonly workers: number;
  /** Protects mails for so many seconds. */
  run(seconds: number): Promise<Ran>;
  close(): Promise<void>;
}

/** @param work gives how many mails it did. Measures the process that it runs in. */
export async function measured(work: () => Promise<number>): Promise<Ran> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const mails = await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSec: mails / ((performance.now() - start) / 1_000),
    cpuMsPerMail: (user + system) / 1_000 / mails,
  };
}
