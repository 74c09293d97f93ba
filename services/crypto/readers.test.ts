// SPDX-License-Identifier: Apache-2.0
import { Address, recipientId, TenantId } from '@securemail/contracts';
import { openPolicies, type Policies } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { readCertificateFolder } from './adapters/certificate-folder.ts';
import { readersOf, type ReaderSources } from './adapters/readers.ts';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
let policies: Policies;
beforeAll(async () => {
  world = await openCryptoWorld();
});
afterAll(async () => {
  await policies.close();
  await world.close();
});

it('a mail to a thousand has the key that certifies judged once', async () => {
  const tenants = new Map(world.settings().tenants.map((tenant) => [tenant.id, tenant]));
  policies = await openPolicies({ pool: world.pool, tenants, logger: createLogger('crypto') });
  const folder = await readCertificateFolder(world.cast.folder);
  const judged: string[] = [];
  const directory: ReaderSources['directory'] = {
    unwrappersFor: (address, domains) => folder.unwrappersFor(address, domains),
    organisationSigner: (domain, at) => {
      judged.push(domain);
      return folder.organisationSigner(domain, at);
    },
  };
  const recipients = Array.from({ length: 1_000 }, (_, index) => ({
    recipientId: recipientId(index + 1),
    address: Address.parse(`desk-${index}@demo.example`),
    disclosed: true,
  }));
  const demo = { tenantId: TenantId.parse('demo') };
  const forwardsOutside = () => false;
  const groups = readersOf(recipients, demo, {
    platform: { tenants, policies },
    directory,
    forwardsOutside,
    at: new Date(),
  });
  expect(
    groups.map(({ recipients: { length }, certifying }) => [
      length,
      typeof certifying === 'string' ? certifying : certifying.organisation.domain,
    ]),
  ).toEqual([[1_000, 'demo.example']]);
  expect(judged).toEqual(['demo.example']);
  // A key that any person in the domain could have speaks for nobody else.
  const persons = folder.organisationSigner('demo.example', new Date());
  if (persons === null) throw new Error('the organisation has no key');
  const certificate = { ...persons.certificate, domains: [] };
  const [byPerson] = readersOf(recipients.slice(0, 1), demo, {
    platform: { tenants, policies },
    directory: { ...directory, organisationSigner: () => ({ ...persons, certificate }) },
    forwardsOutside,
    at: new Date(),
  });
  expect(byPerson?.certifying).toBe('no-signing-key');
  const keyless = { tenantId: TenantId.parse('keyless') };
  const [group] = readersOf(recipients.slice(0, 1), keyless, {
    platform: { tenants, policies },
    directory: { ...directory, organisationSigner: () => null },
    forwardsOutside,
    at: new Date(),
  });
  expect(group?.certifying).toBe('no-signing-key');
});
