// SPDX-License-Identifier: Apache-2.0
import { readCertificates } from '@securemail/smime';
import { verifySignatureCertificate } from '@securemail/signature-certificate';
import { pkcs7As, SHAPES } from './testing/client-shapes.ts';
import { firstPartOf } from './testing/first-part.ts';
import { verifiedBy } from './testing/openssl.ts';
import { messageAround } from './testing/outside-mail.ts';
import { createReceivedCast, type ReceivedCast } from './testing/received-cast.ts';
import { arrive, certifyingIn, type Arrived, type Circumstances } from './testing/received-mail.ts';
import { anna, bo, encryptedEntity, HTML, mail, opaqueEntity, TEXT } from './testing/received/case.ts';

let cast: ReceivedCast;
let given: Circumstances;
beforeAll(async () => {
  cast = await createReceivedCast();
  given = certifyingIn(cast.directory);
});
afterAll(() => cast.close());

const EIGHT_BIT =
  'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nKære Anna';
const PARTS = `Content-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\n${TEXT}\r\n--b--\r\nbehind`;
const sha512 = (entity: string) => opaqueEntity(entity, bo, {}, '-md', 'sha512');
const endless = (entity: string) => opaqueEntity(entity, bo, {}, '-stream');
const twice = (entity: string) => opaqueEntity(entity, ({ issued }) => [issued.bo, issued.kim]);

/** Reservations in the Signature certificate, which must hold for the mail. */
async function certified(message: Buffer): Promise<readonly string[]> {
  const trustAnchors = readCertificates(cast.authorityPem);
  const { certificates } = await verifySignatureCertificate({ file: message, trustAnchors, at: new Date() });
  expect(certificates).toHaveLength(1);
  const [found] = certificates;
  expect(found?.problems).toEqual([]);
  return found?.facts?.reservations ?? [];
}

it('the Signature certificate of a mail from many holds for it', async () => {
  const more = Array.from({ length: 30 }, (_, index) => `p${index}@citizen.example`).join(',\r\n ');
  const { message } = await arrive(
    await mail(TEXT, { fields: { from: `bo@citizen.example>, ${more}, <kim@citizen.example` } })(cast),
    given,
  );
  expect(message.toString('latin1')).toContain('p29@citizen.example');
  expect(await certified(message)).not.toContain('not-opened');
});

describe('what was signed opaquely', () => {
  it.each([
    ['a text', TEXT, opaqueEntity(TEXT), 'sha-256'],
    ['a text of eight bits that ends within a line', EIGHT_BIT, opaqueEntity(EIGHT_BIT), 'sha-256'],
    ['several parts', PARTS, opaqueEntity(PARTS), 'sha-256'],
    ['with SHA-512', TEXT, sha512(TEXT), 'sha-512'],
    ['in indefinite lengths', TEXT, endless(TEXT), 'sha-256'],
    ['by two', TEXT, twice(TEXT), 'sha-256'],
    ['within an encryption', TEXT, encryptedEntity(opaqueEntity(TEXT)), 'sha-256'],
    ['in another opaque one', TEXT, opaqueAround(opaqueEntity(TEXT)), 'sha-256'],
  ])('(%s) comes so that its reader verifies it himself', async (_, content, make, micalg) => {
    const { data, message } = await arrive(await mail(make)(cast), given);
    expect(data.verdict).toBe('valid');
    const signed = firstPartOf(message);
    expect(signed).toContain(`micalg=${micalg};`);
    expect(await verifiedBy(cast.authorityPem, signed)).toBe(Buffer.from(content).toString('latin1'));
    const again = await arrive(Buffer.from(messageAround(signed), 'latin1'), given);
    expect(again.data).toMatchObject({ verdict: 'valid', signatures: innermost(data.signatures) });
    expect(await certified(message)).toEqual([]);
  });

  it('and changed is not valid for its reader, either', async () => {
    const signed = await cast.cms.sign(TEXT, cast.issued.bo, '-nodetach');
    const at = signed.indexOf('Anna');
    signed.write('Eva!', at, 'latin1');
    const { data, message } = await arrive(
      messageAround(pkcs7As(SHAPES.standard, signed, 'signed-data')),
      given,
    );
    expect(data).toMatchObject({ verdict: 'invalid', reservations: ['content-changed'] });
    await expect(verifiedBy(cast.authorityPem, firstPartOf(message))).rejects.toThrow();
  });

  it.each([
    ['ends lines as Unix does', opaqueEntity(TEXT.replaceAll('\r\n', '\n'))],
    ['has a line that mail can not carry', opaqueEntity(`${TEXT}${'x'.repeat(999)}\r\n`)],
    ['has a NUL in it', opaqueEntity(`${TEXT}\0\r\n`)],
    [
      'is a message in a wrapper',
      opaqueEntity(`Content-Type: message/rfc822\r\n\r\nFrom: Bo <bo@citizen.example>\r\n${TEXT}`),
    ],
  ])('but %s comes readable, and its certificate says that the signature was taken off', async (_, make) => {
    const { data, message } = await arrive(await mail(make)(cast), given);
    expect(data.verdict).toBe('valid');
    expect(firstPartOf(message)).not.toContain('multipart/signed');
    expect(await certified(message)).toEqual(['signature-taken-off']);
  });

  it('but has active parts to be taken out comes without the signature', async () => {
    const signed = await cast.cms.sign(HTML, cast.issued.bo, '-nodetach');
    signed.write('Eva!', signed.indexOf('Anna'), 'latin1');
    const inner = pkcs7As(SHAPES.standard, signed, 'signed-data');
    const { data, message } = await arrive(await mail(encryptedEntity(inner, anna))(cast), given);
    expect(data).toMatchObject({ verdict: 'invalid', neutralised: true });
    expect(firstPartOf(message)).not.toContain('multipart/signed');
    expect(await certified(message)).toContain('signature-taken-off');
  });
});

/** Those of the last layer, where they lie in a message that is in no other. */
function innermost(signatures: Arrived['data']['signatures']) {
  const deepest = Math.max(...signatures.map(({ layer }) => layer));
  return signatures.filter(({ layer }) => layer === deepest).map((each) => ({ ...each, layer: 0 }));
}

function opaqueAround(inner: ReturnType<typeof opaqueEntity>): ReturnType<typeof opaqueEntity> {
  return async (givenCast) => await opaqueEntity(await inner(givenCast))(givenCast);
}
