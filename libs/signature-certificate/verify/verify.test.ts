// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import {
  encryptEntity,
  entityOf,
  hcpBaseline,
  protectMessage,
  signEntity,
  softwareUnwrapper,
  type Certificate,
  type MimeEntity,
  type SignatureAlgorithm,
} from '@securemail/smime';
import { organisation, type KeyKind } from '../testing/organisation.ts';
import { chunks, MAIL, wrapped } from '../testing/wrapped.ts';
import { attachSignatureCertificate } from '../attach/attach.ts';
import { receivedFacts, sentFacts } from '../testing/facts.ts';
import { makeSignatureCertificate } from '../make.ts';
import { verifySignatureCertificate } from './verify.ts';

const AT = new Date('2026-04-01T00:00:00Z');
const own = organisation();
const { signer, trustAnchors } = own;
const verify = (file: Buffer, anchors: readonly Certificate[] = trustAnchors) =>
  verifySignatureCertificate({ file, trustAnchors: anchors, at: AT });
/** Of one certificate: whether the file holds, what the certificate is about, and what is wrong. */
async function verdict(file: Buffer, anchors?: readonly Certificate[]) {
  const { holds, problem, certificates } = await verify(file, anchors);
  return { holds, problem, found: certificates.map(({ about, problems }) => [about, ...problems]) };
}
const HOLDS = { holds: true, problem: null, found: [['this-mail']] };
const changed = (mail: Buffer, from: string, to: string) => {
  const at = mail.indexOf(from);
  expect(at).toBeGreaterThanOrEqual(0);
  return Buffer.concat([mail.subarray(0, at), Buffer.from(to), mail.subarray(at + Buffer.byteLength(from))]);
};
const attachment = (bytes: Buffer, type = 'application/pdf', name = 'Signature certificate.pdf') =>
  `Content-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}\r\n`;
const mixed = (header: string, ...parts: string[]) =>
  Buffer.from(
    `${header}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="mix"\r\n\r\n${parts.map((part) => `--mix\r\n${part}\r\n`).join('')}--mix--\r\n`,
    'latin1',
  );

describe('a mail with its certificate', () => {
  it('holds, and what was signed is told', async () => {
    const { mail } = await wrapped(MAIL, signer);
    expect(await verdict(mail)).toEqual(HOLDS);
    const [found] = (await verify(mail)).certificates;
    expect(found!.facts).toMatchObject({ from: ['anna@demo.example'], messageId: '<1@demo.example>' });
    expect(found!.signer).toMatchObject({ sha256: signer.certificate.sha256, names: ['demo.example'] });
  });

  it('holds with the line ends of Unix, as mail programs save it', async () => {
    const { mail } = await wrapped(MAIL, signer);
    expect(await verdict(Buffer.from(mail.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))).toEqual(
      HOLDS,
    );
  });

  it('holds with other fields around it, as servers on the way write them', async () => {
    const { mail } = await wrapped(MAIL, signer);
    expect(await verdict(Buffer.concat([Buffer.from('Received: from x by y\r\n'), mail]))).toEqual(HOLDS);
  });

  it.each([
    ['a word of its text', 'nedenfor', 'ovenfor.'],
    ['the type of its text', 'text/plain', 'text/html'],
    ['a line end', 'nedenfor.\r\n', 'nedenfor. \r\n'],
  ])('does not hold when somebody changes %s', async (_, from, to) => {
    const { mail } = await wrapped(MAIL, signer);
    expect(await verdict(changed(mail, from, to))).toEqual({
      holds: false,
      problem: 'certificate-does-not-hold',
      found: [['this-mail', 'mail-changed']],
    });
  });

  it('holds however many wrote it, and not with one more', async () => {
    const from = Array.from({ length: 300 }, (_, index) => `p${index}@demo.example`);
    const by = (names: readonly string[]) => MAIL.replace('Anna <anna@demo.example>', names.join(',\r\n '));
    const { mail } = await wrapped(by(from), signer, { from });
    expect(await verdict(mail)).toEqual(HOLDS);
    const more = changed(mail, 'p299@demo.example', 'p299@demo.example,\r\n mayor@demo.example');
    expect((await verdict(more)).found).toEqual([['this-mail', 'other-from']]);
  });

  it('does not hold for another sender', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const { holds, found } = await verdict(changed(mail, 'anna@demo.example', 'boss@demo.example'));
    expect([holds, found]).toEqual([false, [['this-mail', 'other-from']]]);
  });

  it.each([
    'mayor <>',
    'mayor@demo.example:;',
    '=?utf-8?q?mayor=40demo.example?=',
    'Anna <anna@demo.example>, mayor@demo.example',
    '<anna@demo.example> <mayor@demo.example>',
    'anna@demo.example mayor@demo.example',
    'mayor@demo.example: anna@demo.example;',
    null,
  ])('does not hold when From is unreadable, names another beside him, or is gone: %j', async (from) => {
    const { mail } = await wrapped(MAIL, signer);
    const field = 'From: Anna <anna@demo.example>\r\n';
    const forged = changed(mail, field, from === null ? '' : `From: ${from}\r\n`);
    expect((await verdict(forged)).found).toEqual([['this-mail', 'other-from']]);
  });

  it.each(['Message-ID: <2@demo.example>\r\n', ''])(
    'does not hold around the same content in another mail: %j',
    async (field) => {
      const { mail } = await wrapped(MAIL, signer);
      const moved = changed(mail, 'Message-ID: <1@demo.example>\r\n', field);
      expect((await verdict(moved)).found).toEqual([['this-mail', 'other-message-id']]);
    },
  );

  describe('that is not signed by the organisation', () => {
    it('does not hold by the key of somebody in it', async () => {
      const anna = organisation({ names: { emails: ['anna@demo.example'], domains: [] } });
      const { mail } = await wrapped(MAIL, anna.signer);
      expect((await verdict(mail, anna.trustAnchors)).found).toEqual([
        ['this-mail', 'certificate-unsuitable'],
      ]);
    });

    it('holds by that of who signs for its domain', async () => {
      const names = { emails: ['domain-signing-authority@demo.example'], domains: [] };
      const authority = organisation({ names });
      const { mail } = await wrapped(MAIL, authority.signer);
      expect(await verdict(mail, authority.trustAnchors)).toEqual(HOLDS);
    });

    it('does not hold where it names nobody whom the mail is from, or is called what it is not', async () => {
      const over = { organisation: { name: 'Demo Kommune', domain: 'demo.example' } };
      const nobody = await wrapped(MAIL, signer, { ...over, from: [] });
      expect((await verdict(nobody.mail)).found).toEqual([['this-mail', 'other-organisation', 'other-from']]);
      const received = receivedFacts({ from: [], messageId: '<1@demo.example>' });
      const { direction, summary } = received;
      const moved = await wrapped(MAIL, signer, { direction, summary, from: [] });
      expect((await verdict(moved.mail)).found).toEqual([['this-mail', 'other-from']]);
      const called = await wrapped(MAIL, signer, { direction: 'inbound' });
      expect((await verdict(called.mail)).found).toEqual([['this-mail', 'other-version']]);
    });

    it.each(['outbound', 'internal'] as const)(
      'does not hold by another organisation (%s)',
      async (direction) => {
        const other = organisation({ domain: 'citizen.example' });
        const over = { direction, organisation: { name: 'Demo Kommune', domain: 'citizen.example' } };
        const { mail } = await wrapped(MAIL, other.signer, over);
        expect((await verdict(mail, other.trustAnchors)).found).toEqual([
          ['this-mail', 'other-organisation'],
        ]);
      },
    );
  });

  it('does not hold when something is added beside it, or around it', async () => {
    const { mail, certificate } = await wrapped(MAIL, signer);
    const entity = MAIL.slice(MAIL.indexOf('Content-Type'));
    const header = MAIL.slice(0, MAIL.indexOf('MIME-Version'));
    const part = attachment(certificate.pdf);
    const added = 'Content-Type: text/plain\r\n\r\nPay to this account.\r\n';
    const before = [['this-mail', 'not-the-whole-mail']];
    const inner = mail.toString('latin1').slice(mail.indexOf('Content-Type: multipart'));
    expect((await verdict(mixed(header, Buffer.from(entity).toString('latin1'), part))).holds).toBe(true);
    for (const forged of [
      mixed(header, Buffer.from(entity).toString('latin1'), part, added),
      mixed(header, inner, added),
      mixed(header, added, inner),
    ]) {
      expect(await verdict(forged)).toEqual({
        holds: false,
        problem: 'certificate-does-not-hold',
        found: before,
      });
    }
  });

  it('does not hold when its header can be read in two ways', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const twice = Buffer.concat([Buffer.from('Content-Type: text/html\r\n'), mail]);
    const boundaries = changed(mail, 'multipart/mixed;', 'multipart/mixed; boundary*="b";');
    for (const forged of [twice, boundaries]) {
      expect(await verdict(forged)).toEqual({ holds: false, problem: 'no-certificate', found: [] });
    }
  });

  it('does not hold when something stands before its first part, or behind its last', async () => {
    const { mail } = await wrapped(MAIL, signer);
    for (const forged of [
      changed(mail, '\r\n\r\n--=_', '\r\n\r\nPay to this account.\r\n--=_'),
      Buffer.concat([mail, Buffer.from('Pay to this account.')]),
    ]) {
      expect(await verdict(forged)).toMatchObject({
        holds: false,
        found: [['this-mail', 'not-the-whole-mail']],
      });
    }
    expect(await verdict(Buffer.concat([mail, Buffer.from('\r\n\r\n')]))).toEqual(HOLDS);
  });

  it('does not hold when programs could decode the document in two ways', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const encoding = 'Content-Transfer-Encoding: base64\r\n';
    for (const forged of [
      changed(mail, encoding, `${encoding}Content-Transfer-Encoding: 7bit\r\n`),
      Buffer.from(mail.toString('latin1').replace(/(\r\n--[^\r]+--\r\n)$/, 'QUJD==QUJD$1'), 'latin1'),
    ]) {
      expect((await verify(forged)).holds).toBe(false);
    }
  });

  it('that is another mail’s does not hold', async () => {
    const { certificate } = await wrapped(MAIL.replace('<1@', '<2@'), signer, {
      messageId: '<2@demo.example>',
    });
    const mail = await buffer(
      attachSignatureCertificate(chunks(Buffer.from(MAIL.replace('Kære', 'Hej'))), certificate),
    );
    expect(await verdict(mail)).toEqual({
      holds: false,
      problem: 'no-certificate-of-this-mail',
      found: [['another-mail']],
    });
  });

  it('that is none does not hold', async () => {
    expect(await verdict(Buffer.from(MAIL))).toEqual({ holds: false, problem: 'no-certificate', found: [] });
    const forged = mixed(
      'From: a@demo.example\r\n',
      '\r\nHello',
      attachment(Buffer.from('%PDF-1.7 sent securely')),
    );
    expect(await verdict(forged)).toMatchObject({ found: [['this-mail', 'not-signed']] });
  });
});

describe('several certificates', () => {
  it('of gateways one after the other: the outermost decides, the others are told', async () => {
    const other = organisation({ domain: 'citizen.example' });
    const first = await wrapped(MAIL, signer);
    const second = await wrapped(first.mail, other.signer, {
      ...receivedFacts({ from: ['anna@demo.example'] }),
      organisation: { name: 'Other', domain: 'citizen.example' },
    });
    const anchors = [...trustAnchors, ...other.trustAnchors];
    expect(await verdict(second.mail, anchors)).toEqual({
      holds: true,
      problem: null,
      found: [['this-mail'], ['this-mail']],
    });
    expect(await verdict(second.mail, other.trustAnchors)).toMatchObject({
      holds: true,
      found: [['this-mail'], ['this-mail', 'certificate-untrusted']],
    });
    expect((await verdict(second.mail)).holds).toBe(false);
  });

  it('that of the organisation that is asked for counts, wherever it lies', async () => {
    const other = organisation({ domain: 'citizen.example' });
    const first = await wrapped(MAIL, signer);
    const second = await wrapped(first.mail, other.signer, {
      ...receivedFacts({ from: ['anna@demo.example'] }),
      organisation: { name: 'Other', domain: 'citizen.example' },
    });
    const asked = async (domain: string, file = second.mail) => {
      const found = await verifySignatureCertificate({ file, trustAnchors, at: AT, organisation: domain });
      return [found.holds, found.problem, found.certificates.map(({ counts }) => counts)];
    };
    expect(await asked('Demo.EXAMPLE')).toEqual([true, null, [false, true]]);
    expect(await asked('citizen.example')).toEqual([false, 'certificate-does-not-hold', [true, false]]);
    expect(await asked('else.example')).toEqual([false, 'no-certificate-of-organisation', [false, false]]);
    expect(await asked('demo.example', first.certificate.pdf)).toEqual([true, null, [true]]);
    expect(await asked('else.example', first.certificate.pdf)).toEqual([
      false,
      'no-certificate-of-organisation',
      [false],
    ]);
    // The content was changed within both.
    const forged = changed(second.mail, 'nedenfor', 'ovenfor.');
    expect((await asked('demo.example', forged))[0]).toBe(false);
  });

  it('of a mail that was answered: that of the answer counts', async () => {
    const old = await wrapped(MAIL, signer);
    const reply = mixed(
      'From: bo@citizen.example\r\nTo: anna@demo.example\r\nMessage-ID: <2@citizen.example>\r\n',
      '\r\nThank you',
      attachment(old.certificate.pdf),
    );
    const answered = await wrapped(reply, signer, {
      direction: 'inbound',
      summary: { kind: 'received', verdict: 'valid', arrival: 'tls' },
      from: ['bo@citizen.example'],
      messageId: '<2@citizen.example>',
    });
    expect(await verdict(answered.mail)).toEqual({
      holds: true,
      problem: null,
      found: [['this-mail'], ['another-mail']],
    });
  });

  it('of a mail that is attached to another: it holds, and is not that of the mail', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const attached = `Content-Type: message/rfc822\r\n\r\n${mail.toString('latin1')}`;
    const forwarded = mixed('From: bo@citizen.example\r\n', '\r\nSee below', attached);
    expect(await verdict(forwarded)).toEqual({
      holds: false,
      problem: 'no-certificate-of-this-mail',
      found: [['attached-mail']],
    });
    expect(await verdict(changed(forwarded, 'nedenfor', 'ovenfor.'))).toMatchObject({
      found: [['attached-mail', 'mail-changed']],
    });
  });
});

describe('a mail in S/MIME', () => {
  const reader = organisation({ kind: 'rsa', domain: 'citizen.example' });
  const asMessage = async (entity: MimeEntity) =>
    Buffer.concat([
      Buffer.from('From: anna@demo.example\r\nMessage-ID: <1@demo.example>\r\nMIME-Version: 1.0\r\n'),
      await buffer(entity.open()),
    ]);
  const sign = (mail: Buffer, form: 'detached' | 'opaque') => {
    const entity = entityOf(mail.subarray(mail.indexOf('Content-Type: multipart')));
    return signEntity(entity, signer, { signingTime: AT, form });
  };

  it.each(['detached', 'opaque'] as const)('that is signed (%s) holds as it is', async (form) => {
    const { mail } = await wrapped(MAIL, signer);
    const signed = await asMessage(await sign(mail, form));
    expect(await verdict(signed)).toEqual(HOLDS);
    expect(signed.includes('Signature certificate demo.example.pdf')).toBe(form === 'detached');
  });

  it('does not hold when a part stands beside the signature', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const signed = (await asMessage(await sign(mail, 'detached'))).toString('latin1');
    const boundary = /boundary="?([^";\r\n]+)/.exec(signed)?.[1] ?? '';
    const forged = signed.replace(
      `--${boundary}--`,
      `--${boundary}\r\n\r\nPay to this account.\r\n--${boundary}--`,
    );
    expect(await verdict(Buffer.from(forged, 'latin1'))).toMatchObject({
      holds: false,
      found: [['this-mail', 'not-the-whole-mail']],
    });
  });

  it.each(['application/pkcs7-signature', 'application/pgp-signature', 'x/y'])(
    'does not hold when a text stands in the place of the signature (%s)',
    async (protocol) => {
      const { mail } = await wrapped(MAIL, signer);
      const type = `multipart/signed; protocol="${protocol}"; micalg=sha-256; boundary="s"`;
      const signed = (other: string) =>
        Buffer.from(
          `From: anna@demo.example\r\nMessage-ID: <1@demo.example>\r\nContent-Type: ${type}\r\n\r\n--s\r\n${mail.toString('latin1', mail.indexOf('Content-Type: multipart'))}\r\n--s\r\n${other}\r\n--s--\r\n`,
          'latin1',
        );
      const forged = await verdict(signed('Content-Type: text/html\r\n\r\n<p>Pay</p>'));
      expect(forged).toMatchObject({ holds: false, found: [['this-mail', 'not-the-whole-mail']] });
    },
  );

  it('of a kind that is not opened here holds as well', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const content = mail.toString('latin1', mail.indexOf('Content-Type: multipart'));
    const header =
      'From: anna@demo.example\r\nMessage-ID: <1@demo.example>\r\nContent-Type: multipart/signed; protocol="application/pgp-signature"; boundary="s"\r\n';
    const signature = 'Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n';
    const signed = `${header}\r\n--s\r\n${content}\r\n--s\r\n${signature}\r\n--s--\r\n`;
    expect(await verdict(Buffer.from(signed, 'latin1'))).toEqual(HOLDS);
  });

  it('whose header is protected as well is told by the From inside', async () => {
    const protect = async (mail: Buffer) => {
      const { message } = await protectMessage(
        { open: () => chunks(mail) },
        {
          signer,
          signingTime: AT,
          recipients: [reader.signer.certificate],
          contentEncryption: 'aes-256-gcm',
          headerProtection: hcpBaseline,
        },
      );
      return await buffer(message.open());
    };
    const unwrappers = [softwareUnwrapper({ key: reader.key, certificate: reader.signer.certificate })];
    const { mail } = await wrapped(MAIL, signer);
    const file = await protect(mail);
    const opened = (each: Buffer) =>
      verifySignatureCertificate({ file: each, trustAnchors, at: AT, unwrappers });
    expect(await opened(file)).toMatchObject({ holds: true });
    const outside = await opened(changed(file, 'anna@demo.example', 'boss@demo.example'));
    expect(outside.certificates[0]!.problems).toEqual(['other-from']);
  });

  it('that is encrypted wants the key', async () => {
    const { mail } = await wrapped(MAIL, signer);
    const signed = await sign(mail, 'opaque');
    const file = await asMessage(
      await encryptEntity(signed, [reader.signer.certificate], { contentEncryption: 'aes-256-gcm' }),
    );
    await expect(verify(file)).rejects.toMatchObject({ code: 'encrypted' });
    const unwrappers = [softwareUnwrapper({ key: reader.key, certificate: reader.signer.certificate })];
    const opened = await verifySignatureCertificate({ file, trustAnchors, at: AT, unwrappers });
    expect(opened.holds).toBe(true);
  });
});

describe('a document alone', () => {
  const make = async (over: Parameters<typeof sentFacts>[0] = {}, by = own) =>
    (await makeSignatureCertificate({ facts: sentFacts(over), language: 'da', signer: by.signer })).pdf;
  const problems = async (pdf: Buffer, anchors?: readonly Certificate[]) =>
    (await verify(pdf, anchors)).certificates[0]!.problems;

  it('holds, and no mail was compared', async () => {
    expect(await verdict(await make())).toEqual({ holds: true, problem: null, found: [['not-compared']] });
  });

  it('does not hold when one octet of it is another, wherever that is', async () => {
    const pdf = await make();
    for (let at = 10; at < pdf.length; at += 211) {
      const forged = Buffer.from(pdf);
      forged[at]! ^= 1;
      expect((await verify(forged)).holds).toBe(false);
    }
  });

  it('does not hold when bits of its signature are others that count for nothing', async () => {
    const pdf = await make();
    const [jws] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(pdf.toString('latin1'))!;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = letters[letters.indexOf(jws.at(-1)!) ^ 1]!;
    const forged = pdf.toString('latin1').replace(jws, jws.slice(0, -1) + last);
    expect(await problems(Buffer.from(forged, 'latin1'))).toEqual(['signature-wrong']);
  });

  it('does not hold when something is appended, and still tells what was signed', async () => {
    const forged = Buffer.concat([await make(), Buffer.from('\n1 0 obj<<>>endobj')]);
    const [found] = (await verify(forged)).certificates;
    expect(found).toMatchObject({ problems: ['document-changed'], facts: { from: ['anna@demo.example'] } });
  });

  it('does not hold with the facts of another in its place', async () => {
    const [one, other] = [await make(), await make({ to: ['x@citizen.example'] })];
    const jws = (pdf: Buffer) => /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(pdf.toString('latin1'))![0];
    const forged = one.toString('latin1').replace(jws(one), jws(other));
    expect(await problems(Buffer.from(forged, 'latin1'))).toEqual(['document-changed']);
    const both = Buffer.concat([one, Buffer.from(`\n${jws(other)}\n`)]);
    expect(await problems(both)).toContain('several');
  });

  it('does not hold where nobody is trusted, or for another domain, or after its time', async () => {
    const pdf = await make();
    expect(await problems(pdf, [])).toEqual(['certificate-untrusted']);
    expect(await problems(pdf, organisation().trustAnchors)).toEqual(['certificate-untrusted']);
    const foreign = organisation({ domain: 'evil.example' });
    expect(await problems(await make({}, foreign), foreign.trustAnchors)).toEqual(['certificate-unsuitable']);
    const validity = { notBefore: new Date('2025-01-01'), notAfter: new Date('2026-01-01') };
    const old = organisation({ validity });
    expect(await problems(await make({}, old), old.trustAnchors)).toEqual(['certificate-expired']);
    expect(await problems(await make({ madeAt: '2025-06-01T00:00:00.000Z' }, old), old.trustAnchors)).toEqual(
      [],
    );
    expect(await problems(await make({ madeAt: '2026-05-01T00:00:00.000Z' }))).toEqual(['from-the-future']);
  });

  it('that a program saved anew does not hold, and still tells what was signed', async () => {
    const [jws] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec((await make()).toString('latin1'))!;
    const doc = new PDFDocument();
    doc.text('This mail was sent securely to somebody else.');
    doc.file(Buffer.from(jws), { name: 'signature-certificate.jws' });
    doc.end();
    const saved = await buffer(doc);
    expect(saved.includes(jws)).toBe(false);
    const [found] = (await verify(saved)).certificates;
    expect(found).toMatchObject({ problems: ['document-changed'], facts: { from: ['anna@demo.example'] } });
  });

  it('that is no certificate does not hold', async () => {
    expect(await problems(Buffer.from('%PDF-1.7\n%%EOF'))).toEqual(['not-signed']);
  });
});

it.each<[KeyKind, SignatureAlgorithm]>([
  ['rsa', 'rsassa-pkcs1-v1_5-sha256'],
  ['rsa', 'rsassa-pkcs1-v1_5-sha384'],
  ['rsa', 'rsassa-pkcs1-v1_5-sha512'],
  ['rsa', 'rsassa-pss-sha256'],
  ['rsa', 'rsassa-pss-sha384'],
  ['rsa', 'rsassa-pss-sha512'],
  ['rsa-pss', 'rsassa-pss-sha256'],
  ['p-256', 'ecdsa-sha256'],
  ['p-384', 'ecdsa-sha384'],
  ['p-521', 'ecdsa-sha512'],
  ['ed25519', 'ed25519'],
])('a key of the kind %s signs with %s', async (kind, algorithm) => {
  const by = organisation({ kind, algorithm });
  // R and S of ECDSA are shorter now and then.
  for (let i = 0; i < 20; i += 1) {
    const { pdf } = await makeSignatureCertificate({ facts: sentFacts(), language: 'en', signer: by.signer });
    expect(await verdict(pdf, by.trustAnchors)).toMatchObject({ holds: true });
  }
});

it.each([
  ['nothing', ''],
  ['text', 'no header\n\nhere'],
])('a file of %s is neither mail nor document', async (_, text) => {
  await expect(verify(Buffer.from(text))).rejects.toMatchObject({ code: 'neither-mail-nor-pdf' });
});
