// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { EmailId, TenantId } from '@securemail/contracts';
import {
  attachSignatureCertificate,
  digestOfEntity,
  makeSignatureCertificate,
  plannedSignatureFacts,
} from '@securemail/signature-certificate';
import { protectMessage, readCertificates, softwareSigner } from '@securemail/smime';
import { createCertificateAuthority, type CertificateAuthority, type Issued } from '@securemail/testing';
import { verify } from './verify.ts';

const MAIL = Buffer.from(
  'From: Anna <anna@demo.example>\r\nTo: bo@citizen.example\r\nMessage-ID: <1@demo.example>\r\n\r\nDear Bo\r\n',
);
let folder: string;
let authority: CertificateAuthority;
let bo: Issued;
let trust: string;
let mail: Buffer;
let pdf: Buffer;
let encrypted: Buffer;

// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
async function* source(bytes: Buffer) {
  yield bytes;
}
const write = async (name: string, bytes: string | Buffer) => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-test-'));
  authority = await createCertificateAuthority({ name: 'Public' });
  trust = await write('trust.pem', authority.certificatePem);
  const own = await authority.issueOrganisation({ domain: 'demo.example', name: 'Demo' });
  bo = await authority.issuePerson({ email: 'bo@citizen.example', name: 'Bo' });
  const signer = softwareSigner({ key: own.keyPem, certificate: readCertificates(own.certificatePem)[0]! });
  const signingTime = new Date();
  const certificate = await makeSignatureCertificate({
    language: 'en',
    signer,
    facts: {
      version: 1,
      emailId: EmailId.parse('01890a5d-ac96-774b-bcce-b302099a8057'),
      tenantId: TenantId.parse('demo'),
      organisation: { name: 'Demo', domain: 'demo.example' },
      direction: 'outbound',
      madeAt: signingTime.toISOString(),
      from: ['anna@demo.example'],
      to: ['bo@citizen.example'],
      messageId: '<1@demo.example>',
      summary: { kind: 'sent', method: 'smime-personal' },
      legs: [],
      signatures: [plannedSignatureFacts(signer, { by: 'organisation', signingTime })],
      encryption: [],
      authentication: null,
      reservations: [],
      entity: await digestOfEntity(source(MAIL)),
    },
  });
  ({ pdf } = certificate);
  mail = await buffer(attachSignatureCertificate(source(MAIL), certificate));
  const { message } = await protectMessage(
    { open: () => source(mail) },
    {
      signer,
      signingTime,
      recipients: readCertificates(bo.certificatePem),
      contentEncryption: 'aes-256-gcm',
    },
  );
  encrypted = await buffer(message.open());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const out = { printed: '', said: '', code: -1 };
  const command = verify(
    {
      print: (text) => (out.printed += text),
      say: (text) => (out.said += text),
      end: (code) => (out.code = code),
    },
    () => Promise.resolve('secret'),
  )
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  return out;
}

describe('securemail verify', () => {
  it('says in words that a mail and its certificate hold, and what was signed', async () => {
    const { code, printed } = await run(await write('mail.eml', mail), '--trust', trust);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /^HOLDS: the Signature certificate is genuine, .* of this mail are those that it is about;/,
    );
    expect(printed).toContain('This mail was sent securely.');
    expect(printed).toContain('From: anna@demo.example');
    expect(printed).toContain('was revoked is not asked');
  });

  it.each([
    ['en', 'SUBJECT AND DATE ARE NOT COVERED'],
    ['da', 'EMNE OG DATO ER IKKE OMFATTET'],
    ['de', 'BETREFF UND DATUM SIND NICHT ERFASST'],
  ])(
    'says in its first line that a subject put in afterwards is not covered (%s)',
    async (language, words) => {
      const replaced = mail
        .toString('latin1')
        .replace('Message-ID: <1', 'Subject: Pay at once\r\nMessage-ID: <1');
      const path = await write('replaced.eml', Buffer.from(replaced, 'latin1'));
      const { code, printed } = await run(path, '--trust', trust, '--language', language);
      expect(code).toBe(0);
      expect(printed.split('\n')[0]).toContain(words);
    },
  );

  it.each(['en', 'da', 'de'])('says what was not signed, in %s', async (language) => {
    const { printed } = await run(await write('mail.eml', mail), '--trust', trust, '--language', language);
    expect(printed).toMatch(/Reply-To.*Sender/);
  });

  it.each([
    ['the line of an mbox', 'From anna@demo.example Mon Jan  5 10:00:00 2026\n'],
    ['that of Windows', 'From - Mon Jan  5 10:00:00 2026\r\n'],
    ['a byte order mark', '\ufeff'],
    ['both', '\ufeffFrom anna@demo.example Mon Jan  5 10:00:00 2026\r\n'],
  ])('takes a mail behind %s', async (_, before) => {
    const path = await write('stored.eml', Buffer.concat([Buffer.from(before), mail]));
    expect(await run(path, '--trust', trust)).toMatchObject({ code: 0 });
  });

  it.each([
    ['certificates', () => authority.certificatePem],
    ['certificates with words before them', () => `subject: CN=Public\n\n${authority.certificatePem}`],
    ['a text', () => 'Note: call Bo\n\nTomorrow\n'],
    ['nothing', () => ''],
    ['half a line of an mbox', () => 'From anna@demo.example'],
  ])('says that %s are neither mail nor PDF', async (_, content) => {
    const { code, said } = await run(await write('other', content()), '--trust', trust);
    expect(code).toBe(2);
    expect(said).toContain('neither a mail nor a PDF');
  });

  it.each([
    ['no file', []],
    ['an option that is not there', ['mail.eml', '--nothing']],
    ['a domain that is none', ['mail.eml', '--organisation', 'nope']],
  ])('wrong use is no answer about a mail: %s', async (_, args) => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${String(code)}`);
    });
    const nothing = () => undefined;
    const command = verify({ print: nothing, say: nothing, end: nothing });
    command.configureOutput({ writeErr: nothing });
    await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow('exit 2');
    exit.mockRestore();
  });

  it('takes a domain with its root', async () => {
    const path = await write('mail.eml', mail);
    expect(await run(path, '--trust', trust, '--organisation', 'demo.example.')).toMatchObject({ code: 0 });
  });

  it('takes the PDF alone', async () => {
    const { code, printed } = await run(await write('certificate.pdf', pdf), '--trust', trust);
    expect(code).toBe(0);
    expect(printed).toContain('No mail was compared');
  });

  it('says what does not hold', async () => {
    const forged = Buffer.from(mail.toString('latin1').replace('Dear Bo', 'Dear Eve'), 'latin1');
    const { code, printed } = await run(await write('forged.eml', forged), '--trust', trust);
    expect(code).toBe(1);
    expect(printed).toMatch(/^DOES NOT HOLD/);
    expect(printed).toContain('✗ The mail is not, octet for octet');
  });

  it('trusts nobody unless told', async () => {
    const { code, printed } = await run(await write('mail.eml', mail));
    expect(code).toBe(1);
    expect(printed).toContain('Nobody whom you trust (--trust)');
  });

  it('asks for the word of one organisation', async () => {
    const path = await write('mail.eml', mail);
    const asked = (domain: string) => run(path, '--trust', trust, '--organisation', domain);
    expect(await asked('demo.example')).toMatchObject({ code: 0 });
    const other = await asked('other.example');
    expect(other.code).toBe(1);
    expect(other.printed).toMatch(/^DOES NOT HOLD: .* of the organisation that you asked for/);
    await expect(asked('Demo Kommune')).rejects.toThrow(/a domain is wanted/);
  });

  it.each([
    ['da', /^HOLDER: /],
    ['de', /^STIMMT: /],
  ])('speaks %s', async (language, words) => {
    const path = await write('mail.eml', mail);
    expect((await run(path, '--trust', trust, '--language', language)).printed).toMatch(words);
  });

  it('says that an encrypted mail is, and opens it with its key', async () => {
    const path = await write('encrypted.eml', encrypted);
    const closed = await run(path, '--trust', trust);
    expect(closed).toMatchObject({ code: 2, printed: '' });
    expect(closed.said).toContain('encrypted');
    const key = await write('bo.p12', bo.pkcs12('secret'));
    expect(await run(path, '--trust', trust, '--key', key)).toMatchObject({ code: 0 });
    const word = await write('password', 'secret\n');
    expect(await run(path, '--trust', trust, '--key', key, '--password-file', word)).toMatchObject({
      code: 0,
    });
  });

  it('gives everything as JSON', async () => {
    const { printed } = await run(await write('mail.eml', mail), '--trust', trust, '--json');
    expect(JSON.parse(printed)).toMatchObject({
      kind: 'mail',
      holds: true,
      certificates: [{ about: 'this-mail', problems: [], facts: { from: ['anna@demo.example'] } }],
    });
    const none = await run(await write('text', 'nothing'), '--json');
    expect([none.code, JSON.parse(none.printed)]).toEqual([2, { unverifiable: 'neither-mail-nor-pdf' }]);
  });

  it('says what it cannot read, and that is no verdict', async () => {
    const path = await write('mail.eml', mail);
    for (const args of [
      [join(folder, 'nowhere.eml'), '--trust', trust],
      ['--trust', trust, '--trust', path, path],
    ]) {
      const { code, printed, said } = await run(...args);
      expect([code, printed]).toEqual([2, '']);
      expect(said).not.toBe('');
    }
    expect(await run('--trust', trust, path)).toMatchObject({ code: 0 });
  });
});
