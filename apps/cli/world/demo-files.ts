// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createApiKey } from '@securemail/service';
import { hashPassword } from '@securemail/sign-in';
import { createCertificateAuthority } from '@securemail/testing';
import { createKeyFile } from '@securemail/vault';
import { stringify } from 'yaml';

/** Who lives in the demo. */
export const PEOPLE = {
  anna: 'anna@demo.example',
  colleague: 'ulla@demo.example',
  /** Whose mailbox forwards everything to an address of his own outside. */
  forwarder: 'ola@demo.example',
  ownAddress: 'ola@private.example',
  /** Wants a list of receipts in place of each. */
  lister: 'lis@demo.example',
  /** Never sends twice what may have arrived, and waits for nobody long. */
  careful: 'kai@demo.example',
  /** Has a certificate of her own. */
  person: 'bo@citizen.example',
  /** Works at an organisation that has one certificate for everybody. */
  clerk: 'desk@hospital.example',
  /** Their organisations' mail servers prove who they are: one by DANE, one by MTA-STS. */
  patient: 'eva@clinic.example',
  lawyer: 'pia@lawyers.example',
  /** His mail server can't take anything for him yet. */
  busy: 'jon@clinic.example',
  /** The same server does not have her, and loses the connection over him. */
  gone: 'eli@clinic.example',
  cutOff: 'per@clinic.example',
  /** Nobody knows a certificate for them, nor how their mail server would prove anything. */
  stranger: 'kim@nowhere.example',
  /** Writes first. */
  newcomer: 'ida@nowhere.example',
} as const;

const MAILBOXES = `Name,PrimarySmtpAddress,ForwardingSmtpAddress
Anna Ager,${PEOPLE.anna},
Ulla Ulv,${PEOPLE.colleague},
Lis Lund,${PEOPLE.lister},
Kai Krog,${PEOPLE.careful},
Ola Olsen,${PEOPLE.forwarder},smtp:${PEOPLE.ownAddress}
`;

/** Where things lie in the data folder. */
export const pathsIn = (dataDir: string) => {
  const root = resolve(dataDir);
  const world = join(root, 'world');
  return {
    root,
    postgres: join(root, 'postgres'),
    config: join(root, 'securemail.yaml'),
    apiKey: join(root, 'api-key'),
    /** As Exchange would export them. */
    mailboxes: join(root, 'mailboxes.csv'),
    vaultKey: join(root, 'vault.key'),
    /** Of the one account of the console. */
    consolePassword: join(root, 'console-password'),
    consolePasswordHash: join(root, 'console-password-hash'),
    /** By which services know who is signed in there. */
    consoleTokenKey: join(root, 'console-token-key'),
    /** Signs receipts for systems. */
    receiptKey: join(root, 'receipt-key.pem'),
    /** Signs the ledgers. */
    ledgerKey: join(root, 'ledger-key.pem'),
    certificates: join(root, 'certificates'),
    authority: join(world, 'authority.pem'),
    /** Of the mail servers and web hosts outside; made at every start. */
    webAuthority: join(world, 'web-authority.pem'),
    get authorityPem() {
      return readFileSync(join(world, 'authority.pem'), 'utf8');
    },
    smtpCertificate: join(root, 'smtp-certificate.pem'),
    smtpKey: join(root, 'smtp-key.pem'),
    /** The demo mail servers' certificate and key; the private keys of the people outside. */
    world,
    /** What the demo mail servers got, where it is kept as files. */
    arrived: join(root, 'arrived'),
    mailServerCertificate: join(world, 'mail-server.pem'),
    mailServerKey: join(world, 'mail-server-key.pem'),
    keyOf: (address: string) => join(world, `${address}.key.pem`),
    certificateOf: (address: string) => join(world, `${address}.pem`),
  };
};
export type DemoPaths = ReturnType<typeof pathsIn>;

/** Makes the demo organisation once: an authority, keys, certificates, an API key. A folder that has them keeps them. */
export async function ensureDemoFiles(dataDir: string): Promise<DemoPaths> {
  const paths = pathsIn(dataDir);
  await mkdir(paths.root, { recursive: true });
  await writeFile(paths.mailboxes, MAILBOXES);
  for (const path of [paths.receiptKey, paths.ledgerKey]) {
    if (await exists(path)) continue;
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  if (!(await exists(paths.consoleTokenKey))) {
    const secret = { mode: 0o600 };
    const password = randomBytes(12).toString('base64url');
    await writeFile(paths.consolePassword, password, secret);
    await writeFile(paths.consolePasswordHash, await hashPassword(password), secret);
    await writeFile(paths.consoleTokenKey, randomBytes(32).toString('base64url'), secret);
  }
  if (await exists(paths.apiKey)) return paths;
  const { certificates, world } = paths;
  for (const folder of ['authorities', 'people', 'organisations', 'keys/people', 'keys/organisations']) {
    await mkdir(join(certificates, folder), { recursive: true });
  }
  await mkdir(world, { recursive: true });

  const authority = await createCertificateAuthority({ name: 'Secure@Mail demo authority' });
  const [anna, organisation, person, hospital, gateway, mailServer] = await Promise.all([
    authority.issuePerson({ email: PEOPLE.anna, name: 'Anna Ager' }),
    authority.issueOrganisation({ domain: 'demo.example', name: 'Demo Municipality' }),
    authority.issuePerson({ email: PEOPLE.person, name: 'Bo Borger' }),
    authority.issueOrganisation({ domain: 'hospital.example', name: 'Demo Hospital' }),
    authority.issueServer({ names: ['localhost', '127.0.0.1'] }),
    authority.issueServer({ names: ['mail.demo.example', 'localhost', '127.0.0.1'] }),
  ]);
  const secret = { mode: 0o600 };
  const password = createApiKey('p12').key;
  const writeKey = async (name: string, { pkcs12 }: { pkcs12: (password: string) => Buffer }) => {
    await writeFile(join(certificates, 'keys', `${name}.p12`), pkcs12(password), secret);
    await writeFile(join(certificates, 'keys', `${name}.p12.password`), password, secret);
  };
  await writeKey('people/anna', anna);
  await writeKey('organisations/demo.example', organisation);
  await writeFile(join(certificates, 'authorities/demo.pem'), authority.certificatePem);
  await writeFile(join(certificates, 'people/bo.pem'), person.certificatePem);
  await writeFile(join(certificates, 'organisations/hospital.example.pem'), hospital.certificatePem);
  await writeFile(paths.authority, authority.certificatePem);
  for (const [address, { certificatePem, keyPem }] of [
    [PEOPLE.person, person],
    [PEOPLE.clerk, hospital],
  ] as const) {
    await writeFile(paths.certificateOf(address), certificatePem);
    await writeFile(paths.keyOf(address), keyPem, secret);
  }
  await writeFile(paths.smtpCertificate, gateway.certificatePem);
  await writeFile(paths.smtpKey, gateway.keyPem, secret);
  await writeFile(paths.mailServerCertificate, mailServer.certificatePem);
  await writeFile(paths.mailServerKey, mailServer.keyPem, secret);
  await createKeyFile(paths.vaultKey);
  // Last: its presence says that everything is there.
  await writeFile(paths.apiKey, createApiKey('demo').key, secret);
  return paths;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Writes the configuration that the demo runs with, so that a reader sees a whole and real one. */
export async function writeConfig(paths: DemoPaths, settings: unknown): Promise<void> {
  const head = '# Written at every start of the demo. The settings are explained in docs/operations.md.\n';
  await writeFile(paths.config, head + stringify(settings), { mode: 0o600 });
}
