// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
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
  it('are refused with a file of authorities that has none', () => {
    const settings = LdapSettings.parse({
      url: 'ldaps://ldap.example',
      baseDn: 'dc=example',
      caFile: '/dev/null',
    });
    expect(() => ldapDirectories([settings], createLogger('crypto', { level: 'silent' }))).toThrow(
      'crypto.ldap.caFile has no certificate in it: /dev/null',
    );
  });

  it.each([
    ['is not there', '/nowhere/ldap.password', 'can not be read (ENOENT): /nowhere/ldap.password'],
    ['can not be read', '/dev', 'can not be read (EISDIR): /dev'],
    ['is empty', '/dev/null', 'has no password in it: /dev/null'],
  ])('are refused with a file of the password that %s', (_, passwordFile, reason) => {
    const asked = { bindDn: 'cn=gateway', passwordFile };
    const settings = LdapSettings.parse({ url: 'ldaps://ldap.example', baseDn: 'dc=example', ...asked });
    expect(() => ldapDirectories([settings], createLogger('crypto', { level: 'silent' }))).toThrow(
      `crypto.ldap.passwordFile ${reason}`,
    );
  });

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

/**
 * A directory in which there is nobody, and that does StartTLS; what stands before TLS, beside its answer, is put in by
 * somebody on the way.
 */
async function startStartTls(
  { certificatePem: cert, keyPem: key }: Issued,
  before: (agreed: Buffer, putIn: Buffer) => Buffer[],
  beforeEach = () => Promise.resolve(),
) {
  let asked = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      void begin(socket, request[4] ?? 0);
    });
  });
  const begin = async (socket: Socket, id: number) => {
    for (const [index, octets] of before(success(id, 0x78), success(id + 1, 0x65)).entries()) {
      if (index > 0) await sleep(20);
      socket.write(octets);
    }
    const tls = new TLSSocket(socket, { isServer: true, cert, key });
    let rest = Buffer.alloc(0);
    tls
      .on('error', () => undefined)
      .on('data', (octets: Buffer) => {
        rest = Buffer.concat([rest, octets]);
        for (let each = idIn(rest); each !== null; each = idIn(rest)) {
          rest = rest.subarray(each.length);
          const { id: of } = each;
          asked += 1;
          void beforeEach().then(() => tls.write(success(of, 0x65)));
        }
      });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** An LDAPResult that says success (RFC 4511 §4.1.9), as answer to the message of that id. */
const success = (id: number, tag: number) =>
  Buffer.from([0x30, 0x0d, 0x02, 0x02, id >> 8, id & 0xff, tag, 0x07, 0x0a, 0x01, 0, 0x04, 0, 0x04, 0]);

/** Of the first whole message: its length is in one octet, or in more behind one that says how many. */
function idIn(octets: Buffer): { id: number; length: number } | null {
  if (octets.length < 8) return null;
  const first = octets[1]!;
  const head = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const length = head + (head === 2 ? first : octets.readUIntBE(2, head - 2));
  if (octets.length < length) return null;
  return { id: octets.readUIntBE(head + 2, octets[head + 1]!), length };
}

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

    it.each([
      ['behind the answer to StartTLS', (agreed: Buffer, put: Buffer) => [Buffer.concat([agreed, put])]],
      [
        'in pieces',
        (agreed: Buffer, put: Buffer) => [
          agreed.subarray(0, 3),
          Buffer.concat([agreed.subarray(3), put.subarray(0, 4)]),
        ],
      ],
      ['before it, whole', (agreed: Buffer, put: Buffer) => [Buffer.concat([put, agreed])]],
      ['and a genuine one does, with nothing put in', (agreed: Buffer) => [agreed]],
    ])('where somebody on the way puts something in, in clear, %s', async (where, octets) => {
      const genuine = await startStartTls(
        await world.cast.authority.issueServer({ names: ['127.0.0.1'] }),
        octets,
      );
      const answer = await lookUp('x@citizen.example', { url: genuine.url, bindDn: undefined });
      const isGenuine = where.startsWith('and a genuine');
      expect(answer).toEqual({ found: [], failed: !isGenuine });
      expect(said.includes('InjectedInClearError')).toBe(!isGenuine);
      expect(genuine.asked()).toBe(isGenuine ? 1 : 0);
      await genuine.close();
    });

    it('where its password is gone meanwhile, and asks nobody without', async () => {
      const { email } = await newPerson();
      const passwordFile = `${files.passwordFile}.gone`;
      await writeFile(passwordFile, slapd.password);
      const ldap = ldapDirectories([LdapSettings.parse(settings({ passwordFile }))], logger);
      await writeFile(passwordFile, '\n');
      expect((await ldap?.lookUp([email]))?.get(email)).toEqual({ certificates: [], failed: true });
      expect(said).toContain('NO_PASSWORD');
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

  it('a directory is asked about many side by side: a slow line costs a mail to a thousand people no time for each', async () => {
    let open = 0;
    let most = 0;
    const slow = await startStartTls(
      await world.cast.authority.issueServer({ names: ['127.0.0.1'] }),
      (agreed) => [agreed],
      async () => {
        most = Math.max(most, (open += 1));
        await sleep(10);
        open -= 1;
      },
    );
    const ldap = ldapDirectories(
      [LdapSettings.parse(settings({ url: slow.url, bindDn: undefined, timeoutMs: 9_000 }))],
      logger,
    );
    const addresses = Array.from({ length: 1_000 }, (_, index) => `p${index}@citizen.example`);
    const answers = [...(await ldap!.lookUp(addresses)).values()];
    expect(answers.filter(({ failed }) => failed)).toEqual([]);
    expect(slow.asked()).toBe(1_000);
    expect(most).toBeGreaterThan(16);
    await slow.close();
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

    it('to somebody inside, or of who may not use certificates of people, is told no directory', async () => {
      const server = await world.cast.authority.issueServer({ names: ['127.0.0.1'] });
      const counting = await startStartTls(server, (agreed) => [agreed]);
      const running = await world.start({ ldap: [settings({ url: counting.url, bindDn: undefined })] });
      const planned = async (from: string, to: string) => {
        const events = await world.outcome(await world.accept({ from, to: [to] }));
        return named(events, 'ProtectionPlanned').flatMap(({ data }) =>
          data.recipients.map(({ method }) => method),
        );
      };
      expect(await planned('anna@demo.example', 'ulla@demo.example')).toEqual(['internal']);
      await planned('a@no-personal.example', 'asked-0@citizen.example');
      expect(counting.asked()).toBe(0);
      await planned('anna@demo.example', 'asked-1@citizen.example');
      expect(counting.asked()).toBe(1);
      await running.close();
      await counting.close();
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
