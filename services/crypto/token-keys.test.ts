// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateOf, issueCertificate, issueAuthority, newPrivateKey } from '@securemail/smime';
import { HSM_PIN, missing, startSoftHsm, type SoftHsm } from '@securemail/testing';
import { openedBy, sha256Of } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const TOKEN = 'gateway';
const hsm = await startSoftHsm();
if (hsm === null) missing('SoftHSM', 'apt-get install softhsm2');
else withToken(hsm);

function withToken(token: SoftHsm) {
  const { module } = token;
  let world: CryptoWorld;
  let pinFile: string;
  beforeAll(async () => {
    await token.newToken(TOKEN);
    world = await openCryptoWorld();
    pinFile = join(world.cast.folder, '..', 'pin');
    await writeFile(pinFile, `${HSM_PIN}\n`);
  });
  afterAll(async () => {
    await world.close();
    await token.close();
  });
  const settings = () => ({ pkcs11: { module, tokenLabel: TOKEN, pinFile } });
  const signedFor = async (from: string) => {
    const [event] = named(
      await world.outcome(await world.accept({ from, to: ['bo@citizen.example'] })),
      'EmailProtected',
    );
    const opened = await openedBy(
      world.cast.issued.bo,
      await world.contentOf(event!),
      world.cast.authority.certificatePem,
    );
    return { signer: opened.signer, whose: event!.data.signature?.signer };
  };

  it('a person’s key in the token signs, found by the label that its certificate’s file has', async () => {
    const person = await world.cast.authority.issuePerson({ email: 'ida@demo.example', name: 'Ida' });
    await token.importKey(TOKEN, 'Ida 2026', '01', person.keyPem);
    await world.cast.write('keys/people/Ida 2026.pem', person.certificatePem);
    const running = await world.start(settings());
    expect(await signedFor('ida@demo.example')).toEqual({
      signer: sha256Of(person.certificatePem),
      whose: 'person',
    });
    await running.close();
    // Without the token it is nobody's; the organisation signs.
    const without = await world.start();
    expect(await signedFor('ida@demo.example')).toMatchObject({ whose: 'organisation' });
    await without.close();
  });

  it('an organisation’s key in the token takes over from the one in a file, found by its identifier', async () => {
    const key = await newPrivateKey('rsa-3072');
    const day = 86_400_000;
    const validity = { notBefore: new Date(Date.now() - day / 2), notAfter: new Date(Date.now() + day) };
    const authorityKey = await newPrivateKey('p-256');
    const authority = {
      key: authorityKey,
      certificate: issueAuthority(authorityKey, 'Token authority', validity),
    };
    const { x509, sha256, subjectKeyIdentifier } = issueCertificate(
      authority,
      key,
      { commonName: 'Demo', emails: ['securemail@demo.example'], domains: ['demo.example'] },
      validity,
    );
    const identifier = certificateOf(new X509Certificate(x509.raw).raw).subjectKeyIdentifier!;
    expect(identifier).toEqual(subjectKeyIdentifier);
    await token.importKey(
      TOKEN,
      'whatever',
      identifier.toString('hex'),
      key.export({ type: 'pkcs8', format: 'pem' }) as string,
    );
    await world.cast.write('authorities/token.pem', authority.certificate.x509.toString());
    await world.cast.write('keys/organisations/demo.example+2026.pem', x509.toString());
    const running = await world.start(settings());
    const emailId = await world.accept({ from: 'ulla@demo.example', to: ['bo@citizen.example'] });
    const [event] = named(await world.outcome(emailId), 'EmailProtected');
    expect(event!.data.signature).toMatchObject({ signer: 'organisation', certificateSha256: sha256 });
    await running.close();
  });

  it.each([
    ['no key of that name', () => ({}), 'the token has no private key'],
    ['a wrong PIN file', () => ({ pinFile: '/nowhere/pin' }), 'crypto.pkcs11.pinFile can not be read'],
    ['no such token', () => ({ tokenLabel: 'else' }), 'token'],
  ])('with %s the service does not start, and says why', async (what, more, why) => {
    const person = await world.cast.authority.issuePerson({ email: 'kai@demo.example', name: 'Kai' });
    if (what.startsWith('no key')) await world.cast.write('keys/people/Kai.pem', person.certificatePem);
    const { pkcs11 } = settings();
    await expect(world.start({ pkcs11: { ...pkcs11, ...more() } })).rejects.toThrow(why);
    if (what.startsWith('no key')) await world.cast.remove('keys/people/Kai.pem');
  });
}
