// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { composeMessage } from '@securemail/mime';
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

it('links into SecureMailBox are told whole, though they are broken in two in the file', async () => {
  const root = await mkdtemp(join(tmpdir(), 'arrivals-'));
  const site = 'http://localhost:21826/mailbox';
  const links = [`${site}/m/${'wDaW2s9JVVIq'.repeat(4)}`, `${site}/back/${'x_-9'.repeat(11)}`];
  const content = await buffer(
    composeMessage({
      from: { address: 'demo@demo.example' },
      to: [{ address: 'bo@citizen.example' }],
      subject: 'Mail',
      text: `Læs den her:\n\n${links[0]}\n\n${links[0]}\n${links[1]}. ${site}/o/demo\n`,
      date: new Date(0),
      messageId: '<1@demo.example>',
    }),
  );
  for (const link of links) expect(content.toString()).not.toContain(link);
  const told: string[][] = [];
  const mail = { time: new Date(0), rcptTo: ['bo@citizen.example'], content } as ReceivedMail;
  await arrivalsIn(root, { onLink: (...link) => void told.push(link) })(mail);
  expect(told).toEqual(links.map((link) => ['bo@citizen.example', link]));
  await rm(root, { recursive: true });
});
