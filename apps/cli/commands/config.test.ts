// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TenantId } from '@securemail/contracts';
import { createPool, type Pool } from '@securemail/event-store';
import { appendChange, readState, type Tree } from '@securemail/policy';
import { createCertificateAuthority, createDatabase } from '@securemail/testing';
import { parse, stringify } from 'yaml';
import { ensureDemoFiles } from '../world/demo-files.ts';
import { demoSettings } from '../world/demo-settings.ts';
import { config } from './config.ts';

const DEMO = TenantId.parse('demo');

let folder: string;
let file: string;
let pool: Pool;
let settings: ReturnType<typeof demoSettings>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-test-'));
  file = join(folder, 'tenant.yaml');
  const paths = await ensureDemoFiles(folder);
  const ports = { ownMailServerPort: 1, outsidePort: 1, smtpPort: 0 };
  settings = demoSettings({ paths, databaseUrl: 'postgres://unset', brokers: null, ...ports });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A database in which nothing was ever set. */
beforeEach(async () => {
  const url = await createDatabase();
  pool = createPool({ url, schema: 'crypto', max: 2 });
  await writeConfig({ database: { url } });
  // Brings the schema up to date, where no service was ever started.
  await run(['export']);
});
afterEach(() => pool.end());

const writeConfig = async (more: object) => {
  settings = { ...settings, ...more };
  await writeFile(join(folder, 'securemail.yaml'), stringify(settings));
};

async function run(args: string[], ask: ((question: string) => Promise<boolean>) | null = null) {
  const out = { printed: '', said: '', failed: false };
  const command = config({
    print: (text) => (out.printed += text),
    say: (text) => (out.said += text),
    fail: () => (out.failed = true),
    ask,
  }).exitOverride();
  for (const each of command.commands) each.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(['--config', join(folder, 'securemail.yaml'), ...args], { from: 'user' });
  return out;
}
const WHO = ['--by', 'Ida Iversen', '--reason', 'agreed'];
const apply = (more: string[] = ['--yes'], ask: ((question: string) => Promise<boolean>) | null = null) =>
  run(['apply', '-f', file, ...WHO, ...more], ask);
const write = (content: object) => writeFile(file, stringify({ tenant: 'demo', ...content }));
const set = async (patches: Record<string, Tree>) => {
  const { version } = await readState(pool, DEMO);
  const who = {
    at: new Date('2026-11-28T09:00:00Z'),
    by: 'Bo Berg',
    keyId: 'admin',
    reason: 'asked by the ward',
  };
  await appendChange(pool, DEMO, { version: version + 1, ...who, patches });
};
const stored = async () => {
  const { version, layers } = await readState(pool, DEMO);
  return { version, ...Object.fromEntries([...layers].map(([scope, layer]) => [scope, layer.settings])) };
};

describe('securemail config', () => {
  it('exports what is set, with what holds and where it comes from, and applying that changes nothing', async () => {
    await set({
      tenant: { holding: { endAfterDays: 14 } },
      'domains/demo.example': { forbiddenMethods: ['smime-domain'] },
      'people/anna@demo.example': {
        whenNotAskedSecure: 'refuse',
        secureMarks: { subjectTags: ['[sicher]'] },
      },
      'people/bo@demo.example': { forbiddenMethods: [] },
    });
    expect(await run(['export', '-f', file])).toMatchObject({ failed: false, printed: '' });
    const text = await readFile(file, 'utf8');
    expect((await run(['export', '-f', '-'])).printed).toBe(text);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(parse(text)).toEqual({
      tenant: 'demo',
      version: 1,
      settings: { holding: { endAfterDays: 14 } },
      domains: { 'demo.example': { forbiddenMethods: ['smime-domain'] } },
      people: {
        'anna@demo.example': { whenNotAskedSecure: 'refuse', secureMarks: { subjectTags: ['[sicher]'] } },
        'bo@demo.example': { forbiddenMethods: [] },
      },
    });
    expect(text).toContain('#   whenNotAskedSecure: "protect"    factory\n');
    expect(text).toContain(
      '#   holding.endAfterDays: 14    tenant, version 1, 2026-11-28 by Bo Berg: asked by the ward\n',
    );
    expect(text).toContain('#   whenNotAskedSecure: "refuse"    person anna@demo.example, version 1');
    for (const again of [await run(['diff', '-f', file]), await apply()])
      expect(again).toEqual({ printed: '', said: 'Nothing changes.\n', failed: false });
    expect((await stored()).version).toBe(1);
  });

  it('shows each change with from, to and origin, asks, and then makes them all as one change', async () => {
    await set({
      tenant: { whenNotAskedSecure: 'refuse' },
      'people/bo@demo.example': { whenOutcomeUnknown: 'hold' },
    });
    await write({
      version: 1,
      settings: { holding: { endAfterDays: 14 }, whenNotAskedSecure: null },
      people: { 'Anna@Demo.example': { forbiddenMethods: ['smime-personal'] } },
    });
    const expected = [
      'tenant  whenNotAskedSecure: "refuse" (tenant, version 1) → "protect" (factory)',
      'tenant  holding.endAfterDays: 7 (factory) → 14 (tenant, version 2)',
      'people/anna@demo.example  forbiddenMethods: [] (factory) → ["smime-personal"] (person anna@demo.example, version 2)',
      'people/bo@demo.example  whenOutcomeUnknown: "hold" (person bo@demo.example, version 1) → "send-again" (factory)',
    ];
    const shown = await run(['diff', '-f', file]);
    expect(shown.printed.trimEnd().split('\n').toSorted()).toEqual(expected.toSorted());
    expect((await stored()).version).toBe(1);

    expect(await apply([])).toMatchObject({ failed: true, said: expect.stringContaining('--yes') });
    expect(await apply([], () => Promise.resolve(false))).toMatchObject({ failed: true });
    expect((await stored()).version).toBe(1);

    const questions: string[] = [];
    const done = await apply([], (question) => {
      questions.push(question);
      return Promise.resolve(true);
    });
    expect(questions).toEqual(['Make these changes?']);
    expect(done).toEqual({
      printed: shown.printed,
      said: 'Version 2. It counts within seconds.\n',
      failed: false,
    });
    expect(await stored()).toEqual({
      version: 2,
      tenant: { holding: { endAfterDays: 14 } },
      'people/anna@demo.example': { forbiddenMethods: ['smime-personal'] },
    });
    expect(
      (await readState(pool, DEMO)).layers.get('tenant')?.since.get('holding.endAfterDays'),
    ).toMatchObject({
      by: 'Ida Iversen',
      keyId: null,
      reason: 'agreed',
    });
  });

  it('refuses a file of a version that is not the latest, before anything changes and after it was asked', async () => {
    await set({ tenant: { whenNotAskedSecure: 'refuse' } });
    await write({ version: 0, settings: { whenOutcomeUnknown: 'hold' } });
    expect(await apply()).toMatchObject({ failed: true, said: expect.stringContaining('Export anew') });
    await write({ settings: { whenOutcomeUnknown: 'hold' } });
    const meanwhile = await apply([], async () => {
      await set({ tenant: { whenNotAskedSecure: null } });
      return true;
    });
    expect(meanwhile).toMatchObject({ failed: true, said: expect.stringContaining('it is version 2 now') });
    expect(await stored()).toEqual({ version: 2 });
  });

  it.each([
    [
      'settings:\n  holding: { endAfterDay: 3 }',
      /tenant\.yaml:3: settings\.holding\.endAfterDay is not a setting.*endAfterDays/,
    ],
    [
      'settings: { whenNotAskedSecure: no-way }',
      /tenant\.yaml:2: settings\.whenNotAskedSecure.*"protect", "refuse"/,
    ],
    [
      'settings: { forbiddenMethods: [tls, smime-personal, smime-domain, mailbox] }',
      /tenant\.yaml:2: .*nothing could ever be sent/,
    ],
    ['settings: { mailServers: [] }', /settings\.mailServers is not a setting/],
    ['people: { anna: {} }', /people\/anna: an address is wanted/],
    [
      'settings: { language: fr }',
      /settings\.language is "fr"; right would be one of "en", "da", "de" or nothing/,
    ],
    ['people: { a@demo.example: {}, A@demo.example: {} }', /people\/A@demo\.example stands twice/],
  ])('tells where the file is wrong: %s', async (text, message) => {
    await writeFile(file, `tenant: demo\n${text}\n`);
    await expect(apply()).rejects.toThrow(message);
  });

  it.each([
    [
      'a contradiction',
      { settings: { holding: { endAfterDays: 1 } } },
      'tenant  holding.remindAfterHours: in ascending order',
    ],
    [
      'a domain of others',
      { domains: { 'other.example': { forbiddenMethods: ['tls'] } } },
      'Not of this organisation: domains/other.example',
    ],
  ])('refuses %s', async (_, content, message) => {
    await write(content);
    expect(await apply()).toMatchObject({
      failed: true,
      printed: '',
      said: expect.stringContaining(message),
    });
    expect(await stored()).toEqual({ version: 0 });
  });

  it('knows an own domain, and people of it, that the file writes in letters', async () => {
    const { tenants } = settings;
    const more = ['xn--rd-lka.example', 'xn--blbr-roah.example'];
    await writeConfig({ tenants: tenants.map((each) => ({ ...each, domains: [...each.domains, ...more] })) });
    const taken = 'blåbær.example'.normalize('NFD');
    const hold = { whenOutcomeUnknown: 'hold' };
    await write({ domains: { 'Rød.example': hold }, people: { [`Søren@${taken}`]: hold } });
    expect((await run(['diff', '-f', file])).printed).toMatch(/^domains\/xn--rd-lka\.example {2}/);
    expect(await apply()).toMatchObject({ failed: false });
    expect(await stored()).toEqual({
      version: 1,
      'domains/xn--rd-lka.example': hold,
      'people/søren@xn--blbr-roah.example': hold,
    });
    await write({ domains: { 'rød.example': hold, 'xn--rd-lka.example': hold } });
    await expect(apply()).rejects.toThrow('xn--rd-lka.example stands twice');
    await writeConfig({ tenants });
  });

  it('looks at the keys where TLS is forbidden: without one that signs nothing could ever be sent', async () => {
    await writeConfig({
      tenants: settings.tenants.map((tenant) => ({
        ...tenant,
        domains: ['demo.example', 'keyless.example'],
      })),
    });
    await write({ domains: { 'demo.example': { forbiddenMethods: ['tls'] } } });
    expect(await run(['diff', '-f', file])).toMatchObject({ failed: false });
    await write({ domains: { 'keyless.example': { forbiddenMethods: ['tls'] } } });
    expect(await apply()).toMatchObject({ failed: true, said: expect.stringContaining('no key here signs') });
  });

  it('counts a key that lies in the token, by its certificate, without asking the token; and not once it is retired', async () => {
    const authority = await createCertificateAuthority({ name: 'Token authority' });
    const { certificatePem } = await authority.issueOrganisation({ domain: 'token.example', name: 'Token' });
    const place = (path: string) => join(settings.crypto.directory, path);
    await writeFile(place('authorities/token.pem'), authority.certificatePem);
    await writeFile(place('keys/organisations/token.example.pem'), certificatePem);
    const { tenants, crypto } = settings;
    await writeConfig({
      tenants: tenants.map((tenant) => ({ ...tenant, domains: ['demo.example', 'token.example'] })),
      crypto: { ...crypto, pkcs11: { module: '/nowhere.so', tokenLabel: 'gateway', pinFile: '/nowhere' } },
    });
    const withoutTls = { forbiddenMethods: ['tls'] };
    await write({ domains: { 'token.example': withoutTls }, people: { 'ida@token.example': withoutTls } });
    expect(await run(['diff', '-f', file])).toMatchObject({ failed: false, said: '' });
    await writeFile(place('keys/organisations/token.example.pem.retired'), '');
    expect((await apply()).said).toMatch(
      /domains\/token\.example .*no key here signs(.|\n)*people\/ida@token\.example .*no key here/,
    );
    await rm(place('keys/organisations/token.example.pem'));
    await writeConfig({ tenants, crypto });
  });

  it('takes a file of twenty thousand people, and names the one that stands twice', async () => {
    const people = Array.from(
      { length: 20_000 },
      (_, i) => `  p${i}@demo.example: { whenOutcomeUnknown: hold }`,
    );
    const text = ['tenant: demo', 'people:', ...people].join('\n');
    await writeFile(file, text);
    const { printed, failed } = await run(['diff', '-f', file]);
    expect([printed.split('\n').length - 1, failed]).toEqual([20_000, false]);
    await writeFile(file, `${text}\n  p7@demo.example: {}\n`);
    await expect(run(['diff', '-f', file])).rejects.toThrow(
      'tenant.yaml:20003 names a setting that already stands above',
    );
  });

  it('takes no file of another organisation, and wants to know who and why in one line', async () => {
    await writeFile(file, 'tenant: other\n');
    await expect(apply()).rejects.toThrow('the file is of the organisation other');
    await expect(run(['apply', '-f', file, '--yes'])).rejects.toThrow('--by');
    for (const by of ['a\nb', 'a\u2028b', 'a\u202eb'])
      await expect(run(['apply', '-f', file, '--by', by, '--reason', 'c'])).rejects.toThrow('one line');
  });

  it('says which settings of the file hold, where the file of the gateway sets them', async () => {
    await writeConfig({
      tenants: settings.tenants.map((tenant) => ({ ...tenant, whenNotAskedSecure: 'refuse' })),
    });
    expect((await run(['export'])).printed).toContain('#   whenNotAskedSecure: "refuse"    file\n');
  });
});
