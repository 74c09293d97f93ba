// SPDX-License-Identifier: Apache-2.0
import { Address, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { evolve, judge, NOTHING_SET, type Tree } from '@securemail/policy';
import { baseOf, personOf, RULEBOOK, Tenant, type Policy } from '@securemail/service';
import type { FactSources } from '../adapters/gathered-facts.ts';
import { KIM, type AnyCast } from './any-cast.ts';
import { OUTSIDE, OWN, type AnyWorld, type Forbidden } from './any-world.ts';

const DEMO = TenantId.parse('demo');

/** Everything else that production asks, as that world has it. */
export function insideOf(world: AnyWorld, cast: AnyCast): Omit<FactSources, 'smimea' | 'policies'> {
  const tenant = tenantIn(world);
  return {
    platform: {
      pool: poolIn(world, cast),
      tenants: new Map([[tenant.id, tenant]]),
      policies: { of: () => policyIn(world), refresh: nothing, close: nothing },
    },
    directory: world.keys ? cast.folder.keys : cast.folder.keyless,
    ldap: ldapIn(world, cast),
    askFound: null,
    until: Infinity,
    progressed: () => undefined,
  };
}

/** Settings come again in many worlds, and reading them is most of the work. */
function once<T>(make: (world: AnyWorld) => T, keyOf: (world: AnyWorld) => unknown): (world: AnyWorld) => T {
  const made = new Map<string, T>();
  return (world) => {
    const key = JSON.stringify(keyOf(world));
    const former = made.get(key) ?? make(world);
    made.set(key, former);
    return former;
  };
}

const pinnedIn = ({ domains }: AnyWorld) => OUTSIDE.filter((domain) => domains[domain].pinned);

const tenantIn = once(
  (world) =>
    Tenant.parse({
      id: DEMO,
      name: 'Demo',
      domains: [OWN],
      mailServers: [{ host: 'mail.demo.example' }],
      partners: pinnedIn(world).map((domain) => ({ domain, tlsNames: [`agreed.${domain}`] })),
      ...set(world.forbidden.file),
      ...(world.mailbox ? { mailbox: { url: 'https://post.demo.example' } } : {}),
    }),
  (world) => [pinnedIn(world), world.forbidden.file, world.mailbox],
);

const set = (forbiddenMethods: Forbidden): Tree =>
  forbiddenMethods === null ? {} : { forbiddenMethods: [...forbiddenMethods] };

/** As `openPolicies` works them out, and for the planner's sake also where that refuses to start. */
const policyIn = once(
  (world): Policy => {
    const { forbidden, sender } = world;
    const patches = {
      tenant: set(forbidden.tenant),
      [`domains/${OWN}`]: set(forbidden.domain),
      [`people/${sender.toLowerCase()}`]: set(forbidden.person),
    };
    const change = { version: 1, at: new Date(), by: 'Ida', keyId: null, reason: 'tried', patches };
    const scope = personOf(Address.parse(sender));
    const judged = judge(RULEBOOK, scope, baseOf(tenantIn(world)), evolve(NOTHING_SET, [change]));
    if (!judged.ok) throw new Error(judged.faults.map(({ message }) => message).join('; '));
    return judged.policy;
  },
  ({ forbidden, sender, mailbox }) => [forbidden, sender, mailbox],
);

const nothing = () => Promise.resolve();

/** The database, which knows Kim alone. */
function poolIn({ stored }: AnyWorld, { kim }: AnyCast): Pool {
  const row = {
    kind: 'person',
    name: KIM,
    sha256: kim.valid.sha256,
    der: kim.valid.der,
    chain: [],
    source: 'uploaded',
    capabilities: null,
    encryptionCertificate: null,
    addedAt: new Date(),
    addedBy: 'Ida',
    reason: 'tried',
    status: stored === 'revoked' ? 'revoked' : null,
    detail: '',
    checkedAt: new Date(),
  };
  const query = ({ values }: { values: [string, string[], string[], string[]] }) => {
    if (stored === 'failing') return Promise.reject(new Error('the database is away'));
    const [, , names, others] = values;
    const has = (stored === 'valid' || stored === 'revoked') && names.includes(KIM);
    const check = stored === 'revoked' && others.includes(row.sha256) ? [{ ...row, kind: null }] : [];
    return Promise.resolve({ rows: [...(has ? [row] : []), ...check] });
  };
  return { query } as unknown as Pool;
}

function ldapIn({ ldap }: AnyWorld, { kim }: AnyCast): FactSources['ldap'] {
  if (ldap === 'not-there') return null;
  const found = ldap === 'valid' || ldap === 'untrusted' ? [kim[ldap]] : [];
  return {
    lookUp: (addresses) =>
      ldap === 'broken'
        ? Promise.reject(new Error('nobody foresaw this'))
        : Promise.resolve(
            new Map(
              addresses.map((address) => [
                address,
                { certificates: address === KIM ? found : [], failed: ldap === 'failing' },
              ]),
            ),
          ),
  };
}
