// SPDX-License-Identifier: Apache-2.0
import { entityOf, signEntity, softwareSigner } from '../index.ts';
import { asMessage, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { cmsMessage, signByHand } from '../testing/sign-by-hand.ts';

const CONTENT = Buffer.from('Content-Type: text/plain\r\n\r\nPay 100\r\n');
const at = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  aske = await workshop.issue(authority, { names: 'email:Aske@a.example' });
});
afterAll(() => workshop.close());

const problemsOf = async (message: Buffer) =>
  signaturesIn((await openBytes(message)).layers).map(({ verified, problems }) => [verified, ...problems]);
const detached = async () =>
  (
    await asMessage(
      await signEntity(
        entityOf(CONTENT),
        softwareSigner({ key: aske.keyPem, certificate: aske.certificate }),
        { signingTime: at },
      ),
    )
  ).toString('latin1');
const boundaryOf = (text: string) => /boundary="([^"]+)"/.exec(text)?.[1] ?? '';

describe('multipart/signed', () => {
  it('whose signature was taken away', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const [header = '', content = ''] = text.split(`--${boundary}\r\n`);
    const { kept, layers } = await openBytes(
      Buffer.from(`${header}--${boundary}\r\n${content}--${boundary}--\r\n`),
    );
    expect(kept).toEqual(CONTENT);
    expect(layers).toMatchObject([{ kind: 'signed', signatures: [], problems: ['signature-missing'] }]);
  });

  it('whose boundary has a character that is no octet is refused, also where another has the octets of it', async () => {
    const message = [
      'From: aske@a.example',
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="x\u0141y"',
      '',
      '--xAy',
      '',
      'hello',
      '--xAy--',
      '',
    ].join('\r\n');
    await expect(openBytes(Buffer.from(message))).rejects.toMatchObject({ code: 'malformed-multipart' });
  });

  it('whose signature is something else', async () => {
    const text = (await detached()).replace(
      '\r\nContent-Type: application/pkcs7-signature',
      '\r\nContent-Type: text/plain',
    );
    expect((await openBytes(Buffer.from(text))).layers).toMatchObject([
      { signatures: [], problems: ['signature-missing'] },
    ]);
  });

  it('whose SignedData nobody signed', async () => {
    const message = cmsMessage(signByHand(aske, { content: CONTENT, copies: 0 }));
    expect((await openBytes(message)).layers).toMatchObject([{ signatures: [], problems: ['no-signer'] }]);
  });

  it('whose signature brings a content of its own: that is not what stands beside it', async () => {
    const cms = signByHand(aske, { content: CONTENT }).toString('base64');
    const text =
      'From: aske@a.example\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nPay 999\r\n--b\r\n' +
      `Content-Type: application/pkcs7-signature\r\n\r\n${cms}\r\n--b--\r\n`;
    expect((await openBytes(Buffer.from(text))).layers).toMatchObject([
      { signatures: [], problems: ['signature-missing'] },
    ]);
  });

  it('with a second body behind the signature', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const more = text.replace(`--${boundary}--`, `--${boundary}\r\n\r\nPay 999\r\n--${boundary}--`);
    const { kept, layers } = await openBytes(Buffer.from(more));
    expect(kept).toEqual(CONTENT);
    expect(layers[0]?.problems).toEqual(['more-parts']);
  });

  it('with a body before it, which is not the one that was signed', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const more = text.replace(`--${boundary}\r\n`, `--${boundary}\r\n\r\nPay 999\r\n--${boundary}\r\n`);
    const { layers } = await openBytes(Buffer.from(more));
    expect(signaturesIn(layers).some(({ verified }) => verified)).toBe(false);
  });

  it('with a line that some programs take for a delimiter and others do not', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const odd = text.replace('Pay 100', `Pay 1\r\n--${boundary}x\r\n00`);
    await expect(openBytes(Buffer.from(odd))).rejects.toMatchObject({ code: 'malformed-multipart' });
  });

  it('as a part among others, which is not the message', async () => {
    const inner = (await detached()).replace(/^From.*\r\n/, '');
    const text = `From: aske@a.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nPay 999\r\n--m\r\n${inner}\r\n--m--\r\n`;
    expect((await openBytes(Buffer.from(text))).layers).toEqual([]);
  });

  it('that a mail program made with another micalg than it signed with', async () => {
    for (const micalg of ['sha1', 'sha-512', 'unknown', 'md5, sha1']) {
      const text = (await detached()).replace('micalg=sha-256', `micalg="${micalg}"`);
      expect(await problemsOf(Buffer.from(text))).toEqual([[true]]);
    }
  });

  it('of OpenPGP is content', async () => {
    const text = (await detached()).replace('application/pkcs7-signature', 'application/pgp-signature');
    expect((await openBytes(Buffer.from(text))).layers).toEqual([]);
  });
});
