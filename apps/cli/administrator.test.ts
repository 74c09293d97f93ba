// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createCertificateAuthority,
  createDatabase,
  freePort,
  missing,
  postfixIsThere,
  startPostfix,
  startSmtpSink,
  type CertificateAuthority,
  type RunningPostfix,
  type SmtpSink,
} from '@securemail/testing';
import { SecureMarks } from '@securemail/service';
import { createTransport } from 'nodemailer';
import { parse } from 'yaml';
import PostalMime from 'postal-mime';
import { startAllInOne, type RunningGateway } from './all-in-one.ts';
import { AllSettings } from './settings.ts';
import { ensureDemoFiles, PEOPLE } from './world/demo-files.ts';
import { demoSettings } from './world/demo-settings.ts';

/** The first lines of a section of a page, by the language of their block, with other places in them. */
async function written(
  language: string,
  places: Record<string, string>,
  [page, section]: [string, string] = ['administrator.md', 'Postfix'],
): Promise<string> {
  const whole = await readFile(join(import.meta.dirname, '../../docs', page), 'utf8');
  const [, text = ''] = whole.split(`\n## ${section}\n`);
  const [, indent = '', block] = new RegExp(`\n( *)\`\`\`${language}\n([^\`]*)`).exec(text) ?? [];
  if (block === undefined) throw new Error(`${page}, ${section}: no lines of ${language}`);
  return Object.entries(places).reduce(
    (text, [name, place]) => text.replaceAll(name, place),
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

describe('a Postfix that is connected as docs/administrator.md says', () => {
  if (!postfixIsThere()) {
    missing('Postfix, run by root,', 'apt install postfix');
    return;
  }
  let folder: string;
  let postfix: RunningPostfix;
  let gateway: RunningGateway;
  let internet: SmtpSink;
  let outside: SmtpSink;
  let authorityPem: string;
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'administrator-test-'));
    const authority = await createCertificateAuthority({ name: 'Own' });
    authorityPem = authority.certificatePem;
    const ours = await authority.issueServer({ names: ['gateway.demo.example'] });
    await writeFile(path('authorities.pem'), authorityPem);
    await writeFile(path('gateway.pem'), ours.certificatePem);
    await writeFile(path('gateway.key'), ours.keyPem);
    [internet, outside] = await Promise.all([startSmtpSink(), startSmtpSink()]);
    const gatewayPort = await freePort();
    const places = { '[gateway.demo.example]:2525': `[127.0.0.1]:${gatewayPort}` };
    const theirs = await authority.issueServer({ names: ['mail.demo.example', 'localhost'] });
    postfix = await startPostfix({
      name: 'mail.demo.example',
      domains: ['demo.example'],
      tls: theirs,
      more: {
        // What a Postfix has anyway: its own people may send, and others are reached, here by one host.
        main: `smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
relayhost = [127.0.0.1]:${internet.port}
smtp_tls_security_level = may
${await written('cf', places)}`,
        files: { securemail: await written('text', places), 'authorities.pem': authorityPem },
        commands: await written('sh', {}),
      },
    });

    const paths = await ensureDemoFiles(path('demo'));
    const yaml = await written('yaml', {
      'host: mail.demo.example': `host: 127.0.0.1, port: ${postfix.port}, tlsName: mail.demo.example`,
      '192.0.2.25': '127.0.0.1',
      '0.0.0.0': '127.0.0.1',
      'port: 2525': `port: ${gatewayPort}`,
      '/etc/securemail': folder,
    });
    const { tenants, intake, delivery } = parse(yaml) as Record<'tenants' | 'intake' | 'delivery', object>;
    const around = demoSettings({
      paths,
      databaseUrl: await createDatabase(),
      brokers: null,
      ownMailServerPort: postfix.port,
      outsidePort: outside.port,
      smtpPort: 0,
    });
    const settings = AllSettings.parse({ ...around, tenants, intake, delivery });
    gateway = await startAllInOne(settings, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([postfix.stop(), internet.stop(), outside.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const send = (
    to: string,
    subject: string,
    headers: Record<string, string> = {},
    textEncoding: 'B' | 'Q' = 'Q',
  ) =>
    createTransport({
      host: '127.0.0.1',
      port: postfix.submissionPort,
      requireTLS: true,
      tls: { ca: authorityPem, servername: 'localhost' },
    }).sendMail({ from: PEOPLE.anna, to, subject, text: 'The decision.', headers, textEncoding });
  const until = async <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      await sleep(50);
    }
  };
  const inMailboxes = (subject: string) =>
    until(async () => (await postfix.mails()).find((mail) => mail.includes(`Subject: ${subject}`)));

  it('hands what is marked to the gateway, and all else its usual way', async () => {
    await send(PEOPLE.person, 'Marked', { 'X-Send-Securely': 'true' });
    await send(PEOPLE.person, '[sikker] Tagged');
    await send(PEOPLE.person, 'Plain');
    const plain = await until(() => internet.received()[0]);
    expect(plain.content.toString()).toContain('Subject: Plain');
    for (const subject of ['Marked', 'Tagged']) {
      const { content } = await until(() =>
        outside.received().find((mail) => mail.content.includes(`Subject: ${subject}`)),
      );
      expect(content.toString()).toContain('smime-type=enveloped-data');
      expect(content.toString()).not.toContain('The decision.');
      await inMailboxes(`Sent securely: ${subject}`);
    }
    expect(internet.received()).toHaveLength(1);
  });

  it.each<['B' | 'Q', string]>([
    ['Q', '[sikker] Børnesag på Rådhuset'],
    ['B', '[sikker] Børnesag på Rådhuset'],
    ['B', 'Sv: [Secure] Børnesag'],
    ['B', 'Øl [SIKKER]'],
    ['B', 'Så [secure] og også noget, der er længere, end der er plads til på én linje'],
  ])(
    'hands what is tagged to the gateway where its subject is encoded (%s): %s',
    async (encoding, subject) => {
      const [before, passed] = [outside.received().length, internet.received().length];
      await send(PEOPLE.person, subject, {}, encoding);
      const { content } = await until(() => outside.received()[before]);
      expect(content.toString()).toContain('smime-type=enveloped-data');
      expect(internet.received()).toHaveLength(passed);
    },
  );

  it('goes by the mark as the gateway does', async () => {
    const passed = internet.received().length;
    await send(PEOPLE.person, 'Denied', { 'X-Send-Securely': 'No' });
    await until(() => internet.received()[passed]);
    await send(PEOPLE.person, 'Asked for', { 'X-Send-Securely': 'on' });
    await inMailboxes('Sent securely: Asked for');
    expect(internet.received()).toHaveLength(passed + 1);
  });

  it('takes an answer from outside that still has the tag, and hands it to nobody', async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: postfix.port,
      tls: { ca: authorityPem, servername: 'localhost' },
    });
    const subject = 'Re: [sikker] From outside';
    await transport.sendMail({ from: PEOPLE.person, to: PEOPLE.anna, subject, text: 'Thank you.' });
    expect(await inMailboxes(subject)).not.toContain('X-SecureMail-Id');
  });

  it('gets back what stays inside, without a mark, once', async () => {
    await send(PEOPLE.anna, '[secure] To myself', { Sensitivity: 'Private' });
    const mail = await inMailboxes('To myself');
    expect(mail).toMatch(/\nX-SecureMail-Id: /);
    expect(mail).toContain('The decision.');
    const receipt = await inMailboxes('Sent securely: To myself');
    expect(receipt.replaceAll('=\n', '')).toContain('stayed inside your organisation');
    // As it lies in the mailbox, behind two mail servers: from nobody, and read by a program as what it is.
    expect(receipt).toMatch(/^Return-Path: <>$/m);
    const { attachments, headers } = await PostalMime.parse(receipt.replaceAll('\n', '\r\n'));
    expect(headers.find(({ key }) => key === 'content-type')?.value).toMatch(
      /^multipart\/report; report-type=delivery-status/,
    );
    const status = attachments.find(({ mimeType }) => mimeType === 'message/delivery-status');
    expect(Buffer.from(status?.content as ArrayBuffer).toString()).toMatch(
      /^Final-Recipient: rfc822; anna@demo\.example\r?\nAction: relayed\r?\nStatus: 2\.\d+\.\d+$/m,
    );
    // In its head: the receipt has the subject, too, among what it is about.
    const heads = (await postfix.mails()).map((each) => each.split(/\r?\n\r?\n/)[0]);
    expect(heads.filter((head) => head?.includes('\nSubject: To myself'))).toHaveLength(1);
  });
});

describe('what the gateway is told for Exchange Online', () => {
  let folder: string;
  let gateway: RunningGateway;
  let authority: CertificateAuthority;
  let handIn: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'administrator-test-'));
    authority = await createCertificateAuthority({ name: 'Public' });
    for (const name of ['gateway', 'handin']) {
      const { certificatePem, keyPem } = await authority.issueServer({ names: [`${name}.demo.example`] });
      await writeFile(join(folder, `${name}.pem`), certificatePem);
      await writeFile(join(folder, `${name}.key`), keyPem);
    }
    // As in earnest both have the same port, so that nothing but their addresses tells them apart.
    handIn = await freePort();
    const places = {
      '192.0.2.31': '127.0.0.1',
      '0.0.0.0': '127.0.0.2',
      'port: 25\n': `port: ${handIn}\n`,
      'port: 25,': `port: ${handIn},`,
      '/etc/securemail': folder,
    };
    const read = async (place: [string, string]) =>
      parse(await written('yaml', places, place)) as Record<'tenants' | 'intake' | 'delivery', object>;
    const { tenants, intake, delivery } = await read(['administrator.md', 'Exchange Online']);
    const outside = await read(['operations.md', 'Mail from outside']);
    const around = demoSettings({
      paths: await ensureDemoFiles(join(folder, 'demo')),
      databaseUrl: await createDatabase(),
      brokers: null,
      ownMailServerPort: 1,
      outsidePort: 1,
      smtpPort: 0,
    });
    const settings = AllSettings.parse({
      ...around,
      tenants,
      intake: { ...outside.intake, ...intake },
      delivery,
    });
    gateway = await startAllInOne(settings, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['handing in', 'handin.demo.example', '127.0.0.1'],
    ['mail from outside', 'gateway.demo.example', '127.0.0.2'],
  ])('has an address and a name for %s', async (_, name, host) => {
    const transport = createTransport({
      host,
      port: handIn,
      requireTLS: true,
      tls: { ca: authority.certificatePem, servername: name },
    });
    await expect(transport.verify()).resolves.toBe(true);
  });
});

it('names every mark to Exchange Online that the gateway goes by and takes off', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/administrator.md'), 'utf8');
  const rules = /\n3\. _Mail flow_[^]*?(?=\n4\. )/.exec(page)?.[0];
  const { header, subjectTags } = SecureMarks.parse({});
  for (const mark of [header, ...subjectTags]) expect(rules).toContain(`\`${mark}\``);
});
