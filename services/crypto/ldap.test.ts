// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApiKey } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { missing, slapdIsThere, startSlapd, type Issued, type RunningSlapd } from '@securemail/testing';
import { ldapDirectories } from './adapters/ldap-directory.ts';
import { LdapSettings } from './settings.ts';
import { directoryIn } from './testing/directory-of.ts';
import { bundleOf, issueBelow, sha256Of } from './testing/openssl.ts';
import { revocableCast } from './testing/revocable.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

if (slapdIsThere()) withDirectory();
else missing('OpenLDAP', 'apt install slapd ldap-utils');

describe('the settings of a directory', () => {
  it.each([
    ['ldaps://ldap.example', {}, true],
    ['ldap://ldap.example', {}, true],
    ['ldap://ldap.example', { startTls: false }, false],
    ['ldap://localhost.example', { startTls: false }, false],
    ['ldap://127.0.0.1:1389', { startTls: false }, true],
    ['ldap://[::1]', { startTls: false }, true],
    ['ldap://localhost@ldap.example', { startTls: false }, false],
    ['http://ldap.example', {}, false],
    ['ldaps://ldap.example', { mailAttribute: 'mail=*)(x' }, false],
  ])('with %s and %j', (url, more, accepted) => {
    expect(LdapSettings.safeParse({ url, baseDn: 'dc=example', ...more }).success).toBe(accepted);
  });
});

function withDirectory() {
  let world: CryptoWorld;
  let slapd: RunningSlapd;
  let files: { passwordFile: string; caFile: string };
  const key = createApiKey('app');
  let said = '';
  const logger = createLogger('crypto', {
    level: 'info',
    destination: { write: (line) => (said += line) },
  });
  beforeAll(async () => {
    world = await openCryptoWorld({
      demo: { apiKeys: [{ id: 'app', sha256: key.sha256, senders: ['*@demo.example'] }] },
    });
    const { authority, folder } = world.cast;
    const server = await authority.issueServer({ names: ['localhost', '127.0.0.1'] });
    slapd = await startSlapd(server, authority.certificatePem);
    files = { passwordFile: join(folder, 'ldap.password'), caFile: join(folder, 'ldap-ca.pem') };
    await writeFile(files.passwordFile, `${slapd.password}\n`);
    await writeFile(files.caFile, authority.certificatePem);
  });
  beforeEach(() => {
    said = '';
  });
  afterAll(async () => {
    await slapd.stop();
    await world.close();
  });

  const settings = (more: object = {}) => ({
    url: slapd.tlsUrl,
    baseDn: slapd.baseDn,
    bindDn: slapd.bindDn,
    timeoutMs: 2_000,
    ...files,
    ...more,
  });
  const lookUp = async (address: string, more: object = {}) => {
    const ldap = ldapDirectories([LdapSettings.parse(settings(more))], logger);
    const answer = (await ldap?.lookUp([address]))?.get(address);
    return { found: answer?.certificates.map(({ sha256 }) => sha256), failed: answer?.failed };
  };
  const derOf = ({ certificatePem }: Pick<Issued, 'certificatePem'>) =>
    new X509Certificate(certificatePem).raw;
  let count = 0;
  const newPerson = async (add = true) => {
    const email = `ldap-${(count += 1)}@citizen.example`;
    const issued = await world.cast.authority.issuePerson({ email, name: email });
    if (add) await slapd.add(email, { 'userCertificate;binary': [derOf(issued)] });
    return { email, issued, sha256: sha256Of(issued.certificatePem) };
  };

  describe('a directory is asked', () => {
    it.each([
      ['over TLS', () => ({})],
      ['over TLS that was begun by StartTLS', () => ({ url: slapd.url })],
      ['in clear on this machine', () => ({ url: slapd.url, startTls: false })],
    ])('%s', async (_, more) => {
      const { email, sha256 } = await newPerson();
      expect(await lookUp(email, more())).toEqual({ found: [sha256], failed: false });
      expect(await lookUp(email.toUpperCase(), more())).toEqual({ found: [sha256], failed: false });
      expect(await lookUp('nobody@citizen.example', more())).toEqual({ found: [], failed: false });
    });

    it('for certificates and bundles in either attribute, and what is neither is passed over', async () => {
      const email = 'bundle@citizen.example';
      const { betweenPem, person } = await issueBelow(email);
      const bundle = Buffer.from(
        (await bundleOf(person.certificatePem, betweenPem)).replaceAll(/-----.*-----|\n/g, ''),
        'base64',
      );
      const { issued } = await newPerson(false);
      await slapd.add(email, {
        userSMIMECertificate: [bundle, Buffer.from('junk')],
        'userCertificate;binary': [derOf(issued)],
      });
      const { found } = await lookUp(email);
      expect(new Set(found)).toEqual(
        new Set([person.certificatePem, betweenPem, issued.certificatePem].map(sha256Of)),
      );
    });

    it.each(['*@citizen.example', 'ldap-*@citizen.example', 'x)(mail=*', '\u0000'])(
      'and %j stands for itself alone',
      async (address) => {
        await newPerson();
        expect(await lookUp(address)).toEqual({ found: [], failed: false });
      },
    );

    it('and an address with a star in it is found', async () => {
      const { issued, sha256 } = await newPerson(false);
      await slapd.add('st*r@citizen.example', { 'userCertificate;binary': [derOf(issued)] });
      expect(await lookUp('st*r@citizen.example')).toEqual({ found: [sha256], failed: false });
    });
  });

  describe('a directory says nothing', () => {
    it.each([
      ['whose certificate is of nobody who is trusted', () => ({ caFile: undefined })],
      ['of the same fault, by StartTLS', () => ({ caFile: undefined, url: slapd.url })],
      ['that refuses the password', () => ({ bindDn: `cn=else,${slapd.baseDn}` })],
      ['that is not there', () => ({ url: 'ldaps://127.0.0.1:1' })],
    ])('%s, and the log says so', async (_, more) => {
      const { email } = await newPerson();
      expect(await lookUp(email, more())).toEqual({ found: [], failed: true });
      expect(said).toContain('an LDAP directory could not be asked');
      expect(said).not.toContain('citizen');
      expect(said).not.toContain(slapd.password);
    });

    it.each(['ldaps', 'ldap'])(
      'that takes the connection and is silent, over %s, in the time that is set',
      async (scheme) => {
        const silent = createServer((socket) => socket.on('error', () => undefined));
        await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
        const { port } = silent.address() as AddressInfo;
        const begun = Date.now();
        const answer = await lookUp('x@citizen.example', {
          url: `${scheme}://127.0.0.1:${port}`,
          timeoutMs: 500,
        });
        expect(answer).toEqual({ found: [], failed: true });
        expect(Date.now() - begun).toBeLessThan(3_000);
        silent.close();
      },
    );

    it('that agrees to StartTLS and is silent then, in the time that is set', async () => {
      // An ExtendedResponse that says success (RFC 4511 §4.12), to the message that it answers.
      const agreed = Buffer.from('300c02010178070a010004000400', 'hex');
      const silent = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (asked) => {
          agreed[4] = asked[4] ?? 0;
          socket.write(agreed);
        });
      });
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const answer = await lookUp('x@citizen.example', {
        url: `ldap://127.0.0.1:${port}`,
        startTls: true,
        timeoutMs: 500,
      });
      expect(answer).toEqual({ found: [], failed: true });
      silent.close();
    });

    it('but what it said before is remembered, also that there was nobody', async () => {
      const { email, sha256 } = await newPerson();
      const own = await startSlapd(
        await world.cast.authority.issueServer({ names: ['127.0.0.1'] }),
        world.cast.authority.certificatePem,
      );
      const { issued } = await newPerson(false);
      await own.add(email, { 'userCertificate;binary': [derOf(issued)] });
      const ldap = ldapDirectories([LdapSettings.parse(settings({ url: own.tlsUrl }))], logger);
      const addresses = [email, 'nobody@citizen.example'];
      const before = await ldap?.lookUp(addresses);
      await own.stop();
      expect(await ldap?.lookUp(addresses)).toEqual(before);
      expect(before?.get(email)?.certificates[0]?.sha256).toBe(sha256Of(issued.certificatePem));
      expect(before?.get(email)?.certificates[0]?.sha256).not.toBe(sha256);
      expect((await ldap?.lookUp(['another@citizen.example']))?.get('another@citizen.example')).toEqual({
        certificates: [],
        failed: true,
      });
    });
  });

  describe('an email', () => {
    const outcomeFor = async (address: string) => {
      const events = await world.outcome(await world.accept({ to: [address] }));
      return {
        used: named(events, 'EmailProtected').flatMap(({ data }) => data.encryption?.certificateSha256 ?? []),
        held: named(events, 'EmailHeld').map(({ data }) => data.because),
      };
    };

    it('is encrypted for what the directory has, where nothing that can be used is known here', async () => {
      const running = await world.start({ ldap: [settings()] });
      const { email, sha256 } = await newPerson();
      expect(await outcomeFor(email)).toEqual({ used: [sha256], held: [] });
      const { issued } = await newPerson(false);
      await slapd.add('bo@citizen.example', { 'userCertificate;binary': [derOf(issued)] });
      const bo = sha256Of(world.cast.issued.bo.certificatePem);
      expect(await outcomeFor('bo@citizen.example')).toEqual({ used: [bo], held: [] });
      // What names somebody else is not used, whoever says that it is his.
      const wrong = await newPerson(false);
      await slapd.add('robbed@citizen.example', { 'userCertificate;binary': [derOf(wrong.issued)] });
      expect(await outcomeFor('robbed@citizen.example')).toEqual({
        used: [],
        held: ['certificate-unsuitable'],
      });
      await running.close();
    });

    it('is not encrypted for what its authority has revoked, as who asks before it is sent is told', async () => {
      const revocable = await revocableCast();
      await world.cast.write('authorities/revocable.pem', revocable.authorityPem);
      const opening = { privateHosts: true };
      const running = await world.start({ ldap: [settings()], opening, http: { port: 0 } });
      for (const name of ['revoked-by-ocsp', 'good-by-ocsp'] as const)
        await slapd.add(`${name}@citizen.example`, {
          'userCertificate;binary': [derOf(revocable.people[name])],
        });
      const names = ['revoked-by-ocsp@citizen.example', 'good-by-ocsp@citizen.example'];
      const check = async () => {
        const response = await fetch(`${running.url ?? ''}/v1/recipients/check`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key.key}` },
          body: JSON.stringify({ from: 'anna@demo.example', recipients: names }),
        });
        const { recipients } = (await response.json()) as {
          recipients: { method: string | null; warnings: { warning: string }[] }[];
        };
        return recipients.map(({ method, warnings }) => ({
          method,
          warned: warnings.map((each) => each.warning),
        }));
      };
      const isKnown = ({ warned }: { warned: string[] }) => !warned.includes('lookup-failed');
      let checked = await check();
      while (!checked.every(isKnown)) checked = await check();
      expect(checked).toEqual([
        { method: null, warned: ['held'] },
        { method: 'smime-personal', warned: ['certificate-expiring'] },
      ]);
      expect(await outcomeFor('revoked-by-ocsp@citizen.example')).toEqual({
        used: [],
        held: ['certificate-revoked'],
      });
      const good = sha256Of(revocable.people['good-by-ocsp'].certificatePem);
      expect(await outcomeFor('good-by-ocsp@citizen.example')).toEqual({ used: [good], held: [] });
      await running.close();
      await revocable.close();
    });

    it('is held where the directory does not answer and nothing else is known, and goes where something is', async () => {
      const running = await world.start({ ldap: [settings({ url: 'ldaps://127.0.0.1:1' })] });
      expect(await outcomeFor('stranger@citizen.example')).toEqual({
        used: [],
        held: ['certificate-lookup-failed'],
      });
      const { importPem } = await directoryIn(world);
      const { email, issued, sha256 } = await newPerson(false);
      await importPem(issued.certificatePem);
      expect(await outcomeFor(email)).toEqual({ used: [sha256], held: [] });
      const hospital = sha256Of(world.cast.issued['hospital.example'].certificatePem);
      expect(await outcomeFor('anybody@hospital.example')).toEqual({ used: [hospital], held: [] });
      await running.close();
    });
  });
}
