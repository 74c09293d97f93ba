// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';
import { readCertificates } from '@securemail/smime';
import { createCertificateAuthority, type CertificateAuthority } from '@securemail/testing';
import { inLayers, messageAround } from './testing/outside-mail.ts';
import { directoryIn } from './testing/directory-of.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const ENTITY = 'Content-Type: text/plain\r\n\r\nHello\r\n';

let world: CryptoWorld;
let crypto: { close(): Promise<void> };
let partners: CertificateAuthority;
let berries: CertificateAuthority;
beforeAll(async () => {
  world = await openCryptoWorld();
  partners = await createCertificateAuthority({ name: 'Clinic' });
  await world.cast.write('authorities/clinic.example/clinic.pem', partners.certificatePem);
  berries = await createCertificateAuthority({ name: 'Berries' });
  // As macOS writes it.
  await world.cast.write('authorities/blåbær.example/berries.pem'.normalize('NFD'), berries.certificatePem);
  crypto = await world.start();
});
afterAll(async () => {
  await crypto.close();
  await world.close();
});

/** What becomes of a mail from there with that signature, and the sources of what is stored then for its sender. */
async function opened(from: string, signer: Awaited<ReturnType<CertificateAuthority['issuePerson']>>) {
  const message = messageAround(await inLayers(ENTITY, [{ sign: signer }]), { from });
  const emailId = await world.accept({ from, to: ['anna@demo.example'], message, inbound: {} });
  const [event] = named(await world.outcome(emailId), 'EmailOpened');
  const { rows } = await world.pool.query<{ source: string }>(
    'select source from certificates where name = $1',
    [from],
  );
  return { ...event?.data, stored: rows.map(({ source }) => source) };
}

describe('an authority that is trusted for a partner', () => {
  it('vouches for people of his, whose certificate is kept and encrypted for', async () => {
    const from = 'desk@clinic.example';
    const desk = await partners.issuePerson({ email: from, name: 'Desk' });
    expect(await opened(from, desk)).toMatchObject({ verdict: 'valid', stored: ['harvested'] });
    const answer = await world.accept({ to: [from] });
    expect(named(await world.outcome(answer), 'EmailProtected')).toMatchObject([
      { data: { method: 'smime-personal' } },
    ]);
  });

  it('vouches for people of his whose domain has letters outside ASCII', async () => {
    const from = `desk@${domainToASCII('blåbær.example')}`;
    const desk = await berries.issuePerson({ email: from, name: 'Desk' });
    expect(await opened(from, desk)).toMatchObject({ verdict: 'valid', stored: ['harvested'] });
  });

  it('vouches for his organisation', async () => {
    const organisation = await partners.issueOrganisation({ domain: 'clinic.example', name: 'Clinic' });
    const { importPem } = await directoryIn(world);
    const { outcomes } = await importPem(organisation.certificatePem, 'clinic.example', { dryRun: true });
    expect(outcomes).toMatchObject([{ result: 'added', state: 'valid' }]);
  });

  it.each([
    ['a colleague of ours', 'ulla@demo.example'],
    ['somebody of others', 'mayor@bank.example'],
    ['somebody below the domain of the partner', 'desk@ward.clinic.example'],
  ])('vouches not for %s, and nothing is kept', async (_, from) => {
    const person = await partners.issuePerson({ email: from, name: 'Somebody' });
    expect(await opened(from, person)).toMatchObject({
      verdict: 'invalid',
      reservations: expect.arrayContaining(['certificate-untrusted']) as unknown,
      stored: [],
    });
    const { importPem } = await directoryIn(world);
    const { outcomes } = await importPem(person.certificatePem, null, { dryRun: true });
    expect(outcomes).toMatchObject([{ state: 'untrusted' }]);
  });

  it('vouches not for the organisation of others', async () => {
    const organisation = await partners.issueOrganisation({ domain: 'bank.example', name: 'Bank' });
    expect(await opened('mayor@bank.example', organisation)).toMatchObject({
      verdict: 'invalid',
      reservations: expect.arrayContaining(['certificate-untrusted']) as unknown,
    });
  });

  it('vouches for none of our keys', async () => {
    const { of } = await directoryIn(world);
    const [authority] = readCertificates(partners.certificatePem);
    expect(of.directory.trustAnchors.map(({ sha256 }) => sha256)).not.toContain(authority?.sha256);
  });
});

it.each([
  [
    'an own domain',
    'authorities/demo.example/clinic.pem',
    /demo\.example can not be used: it is an own domain/,
  ],
  [
    'no domain',
    'authorities/Clinic.Example/clinic.pem',
    /Clinic\.Example can not be used: it is called by no domain/,
  ],
  [
    'an own domain in letters',
    'authorities/rødgrød.example/clinic.pem',
    /rødgrød\.example can not be used: it is an own domain/,
  ],
])('a folder of authorities that is called by %s is refused at start', async (_, name, message) => {
  const other = await openCryptoWorld({
    demo: { domains: ['demo.example', domainToASCII('rødgrød.example')] },
  });
  await other.cast.write(name, partners.certificatePem);
  await expect(other.start()).rejects.toThrow(message);
  await other.close();
});
