// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@securemail/telemetry';
import { createCertificateAuthority } from '@securemail/testing';
import { SMTPServer } from 'smtp-server';
import { dialogue } from '../testing/smtp-dialogue.ts';
import { readCertificateFiles } from './certificate-files.ts';
import { COMMON, listening } from './listener.ts';

it('shows a certificate that was put in the place of the former one, and nobody who is connected is cut off', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'listener-'));
  const files = { certFile: join(folder, 'own.pem'), keyFile: join(folder, 'own.key') };
  const [former, next] = [
    await createCertificateAuthority({ name: 'Former' }),
    await createCertificateAuthority({ name: 'Next' }),
  ];
  const renew = async (authority: typeof former) => {
    const { certificatePem, keyPem } = await authority.issueServer({ names: ['localhost'] });
    await writeFile(files.certFile, certificatePem);
    await writeFile(files.keyFile, keyPem);
  };
  await renew(former);
  const server = new SMTPServer({ ...COMMON, ...readCertificateFiles('inbound', files) });
  const logger = createLogger('test', { level: 'silent' });
  const where = { host: '127.0.0.1', port: 0, ...files };
  const listener = await listening(server, where, { place: 'inbound', logger, everyMs: 20 });
  const trusts = async ({ certificatePem }: typeof former) => {
    const client = await dialogue(listener.port);
    await client.say('EHLO client.example\r\n');
    await client.say('STARTTLS\r\n');
    try {
      await client.startTls(certificatePem);
      return client;
    } catch {
      client.cut();
      return null;
    }
  };
  const connected = await trusts(former);
  expect(await trusts(next)).toBeNull();
  await renew(next);
  let renewed = await trusts(next);
  while (renewed === null) {
    await sleep(20);
    renewed = await trusts(next);
  }
  expect(await trusts(former)).toBeNull();
  expect(await connected?.say('EHLO client.example\r\n')).toMatch(/^250/);
  renewed.cut();
  connected?.cut();
  await listener.close();
  await rm(folder, { recursive: true });
});
