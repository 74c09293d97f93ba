// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { createApiKey, openApiDocument, Tenant, type RunningService } from '@securemail/service';
import { startCrypto } from '../service.ts';
import { openCryptoWorld, type CryptoWorld } from '../testing/running-crypto.ts';
import { settingsApi } from './settings.openapi.ts';

const [ADMIN, READER, OTHER] = [createApiKey('admin'), createApiKey('reader'), createApiKey('other')];

let world: CryptoWorld;
let service: RunningService;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-test-'));
  const list = join(folder, 'mailboxes.csv');
  await writeFile(list, 'Mailbox,RedirectTo\nola@demo.example,ola@private.example\n');
  world = await openCryptoWorld({
    demo: {
      whenNotAskedSecure: 'refuse',
      forwardingFiles: [list],
      domains: ['demo.example', 'xn--rd-lka.example', 'xn--blbr-roah.example'],
    },
  });
  const settings = world.settings({ http: { port: 0 } });
  const withKeys = (id: string, ...apiKeys: object[]) =>
    settings.tenants
      .filter((tenant) => tenant.id === id)
      .map((tenant) => Tenant.parse({ ...tenant, apiKeys }));
  const key = (id: string, { sha256 }: { sha256: string }, domain: string, scopes: string[]) => ({
    id,
    sha256,
    senders: [`*@${domain}`],
    scopes,
  });
  service = await startCrypto({
    ...settings,
    tenants: [
      ...withKeys(
        'demo',
        key('admin', ADMIN, 'demo.example', ['admin']),
        key('reader', READER, 'demo.example', ['emails:read', 'held:decide']),
      ),
      ...withKeys('keyless', key('other', OTHER, 'keyless.example', ['admin'])),
    ],
  });
});
afterAll(async () => {
  await service.close();
  await world.close();
  await rm(folder, { recursive: true });
});

interface Call {
  key?: string;
  body?: unknown;
  /** The version that was seen. */
  seen?: number | string;
}

async function call(method: string, path: string, { key = ADMIN.key, body, seen }: Call = {}) {
  const response = await fetch(`${service.url ?? ''}/v1/admin/settings${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(seen === undefined ? {} : { 'If-Match': typeof seen === 'number' ? `"${seen}"` : seen }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    etag: response.headers.get('ETag'),
    body: (await response.json()) as Record<string, unknown>,
  };
}
const WHO = { by: 'Ida Iversen', reason: 'agreed with the ward' };
const version = async (key = ADMIN.key) => (await call('GET', '', { key })).body['version'] as number;
const change = async (method: string, path: string, settings: object, more: Call = {}) =>
  call(method, path, { seen: await version(more.key), body: { ...WHO, settings }, ...more });
const problem = (status: number, slug: string, more: object = {}) => ({
  status,
  body: { type: `/errors/${slug}`, ...more },
});

describe('/v1/admin/settings', () => {
  it('tells what holds, and where each value comes from: the factory, the file, the organisation, the domain, the person', async () => {
    const first = await call('GET', '?person=Anna@Demo.example');
    expect(first).toMatchObject({
      status: 200,
      etag: `"${await version()}"`,
      body: { scope: 'people/anna@demo.example', settings: {}, effective: { whenNotAskedSecure: 'refuse' } },
    });
    await change('PATCH', '/tenant', { holding: { endAfterDays: 14 } });
    await change('PATCH', '/domains/demo.example', { forbiddenMethods: ['smime-domain'] });
    const { body } = await change('PUT', '/people/anna@demo.example', {
      holding: { remindAfterHours: [48] },
    });
    expect(body).toEqual({
      result: 'applied',
      version: 3,
      warnings: [],
      differences: [
        {
          scope: 'people/anna@demo.example',
          path: 'holding.remindAfterHours',
          from: { value: [24, 72], origin: { layer: 'factory', of: null } },
          to: {
            value: [48],
            origin: {
              layer: 'person',
              of: 'anna@demo.example',
              version: 3,
              at: expect.any(String),
              keyId: 'admin',
              ...WHO,
            },
          },
        },
      ],
    });
    const { values } = (await call('GET', '?person=anna@demo.example')).body as {
      values: { path: string; value: unknown; origin: { layer: string } }[];
    };
    expect(
      Object.fromEntries(values.map(({ path, value, origin }) => [path, [value, origin.layer]])),
    ).toMatchObject({
      whenNotAskedSecure: ['refuse', 'file'],
      whenOutcomeUnknown: ['send-again', 'factory'],
      'holding.endAfterDays': [14, 'tenant'],
      forbiddenMethods: [['smime-domain'], 'domain'],
      'holding.remindAfterHours': [[48], 'person'],
    });
  });

  it('only tells what would happen, where that is asked', async () => {
    const seen = await version();
    expect(
      await change('PATCH', '/people/bo@demo.example?dryRun=true', { whenNotAskedSecure: 'protect' }),
    ).toMatchObject({
      status: 200,
      etag: `"${seen}"`,
      body: { result: 'dry-run', differences: [{ path: 'whenNotAskedSecure', to: { value: 'protect' } }] },
    });
    expect(await version()).toBe(seen);
    expect((await call('GET', '?person=bo@demo.example')).body).toMatchObject({ settings: {} });
  });

  it('warns of contacts for whom what people outside write is held, as their mailboxes forward', async () => {
    const general = { name: 'Others', address: 'post@demo.example' };
    const ola = { name: 'Ola', address: 'ola+desk@demo.example' };
    const warned = [{ contact: 'ola', warning: 'forwards-outside', text: expect.any(String) as string }];
    const refuse = { guards: { forwardsOutside: 'refuse' } };
    const set = async (path: string, settings: object) =>
      (await change('PATCH', path, settings)).body['warnings'];
    expect(await set('/tenant', { contacts: { general, ola } })).toEqual([]);
    expect(await set('/tenant?dryRun=true', refuse)).toEqual(warned);
    expect(await set('/people/ola+desk@demo.example', refuse)).toEqual(warned);
    expect(await set('/people/ola+desk@demo.example', { guards: { forwardsOutside: 'allow' } })).toEqual([]);
    expect(await set('/tenant', refuse)).toEqual([]);
    expect(await set('/people/ola+desk@demo.example', { guards: null })).toEqual(warned);
    expect(await set('/tenant', { contacts: null, guards: null })).toEqual([]);
  });

  it('edits the list of whom people outside can write to, one contact at a time', async () => {
    // Told for everybody who inherits it, too.
    const refusedAt = (path: string) =>
      problem(422, 'settings-refused', {
        errors: expect.arrayContaining([expect.objectContaining({ path })]) as object,
      });
    const general = { name: 'Others', address: 'post@demo.example' };
    const building = { name: 'Building permits', group: 'Housing', address: 'build@demo.example' };
    expect(await change('PATCH', '/tenant', { contacts: { building } })).toMatchObject(
      refusedAt('contacts.general'),
    );
    expect(await change('PATCH', '/tenant', { contacts: { general, building } })).toMatchObject({
      status: 200,
    });
    const refusals = [
      ['/tenant', { building: { address: 'eve@evil.example' } }, 'contacts.building.address'],
      ['/tenant', { building: { adress: 'x@demo.example' } }, 'contacts.building.adress'],
      ['/tenant', { general: null }, 'contacts.general'],
      ['/people/anna@demo.example', { building }, 'contacts'],
      ['/domains/demo.example', { general }, 'contacts'],
    ] as const;
    for (const [path, contacts, fault] of refusals)
      expect(await change('PATCH', path, { contacts })).toMatchObject(refusedAt(fault));
    await change('PATCH', '/tenant', { contacts: { building: { description: 'For your house' } } });
    const contacts = async () =>
      ((await call('GET', '')).body as { effective: { contacts?: object } }).effective.contacts;
    expect(await contacts()).toEqual({ general, building: { ...building, description: 'For your house' } });
    await change('PATCH', '/tenant', { contacts: { building: null } });
    expect(await contacts()).toEqual({ general });
    await change('PATCH', '/tenant', { contacts: null });
    expect(await contacts()).toBeUndefined();
  });

  it('takes a setting back to what is inherited, and does nothing where nothing changes', async () => {
    await change('PATCH', '/people/carl@demo.example', { whenOutcomeUnknown: 'hold' });
    expect(await change('PATCH', '/people/carl@demo.example', { whenOutcomeUnknown: null })).toMatchObject({
      body: {
        result: 'applied',
        differences: [{ to: { value: 'send-again', origin: { layer: 'factory' } } }],
      },
    });
    expect(await change('PUT', '/people/carl@demo.example', {})).toMatchObject({
      status: 200,
      body: { result: 'unchanged', version: await version() },
    });
  });

  it('remembers who changed what, when and why, a page at a time', async () => {
    await change('PATCH', '/people/dan@demo.example', { whenNotAskedSecure: 'protect' });
    await change('PATCH', '/people/dan@demo.example', { whenNotAskedSecure: null });
    const first = await call('GET', '/changes?limit=1&scope=people/Dan@demo.example');
    expect(first.body).toMatchObject({
      changes: [
        {
          keyId: 'admin',
          ...WHO,
          changes: [{ scope: 'people/dan@demo.example', settings: { whenNotAskedSecure: null } }],
        },
      ],
    });
    const next = String(first.body['next']);
    const second = await call('GET', `/changes?limit=1&scope=people/dan@demo.example&cursor=${next}`);
    expect(second.body).toMatchObject({
      changes: [{ changes: [{ settings: { whenNotAskedSecure: 'protect' } }] }],
      next: null,
    });
    expect(await call('GET', '/changes?cursor=rubbish')).toMatchObject(problem(400, 'invalid-cursor'));
    expect(await call('GET', '/changes?scope=%00')).toMatchObject(
      problem(422, 'invalid-request', { errors: [expect.objectContaining({ path: 'scope' })] }),
    );
  });

  it.each(['rød.example', 'RØD.Example', 'xn--rd-lka.example', 'BLÅBÆR.example'.normalize('NFD')])(
    'knows the own domain %s, and its people, however they are written',
    async (written) => {
      const domain = written.startsWith('B') ? 'xn--blbr-roah.example' : 'xn--rd-lka.example';
      const named = encodeURIComponent(written);
      const [scope, person] = [`domains/${domain}`, `people/søren@${domain}`];
      const newest = async (of: string) =>
        (await call('GET', `/changes?limit=1&scope=${of}`)).body['changes'] as object[];
      for (const whenOutcomeUnknown of ['hold', null]) {
        const settings = { whenOutcomeUnknown };
        expect(await change('PATCH', `/domains/${named}`, settings)).toMatchObject({
          body: { result: 'applied', differences: [{ scope }] },
        });
        expect(await newest(`domains/${named}`)).toMatchObject([{ changes: [{ scope, settings }] }]);
        expect(await call('GET', `?domain=${named}`)).toMatchObject({ status: 200, body: { scope } });
        expect(await change('PATCH', `/people/s%C3%B8ren@${named}`, settings)).toMatchObject({
          body: { differences: [{ scope: person }] },
        });
        expect(await newest(`people/s%C3%B8ren@${named}`)).toMatchObject([{ changes: [{ scope: person }] }]);
      }
    },
  );

  it('of two administrators who change the same version, one is told who was first', async () => {
    const seen = await version();
    const both = await Promise.all(
      ['hold', 'send-again'].map((whenOutcomeUnknown) =>
        call('PATCH', '/people/eva@demo.example', {
          seen,
          body: { by: `Admin of ${whenOutcomeUnknown}`, reason: 'first', settings: { whenOutcomeUnknown } },
        }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    const refused = both.find(({ status }) => status === 412);
    expect(refused).toMatchObject(
      problem(412, 'settings-changed', {
        version: seen + 1,
        detail: expect.stringMatching(/Admin of (hold|send-again) changed people\/eva@demo\.example last/),
      }),
    );
    expect(refused?.etag).toBe(`"${seen + 1}"`);
    expect(await version()).toBe(seen + 1);
  });

  it.each([
    [
      'a setting that does not exist',
      { holding: { endAfterDay: 3 } },
      'holding.endAfterDay',
      'is not a setting',
    ],
    [
      'a word that is none of those',
      { whenNotAskedSecure: 'refuses' },
      'whenNotAskedSecure',
      /"protect"\|"refuse"/,
    ],
    ['a number out of range', { holding: { endAfterDays: 91 } }, 'holding.endAfterDays', /90/],
    [
      'what contradicts something inherited',
      { holding: { endAfterDays: 2 } },
      'holding.remindAfterHours',
      /before `endAfterDays`; .*\[24,72\] \(factory\); holding\.endAfterDays is 2 \(person fay@demo\.example, version \d+\)/,
    ],
    [
      'what leaves nothing but SecureMailBox, which the organisation does not have',
      { forbiddenMethods: ['smime-personal', 'smime-domain', 'tls'] },
      'forbiddenMethods',
      /nothing could ever be sent/,
    ],
    [
      'what forbids all there is',
      { forbiddenMethods: ['smime-personal', 'smime-domain', 'tls', 'mailbox'] },
      'forbiddenMethods',
      /nothing could ever be sent/,
    ],
    ['infrastructure', { mailServers: [] }, 'mailServers', 'is not a setting'],
    [
      'a character that can not be stored',
      { secureMarks: { subjectTags: ['[secure]', '[se\0cure]'] } },
      'secureMarks.subjectTags.1',
      /can not be stored/,
    ],
    [
      'half a character',
      { secureMarks: { sensitivities: ['\ud83d'] } },
      'secureMarks.sensitivities.0',
      /half/,
    ],
    [
      'half a character in a rule',
      { guards: { sensitiveContent: { rules: [{ name: 'a', kind: 'words', words: ['a\udc00'] }] } } },
      'guards.sensitiveContent.rules.0.words.0',
      /half/,
    ],
  ])('refuses %s, with its path and the reason', async (_, settings, path, message) => {
    const seen = await version();
    expect(await change('PATCH', '/people/fay@demo.example', settings)).toMatchObject(
      problem(422, 'settings-refused', {
        errors: [
          {
            scope: 'people/fay@demo.example',
            path,
            message: typeof message === 'string' ? message : expect.stringMatching(message),
          },
        ],
      }),
    );
    expect(await version()).toBe(seen);
  });

  it('refuses to forbid TLS where no key signs, as nothing could ever be sent', async () => {
    const of = { key: OTHER.key };
    for (const path of ['/tenant', '/domains/keyless.example', '/people/kim@keyless.example'])
      expect(await change('PATCH', path, { forbiddenMethods: ['tls'] }, of)).toMatchObject(
        problem(422, 'settings-refused', {
          errors: [{ path: 'forbiddenMethods', message: expect.stringContaining('no key here signs') }],
        }),
      );
    expect(await change('PATCH', '/tenant', { forbiddenMethods: ['smime-domain'] }, of)).toMatchObject({
      status: 200,
    });
    expect(await change('PATCH', '/people/anna@demo.example', { forbiddenMethods: ['tls'] })).toMatchObject({
      status: 200,
    });
  });

  it('is for own domains and people, and for keys of the scope alone', async () => {
    for (const path of ['/domains/keyless.example', '/people/kim@keyless.example', '/people/nobody'])
      expect(await change('PATCH', path, { whenOutcomeUnknown: 'hold' })).toMatchObject(
        problem(404, 'settings-scope-not-found'),
      );
    // What is left of a domain that was an own one once may be taken away.
    expect(await change('PATCH', '/domains/keyless.example', { whenOutcomeUnknown: null })).toMatchObject({
      status: 200,
      body: { result: 'unchanged' },
    });
    expect(await call('GET', '?domain=keyless.example')).toMatchObject(
      problem(404, 'settings-scope-not-found'),
    );
    expect(await call('GET', '?domain=demo.example&person=anna@demo.example')).toMatchObject(
      problem(422, 'invalid-request'),
    );
    expect(await call('GET', '', { key: READER.key })).toMatchObject(problem(403, 'forbidden'));
    expect(
      await call('PATCH', '/tenant', { key: READER.key, seen: 0, body: { ...WHO, settings: {} } }),
    ).toMatchObject(problem(403, 'forbidden'));
    expect(await call('GET', '/changes', { key: 'sm_nobody_x' })).toMatchObject(
      problem(401, 'unauthenticated'),
    );
    expect(JSON.stringify((await call('GET', '/changes', { key: OTHER.key })).body)).not.toContain(
      'demo.example',
    );
  });

  it('wants to know who, why, and which version was seen', async () => {
    const settings = { whenOutcomeUnknown: 'hold' };
    for (const seen of [undefined, '*', '3', 'W/"3"'])
      expect(
        await call('PATCH', '/tenant', {
          body: { ...WHO, settings },
          ...(seen === undefined ? {} : { seen }),
        }),
      ).toMatchObject(problem(422, 'invalid-request', { errors: [{ path: 'If-Match' }] }));
    for (const missing of [{ by: '' }, { reason: ' ' }, { by: 'a\nb' }, { by: 'a\u202eb' }])
      expect(
        await call('PATCH', '/tenant', { seen: 0, body: { ...WHO, settings, ...missing } }),
      ).toMatchObject(problem(422, 'invalid-request', { errors: [{ path: Object.keys(missing)[0] }] }));
  });

  it('is described as it is', async () => {
    expect((await new Validator().validate(openApiDocument([settingsApi]))).valid).toBe(true);
  });
});
