// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReceivedMail } from '@securemail/testing';
import { arrivalsIn } from './arrivals.ts';

it('mails of the same moment to the same person are a file each', async () => {
  const root = await mkdtemp(join(tmpdir(), 'arrivals-'));
  const folder = join(root, 'outside');
  const keep = arrivalsIn(folder);
  const mail = {
    time: new Date(0),
    rcptTo: ['bo@citizen.example'],
    content: Buffer.from('x'),
  } as ReceivedMail;
  await Promise.all(Array.from({ length: 20 }, () => keep(mail)));
  expect(await readdir(folder)).toHaveLength(20);
  await rm(root, { recursive: true });
});
