// SPDX-License-Identifier: Apache-2.0
import { Validator } from '@seriousme/openapi-schema-validator';
import { createApiKey, openApiDocument, Tenant, type RunningService } from '@securemail/service';
import { expired } from '@securemail/testing';
import { startCrypto } from '../service.ts';
import { bundleOf, issueBelow, sha256Of } from '../testing/openssl.ts';
import { openCryptoWorld, type CryptoWorld } from '../testing/running-crypto.ts';
import { cryptoApi } from './openapi.ts';

const ADMIN = createApiKey('admin');
const READER = createApiKey('reader');
const OTHER = createApiKey('other');

let world: CryptoWorld;
let service: RunningService;
beforeAll(async () => {
  world = await openCryptoWorld();
  const settings = world.settings({ http: { port: 0 } });
  const withKeys = (id: string, ...apiKeys: object[]) =>
    settings.tenants
      .filter((tenant) => tenant.id === id)
      .map((tenant) => Tenant.parse({ ...tenant, apiKeys }));
  const key = (id: string, { sha256 }: { sha256: string }, domain: string, scopes?: string[]) => ({
    id,
    sha256,
    senders: [`*@${domain}`],
    ...(scopes === undefined ? {} : { scopes }),
  });
  service = await startCrypto({
    ...settings,
    tenants: [
      ...withKeys(
        'demo',
        key('admin', ADMIN, 'demo.example', ['admin']),
        key('reader', READER, 'demo.example'),
      ),
      ...withKeys('keyless', key('other', OTHER, 'keyless.example', ['admin'])),
    ],
  });
});
afterAll(async () => {
  await service.close();
  await world.close();
});

async function call(
  method: string,
  path: string,
  more: { key?: string; body?: string | Buffer; type?: string } = {},
) {
  const { key = ADMIN.key, body, type = 'application/x-pem-file' } = more;
  const response = await fetch(`${service.url ?? ''}/v1/admin/certificates${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'Content-Type': type }) },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const problem = (status: number, slug: string, more: object = {}) => ({
  status,
  body: { type: `/errors/${slug}`, ...more },
});
const issue = (email: string, more: object = {}) =>
  world.cast.authority.issuePerson({ email, name: email, ...more });

describe('/v1/admin/certificates', () => {
  it('finds and removes for a domain that is written in letters', async () => {
    const { certificatePem: pem } = await issue('iben@xn--rd-lka.example');
    await call('POST', '?reason=asked', { body: pem });
    const { certificatePem: other } = await issue('iben@xn--blbr-roah.example');
    await call('POST', '?reason=asked', { body: other });
    const parts = ['rød', 'RØ', 'ød', 'iben@rø', 'ø'];
    for (const search of ['rød.example', 'iben@RØD.example', 'iben@xn--rd', ...parts])
      expect(await call('GET', `?search=${encodeURIComponent(search)}`)).toMatchObject({
        body: { entries: [{ name: 'iben@xn--rd-lka.example' }] },
      });
    const query = new URLSearchParams({ reason: 'gone', name: 'iben@rød.example' });
    expect(await call('DELETE', `/${sha256Of(pem)}?${query.toString()}`)).toMatchObject({
      status: 200,
      body: { removed: [{ name: 'iben@xn--rd-lka.example' }] },
    });
  });

  it('takes certificates in, shows, checks and removes them, and remembers which key did it and why', async () => {
    const { certificatePem: pem } = await issue('iben@citizen.example');
    const sha256 = sha256Of(pem);
    expect(await call('POST', '?reason=asked&dryRun=true', { body: pem })).toMatchObject({
      status: 200,
      body: { imported: false, added: 1 },
    });
    expect(await call('GET', `/${sha256}`)).toMatchObject(problem(404, 'certificate-not-found'));
    expect(await call('POST', '?reason=asked', { body: pem })).toMatchObject({
      status: 200,
      body: { imported: true, added: 1, certificates: [{ result: 'added', name: 'iben@citizen.example' }] },
    });
    expect(await call('GET', `/${sha256}`)).toMatchObject({
      status: 200,
      body: {
        entries: [
          { state: 'valid', source: 'uploaded', provenance: { addedBy: 'API key admin', reason: 'asked' } },
        ],
        history: [{ change: 'added', by: 'API key admin', reason: 'asked' }],
      },
    });
    expect(await call('GET', '/check?for=Iben@citizen.example')).toMatchObject({
      body: { names: [{ kind: 'person', candidates: [{ sha256, used: true }] }, { kind: 'organisation' }] },
    });
    expect(await call('DELETE', `/${sha256}?reason=left&name=else@citizen.example`)).toMatchObject(
      problem(404, 'certificate-not-found'),
    );
    expect(await call('DELETE', `/${sha256}?reason=left`)).toEqual({
      status: 200,
      body: { removed: [{ kind: 'person', name: 'iben@citizen.example' }] },
    });
    expect(await call('DELETE', `/${sha256}?reason=left`)).toMatchObject(
      problem(404, 'certificate-not-found'),
    );
    // Who removed it, and why, can still be seen.
    expect(await call('GET', `/${sha256}`)).toMatchObject({
      status: 200,
      body: {
        sha256,
        entries: [],
        key: null,
        pem: null,
        history: [{ change: 'added' }, { change: 'removed', by: 'API key admin', reason: 'left' }],
      },
    });
    expect(await call('GET', `/${sha256}`, { key: OTHER.key })).toMatchObject({ status: 404 });
  });

  it('tells of a private key that came along, and does not take it', async () => {
    const { certificatePem, keyPem } = await issue('beside@citizen.example');
    for (const [body, keysIgnored] of [
      [certificatePem + keyPem, true],
      [certificatePem, false],
    ] as const)
      expect(await call('POST', '?reason=asked', { body })).toMatchObject({
        status: 200,
        body: { imported: true, keysIgnored, certificates: keysIgnored ? [{ result: 'added' }] : [] },
      });
  });

  it('takes a bundle, for an organisation', async () => {
    const { rootPem, betweenPem, person } = await issueBelow('post@bundle.example');
    await world.cast.write('authorities/root.pem', rootPem);
    const body = await bundleOf(person.certificatePem, betweenPem);
    const type = 'application/x-pkcs7-certificates';
    expect(await call('POST', '?reason=agreed&domain=bundle.example', { body, type })).toMatchObject({
      status: 200,
      body: { added: 1, certificates: [{ kind: 'organisation', name: 'bundle.example' }] },
    });
    await world.cast.remove('authorities/root.pem');
  });

  it('lists page by page, and of the key’s organisation alone', async () => {
    const { certificatePem: pem } = await issue('page@citizen.example');
    await call('POST', '?reason=asked', { body: pem });
    const names: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await call('GET', `?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      names.push(...(body['entries'] as { name: string }[]).map(({ name }) => name));
      cursor = (body['next'] as string | null) ?? '';
    } while (cursor !== '');
    expect(names).toContain('page@citizen.example');
    expect(names).toContain('bo@citizen.example');
    expect(await call('GET', '?search=page@', { key: OTHER.key })).toEqual({
      status: 200,
      body: { entries: [], next: null },
    });
    expect(await call('GET', `/${sha256Of(pem)}`, { key: OTHER.key })).toMatchObject({ status: 404 });
    expect(await call('DELETE', `/${sha256Of(pem)}?reason=x`, { key: OTHER.key })).toMatchObject({
      status: 404,
    });
    expect(await call('GET', '?state=expired&source=folder&kind=organisation')).toMatchObject({
      body: { entries: [{ name: 'lapsed.example', state: 'expired', provenance: null }] },
    });
  });

  it.each([
    ['an expired certificate', 'expired', 'certificates-refused'],
    ['junk', 'junk', 'certificates-refused'],
    ['a key', 'key', 'certificates-refused'],
    ['more than a megabyte', 'large', 'upload-too-large'],
  ])('refuses %s, and stores nothing', async (_, what, slug) => {
    const issued = await issue('refused@citizen.example', { validity: expired() });
    const bodies: Record<string, string> = {
      expired: issued.certificatePem,
      junk: 'junk',
      key: issued.keyPem,
      large: 'x'.repeat(1024 * 1024 + 1),
    };
    const refused = await call('POST', '?reason=asked', { body: bodies[what] ?? '' });
    expect(refused.body).toMatchObject({ type: `/errors/${slug}` });
    expect(JSON.stringify(refused)).not.toContain(issued.keyPem.slice(40, 90));
    const listed = await call('GET', '?search=refused@');
    expect(listed.body).toMatchObject({ entries: [] });
  });

  it('refuses other content, wrong parameters and cursors by name', async () => {
    expect(await call('POST', '?reason=x', { body: 'x', type: 'application/x-pkcs12' })).toMatchObject(
      problem(415, 'unsupported-media-type'),
    );
    expect(await call('POST', '', { body: 'x' })).toMatchObject(problem(422, 'invalid-request'));
    expect(await call('GET', '?limit=1000')).toMatchObject(problem(422, 'invalid-request'));
    expect(await call('GET', '?sort=name')).toMatchObject(problem(422, 'invalid-request'));
    expect(await call('GET', '?cursor=nonsense')).toMatchObject(problem(400, 'invalid-cursor'));
    expect(await call('GET', '/check?for=nobody')).toMatchObject(problem(422, 'invalid-request'));
    expect(await call('GET', '/0123')).toMatchObject(problem(404, 'certificate-not-found'));
  });

  it.each([
    ['GET', '?search=%00', 'search'],
    ['GET', '/check?for=a%00b@demo.example', 'for'],
    ['POST', '?reason=a%00b', 'reason'],
    ['DELETE', `/${'0'.repeat(64)}?reason=x&name=%00`, 'name'],
  ])('refuses a parameter that no database takes: %s %s', async (method, query, path) => {
    const body = method === 'POST' ? { body: (await issue('nul@citizen.example')).certificatePem } : {};
    expect(await call(method, query, body)).toMatchObject(
      problem(422, 'invalid-request', { errors: [expect.objectContaining({ path })] }),
    );
  });

  it('refuses a cursor that no database takes', async () => {
    const cursor = Buffer.from(JSON.stringify(['person', '\0', '', 'uploaded'])).toString('base64url');
    expect(await call('GET', `?cursor=${cursor}`)).toMatchObject(problem(400, 'invalid-cursor'));
  });

  it('is for keys of the scope admin, which no key has by default', async () => {
    expect(await call('GET', '', { key: READER.key })).toMatchObject(problem(403, 'forbidden'));
    expect(await call('GET', '', { key: 'sm_wrong' })).toMatchObject(problem(401, 'unauthenticated'));
    for (const [method, path] of [
      ['POST', '?reason=x'],
      ['DELETE', '/00?reason=x'],
    ] as const)
      expect(await call(method, path, { key: READER.key })).toMatchObject({ status: 403 });
  });

  it('stands in the API’s description, which is valid OpenAPI', async () => {
    const result = await new Validator().validate(openApiDocument([cryptoApi]));
    expect(result).toMatchObject({ valid: true });
  });
});
