// SPDX-License-Identifier: Apache-2.0
import { memoryInUse } from '@securemail/testing/process';
import { personFrom, type PersonInPem } from '../person.ts';
import { doOnce, type Job } from './job.ts';

/** What a child process is told; it answers with a number of octets. */
export interface Assignment {
  readonly person: PersonInPem;
  /** A small one, so that code is loaded and compiled before anything counts. */
  readonly warmUp: Job;
  readonly job: Job;
}

process.once('message', (assignment: Assignment) => {
  void measure(assignment).then((bytes) => {
    process.send?.(bytes, () => {
      process.disconnect();
    });
  });
});

/** @returns octets of resident memory at the worst moment, above those of the idle process. */
async function measure({ person: pems, warmUp, job }: Assignment): Promise<number> {
  const person = personFrom(pems);
  await doOnce(warmUp, person, () => undefined);
  memoryInUse();
  const idle = process.memoryUsage.rss();
  let most = idle;
  await doOnce(job, person, () => {
    most = Math.max(most, process.memoryUsage.rss());
  });
  return most - idle;
}
