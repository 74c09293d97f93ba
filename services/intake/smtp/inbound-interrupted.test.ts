// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryInUse, startDnsServer, type RunningDnsServer } from '@securemail/testing';
import { createTransport } from 'nodemailer';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { dialogue, type Dialogue } from '../testing/smtp-dialogue.ts';

const MESSAGE = 'From: Bo <bo@citizen.example>\r\nTo: anna@demo.example\r\n\r\nDear Anna\r\n';
const MEGABYTE = 1024 * 1024;
let dns: RunningDnsServer;
let intake: RunningTestIntake;
beforeAll(async () => {
  dns = await startDnsServer({ records: [] });
  intake = await startTestIntake({
    outside: { dns: { servers: [{ address: dns.address, port: dns.port }], timeoutSeconds: 1 } },
    tenant: { inbound: { checkRecipients: false } },
  });
});
afterAll(async () => {
  await intake.close();
  await dns.stop();
});

const begin = async (client: Dialogue) => {
  for (const line of ['MAIL FROM:<bo@citizen.example>', 'RCPT TO:<anna@demo.example>', 'DATA'])
    await client.say(`${line}\r\n`);
};
const inData = async (): Promise<Dialogue> => {
  const client = await dialogue(intake.inboundPort);
  await client.say('EHLO mx.citizen.example\r\n');
  await begin(client);
  return client;
};
const state = async () => [(await intake.accepted()).length, (await intake.contents()).readable];

/** Nothing became ours, and the same client gets its mail in once that is over. */
async function toldToComeBack(client: Dialogue, meanwhile: () => Promise<() => Promise<void>>) {
  const before = await state();
  const over = await meanwhile();
  const reply = await client.say(`${MESSAGE}.\r\n`);
  await over();
  expect(reply).toMatch(/^451 4\.3\.0 .*\[storage-unavailable\]/);
  expect(await state()).toEqual(before);
  await begin(client);
  expect(await client.say(`${MESSAGE}.\r\n`)).toMatch(/^250 /);
  client.cut();
}

describe('a mail from outside is not ours', () => {
  it.each([MESSAGE, MESSAGE.slice(0, 20), `${MESSAGE}.`, `${MESSAGE}.\r`, ''])(
    'when the connection breaks off in it: %j',
    async (part) => {
      const before = await state();
      const client = await inData();
      client.write(part);
      await sleep(100);
      client.cut();
      await sleep(300);
      expect(await state()).toEqual(before);
    },
  );

  it('when a large one breaks off, of which much is stored', async () => {
    const before = await state();
    const client = await inData();
    client.write(MESSAGE);
    client.write(Buffer.alloc(5 * MEGABYTE, `${'x'.repeat(998)}\r\n`));
    await sleep(500);
    client.cut();
    await sleep(500);
    expect(await state()).toEqual(before);
  });

  it('when the database is away', async () => {
    await toldToComeBack(await inData(), () => intake.shutDatabase());
  });

  it('when the disk is full', async () => {
    await toldToComeBack(await inData(), async () => {
      await intake.sql(`
        create function vault.disk_full() returns trigger language plpgsql as $$
          begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
        create trigger full_disk before insert on vault.contents for each row execute function vault.disk_full();`);
      return () => intake.sql('drop trigger full_disk on vault.contents; drop function vault.disk_full');
    });
  });

  it('when it could be stored and not accepted', async () => {
    await toldToComeBack(await inData(), async () => {
      await intake.sql(`
        create function intake.disk_full() returns trigger language plpgsql as $$
          begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
        create trigger full_disk before insert on intake.events for each row execute function intake.disk_full();`);
      return () => intake.sql('drop trigger full_disk on intake.events; drop function intake.disk_full');
    });
  });

  it('when it is larger than we take, and the client is told so before it begins', async () => {
    const client = await dialogue(intake.inboundPort);
    await client.say('EHLO mx.citizen.example\r\n');
    expect(await client.say(`MAIL FROM:<bo@citizen.example> SIZE=${151 * MEGABYTE}\r\n`)).toMatch(
      /^552 5\.3\.4 .*\[message-too-large\]/,
    );
    client.cut();
  });
});

it('a slow client keeps nobody else waiting, and its mail is taken in the end', async () => {
  const slow = await inData();
  for (const octet of MESSAGE.slice(0, 40)) {
    slow.write(octet);
    await sleep(5);
  }
  const other = await inData();
  expect(await other.say(`${MESSAGE}.\r\n`)).toMatch(/^250 /);
  other.cut();
  expect(await slow.say(`${MESSAGE.slice(40)}.\r\n`)).toMatch(/^250 /);
  slow.cut();
});

it('a mail of 100 MB takes the memory of a small one, its signature looked at and all', async () => {
  const line = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(64));
  const signature =
    'DKIM-Signature: v=1; a=rsa-sha256; c=simple/relaxed; d=citizen.example; s=s1; h=from; bh=AAAA; b=AAAA\r\n';
  const pieces = Math.ceil((100 * MEGABYTE) / line.length);
  let peak = 0;
  const before = memoryInUse();
  const raw = Readable.from(
    (function* () {
      yield Buffer.from(signature + MESSAGE);
      for (let piece = 0; piece < pieces; piece += 1) {
        if (piece % 100 === 0) peak = Math.max(peak, memoryInUse());
        yield line;
      }
    })(),
  );
  const { response } = await createTransport({
    host: '127.0.0.1',
    port: intake.inboundPort,
    tls: { ca: intake.authorityPem },
  }).sendMail({ envelope: { from: 'bo@citizen.example', to: 'anna@demo.example' }, raw });
  expect(response).toMatch(/^250 2\.0\.0 Accepted as/);
  const event = (await intake.accepted()).at(-1);
  expect(event?.data.content.size).toBeGreaterThan(100 * MEGABYTE);
  expect(event?.data.arrival?.authentication.dkim).toHaveLength(1);
  expect(peak - before).toBeLessThan(30 * MEGABYTE);
}, 120_000);
