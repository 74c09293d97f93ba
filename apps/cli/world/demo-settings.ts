// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CONTACTS } from './demo-contacts.ts';
import type { DemoPaths } from './demo-files.ts';
import type { OutsideWorld } from './outside-world.ts';

const DEMO_LOOK = {
  colours: { banner: '#1d3b2f' },
  texts: {
    en: { help: 'Questions? Call the municipality: 70 10 20 30.' },
    da: { help: 'Spørgsmål? Ring til kommunen: 70 10 20 30.' },
    de: { help: 'Fragen? Rufen Sie die Gemeinde an: 70 10 20 30.' },
  },
};

export interface DemoSurroundings {
  paths: DemoPaths;
  databaseUrl: string;
  /** Null: events go over Postgres. */
  brokers: string[] | null;
  ownMailServerPort: number;
  outsidePort: number;
  /** What else of the world outside is played; without it, DNS is the system's. */
  outside?: OutsideWorld['settings'];
  smtpPort: number;
  /** Without it, no mail is taken from outside. */
  inboundPort?: number;
  /** Where SecureMailBox is; without it there is none, and whom nothing else reaches is held. */
  site?: string;
  /** Where the console is; without it there is none. */
  consoleAt?: string;
  /** Whether what takes minutes and hours takes seconds, so that it can be watched. */
  hurried?: boolean;
}

/** The demo organisation's configuration, as a file would hold it. */
export function demoSettings({
  paths,
  databaseUrl,
  brokers,
  ownMailServerPort,
  outsidePort,
  outside,
  smtpPort,
  inboundPort,
  site,
  consoleAt,
  hurried = false,
}: DemoSurroundings) {
  const apiKey = readFileSync(paths.apiKey, 'utf8');
  const own = {
    host: '127.0.0.1',
    port: ownMailServerPort,
    tlsName: 'mail.demo.example',
    caFile: paths.authority,
  };
  return {
    database: { url: databaseUrl },
    eventLog: brokers === null ? { kind: 'postgres' } : { kind: 'kafka', brokers, replicationFactor: 1 },
    vault: { keyFile: paths.vaultKey },
    ...(consoleAt === undefined
      ? {}
      : { console: { url: consoleAt, tokenKey: { file: paths.consoleTokenKey } } }),
    tenants: [
      {
        id: 'demo',
        name: 'Demo Municipality',
        domains: ['demo.example'],
        mailServers: [own],
        // As the organisation's own mail server does, whoever is on this machine may hand in mail.
        relayFrom: ['127.0.0.1'],
        forwardingFiles: [paths.mailboxes],
        ...(site === undefined ? {} : { mailbox: { url: site, look: DEMO_LOOK }, contacts: CONTACTS }),
        // Where all is shown, so is mail that nothing safe leads to.
        ...(site !== undefined && hurried ? { forbiddenMethods: ['mailbox'] } : {}),
        guards: { sensitiveContent: { rules: [{ name: 'CPR number', kind: 'cpr' }] } },
        ...(consoleAt === undefined
          ? {}
          : {
              console: {
                accounts: [
                  {
                    name: 'demo',
                    fullName: 'Olga Operator',
                    role: 'operator',
                    passwordHash: { file: paths.consolePasswordHash },
                  },
                  {
                    name: 'auditor',
                    fullName: 'Aksel Auditor',
                    role: 'auditor',
                    passwordHash: { file: paths.consolePasswordHash },
                  },
                ],
              },
            }),
        apiKeys: [
          {
            id: 'demo',
            sha256: createHash('sha256').update(apiKey).digest('hex'),
            senders: ['*@demo.example'],
            // The one key of the demo does everything; in earnest who decides has one of their own.
            scopes: [
              'emails:send',
              'emails:read',
              'held:decide',
              'dead-letters:replay',
              'audit',
              'retention',
              'admin',
            ],
          },
        ],
      },
    ],
    outside: {
      ...outside,
      routes: [...(outside?.routes ?? []), { domain: '*', host: '127.0.0.1', port: outsidePort }],
    },
    intake: {
      ...(hurried ? { deadlineMinutes: 40 / 60 } : {}),
      smtp: { host: '127.0.0.1', port: smtpPort, certFile: paths.smtpCertificate, keyFile: paths.smtpKey },
      ...(inboundPort === undefined
        ? {}
        : {
            inbound: {
              host: '127.0.0.1',
              port: inboundPort,
              certFile: paths.smtpCertificate,
              keyFile: paths.smtpKey,
            },
          }),
    },
    crypto: { directory: paths.certificates, ...(hurried ? { holdWatchSeconds: 1 } : {}) },
    delivery: hurried ? { retrySeconds: [3] } : {},
    receipts: {
      ...(hurried ? { interimAfterMinutes: 20 / 60, digest: { everyHours: 5 / 3_600 } } : {}),
      signing: { keyFile: paths.receiptKey },
      ledger: {
        origin: 'localhost/securemail',
        keyFile: paths.ledgerKey,
        checkpointSeconds: hurried ? 1 : 10,
      },
      // The systems of the demo organisation are on this machine.
      webhooks: { allowNetworks: ['127.0.0.1'], caFile: paths.authority },
    },
  };
}
