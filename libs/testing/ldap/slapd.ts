// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Issued } from '../certificates/certificate-authority.ts';
import { freePort } from '../process/free-port.ts';
import { spawnTied } from '../process/tied-process.ts';

const run = promisify(execFile);
const SLAPD = '/usr/sbin/slapd';
const SCHEMAS = '/etc/ldap/schema';

/** Whether this machine has OpenLDAP's server (`apt install slapd ldap-utils`). */
export const slapdIsThere = (): boolean =>
  [SLAPD, '/usr/bin/ldapadd', join(SCHEMAS, 'inetorgperson.schema')].every((path) => existsSync(path));

export interface RunningSlapd {
  url: string;
  tlsUrl: string;
  /** Of whom may read; nobody else may. */
  bindDn: string;
  password: string;
  baseDn: string;
  /** Adds a person with this address and these values, by attribute. */
  add(mail: string, values: Readonly<Record<string, readonly Buffer[]>>): Promise<void>;
  stop(): Promise<void>;
}

/** Runs a directory of people, in clear, with StartTLS and over TLS, whose certificate this is. */
export async function startSlapd(certificate: Issued, authorityPem: string): Promise<RunningSlapd> {
  const folder = await mkdtemp(join(tmpdir(), 'slapd-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const baseDn = 'dc=example';
  const [bindDn, password] = [`cn=reader,${baseDn}`, 'sesame'];
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  await mkdir(join(folder, 'data'));
  await write('certificate.pem', certificate.certificatePem);
  await write('key.pem', certificate.keyPem);
  await write('authority.pem', authorityPem);
  const configuration = await write(
    'slapd.conf',
    `${['core', 'cosine', 'inetorgperson'].map((name) => `include ${SCHEMAS}/${name}.schema\n`).join('')}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/pid
TLSCACertificateFile ${folder}/authority.pem
TLSCertificateFile ${folder}/certificate.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${baseDn}"
rootdn "${bindDn}"
rootpw ${password}
directory ${folder}/data
access to * by * none
`,
  );
  const url = `ldap://127.0.0.1:${port}`;
  const tlsUrl = `ldaps://127.0.0.1:${tlsPort}`;
  const program = await spawnTied(SLAPD, ['-d', '0', '-f', configuration, '-h', `${url}/ ${tlsUrl}/`], {
    farewell: 'TERM',
  });
  const add = async (ldif: string) => {
    const file = await write('add.ldif', ldif);
    await run('ldapadd', ['-x', '-H', url, '-D', bindDn, '-w', password, '-f', file]);
  };
  const root = `dn: ${baseDn}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`;
  for (;;) {
    const added = await add(root).then(
      () => true,
      () => false,
    );
    if (added) break;
    if (program.hasExited()) throw new Error(`slapd ended: ${program.lastWords()}`);
    await sleep(50);
  }
  let count = 0;
  return {
    url,
    tlsUrl,
    bindDn,
    password,
    baseDn,
    async add(mail, values) {
      count += 1;
      const lines = Object.entries(values).flatMap(([name, all]) =>
        all.map((value) => `${name}:: ${value.toString('base64')}`),
      );
      const person = [
        `dn: uid=p${count},${baseDn}`,
        'objectClass: inetOrgPerson',
        `uid: p${count}`,
        'cn: P',
        'sn: P',
      ];
      const address = `mail:: ${Buffer.from(mail).toString('base64')}`;
      await add([...person, address, ...lines, ''].join('\n'));
    },
    async stop() {
      await program.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
