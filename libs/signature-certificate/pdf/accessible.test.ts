// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Language } from '@securemail/contracts';
import { veraPdf } from '@securemail/pdf/testing';
import { getDocumentProxy } from 'unpdf';
import type { SignatureCertificateFacts } from '../facts/facts.ts';
import { makeSignatureCertificate } from '../make.ts';
import { receivedFacts, sentFacts } from '../testing/facts.ts';
import { organisation } from '../testing/organisation.ts';
import { Payload } from '../sign/payload.ts';

const { signer } = organisation();
const [signature] = receivedFacts().signatures;
/** Names in other scripts, signs that no font has, text that turns the direction of text or ends a string of PDF. */
const STRANGE = [
  'Жанна Ελένη <æ@ø.example>',
  '王小明 😀🦊 שלום مرحبا',
  '\u202egpj.exe\u0000\u001b[2J (\\) >> endobj </rdf:RDF>',
  'x'.repeat(320),
];
const CASES: Record<string, SignatureCertificateFacts> = {
  sent: sentFacts(),
  received: receivedFacts(),
  strange: receivedFacts({
    from: STRANGE,
    to: STRANGE,
    messageId: '<\u202e😀>',
    organisation: { name: 'Æ & <Ø> 王', domain: 'demo.example' },
  }),
  least: sentFacts({ from: [], to: [], messageId: null, legs: [], encryption: [] }),
  most: receivedFacts({
    to: Array.from({ length: 100 }, (_, i) => `${'person.with.a.long.name.'.repeat(12)}${i}@citizen.example`),
    signatures: Array.from({ length: 20 }, () => ({
      ...signature!,
      certificate: {
        ...signature!.certificate!,
        subject: 'CN='.repeat(200),
        names: Array(20).fill('y'.repeat(254)),
      },
    })),
    reservations: Array.from({ length: 40 }, (_, i) => `code-${i}`),
  }),
};

let folder: string;
const files: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signature-certificate-'));
  for (const [name, facts] of Object.entries(CASES)) {
    for (const language of Language.options) {
      const file = join(folder, `${name}-${language}.pdf`);
      await writeFile(file, (await makeSignatureCertificate({ facts, language, signer })).pdf);
      files.push(file);
    }
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the document', () => {
  it.each(['ua1', '3a'] as const)(
    'conforms to %s, whatever stands in it, as veraPDF judges',
    async (flavour) => {
      expect(files).toHaveLength(15);
      expect(await veraPdf(files, flavour)).toEqual([]);
    },
  );

  it('does not conform by itself: the validator finds what is wrong', async () => {
    const broken = join(folder, 'broken.pdf');
    const { pdf } = await makeSignatureCertificate({ facts: sentFacts(), language: 'en', signer });
    await writeFile(broken, pdf.toString('latin1').replace('/Lang (en)', '/Lung (en)'), 'latin1');
    expect((await veraPdf([broken], 'ua1')).join('\n')).toMatch(/FAIL/);
  });

  it('has real text, headings, tables with headers, and says what was signed', async () => {
    const { pdf } = await makeSignatureCertificate({ facts: receivedFacts(), language: 'da', signer });
    const document = await getDocumentProxy(new Uint8Array(pdf));
    const page = await document.getPage(1);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join(' ');
    expect(text).toContain('Signaturen er gyldig, men med forbehold.');
    expect(text).toContain('Bo Ærøskøbing');
    const tree = JSON.stringify(await page.getStructTree());
    for (const role of ['H1', 'H2', 'H3', 'Table', 'TR', 'TH', 'TD'])
      expect(tree).toContain(`"role":"${role}"`);
    const files = (await document.getAttachments()) as Map<string, { filename: string }> | null;
    expect([...(files?.values() ?? [])].map(({ filename }) => filename)).toEqual([
      'signature-certificate.jws',
    ]);
  });

  it('lets nobody’s text into its metadata, which lists of files show', async () => {
    const { pdf } = await makeSignatureCertificate({ facts: receivedFacts(), language: 'en', signer });
    const { info } = await (await getDocumentProxy(new Uint8Array(pdf))).getMetadata();
    expect(info).toMatchObject({ Title: 'Signature certificate', Producer: 'Secure@Mail' });
    expect(JSON.stringify(info)).not.toMatch(/citizen|demo\.example|anna/);
  });

  it('holds tens of kilobytes', async () => {
    for (const facts of [sentFacts(), receivedFacts()]) {
      const { pdf } = await makeSignatureCertificate({ facts, language: 'de', signer });
      expect(pdf.length).toBeLessThan(80_000);
    }
  });

  it('has the facts in it as JSON, its keys in the order of the schema', async () => {
    const facts = receivedFacts();
    const shuffled = Object.fromEntries(Object.entries(facts).toReversed()) as typeof facts;
    const payloads = await Promise.all(
      [facts, shuffled].map(async (each) => {
        const { pdf } = await makeSignatureCertificate({ facts: each, language: 'en', signer });
        const payload = /eyJ[\w-]+\.([\w-]+)\./.exec(pdf.toString('latin1'))?.[1] ?? '';
        return Buffer.from(payload, 'base64url').toString();
      }),
    );
    const [one, other] = payloads.map((text) => JSON.stringify(Payload.parse(JSON.parse(text)).facts));
    expect(one).toBe(JSON.stringify(facts));
    expect(payloads.map((text) => text.slice(0, text.indexOf('"pdfSha256"')))).toEqual([
      payloads[0]!.slice(0, payloads[0]!.indexOf('"pdfSha256"')),
      payloads[0]!.slice(0, payloads[0]!.indexOf('"pdfSha256"')),
    ]);
    expect(other).toBe(one);
  });
});
