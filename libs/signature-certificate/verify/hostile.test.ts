// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { UnverifiableError } from './finding.ts';
import { organisation } from '../testing/organisation.ts';
import { MAIL, wrapped } from '../testing/wrapped.ts';
import { jwsAsWritten } from './jws-in-pdf.ts';
import { LIMITS } from './limits.ts';
import { readEntity } from './mime-tree.ts';
import { verifySignatureCertificate } from './verify.ts';

const { signer, trustAnchors } = organisation();
const at = new Date('2026-04-01T00:00:00Z');
const SECONDS = 1_000;

async function outcome(file: Buffer): Promise<boolean | string> {
  try {
    return (await verifySignatureCertificate({ file, trustAnchors, at })).holds;
  } catch (error) {
    if (error instanceof UnverifiableError) return error.code;
    throw error;
  }
}
const within = async (milliseconds: number, work: () => unknown) => {
  const start = performance.now();
  await work();
  expect(performance.now() - start).toBeLessThan(milliseconds);
};

it('no mail that was changed anywhere inside holds, and none crashes', async () => {
  const { mail } = await wrapped(MAIL, signer);
  const start = mail.indexOf('Content-Type: multipart');
  const text = mail.indexOf('--=_', start);
  const end = mail.indexOf('\r\n--=_', text + 4);
  const change = fc.record({
    at: fc.integer({ min: text, max: end - 1 }),
    kind: fc.constantFrom('flip', 'cut', 'insert', 'double'),
    octets: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at: place, kind, octets }) => {
      const before = mail.subarray(0, place);
      const after = mail.subarray(place);
      const changed = {
        flip: () => Buffer.concat([before, Buffer.of(after[0]! ^ (octets[0]! | 1)), after.subarray(1)]),
        cut: () => Buffer.concat([before, after.subarray(octets.length)]),
        insert: () => Buffer.concat([before, octets, after]),
        double: () => Buffer.concat([before, after.subarray(0, 40), after]),
      }[kind]();
      // A lone CR or LF is a line end as well: such a change may be none.
      const lines = (bytes: Buffer) => bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n');
      fc.pre(lines(changed) !== lines(mail));
      // Behind the delimiter may be white space, which belongs to nothing.
      const outside = mail.subarray(text, mail.indexOf('\r\n', text)).length;
      fc.pre(place > text + outside + 2);
      expect(await outcome(changed)).not.toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('anything at all is told or refused, and nothing else', async () => {
  const pieces = fc.constantFrom(
    'From: a@b.example\r\n',
    'MIME-Version: 1.0\r\n',
    'Content-Type: multipart/mixed; boundary=x\r\n',
    'Content-Type: multipart/signed; boundary=x; protocol="application/pkcs7-signature"\r\n',
    'Content-Type: application/pdf\r\n',
    'Content-Type: message/rfc822\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    'Content-Type: application/pkcs7-mime\r\n',
    '\r\n',
    '--x\r\n',
    '--x--\r\n',
    '--x ',
    'eyJhbGciOiJFUzI1NiJ9.e30.AA',
    '%PDF-1.7\n',
    'JVBERi0xLjcK',
    '\u0000',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async (parts) => {
      expect(await outcome(Buffer.from(parts.join('')))).not.toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe('work is bounded', () => {
  it('for a PDF of nothing but beginnings of a JWS', async () => {
    await within(5 * SECONDS, () => {
      expect(jwsAsWritten(Buffer.from('eyJ'.repeat(3_000_000)))).toEqual([]);
      expect(jwsAsWritten(Buffer.from('eyJ '.repeat(2_000_000)))).toEqual([]);
      expect(jwsAsWritten(Buffer.from('eyJa.b.c '.repeat(1_000_000)))).toHaveLength(LIMITS.jwsInPdf);
    });
  });

  it('for a mail that is nested without end, or has parts without number', async () => {
    await within(10 * SECONDS, () => {
      const nested = 'Content-Type: message/rfc822\r\n\r\n'.repeat(100_000);
      let depth = 0;
      for (let entity = readEntity(Buffer.from(nested)); entity.parts[0] !== undefined; depth += 1) {
        entity = entity.parts[0];
      }
      expect(depth).toBeLessThanOrEqual(LIMITS.depth);
      const many = `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\n\r\n'.repeat(1_000_000)}--x--`;
      expect(readEntity(Buffer.from(many)).parts).toEqual([]);
    });
  });

  it('for a PDF that its reader never ends with, or is none', async () => {
    const loop =
      '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Names 1 0 R/EmbeddedFiles 1 0 R/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R>>';
    await within(LIMITS.readerMs + 5 * SECONDS, async () => {
      expect(await outcome(Buffer.from(loop))).toBe(false);
      expect(await outcome(Buffer.from(`%PDF-1.7\n${'[<<'.repeat(500_000)}`))).toBe(false);
    });
  });

  it('for a mail with documents without number', async () => {
    const part = (name: string) =>
      `--x\r\nContent-Type: application/pdf; name="${name}"\r\n\r\n%PDF-1.7 none\r\n`;
    const header = 'From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n';
    await within(10 * SECONDS, async () => {
      const many = part('Signature certificate.pdf').repeat(900) + part('other.pdf').repeat(900);
      expect(await outcome(Buffer.from(`${header}${many}--x--\r\n`))).toBe(false);
    });
  });

  it('for what is too large', async () => {
    expect(await outcome(Buffer.alloc(LIMITS.mailOctets + 1))).toBe('too-large');
    expect(await outcome(Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(LIMITS.pdfOctets)]))).toBe(
      false,
    );
  });
});
