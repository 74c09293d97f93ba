// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCrypto } from '@securemail/crypto';
import { createCertificateAuthority, createDatabase, type CertificateAuthority } from '@securemail/testing';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { AllSettings } from '../settings.ts';
import { ensureDemoFiles, PEOPLE } from '../world/demo-files.ts';
import { demoSettings } from '../world/demo-settings.ts';
import { certificates } from './certificates.ts';

let folder: string;
let config: string;
let databaseUrl: string;
let authority: CertificateAuthority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-test-'));
  const paths = await ensureDemoFiles(folder);
  databaseUrl = await createDatabase();
  const ports = { ownMailServerPort: 1, outsidePort: 1, smtpPort: 0 };
  const settings = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  config = paths.config;
  await writeFile(config, stringify(settings));
  authority = await createCertificateAuthority({ name: 'Partners' });
  await writeFile(join(paths.certificates, 'authorities/partners.pem'), authority.certificatePem);
  // Brings the schema up to date.
  await (await startCrypto(AllSettings.parse(settings))).close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const out = { printed: '', said: '', failed: false };
  const command = certificates({
    print: (text) => (out.printed += text),
    say: (text) => (out.said += text),
    fail: () => (out.failed = true),
  }).exitOverride();
  for (const each of command.commands) each.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(['--config', config, ...args], { from: 'user' });
  return out;
}
const WHO = ['--by', 'ops', '--reason', 'agreed with the partner'];
const runImport = (path: string, ...more: string[]) => run('import', path, ...WHO, ...more);
const write = async (name: string, content: string | Buffer) => {
  await mkdir(join(folder, 'lists'), { recursive: true });
  const path = join(folder, 'lists', name);
  await writeFile(path, content);
  return path;
};
const sha256Of = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
const base64Of = (pem: string) => new X509Certificate(pem).raw.toString('base64');

let count = 0;
const newPartner = async () => {
  const domain = `partner-${(count += 1)}.example`;
  return { domain, ...(await authority.issueOrganisation({ domain, name: domain })) };
};
const stored = async () => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ row: string }>('select c::text as row from crypto.certificates c');
  await client.end();
  return rows.map(({ row }) => row).join('\n');
};

describe('securemail certificates', () => {
  it('imports a person’s, first on trial, then shows, checks and removes it', async () => {
    const email = 'iben@citizen.example';
    const { certificatePem } = await authority.issuePerson({ email, name: 'Iben' });
    const path = await write('iben.pem', certificatePem);
    const sha256 = sha256Of(certificatePem);
    const trial = await runImport(path, '--dry-run');
    expect(trial.printed).toMatch(
      /^certificate 1: added: person iben@citizen\.example, [0-9a-f]{16}, valid: /,
    );
    expect(trial.said).toContain('Nothing was imported');
    expect(await run('check', email)).toMatchObject({ failed: true });

    expect((await runImport(path)).said).toBe('1 added, 0 changed, 0 known, 0 refused. Imported.\n');
    expect((await run('list', '--search', 'iben')).printed).toMatch(
      /^valid {2}person {2}iben@citizen\.example/,
    );
    const shown = await run('show', sha256.slice(0, 12).toUpperCase());
    for (const part of [
      sha256,
      'CN=Partners',
      'rsa 2048',
      'keyEncipherment',
      'by ops: agreed with the partner',
    ])
      expect(shown.printed).toContain(part);
    expect(shown.printed).toContain('-----BEGIN CERTIFICATE-----');
    const checked = await run('check', 'Iben@Citizen.example');
    expect(checked).toMatchObject({ failed: false });
    expect(checked.printed).toContain('used  valid  person  iben@citizen.example');
    expect(checked.printed).toContain('organisation citizen.example: no certificate is known');

    expect((await run('remove', sha256, ...WHO)).printed).toBe(`removed for ${email}\n`);
    expect(await run('check', email)).toMatchObject({ failed: true });
    expect(await run('remove', sha256, ...WHO)).toMatchObject({ failed: true });
    const gone = await run('show', sha256.slice(0, 12));
    expect(gone).toMatchObject({ failed: false });
    expect(gone.printed).toMatch(
      /it is used for nobody any more\nhistory .* added for .*\nhistory .* removed for person iben/,
    );
    expect(gone.printed).not.toContain('BEGIN CERTIFICATE');
  });

  it('asks an authority in a private network where the configuration says so, or --private-hosts does', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const email = 'listed@citizen.example';
    const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });
    await openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-keyout', 'own.key', '-subj', '/CN=Own'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-out', 'own.pem'],
    );
    await openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-keyout', 'listed.key', '-subj', '/CN=Listed'],
      ...['-CA', 'own.pem', '-CAkey', 'own.key', '-addext', 'basicConstraints=critical,CA:FALSE'],
      ...['-addext', 'keyUsage=critical,keyEncipherment', '-addext', 'extendedKeyUsage=emailProtection'],
      ...['-addext', `subjectAltName=email:${email}`, '-out', 'listed.pem'],
      ...['-addext', `crlDistributionPoints=URI:http://127.0.0.1:${port}/list`],
    );
    const trusted = join(folder, 'certificates/authorities/own.pem');
    await copyFile(join(folder, 'own.pem'), trusted);
    const open = join(folder, 'open.yaml');
    const settings = parse(await readFile(config, 'utf8')) as { crypto: object };
    const crypto = { ...settings.crypto, opening: { privateHosts: true } };
    await writeFile(open, stringify({ ...settings, crypto }));
    try {
      expect((await runImport(join(folder, 'listed.pem'))).said).toContain('Imported');
      expect((await run('check', email, '--online')).printed).toContain('not a public host');
      expect(asked).toBe(0);
      await run('--config', open, 'check', email, '--online');
      expect(asked).toBe(1);
      await run('check', email, '--online', '--private-hosts');
      expect(asked).toBe(2);
    } finally {
      server.close();
      await rm(trusted);
    }
  });

  it('does what docs/administrator.md says of partners', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/administrator.md'), 'utf8');
    const [, partners = ''] = page.split('## Certificates with a partner');
    const lines = partners.match(/(?<=^ *)securemail certificates .*$/gm) ?? [];
    const { certificatePem } = await authority.issueOrganisation({
      domain: 'hospital.example',
      name: 'Hospital',
    });
    const path = await write('hospital.pem', certificatePem);
    const answers = [];
    for (const line of lines) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      answers.push(await run(...words.slice(2).map((word) => (word === 'hospital.pem' ? path : word))));
    }
    const [trial, done, used] = answers;
    expect(answers).toHaveLength(3);
    expect(trial!.printed).toContain('added: organisation hospital.example');
    expect(trial!.said).toContain('Nothing was imported');
    expect(done!.said).toContain('Imported.');
    expect(used).toMatchObject({ failed: false });
    expect(used!.printed).toContain('used  valid  organisation  hospital.example');
    const other = await createCertificateAuthority({ name: 'Nobody here trusts it' });
    const stranger = await other.issueOrganisation({ domain: 'stranger.example', name: 'Stranger' });
    const trust = ['--domain', 'stranger.example', '--dry-run'];
    expect(
      (await runImport(await write('stranger.pem', stranger.certificatePem), ...trust)).printed,
    ).toContain('untrusted');
  });

  it('lists what lies in the folder too, a page at a time, as lines of JSON', async () => {
    const whole = await run('--json', 'list');
    const names = whole.printed
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names).toEqual(expect.arrayContaining(['hospital.example', PEOPLE.person]));
    const first = await run('--json', 'list', '--limit', '1');
    const [, after = ''] = /--after (\S+)/.exec(first.said) ?? [];
    const rest = await run('--json', 'list', '--after', after);
    expect(first.printed + rest.printed).toBe(whole.printed);
    await expect(run('list', '--after', 'nonsense')).rejects.toThrow('--after');
  });

  it('asks for a tenant that there is', async () => {
    await expect(run('--tenant', 'nobody', 'list')).rejects.toThrow('one of demo is wanted');
  });
});

describe('securemail certificates import', () => {
  it('takes a PKCS#12 file with its password from a file, and never the key in it', async () => {
    const partner = await newPartner();
    const { domain, certificatePem, keyPem } = partner;
    const path = await write('partner.p12', partner.pkcs12('sesame'));
    await expect(runImport(path, '--domain', domain)).rejects.toThrow('password');
    const password = await write('partner.password', 'sesame\n');
    const imported = await runImport(path, '--domain', domain, '--password-file', password);
    expect(imported.said).toContain('There is a private key in the file. It was not taken');
    expect(imported.printed).toContain(`added: organisation ${domain}`);
    expect(await run('check', domain)).toMatchObject({ failed: false });
    const shown = await run('show', sha256Of(certificatePem));
    // Behind the modulus, which is no secret.
    const privatePart = Buffer.from(keyPem.replaceAll(/-----.*-----|\n/g, ''), 'base64').subarray(420, 480);
    for (const text of [JSON.stringify([imported, shown]), await stored()]) {
      expect(text).not.toContain('PRIVATE');
      expect(text).not.toContain(privatePart.toString('base64'));
      expect(text).not.toContain(privatePart.toString('hex'));
    }
  });

  it('takes the certificate beside a key in PEM, and says that the key was not taken', async () => {
    const { certificatePem, keyPem } = await authority.issuePerson({
      email: 'two@citizen.example',
      name: '2',
    });
    const imported = await runImport(await write('both.pem', keyPem + certificatePem));
    expect(imported.said).toContain('private key');
    expect(imported.printed).toContain('added: person two@citizen.example');
    await expect(runImport(await write('key.pem', keyPem))).rejects.toThrow('no certificate');
  });

  it('takes a partner list as CSV: base64, PEM, and files beside it', async () => {
    const [one, two, three] = await Promise.all([newPartner(), newPartner(), newPartner()]);
    await write('three.pem', three.certificatePem);
    const rows = [
      '\ufeffdomain;certificate',
      `${one.domain.toUpperCase()};${base64Of(one.certificatePem)}`,
      `"${two.domain}";"${two.certificatePem.replaceAll('\n', '\r\n')}"`,
      `${three.domain};three.pem`,
      '',
    ];
    const imported = await runImport(await write('list.csv', rows.join('\r\n')));
    expect(imported.said).toContain('3 added, 0 changed, 0 known, 0 refused. Imported.');
    const listed = await run('list', '--source', 'partner-list');
    for (const { domain } of [one, two, three]) expect(listed.printed).toContain(domain);
  });

  it('takes a partner list as JSON', async () => {
    const [one, two] = await Promise.all([newPartner(), newPartner()]);
    const list = [
      { domain: one.domain, certificate: one.certificatePem },
      { domain: two.domain, certificate: base64Of(two.certificatePem), contact: 'post@partner.example' },
    ];
    const imported = await runImport(await write('list.json', JSON.stringify(list, null, 2)));
    expect(imported.said).toContain('2 added');
  });

  it('imports nothing where a line is wrong, tells each, and the rest where that is wanted', async () => {
    const good = await newPartner();
    await write('text.txt', 'hello');
    await writeFile(join(folder, 'outside.pem'), good.certificatePem);
    const path = await write(
      'bad.csv',
      [
        'domain,certificate',
        `${good.domain},${base64Of(good.certificatePem)}`,
        `else.example,${base64Of(good.certificatePem)}`,
        `no domain,${base64Of(good.certificatePem)}`,
        `${good.domain},../outside.pem`,
        `${good.domain},/etc/hostname`,
        `${good.domain},missing.pem`,
        `${good.domain},text.txt`,
        `${good.domain},${'AAAA'.repeat(100)}`,
        good.domain,
        `${good.domain},"${base64Of(good.certificatePem)}" x`,
        `\u001b[2Jevil,${base64Of(good.certificatePem)}`,
      ].join('\n'),
    );
    const refused = await runImport(path);
    expect(refused).toMatchObject({ failed: true });
    const lines = refused.printed.trim().split('\n');
    expect(lines.map((line) => /^line (\d+): refused: /.exec(line)?.[1])).toEqual([
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '12',
    ]);
    expect(refused.printed).not.toContain('\u001b');
    expect(lines[2]).toContain('outside of the list’s folder');
    expect(refused.said).toContain('Nothing was imported');
    expect(await run('check', good.domain)).toMatchObject({ failed: true });
    const rest = await runImport(path, '--skip-bad');
    expect(rest).toMatchObject({ failed: false });
    expect(rest.said).toContain('1 added, 0 changed, 0 known, 10 refused. Imported.');
    expect(await run('check', good.domain)).toMatchObject({ failed: false });
  });

  it.each([
    ['junk.pem', Buffer.alloc(10 * 1024 * 1024, 'junk ')],
    ['junk.der', Buffer.alloc(1024 * 1024, 0x30)],
    ['cut-off.pem', '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n'],
    ['empty.pem', ''],
    ['junk.p12', Buffer.alloc(1024 * 1024, 0x30)],
  ])('refuses %s', async (name, content) => {
    const before = await stored();
    await expect(runImport(await write(name, content))).rejects.toThrow(
      /larger than|neither PEM nor DER|damaged|no certificate|no PKCS#12/,
    );
    expect(await stored()).toBe(before);
  });

  it.each(['junk.csv', 'junk.json'])('refuses 10 MB of %s in little memory', async (name) => {
    const path = await write(name, Buffer.alloc(10 * 1024 * 1024, name === 'junk.csv' ? 'junk, ' : '{"junk'));
    const refused = await runImport(path);
    expect(refused).toMatchObject({ failed: true });
    expect(refused.said).toContain('1 refused');
  });

  it('goes through a list of ten thousand lines, and tells how far it is', async () => {
    const { domain, certificatePem } = await newPartner();
    const line = `${domain},${base64Of(certificatePem)}\n`;
    const imported = await runImport(await write('long.csv', line.repeat(10_000)));
    expect(imported.said).toContain('9000 looked at …\n');
    expect(imported.said).toContain('1 added, 0 changed, 9999 known, 0 refused. Imported.');
  });

  it('shows its errors without what is in the file', async () => {
    const path = await write('secret.csv', 'domain,certificate\nx.example,"the secret of somebody');
    const refused = await runImport(path);
    expect(JSON.stringify(refused)).not.toContain('secret of somebody');
    expect(await readFile(path, 'utf8')).toContain('secret of somebody');
  });
});
