// SPDX-License-Identifier: Apache-2.0
import { HoldReason, newEmailId, TenantId, type ConsoleRole, type EmailId } from '@securemail/contracts';
import {
  ConsoleSettings,
  createApiKey,
  keyIdOfSession,
  personToken,
  Tenant,
  type RunningService,
} from '@securemail/service';
import { CERTIFICATE_STATES } from './domain/certificate-state.ts';
import { startCrypto } from './service.ts';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const TOKEN_KEY = 'a key for tokens of at least forty-three characters';
const PROGRAM = createApiKey('program');
const LISTS = ['/v1/held', '/v1/admin/certificates', '/v1/admin/keys', '/v1/dead-letters/crypto'];

let world: CryptoWorld;
let service: RunningService;
beforeAll(async () => {
  world = await openCryptoWorld();
  const settings = world.settings({ http: { port: 0 } });
  const scopes = ['held:decide', 'certificates:read', 'dead-letters:replay'];
  service = await startCrypto({
    ...settings,
    console: ConsoleSettings.parse({ url: 'http://localhost:8025', tokenKey: TOKEN_KEY }),
    tenants: settings.tenants.map((tenant) =>
      tenant.id === 'demo'
        ? Tenant.parse({
            ...tenant,
            apiKeys: [{ id: 'program', sha256: PROGRAM.sha256, senders: ['*@demo.example'], scopes }],
          })
        : tenant,
    ),
  });
});
afterAll(async () => {
  await service.close();
  await world.close();
});

const ask = async (path: string, token: string) => {
  const response = await fetch(`${service.url ?? ''}${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return response.status;
};
/** Somebody who has just signed in. */
async function signedIn(role: ConsoleRole) {
  const sessionId = newEmailId();
  const person = { sub: sessionId, tenantId: TenantId.parse('demo'), name: 'Olga Operator', role };
  const token = await personToken(person, TOKEN_KEY, new Date());
  return { sessionId, look: (path: string) => ask(path, token) };
}
/** What the history says that was shown in a session. */
const shownIn = async (sessionId: EmailId) =>
  (await world.events(sessionId)).map((event) => {
    if (event.name !== 'ConsoleListShown') throw new Error(event.name);
    expect(event.data.keyId).toBe(keyIdOfSession(sessionId));
    return [event.data.list, event.personal?.narrowedTo, event.personal?.by];
  });

describe('lists that a person is shown', () => {
  it('are written down with the name, once for each look, however often the page asks', async () => {
    const { sessionId, look } = await signedIn('operator');
    for (let asked = 0; asked < 3; asked += 1)
      expect(await Promise.all(LISTS.map(look))).toEqual([200, 200, 200, 200]);
    await Promise.all([1, 2].map(() => look('/v1/admin/certificates?state=expired')));
    expect(await shownIn(sessionId)).toEqual(
      expect.arrayContaining([
        ['held', '', 'Olga Operator'],
        ['certificates', '', 'Olga Operator'],
        ['own-keys', 'warned=false', 'Olga Operator'],
        ['dead-letters', '', 'Olga Operator'],
        ['certificates', 'state=expired', 'Olga Operator'],
      ]),
    );
    expect(await shownIn(sessionId)).toHaveLength(5);
  });

  it('are written down whoever else is shown what at the same moment', async () => {
    const { sessionId, look } = await signedIn('operator');
    const many = [
      ...LISTS,
      ...HoldReason.options.slice(0, 6).map((reason) => `/v1/held?because=${reason}`),
      ...CERTIFICATE_STATES.map((state) => `/v1/admin/certificates?state=${state}`),
    ];
    expect(await Promise.all(many.map(look))).toEqual(many.map(() => 200));
    expect(await shownIn(sessionId)).toHaveLength(many.length);
  });

  it('are another look once nobody asked for a minute', async () => {
    const { sessionId, look } = await signedIn('decider');
    const now = performance.now.bind(performance);
    let later = 0;
    performance.now = () => now() + later;
    try {
      for (const seconds of [0, 40, 80]) {
        later = seconds * 1_000;
        await look('/v1/held');
      }
      // The page was open all the time.
      expect(await shownIn(sessionId)).toHaveLength(1);
      later = 150_000;
      await look('/v1/held');
      expect(await shownIn(sessionId)).toHaveLength(2);
    } finally {
      performance.now = now;
    }
  });

  it('are not shown where that can not be written down', async () => {
    const { sessionId, look } = await signedIn('operator');
    await world.pool.query('alter table events rename to events_away');
    try {
      expect(await Promise.all(LISTS.map(look))).toEqual([500, 500, 500, 500]);
    } finally {
      await world.pool.query('alter table events_away rename to events');
    }
    expect(await look('/v1/held')).toBe(200);
    expect(await shownIn(sessionId)).toEqual([['held', '', 'Olga Operator']]);
  });

  it('are not written down for who may not see them, nor for programs', async () => {
    const { sessionId, look } = await signedIn('reader');
    expect(await look('/v1/held')).toBe(403);
    expect(await shownIn(sessionId)).toEqual([]);
    const count = async () =>
      (await world.pool.query(`select from events where name = 'ConsoleListShown'`)).rowCount;
    const before = await count();
    for (const list of LISTS) expect(await ask(list, PROGRAM.key)).toBe(200);
    expect(await count()).toBe(before);
  });
});
