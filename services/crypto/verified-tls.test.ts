// SPDX-License-Identifier: Apache-2.0
import type { DnsRecord } from '@securemail/testing';
import { firstPartOf } from './testing/first-part.ts';
import { BODY, named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openCryptoWorld();
  world.dns(DANE);
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const proves = (domain: string): DnsRecord[] => [
  { type: 'MX', name: domain, data: { exchange: `mx.${domain}`, preference: 10 } },
  { type: 'A', name: `mx.${domain}`, data: '192.0.2.1' },
  {
    type: 'TLSA',
    name: `_25._tcp.mx.${domain}`,
    data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 7) },
  },
];
const DANE = {
  records: [...proves('dane.example'), ...proves('other.example')],
  secure: ['dane.example', 'other.example'],
};

async function planned(mail: Parameters<CryptoWorld['accept']>[0]) {
  const emailId = await world.accept(mail);
  const events = await world.outcome(emailId);
  return { emailId, events, plan: named(events, 'ProtectionPlanned')[0]!.data };
}

it('whom no certificate reaches gets it over verified TLS, as it was accepted', async () => {
  const { events, plan } = await planned({ to: ['eva@dane.example', 'bo@citizen.example'] });
  const [smime, tls] = named(events, 'EmailProtected');
  expect(smime!.data.method).toBe('smime-personal');
  expect(tls!.data).toMatchObject({
    method: 'tls',
    recipientIds: ['r1'],
    signature: null,
    encryption: null,
  });
  const sent = Buffer.from(firstPartOf(await world.contentOf(tls!)), 'latin1').toString();
  expect(sent).toMatch(/^Content-Type: text\/plain; .*\r\n\r\n/s);
  expect(sent.endsWith(BODY)).toBe(true);
  expect(plan.recipients[0]).toEqual({
    recipientId: 'r1',
    method: 'tls',
    passedOver: [
      { method: 'internal', because: 'not-an-own-domain' },
      { method: 'smime-personal', because: 'no-certificate' },
      { method: 'smime-domain', because: 'no-certificate' },
    ],
  });
});

it('recipients of several domains share it, and a blind copy goes by itself', async () => {
  const { plan } = await planned({
    to: ['eva@dane.example', 'ole@other.example'],
    bcc: ['ida@dane.example'],
  });
  expect(plan.messages.map(({ method, recipientIds }) => [method, ...recipientIds])).toEqual([
    ['tls', 'r1', 'r2'],
    ['tls', 'r3'],
  ]);
});

it('nobody signs it, so no key is needed', async () => {
  const { plan } = await planned({ from: 'a@keyless.example', to: ['eva@dane.example'] });
  expect(plan.messages[0]).toMatchObject({ method: 'tls' });
});

it.each([
  ['domain-not-found', 'x@missing.example'],
  ['mailbox-not-available', 'nobody@nowhere.example'],
])('%s: %s is held', async (because, address) => {
  const { events } = await planned({ to: [address] });
  expect(named(events, 'EmailHeld').map(({ data }) => data.because)).toEqual([because]);
});

it('an email waits for DNS a while, and is held only then', async () => {
  const other = await openCryptoWorld();
  other.dns({ ...DANE, faults: { 'dane.example': 'failing' } });
  const patient = await other.start({ lookupPatienceSeconds: 300 });
  const emailId = await other.accept({ to: ['eva@dane.example'] });
  const letters = async () =>
    (await other.pool.query<{ reason: string }>('select reason from dead_letters')).rows;
  // Written down before it is handled, and said of it then that it is.
  while ((await letters()).every(({ reason }) => reason === 'is being handled'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await letters()).toEqual([{ reason: 'AwayError: 2 lookups have no answer' }]);
  expect(await other.events(emailId)).toEqual([]);
  await patient.close();
  const impatient = await other.start({ lookupPatienceSeconds: 0 });
  const held = await other.outcome(emailId);
  expect(named(held, 'EmailHeld').map(({ data }) => data.because)).toEqual(['tls-lookup-failed']);
  await impatient.close();
  await other.close();
});
