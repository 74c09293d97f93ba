// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceivedMail } from '@securemail/testing';

/** Keeps what a demo mail server gets as files that sort by time, each named for whom it is. */
export function arrivalsIn(folder: string): (mail: ReceivedMail) => Promise<void> {
  let count = 0;
  return async ({ time, rcptTo, content }) => {
    count += 1;
    // Others arrive while the folder is made.
    const number = count;
    await mkdir(folder, { recursive: true });
    const [first = 'nobody', ...others] = rcptTo;
    const readers = others.length === 0 ? first : `${first}+${others.length}`;
    const name = `${time.toISOString().replaceAll(':', '')} ${number} ${readers.replaceAll(/[^\w.@+-]/g, '_')}`;
    await writeFile(join(folder, `${name}.eml`), content);
  };
}
