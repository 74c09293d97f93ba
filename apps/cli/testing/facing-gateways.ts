// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createApiKey } from '@securemail/service';
import {
  createCertificateAuthority,
  createDatabase,
  freePort,
  startPostfix,
  startSmtpSink,
  type CertificateAuthority,
  type Issued,
  type RunningPostfix,
  type SmtpSink,
} from '@securemail/testing';
import { createKeyFile } from '@securemail/vault';
import { startAllInOne, type RunningGateway } from '../all-in-one.ts';
import { AllSettings } from '../settings.ts';

/** An organisation: its gateway, the Postfix that the world hands its mail to, and the server with its mailboxes. */
export interface Side {
  domain: string;
  person: string;
  gateway: RunningGateway;
  apiKey: string;
  mailboxes: SmtpSink;
  authorityPem: string;
  /** What its people see before subjects that came securely; null: nothing. */
  tag: string | null;
}

/** Two organisations, each behind a Postfix of its own that relays to its gateway, and each with the other's certificates. */
export async function startFacingGateways(): Promise<{ sides: [Side, Side]; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'facing-gateways-'));
  const authority = await createCertificateAuthority({ name: 'Of both' });
  await writeFile(join(folder, 'authority.pem'), authority.certificatePem);
  const opened: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const plans = await Promise.all(
    [
      { name: 'north', tag: null },
      { name: 'south', tag: '[Verified]' },
    ].map(async ({ name, tag }) => {
      const domain = `${name}.example`;
      const person = `anna@${domain}`;
      return {
        name,
        tag,
        domain,
        person,
        inboundPort: await freePort(),
        own: await authority.issuePerson({ email: person, name: `Anna of ${name}` }),
        organisation: await authority.issueOrganisation({ domain, name }),
      };
    }),
  );
  const edges = await Promise.all(
    plans.map(({ name, domain, inboundPort }) => startEdge(authority, { name, domain, inboundPort })),
  );
  opened.push(...edges.map((edge) => () => edge.stop()));
  const sides = await Promise.all(
    plans.map(async (plan, index) => {
      const [other, edge] = [plans[1 - index], edges[1 - index]];
      if (other === undefined || edge === undefined) throw new Error('there are two sides');
      const mailboxes = await startSmtpSink({ tls: await serverOf(authority, 'localhost') });
      const { gateway, apiKey } = await startSide(join(folder, plan.name), authority, {
        ...plan,
        others: { [`people/${other.name}.pem`]: other.own.certificatePem },
        edge,
        mailboxes,
      });
      opened.push(
        () => mailboxes.stop(),
        () => gateway.close(),
      );
      const { domain, person, tag } = plan;
      return { domain, person, tag, gateway, apiKey, mailboxes, authorityPem: authority.certificatePem };
    }),
  );
  return {
    sides: sides as [Side, Side],
    close: async () => {
      for (const close of opened.toReversed()) await close();
    },
  };
}

async function serverOf(authority: CertificateAuthority, name: string) {
  const { certificatePem, keyPem } = await authority.issueServer({ names: [name, 'localhost', '127.0.0.1'] });
  return { certificatePem, keyPem };
}

/** What an MX record leads to: takes mail for the domain, and hands it to the gateway. */
const startEdge = async (
  authority: CertificateAuthority,
  { name, domain, inboundPort }: { name: string; domain: string; inboundPort: number },
): Promise<RunningPostfix> =>
  startPostfix({
    name: `mx.${domain}`,
    domains: [`unused.${name}.example`],
    tls: await serverOf(authority, `mx.${domain}`),
    more: {
      main: `relay_domains = ${domain}\ntransport_maps = inline:{ { ${domain} = smtp:[127.0.0.1]:${inboundPort} } }\nsmtp_tls_security_level = encrypt\nsmtp_host_lookup = native\n`,
      files: {},
    },
  });

interface StartingSide {
  name: string;
  tag: string | null;
  domain: string;
  inboundPort: number;
  own: Issued;
  organisation: Issued;
  others: Record<string, string>;
  edge: RunningPostfix;
  mailboxes: SmtpSink;
}

async function startSide(
  folder: string,
  authority: CertificateAuthority,
  { name, tag, domain, inboundPort, own, organisation, others, edge, mailboxes }: StartingSide,
): Promise<{ gateway: RunningGateway; apiKey: string }> {
  const path = (file: string) => join(folder, file);
  const write = async (file: string, content: string | Buffer) => {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), content);
    return path(file);
  };
  const { key } = createApiKey(name);
  const server = await serverOf(authority, 'localhost');
  const authorityFile = await write('certificates/authorities/both.pem', authority.certificatePem);
  await write('certificates/keys/people/anna.p12', own.pkcs12(''));
  await write(`certificates/keys/organisations/${domain}.p12`, organisation.pkcs12(''));
  for (const [file, pem] of Object.entries(others)) await write(`certificates/${file}`, pem);
  const files = {
    certFile: await write('server.pem', server.certificatePem),
    keyFile: await write('server-key.pem', server.keyPem),
  };
  await createKeyFile(path('vault.key'));
  const settings = AllSettings.parse({
    database: { url: await createDatabase() },
    vault: { keyFile: path('vault.key') },
    tenants: [
      {
        id: name,
        name,
        domains: [domain],
        ...(tag === null ? {} : { inbound: { subjectTags: { secure: tag } } }),
        mailServers: [
          { host: '127.0.0.1', port: mailboxes.port, tlsName: 'localhost', caFile: authorityFile },
        ],
        apiKeys: [
          {
            id: name,
            sha256: createHash('sha256').update(key).digest('hex'),
            senders: [`*@${domain}`],
            scopes: ['emails:send', 'emails:read'],
          },
        ],
      },
    ],
    outside: { routes: [{ domain: '*', host: '127.0.0.1', port: edge.port }] },
    intake: { hostname: `gateway.${domain}`, inbound: { host: '127.0.0.1', port: inboundPort, ...files } },
    crypto: { directory: path('certificates') },
    delivery: {},
    receipts: {},
  });
  return { gateway: await startAllInOne(settings, { host: '127.0.0.1', port: 0 }), apiKey: key };
}
