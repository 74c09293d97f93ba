// SPDX-License-Identifier: Apache-2.0
import { Address, TenantId } from '@securemail/contracts';
import { createPool, type Pool } from '@securemail/event-store';
import { appendChange, migrateSettings, type Tree } from '@securemail/policy';
import { createLogger } from '@securemail/telemetry';
import { createDatabase, shutDatabase } from '@securemail/testing';
import { openPolicies } from './policies.ts';
import { Tenant } from './settings/tenant.ts';

let url: string;
let pool: Pool;
beforeAll(async () => {
  url = await createDatabase();
  await migrateSettings({ url });
  pool = createPool({ url, schema: 'crypto' });
});
afterAll(() => pool.end());

let count = 0;
const newTenant = (more: object = {}): Tenant =>
  Tenant.parse({
    id: `tenant-${(count += 1)}`,
    name: 'Demo',
    domains: ['demo.example', 'ward.example'],
    mailServers: [{ host: '127.0.0.1' }],
    ...more,
  });
const set = (tenant: Tenant, version: number, patches: Record<string, Tree>) =>
  appendChange(pool, tenant.id, {
    version,
    at: new Date(),
    by: 'Ida',
    keyId: null,
    reason: 'tried',
    patches,
  });
const open = (tenant: Tenant, pollMs = 60_000) =>
  openPolicies({
    pool,
    tenants: new Map<TenantId, Tenant>([[tenant.id, tenant]]),
    logger: createLogger('crypto'),
    pollMs,
  });
const address = (text: string) => Address.parse(text);

describe('the policies of an organisation', () => {
  it('are those of the file, where nothing is set; else the nearest, whatever the case of the address', async () => {
    const tenant = newTenant({ whenNotAskedSecure: 'refuse' });
    const policies = await open(tenant);
    expect(policies.of(tenant, address('anna@demo.example')).whenNotAskedSecure).toBe('refuse');
    await set(tenant, 1, {
      tenant: { holding: { endAfterDays: 5 } },
      'domains/ward.example': { forbiddenMethods: ['tls'] },
      'people/anna@demo.example': { whenNotAskedSecure: 'protect' },
    });
    await policies.refresh();
    expect(policies.of(tenant, address('Anna@Demo.example'))).toMatchObject({
      whenNotAskedSecure: 'protect',
      holding: { endAfterDays: 5 },
      forbiddenMethods: [],
    });
    expect(policies.of(tenant, address('bo@demo.example')).whenNotAskedSecure).toBe('refuse');
    expect(policies.of(tenant, address('bo@ward.example')).forbiddenMethods).toEqual(['tls']);
    expect(policies.of(tenant, null)).toMatchObject({ whenNotAskedSecure: 'refuse', forbiddenMethods: [] });

    await set(tenant, 2, { 'people/anna@demo.example': { whenNotAskedSecure: null } });
    await set(tenant, 3, { tenant: { whenOutcomeUnknown: 'hold' } });
    await policies.refresh();
    expect(policies.of(tenant, address('anna@demo.example')).whenNotAskedSecure).toBe('refuse');
    expect(policies.of(tenant, address('bo@ward.example'))).toMatchObject({
      whenOutcomeUnknown: 'hold',
      forbiddenMethods: ['tls'],
    });
    await policies.close();
  });

  it('merge groups by key: of the guards, a person’s one and all others of the organisation', async () => {
    const tenant = newTenant({ guards: { newOutsider: 'refuse' } });
    await set(tenant, 1, {
      tenant: { language: 'da' },
      'people/anna@demo.example': { guards: { secureThread: 'refuse' } },
    });
    const policies = await open(tenant);
    expect(policies.of(tenant, address('anna@demo.example'))).toMatchObject({
      language: 'da',
      guards: {
        newOutsider: 'refuse',
        secureThread: 'refuse',
        autoForwarded: 'refuse',
        forwardsOutside: 'allow',
      },
    });
    await policies.close();
  });

  it('are the person’s however the letters of the address are composed', async () => {
    const tenant = newTenant();
    const policies = await open(tenant);
    await set(tenant, 1, {
      'people/ren\u00e9@demo.example': { whenNotAskedSecure: 'refuse' },
      'people/zoe\u0308@demo.example': { whenNotAskedSecure: 'refuse' },
    });
    await policies.refresh();
    for (const each of ['ren\u00e9', 'rene\u0301', 'RENE\u0301', 'zo\u00eb', 'zoe\u0308'])
      expect(policies.of(tenant, address(`${each}@demo.example`)).whenNotAskedSecure).toBe('refuse');
    await policies.close();
  });

  it('are the person’s for each subaddress, but for what is set for that', async () => {
    const tenant = newTenant();
    const policies = await open(tenant);
    await set(tenant, 1, {
      'people/per@demo.example': { forbiddenMethods: ['mailbox'], language: 'da' },
      'people/per+ward@demo.example': { language: 'de' },
    });
    await policies.refresh();
    const of = (text: string) => policies.of(tenant, address(text));
    expect(of('Per+x@demo.example')).toMatchObject({ forbiddenMethods: ['mailbox'], language: 'da' });
    expect(of('per+ward@demo.example')).toMatchObject({ forbiddenMethods: ['mailbox'], language: 'de' });
    expect(of('per+x@ward.example')).toMatchObject({ forbiddenMethods: [], language: 'en' });

    await set(tenant, 2, { 'people/per@demo.example': { forbiddenMethods: ['tls'] } });
    await policies.refresh();
    for (const text of ['per+x@demo.example', 'per+ward@demo.example'])
      expect(of(text).forbiddenMethods).toEqual(['tls']);
    await policies.close();
  });

  it('stay as they were where a change does not go with the file of this process, until one does', async () => {
    const tenant = newTenant();
    const policies = await open(tenant);
    await set(tenant, 1, {
      tenant: { holding: { endAfterDays: 1 }, whenNotAskedSecure: 'refuse' },
      'people/bo@demo.example': { forbiddenMethods: ['tls'] },
    });
    await policies.refresh();
    expect(policies.of(tenant, null)).toMatchObject({ whenNotAskedSecure: 'protect' });
    await set(tenant, 2, { tenant: { holding: { remindAfterHours: [1] } } });
    await policies.refresh();
    expect(policies.of(tenant, null)).toMatchObject({ whenNotAskedSecure: 'refuse' });
    expect(policies.of(tenant, address('bo@demo.example')).forbiddenMethods).toEqual(['tls']);
    await policies.close();
  });

  it('are not opened where what is stored contradicts the file, and the error says what and where from', async () => {
    const tenant = newTenant({ holding: { endAfterDays: 2, remindAfterHours: [24] } });
    await set(tenant, 1, { 'people/anna@demo.example': { holding: { remindAfterHours: [72] } } });
    await expect(open(tenant)).rejects.toThrow(
      /people\/anna@demo\.example: holding\.remindAfterHours: in ascending order.*\[72\] \(person anna@demo\.example, version 1\).*endAfterDays is 2 \(file\)/,
    );
  });

  it('are not opened where nothing could ever be sent since the file has no SecureMailBox any more', async () => {
    const tenant = newTenant();
    const forbiddenMethods = ['smime-personal', 'smime-domain', 'tls'];
    await set(tenant, 1, { 'people/anna@demo.example': { forbiddenMethods } });
    const withMailbox = Tenant.parse({ ...tenant, mailbox: { url: 'https://post.demo.example' } });
    await (await open(withMailbox)).close();
    await expect(open(tenant)).rejects.toThrow(
      /people\/anna@demo\.example: forbiddenMethods: nothing could ever be sent .* there is no SecureMailBox.*\(person anna@demo\.example, version 1\)/,
    );
  });

  it('are not opened where a newer release has set what this one does not know', async () => {
    const tenant = newTenant();
    await set(tenant, 1, { tenant: { futureGuards: ['cpr'] } });
    await expect(open(tenant)).rejects.toThrow('tenant: futureGuards: is not a setting');
  });

  it('are not stopped by what is left of a domain that is no own one any more', async () => {
    const tenant = newTenant();
    await set(tenant, 1, { 'domains/sold.example': { holding: { endAfterDays: 1 } } });
    await (await open(tenant)).close();
  });

  it('are the last known ones while the database is away, and the new ones once it is back', async () => {
    const tenant = newTenant();
    await set(tenant, 1, { tenant: { whenNotAskedSecure: 'refuse' } });
    const policies = await open(tenant, 50);
    const letIn = await shutDatabase(url);
    await expect(policies.refresh()).rejects.toThrow();
    expect(policies.of(tenant, null).whenNotAskedSecure).toBe('refuse');
    await letIn();
    await set(tenant, 2, { tenant: { whenNotAskedSecure: null } });
    while (policies.of(tenant, null).whenNotAskedSecure === 'refuse')
      await new Promise((resolve) => setTimeout(resolve, 20));
    await policies.close();
  });
});
