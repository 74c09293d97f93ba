// SPDX-License-Identifier: Apache-2.0
import { createApiKey, Tenant, type RunningService } from '@securemail/service';
import { startCrypto } from '../service.ts';
import { openCryptoWorld, type CryptoWorld } from '../testing/running-crypto.ts';

const [READER, OTHER, SENDING] = [createApiKey('reader'), createApiKey('other'), createApiKey('sending')];

let world: CryptoWorld;
let service: RunningService;
beforeAll(async () => {
  world = await openCryptoWorld();
  const settings = world.settings({ http: { port: 0 } });
  const withKeys = (id: string, ...apiKeys: object[]) =>
    settings.tenants
      .filter((tenant) => tenant.id === id)
      .map((tenant) => Tenant.parse({ ...tenant, apiKeys }));
  const key = (id: string, { sha256 }: { sha256: string }, domain: string, scope: string) => ({
    id,
    sha256,
    senders: [`*@${domain}`],
    scopes: [scope],
  });
  service = await startCrypto({
    ...settings,
    tenants: [
      ...withKeys(
        'demo',
        key('reader', READER, 'demo.example', 'certificates:read'),
        key('sending', SENDING, 'demo.example', 'emails:send'),
      ),
      ...withKeys('keyless', key('other', OTHER, 'keyless.example', 'certificates:read')),
    ],
  });
});
afterAll(async () => {
  await service.close();
  await world.close();
});

const list = async (query = '', { key } = READER) => {
  const response = await fetch(`${service.url ?? ''}/v1/admin/keys${query}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return { status: response.status, body: (await response.json()) as { keys: View[]; next: string | null } };
};
interface View {
  name: string;
  state: string;
  notAfter: string;
  warning: string | null;
}

describe('own keys', () => {
  it('are listed by their certificates, what ends first before the others, page by page, and never a key', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.keys.length).toBeGreaterThan(1);
    expect(body.keys.every(({ name }) => name.endsWith('demo.example'))).toBe(true);
    expect(body.keys.some(({ state }) => state === 'signs')).toBe(true);
    const ends = body.keys.map(({ notAfter }) => notAfter);
    expect(ends).toEqual(ends.toSorted());
    expect(JSON.stringify(body)).not.toMatch(/PRIVATE|BEGIN/);
    const paged: View[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(`?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...page.body.keys);
      cursor = page.body.next;
    }
    expect(paged).toEqual(body.keys);
  });

  it('may be narrowed to those that want a successor', async () => {
    const { body } = await list('?warned=true');
    const all = (await list()).body.keys;
    expect(body.keys).toEqual(all.filter(({ warning }) => warning !== null));
  });

  it('are shown to nobody else', async () => {
    expect((await list('', OTHER)).body.keys).toEqual([]);
    expect((await list('', SENDING)).status).toBe(403);
    expect((await list('', { key: 'nobody', sha256: '' })).status).toBe(401);
    expect((await list('?cursor=x')).status).toBe(400);
  });
});
