// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { createPool, type Pool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import type { Change } from '../change.ts';
import type { Command } from '../decide.ts';
import { readScope, TENANT } from '../scope.ts';
import type { State } from '../state.ts';
import { BASE, RULES } from '../testing/small.ts';
import type { Tree } from '../tree.ts';
import { appendChange, changesSince, historyOfChanges } from './changes.ts';
import { changeSettings, readState } from './change-settings.ts';
import { followChanges } from './follow.ts';
import { migrateSettings } from './migrate.ts';

let pool: Pool;
beforeAll(async () => {
  const url = await createDatabase();
  await Promise.all([migrateSettings({ url }), migrateSettings({ url })]);
  pool = createPool({ url, schema: 'crypto' });
});
afterAll(() => pool.end());

let count = 0;
const newTenant = () => TenantId.parse(`tenant-${(count += 1)}`);
const AT = new Date('2026-11-28T09:00:00.123Z');
const change = (version: number, patches: Record<string, Tree>): Change => ({
  version,
  at: AT,
  by: 'Ida Iversen',
  keyId: 'admin',
  reason: 'agreed',
  patches,
});
const command = (seen: number, scope: string, settings: Tree): Command => ({
  seen,
  wanted: [{ scope: readScope(scope) ?? TENANT, how: 'patch', settings }],
  at: AT,
  by: 'Ida Iversen',
  keyId: null,
  reason: 'agreed',
});
const around = { base: BASE, domains: ['demo.example'], rulebook: RULES, dryRun: false };

describe('changes of settings', () => {
  it('are read as they were written, from where one has read', async () => {
    const [one, other] = [newTenant(), newTenant()];
    const changes = [
      change(1, { tenant: { ask: 'refuse' } }),
      change(2, { 'domains/a.example': { ask: null } }),
    ];
    for (const each of changes) expect(await appendChange(pool, one, each)).toBe(true);
    await appendChange(pool, other, change(1, {}));
    expect(await changesSince(pool, new Map([[one, 0]]))).toEqual(new Map([[one, changes]]));
    expect(await changesSince(pool, new Map([[one, 1]]))).toEqual(new Map([[one, changes.slice(1)]]));
    expect(await changesSince(pool, new Map([[one, 2]]))).toEqual(new Map());
  });

  it('have no two of one version, and no version without the one before', async () => {
    const tenant = newTenant();
    expect(await appendChange(pool, tenant, change(2, {}))).toBe(false);
    const tried = await Promise.all(
      Array.from({ length: 8 }, (_, index) => appendChange(pool, tenant, change(1, { tenant: { index } }))),
    );
    expect(tried.filter(Boolean)).toHaveLength(1);
    expect((await readState(pool, tenant)).version).toBe(1);
  });

  it('can be neither altered nor deleted', async () => {
    await appendChange(pool, newTenant(), change(1, {}));
    for (const sql of ["update settings.changes set by = 'nobody'", 'delete from settings.changes'])
      await expect(pool.query(sql)).rejects.toThrow('append-only');
  });

  it('are listed newest first, all of them or those of one person', async () => {
    const tenant = newTenant();
    for (const version of [1, 2, 3, 4])
      await appendChange(
        pool,
        tenant,
        change(version, { [version % 2 === 0 ? 'people/a@b.example' : 'tenant']: {} }),
      );
    const versions = async (filter: object) =>
      (
        await historyOfChanges(pool, { tenantId: tenant, scope: null, before: null, limit: 3, ...filter })
      ).map(({ version }) => version);
    expect(await versions({})).toEqual([4, 3, 2]);
    expect(await versions({ before: 2 })).toEqual([1]);
    expect(await versions({ scope: 'people/a@b.example' })).toEqual([4, 2]);
  });
});

describe('two administrators at once', () => {
  it('one of them is told that there is a newer version, and nothing of his is there', async () => {
    const tenant = newTenant();
    const both = await Promise.all([
      changeSettings(pool, tenant, command(0, 'tenant', { ask: 'protect' }), around),
      changeSettings(pool, tenant, command(0, 'tenant', { methods: ['a'] }), around),
    ]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['changed', 'overtaken']);
    expect(both).toContainEqual({ kind: 'overtaken', version: 1 });
    expect((await readState(pool, tenant)).layers.get('tenant')?.since.size).toBe(1);
  });
});

describe('who follows changes', () => {
  it('is told of each organisation that changed, and only of what is new', async () => {
    const [tenant, quiet] = [newTenant(), newTenant()];
    await appendChange(pool, tenant, change(1, { tenant: { ask: 'refuse' } }));
    const told: [string, number, number][] = [];
    const following = await followChanges({
      pool,
      tenants: [tenant, quiet],
      pollMs: 20,
      changed: (id, { version }: State, changes) => told.push([id, version, changes.length]),
      away: () => undefined,
      back: () => undefined,
    });
    await appendChange(pool, tenant, change(2, { tenant: { ask: 'protect' } }));
    await Promise.all([following.refresh(), following.refresh()]);
    expect(told).toEqual([
      [tenant, 1, 1],
      [tenant, 2, 1],
    ]);
    await appendChange(pool, quiet, change(1, { tenant: { ask: 'protect' } }));
    while (told.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told[2]).toEqual([quiet, 1, 1]);
    await following.close();
    expect(following.stateOf(tenant).layers.get('tenant')?.settings).toEqual({ ask: 'protect' });
  });

  it('does not begin where nobody knows what was set', async () => {
    const gone = createPool({ url: 'postgres://127.0.0.1:1/none', schema: 'crypto' });
    const options = { pollMs: 20, changed: () => undefined, away: () => undefined, back: () => undefined };
    await expect(followChanges({ pool: gone, tenants: [newTenant()], ...options })).rejects.toThrow();
    await gone.end();
  });
});
