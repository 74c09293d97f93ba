// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import pg from 'pg';
import {
  createCertificateAuthority,
  freePort,
  missing,
  prometheusIsThere,
  shutDatabase,
  type CertificateAuthority,
} from '@securemail/testing';
import { startWatchedGateway, type WatchedGateway } from './testing/watched-gateway.ts';
import { PEOPLE } from './world/demo-files.ts';

const DEAR_BO = { from: PEOPLE.anna, to: [PEOPLE.person], subject: 'Journal', text: 'Dear Bo' };
/** For whom there is no way that is safe: SecureMailBox is not set up. */
/** A colleague has a copy. */
const DEAR_STRANGER = { ...DEAR_BO, to: ['somebody@nowhere.example', PEOPLE.colleague] };

if (!prometheusIsThere()) missing('Prometheus', 'apt-get install prometheus');
else {
  let gateway: WatchedGateway['gateway'];
  let prometheus: WatchedGateway['prometheus'];
  let untilTold: WatchedGateway['untilTold'];
  let untilToldOnce: WatchedGateway['untilToldOnce'];
  let untilQuiet: WatchedGateway['untilQuiet'];
  let stop: WatchedGateway['stop'];
  beforeAll(async () => {
    ({ gateway, prometheus, untilTold, untilToldOnce, untilQuiet, stop } = await startWatchedGateway({
      brokers: null,
    }));
  }, 120_000);
  afterAll(() => stop());

  it('a service that is gone: ServiceAway, ServiceUnseen, and of the mail that waits for it EmailStuck', async () => {
    await gateway.kill('crypto');
    const emailId = await gateway.send(DEAR_BO);
    await untilTold('ServiceAway', 'ServiceUnseen', 'EmailStuck');
    await gateway.restart('crypto');
    expect((await gateway.settled(emailId)).state).toBe('sent');
    await untilQuiet('ServiceAway', 'ServiceUnseen', 'EmailStuck');
  });

  it('a database that lets nobody in: MailRefusedByUs and WatchIsBlind', async () => {
    const open = await shutDatabase(gateway.databaseUrl);
    const asking = gateway.send(DEAR_BO);
    await untilTold('MailRefusedByUs', 'WatchIsBlind');
    await open();
    expect((await gateway.settled(await asking)).state).toBe('sent');
    await untilQuiet('MailRefusedByUs', 'WatchIsBlind');
  });

  it('much for which there is no safe way: MuchIsHeld, and DecisionsGrowOld until a person decides', async () => {
    const emailIds: string[] = [];
    for (let sent = 0; sent < 12; sent += 1) emailIds.push(await gateway.send(DEAR_STRANGER));
    await untilTold('MuchIsHeld', 'DecisionsGrowOld');
    for (const emailId of emailIds) {
      const decision = { by: 'Ida Iversen', reason: 'sent by letter' };
      const { status } = await gateway.ask('crypto', 'POST', `/v1/held/${emailId}/reject`, decision);
      expect(status).toBe(200);
    }
    await untilQuiet('MuchIsHeld', 'DecisionsGrowOld');
  });

  it('servers outside that take nothing of ours: MuchIsReturned', async () => {
    gateway.outside.misbehave({ phase: 'mail-from', action: { reply: '550 5.7.1 Blocked' } });
    for (let sent = 0; sent < 16; sent += 1) await gateway.send(DEAR_BO);
    await untilTold('MuchIsReturned');
    gateway.outside.behave();
    await untilQuiet('MuchIsReturned');
  });

  it('own mail servers that take no receipts: ReceiptsUndelivered, and ReceiptsGrowOld', async () => {
    // That there are more than before is known once there is a before.
    while ((await prometheus.range('securemail_emails_unfinished')).length === 0) await sleep(500);
    gateway.ownMailServer.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Not now' } });
    for (let sent = 0; sent < 8; sent += 1) await gateway.send(DEAR_BO);
    await untilToldOnce('ReceiptsUndelivered', 'ReceiptsGrowOld');
    gateway.ownMailServer.behave();
    await untilQuiet('ReceiptsUndelivered', 'ReceiptsGrowOld');
  });

  it('receipts that can not be written: ReceiptsStandStill', async () => {
    const database = new pg.Client(gateway.databaseUrl);
    await database.connect();
    await database.query(`create function receipts.no_room() returns trigger language plpgsql as
      $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$`);
    await database.query(`create trigger no_room before insert on receipts.events for each row
      when (new.name = 'ReceiptIssued') execute function receipts.no_room()`);
    const emailId = await gateway.send(DEAR_BO);
    await untilTold('ReceiptsStandStill');
    await database.query('drop function receipts.no_room cascade');
    await database.end();
    expect((await gateway.settled(emailId)).receipt?.outcome).toBe('sent');
    await untilQuiet('ReceiptsStandStill');
  });

  it('somebody who changes what was recorded: LedgerBroken', async () => {
    await gateway.settled(await gateway.send(DEAR_BO));
    const database = new pg.Client(gateway.databaseUrl);
    await database.connect();
    const leaf = `leaf = 0 and content like '%"sequence":"_"%'`;
    const change = (from: string, to: string) =>
      database.query(`update receipts.ledger_leaves set content = replace(content, $1, $2) where ${leaf}`, [
        `"sequence":"${from}"`,
        `"sequence":"${to}"`,
      ]);
    await database.query('alter table receipts.ledger_leaves disable trigger all');
    await change('1', '9');
    await untilTold('LedgerBroken');
    await change('9', '1');
    await database.query('alter table receipts.ledger_leaves enable trigger all');
    await database.end();
    await untilQuiet('LedgerBroken');
  });

  it('a clock that was ahead: LedgerAhead', async () => {
    await gateway.settled(await gateway.send(DEAR_BO));
    const database = new pg.Client(gateway.databaseUrl);
    await database.connect();
    const put = (time: string) =>
      database.query(`update receipts.ledgers set recorded_at = ${time} where tenant_id = 'demo'`);
    await put(`now() + interval '1 hour'`);
    await untilTold('LedgerAhead');
    await put('now()');
    await database.end();
    await untilQuiet('LedgerAhead');
  });

  it('somebody who changes what is shown of an email: EmailsUnreadable', async () => {
    const emailId = await gateway.send(DEAR_BO);
    await gateway.settled(emailId);
    const database = new pg.Client(gateway.databaseUrl);
    await database.connect();
    const change = async () => {
      // Twice is as it was.
      await database.query(
        `update receipts.history set event = jsonb_set(event, '{personal}', to_jsonb(reverse(event ->> 'personal')))
          where email_id = $1 and name = 'EmailAccepted'`,
        [emailId],
      );
      await database.query('update receipts.emails set findable = false where email_id = $1', [emailId]);
    };
    await change();
    await untilTold('EmailsUnreadable');
    await change();
    await database.end();
    await untilQuiet('EmailsUnreadable');
  });

  it('emails that can not be made findable: EmailsUnfindable', async () => {
    const database = new pg.Client(gateway.databaseUrl);
    await database.connect();
    await database.query(`create function receipts.no_room() returns trigger language plpgsql as
      $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$`);
    await database.query(
      'create trigger no_room before insert on receipts.found_by execute function receipts.no_room()',
    );
    const emailId = await gateway.send(DEAR_BO);
    expect((await gateway.settled(emailId)).state).toBe('sent');
    await untilTold('EmailsUnfindable');
    const found = async () => {
      const list = await gateway.get(`/v1/emails?address=${PEOPLE.person}`);
      return (list as { emails: { emailId: string }[] }).emails.map((each) => each.emailId);
    };
    expect(await found()).not.toContain(emailId);
    await database.query('drop function receipts.no_room cascade');
    await database.end();
    await untilQuiet('EmailsUnfindable');
    expect(await found()).toContain(emailId);
  });

  it('certificates of ours that end, and that have ended: OwnCertificatesEnd and OwnCertificatesEnded', async () => {
    const port = await freePort();
    const authority = await createCertificateAuthority({ name: 'Own' });
    const day = 86_400_000;
    const listenWith = async (days: number) => {
      const validity = {
        notBefore: new Date(Date.now() - 30 * day),
        notAfter: new Date(Date.now() + days * day),
      };
      const own = await authority.issueServer({ names: ['gateway.demo.example'], validity });
      const [certFile, keyFile] = ['pem', 'key'].map((end) =>
        join(gateway.paths.certificates, `../own.${end}`),
      );
      await writeFile(certFile!, own.certificatePem);
      await writeFile(keyFile!, own.keyPem);
      await gateway.configure('intake', { inbound: { host: '127.0.0.1', port, certFile, keyFile } });
    };
    await listenWith(3);
    await untilTold('OwnCertificatesEnd');
    await listenWith(-1);
    await untilTold('OwnCertificatesEnded');
    await listenWith(90);
    await untilQuiet('OwnCertificatesEnd', 'OwnCertificatesEnded');
  });

  it('a ledger that nothing can be written to: LedgerStandsStill', async () => {
    const database = new pg.Client(gateway.databaseUrl);
    await database.connect();
    await database.query('begin');
    // A lock for who only reads: any other would give this transaction an id, for which all readers of events wait.
    await database.query('lock table receipts.ledgers in share mode');
    const emailId = await gateway.send(DEAR_BO);
    expect((await gateway.settled(emailId)).state).toBe('sent');
    await untilTold('LedgerStandsStill');
    await database.query('rollback');
    await database.end();
    await untilQuiet('LedgerStandsStill');
  });

  it('a system that does not listen: WebhookAway', async () => {
    const url = `https://127.0.0.1:${await freePort()}/hook`;
    const made = await gateway.ask('receipts', 'POST', '/v1/webhooks', { url });
    expect(made.status).toBe(201);
    const { webhookId } = (await made.json()) as { webhookId: string };
    await gateway.send(DEAR_BO);
    await untilTold('WebhookAway');
    await gateway.ask('receipts', 'DELETE', `/v1/webhooks/${webhookId}`);
    await untilQuiet('WebhookAway');
  });

  it('a server that hangs up after the last octet: OutcomeUnknown', async () => {
    gateway.outside.misbehave({ phase: 'final-dot', action: 'drop', times: 1 });
    await gateway.send(DEAR_BO);
    await untilTold('OutcomeUnknown');
    await untilQuiet('OutcomeUnknown');
  });

  it('a server that offers no TLS: TlsNotProven', async () => {
    gateway.ownMailServer.misbehave({ phase: 'starttls', action: { reply: '454 4.7.0 Not now' } });
    await gateway.send({ ...DEAR_BO, to: [PEOPLE.colleague] });
    await untilTold('TlsNotProven');
    gateway.ownMailServer.behave();
    await untilQuiet('TlsNotProven');
  });

  describe('many things at once', () => {
    const BROKEN = [
      'PromiseBurnsFast',
      'PromiseBurnsSlowly',
      'OwnTimeBurnsFast',
      'OwnTimeBurnsSlowly',
      'RetriesGrowOld',
      'EventsParked',
      'OwnMailServersSilent',
      'CertificatesWantAttention',
      'OwnKeysEnd',
    ];
    let database: pg.Client;
    let inboundPort: number;
    let authorities: CertificateAuthority[];
    beforeAll(async () => {
      authorities = await Promise.all(['One', 'Another'].map((name) => createCertificateAuthority({ name })));
      for (const [index, { certificatePem }] of authorities.entries())
        await writeFile(inFolder(`authorities/${index}.pem`), certificatePem);
      await gateway.restart('crypto');
      database = new pg.Client(gateway.databaseUrl);
      await database.connect();
      // Spoils what nobody can change: events are append-only.
      await database.query('set session_replication_role = replica');
      inboundPort = await freePort();
      const { smtpCertificate: certFile, smtpKey: keyFile } = gateway.paths;
      const inbound = { host: '127.0.0.1', port: inboundPort, certFile, keyFile };
      // Three seconds for what has ten minutes.
      await gateway.configure('intake', { deadlineMinutes: 0.05, inbound });
    });
    afterAll(() => database.end());

    const askForMailbox = () =>
      nodemailer
        .createTransport({ host: '127.0.0.1', port: inboundPort, tls: { rejectUnauthorized: false } })
        .sendMail({ from: PEOPLE.person, to: 'new@demo.example', subject: 'Hello', text: 'Hello' })
        .catch(() => undefined);
    const inFolder = (name: string) => join(gateway.paths.certificates, name);
    const askForCertificates = async (method: 'POST' | 'DELETE', path: string, body?: string) => {
      const key = await readFile(gateway.paths.apiKey, 'utf8');
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-pem-file' };
      const url = `${gateway.urlOf('crypto')}/v1/admin/certificates${path}?reason=asked`;
      const { status } = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
      expect(status).toBe(200);
    };

    it('late mail, an event that can not be read, servers that do not take or answer, certificates: each is told', async () => {
      const CLERK = { ...DEAR_BO, to: [PEOPLE.clerk] };
      // Two authorities certify somebody, neither of them as a successor; and a key of ours ends in three days.
      const twins = await Promise.all(
        authorities.map((each) => each.issuePerson({ email: 'eve@citizen.example', name: 'Eve, or is it?' })),
      );
      for (const { certificatePem } of twins) await askForCertificates('POST', '', certificatePem);
      const day = 86_400_000;
      const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 3 * day) };
      const cora = await authorities[0]!.issuePerson({ email: 'cora@demo.example', name: 'Cora', validity });
      const ending = { 'keys/people/cora.p12': cora.pkcs12('word'), 'keys/people/cora.p12.password': 'word' };
      for (const [name, content] of Object.entries(ending))
        await writeFile(inFolder(name), content, { mode: 0o600 });

      gateway.ownMailServer.misbehave({ phase: 'connect', action: 'drop' });
      await gateway.kill('crypto');
      const late: string[] = [];
      for (let sent = 0; sent < 6; sent += 1) late.push(await gateway.send(CLERK));
      const spoiled = await gateway.send(CLERK);
      const { rows } = await database.query<{ id: string; personal: string }>(
        `update intake.events e set personal = reverse(old.personal) from intake.events old
          where old.id = e.id and e.email_id = $1 and e.name = 'EmailAccepted' returning e.id, old.personal`,
        [spoiled],
      );
      const { id, personal } = rows[0]!;
      await Promise.all([askForMailbox(), sleep(4_000)]);
      await gateway.restart('crypto');
      const toColleague = await gateway.send({ ...DEAR_BO, to: [PEOPLE.colleague] });
      await untilToldOnce(...BROKEN);

      gateway.ownMailServer.behave();
      for (const name of Object.keys(ending)) await rm(inFolder(name));
      const sha256 = new X509Certificate(twins[0]!.certificatePem).fingerprint256
        .replaceAll(':', '')
        .toLowerCase();
      await askForCertificates('DELETE', `/${sha256}`);
      await gateway.restart('crypto');
      await database.query('update intake.events set personal = $2 where id = $1', [id, personal]);
      for (const service of ['receipts', 'crypto'] as const) {
        // The other may still be trying.
        let letters: { arrived: string }[] = [];
        while (letters.length === 0) {
          await sleep(200);
          ({ rows: letters } = await database.query<{ arrived: string }>(
            `update ${service}.dead_letters set arrival = jsonb_set(arrival, '{event,personal}', to_jsonb($2::text))
              where event_id = $1 and status = 'parked' returning arrived`,
            [id, personal],
          ));
        }
        const path = `/v1/dead-letters/${service}/${letters[0]?.arrived ?? ''}/replay`;
        const because = { by: 'Ida Iversen', reason: 'restored' };
        expect((await gateway.ask(service, 'POST', path, because)).status).toBe(202);
      }
      for (const emailId of [...late, spoiled, toColleague])
        expect((await gateway.settled(emailId)).state).toBe('sent');
      await untilQuiet(...BROKEN);
    }, 240_000);

    it('tables that are locked, and a process without a processor: ConsumerStandsStill, TooFewConnections, EventLoopSlow', async () => {
      const emailIds: string[] = [];
      for (let sent = 0; sent < 12; sent += 1) emailIds.push(await gateway.send(DEAR_BO));
      for (const emailId of emailIds) await gateway.settled(emailId);
      await sleep(11_000); // By then no process remembers their keys.
      const freezing = new AbortController();
      const freeze = async () => {
        while (!freezing.signal.aborted) {
          gateway.signal('mailbox', 'SIGSTOP');
          await sleep(700);
          gateway.signal('mailbox', 'SIGCONT');
          await sleep(200);
        }
      };
      const frozen = freeze();
      await database.query('begin');
      await database.query('lock table crypto.checkpoints in share mode');
      const waiting = await gateway.send(DEAR_BO);
      await database.query('lock table vault.data_keys in access exclusive mode');
      const asked = emailIds.map((emailId) => gateway.get(`/v1/emails/${emailId}`));
      await untilToldOnce('ConsumerStandsStill', 'TooFewConnections', 'EventLoopSlow');
      await database.query('rollback');
      freezing.abort();
      await Promise.all([frozen, ...asked]);
      expect((await gateway.settled(waiting)).state).toBe('sent');
      await untilQuiet('ConsumerStandsStill', 'TooFewConnections', 'EventLoopSlow');
    }, 240_000);
  });
}
