// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { missing, postfixIsThere, startPostfix, type RunningPostfix } from '@securemail/testing';
import { createTransport } from 'nodemailer';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';

describe('a Postfix outside that has a mail for two organisations here', () => {
  if (!postfixIsThere()) {
    missing('Postfix, run by root,', 'apt install postfix');
    return;
  }
  let intake: RunningTestIntake;
  let postfix: RunningPostfix;
  beforeAll(async () => {
    intake = await startTestIntake({
      tenants: [
        { id: 'other', name: 'Other', domains: ['other.example'], mailServers: [{ host: '127.0.0.1' }] },
      ],
    });
    postfix = await startPostfix({
      name: 'mx.citizen.example',
      domains: ['citizen.example'],
      tls: null,
      more: {
        // As by MX records, the way of one domain is not that of another.
        main: `mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
default_transport = smtp:[127.0.0.1]:${intake.inboundPort}
transport_maps = inline:{ other.example=smtp:[localhost]:${intake.inboundPort} }
smtp_host_lookup = native
inet_protocols = ipv4
smtp_tls_security_level = encrypt
`,
        files: {},
      },
    });
  });
  afterAll(async () => {
    await postfix.stop();
    await intake.close();
  });

  it('brings it to each in a transaction of its own, over TLS', async () => {
    await createTransport({ host: postfix.host, port: postfix.port, ignoreTLS: true }).sendMail({
      from: 'bo@citizen.example',
      to: ['anna@demo.example', 'dan@demo.example', 'kim@other.example'],
      subject: 'Blåbær',
      text: 'Hi',
    });
    for (let tries = 0; tries < 200 && (await intake.accepted()).length < 2; tries += 1) await sleep(100);
    const events = await intake.accepted();
    const recipients = events.map(({ tenantId, personal }) => [
      tenantId,
      personal?.recipients.map(({ address }) => address),
    ]);
    expect(recipients.sort()).toEqual([
      ['demo', ['anna@demo.example', 'dan@demo.example']],
      ['other', ['kim@other.example']],
    ]);
    for (const event of events) {
      expect(event.data.arrival?.tls?.protocol).toBe('TLSv1.3');
      expect(event.personal?.arrival?.clientName).toBe('mx.citizen.example');
      expect(await intake.contentOf(event)).toMatch(/^Received: from mx\.citizen\.example /m);
    }
  });
});
