// SPDX-License-Identifier: Apache-2.0
import { personFrom, type PersonInPem } from '../person.ts';
import { textOf } from '../task.ts';
import { alone } from './on-the-loop.ts';
import type { Way } from './way.ts';

/** What a process is told first. Then each number of seconds is answered with what came of it. */
export interface Beginning {
  readonly person: PersonInPem;
  readonly bytes: number;
}

let way: Way | null = null;

process.on('message', (told: Beginning | number) => {
  if (typeof told !== 'number') {
    way = alone(textOf(told.bytes), personFrom(told.person));
    return;
  }
  void way?.run(told).then((ran) => process.send?.(ran));
});
