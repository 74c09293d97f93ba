// SPDX-License-Identifier: Apache-2.0
import { createHash, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import {
  createCertificateAuthority,
  startDnsServer,
  startPolicyHost,
  startSmtpSink,
  type DnsRecord,
  type SmtpSink,
  type SmtpSinkOptions,
} from '@securemail/testing';
import type { DemoPaths } from './demo-files.ts';

/** The domains outside whose mail servers prove who they are, and the one that says nothing of them. */
export const PROVING = { dane: 'clinic.example', sts: 'lawyers.example' } as const;
const SILENT = 'nowhere.example';
const HOST = { dane: `mx.${PROVING.dane}`, sts: `mx.${PROVING.sts}` };

export interface OutsideWorld {
  /** Takes the mail of both domains that prove something. */
  provingServer: SmtpSink;
  /** The section `outside` of the configuration. */
  settings: { dns: object; routes: object[]; caFile: string; mtaSts: object };
  stop(): Promise<void>;
}

/** Plays what of the Internet the gateway asks: DNS with DNSSEC, a policy host of MTA-STS, the servers that they speak of. */
export async function startOutsideWorld(
  paths: DemoPaths,
  sink: Pick<SmtpSinkOptions, 'onMail'>,
): Promise<OutsideWorld> {
  const authority = await createCertificateAuthority({ name: 'Secure@Mail demo web authority' });
  const [mail, web] = await Promise.all([
    authority.issueServer({ names: Object.values(HOST) }),
    authority.issueServer({ names: [`mta-sts.${PROVING.sts}`] }),
  ]);
  await writeFile(paths.webAuthority, authority.certificatePem);
  const provingServer = await startSmtpSink({ tls: mail, ...sink });
  const body = `version: STSv1\r\nmode: enforce\r\nmx: ${HOST.sts}\r\nmax_age: 604800\r\n`;
  const policyHost = await startPolicyHost({ certificate: web, body });
  const dns = await startDnsServer({
    records: recordsFor(provingServer.port, mail.certificatePem),
    secure: [PROVING.dane],
  });
  return {
    provingServer,
    settings: {
      dns: { servers: [{ address: dns.address, port: dns.port }] },
      routes: (['dane', 'sts'] as const).map((kind) => ({
        domain: PROVING[kind],
        host: HOST[kind],
        port: provingServer.port,
      })),
      caFile: paths.webAuthority,
      mtaSts: { port: policyHost.port },
    },
    async stop() {
      await Promise.all([dns.stop(), policyHost.stop(), provingServer.stop()]);
    },
  };
}

function recordsFor(port: number, certificatePem: string): DnsRecord[] {
  const key = new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' });
  const certificate = createHash('sha256').update(key).digest();
  const here = [HOST.dane, HOST.sts, `mta-sts.${PROVING.sts}`];
  return [
    ...here.map((name): DnsRecord => ({ type: 'A', name, data: '127.0.0.1' })),
    {
      type: 'TLSA',
      name: `_${port}._tcp.${HOST.dane}`,
      data: { usage: 3, selector: 1, matchingType: 1, certificate },
    },
    { type: 'TXT', name: `_mta-sts.${PROVING.sts}`, data: 'v=STSv1; id=1;' },
    { type: 'MX', name: SILENT, data: { exchange: `mx.${SILENT}`, preference: 10 } },
  ];
}
