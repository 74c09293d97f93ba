// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, loadConfig, secret } from './index.ts';

const schema = z.strictObject({
  database: z.strictObject({
    url: z.string().regex(/^postgres:\/\//, 'a URL that begins with postgres://'),
    password: z.string().min(8).optional(),
    pin: secret().optional(),
    maxConnections: z.int().min(4).max(500).default(20),
  }),
  eventLog: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('postgres') }),
      z.strictObject({ kind: z.literal('kafka'), brokers: z.array(z.string()).min(1) }),
    ])
    .default({ kind: 'postgres' }),
  intake: z
    .strictObject({
      http: z.strictObject({ port: z.int().min(0).max(65_535) }).optional(),
      secureMarks: z.array(z.string()).default([]),
      maxRecipients: z.int().min(1).optional(),
    })
    .default({ secureMarks: [] }),
  tenants: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z-]+$/, 'a name of a-z and "-"'),
        mailServers: z.array(z.strictObject({ host: z.string(), port: z.int().min(1).default(25) })).min(1),
      }),
    )
    .default([])
    .superRefine((tenants, context) => {
      if (new Set(tenants.map(({ id }) => id)).size < tenants.length)
        context.addIssue({ code: 'custom', message: 'a tenant id stands twice' });
    }),
  proxies: z.array(z.union([z.ipv4(), z.cidrv6()])).optional(),
  logLevel: z.enum(['debug', 'info']).default('info'),
  contact: z.union([z.string(), z.strictObject({ name: z.string() })]).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  crypto: z.unknown().optional(),
});

const testdata = (name: string) => join(import.meta.dirname, 'testdata', name);
const MINIMAL = { SECUREMAIL_DATABASE__URL: 'postgres://db/x' };

function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('the configuration was taken');
}

const bad: Record<string, string[]> = {
  'choice-of-text-or-group': [
    'choice-of-text-or-group.yaml:2: contact is 7; right would be a text or a group of settings (name)',
  ],
  'empty-value': ['empty-value.yaml:2: database.url is empty; right would be a text'],
  'fault-inside-of-a-kind': [
    'fault-inside-of-a-kind.yaml:4: eventLog.brokers is an empty list; right would be a list of at least 1',
  ],
  'list-for-a-group': [
    'list-for-a-group.yaml:1: database is a list; right would be a group of settings (url, password, pin, maxConnections)',
  ],
  'missing-key': [
    'missing-key.yaml: database is missing; right would be a group of settings (url, password, pin, maxConnections)',
    'missing-key.yaml:2: intake.http.port is missing; right would be a whole number from 0 to 65535',
  ],
  'no-address': [
    'no-address.yaml:3: proxies[0] is "banana"; right would be an IPv4 address or a network of IPv6 such as 2001:db8::/32',
  ],
  'no-settings': ['no-settings.yaml holds no settings; right would be lines such as "database:"'],
  'not-yaml-same-key-twice': ['not-yaml-same-key-twice.yaml:3 names a setting that already stands above'],
  'not-yaml-tab': ['not-yaml-tab.yaml:2 is indented by a tab; YAML wants spaces'],
  'not-yaml-unclosed-quote': [
    'not-yaml-unclosed-quote.yaml:3 lacks a character: a closing quote or bracket, a comma, or the ":" after a name',
  ],
  'number-out-of-range': [
    'number-out-of-range.yaml:4: intake.http.port is 70000; right would be a whole number from 0 to 65535',
  ],
  'secret-file-missing': [
    'secret-file-missing.yaml:3: database.password names the file /nowhere/password, which cannot be read (ENOENT); right would be the path of a readable file',
  ],
  'secret-of-the-wrong-kind': [
    'secret-of-the-wrong-kind.yaml:2: database.url is not acceptable; right would be a URL that begins with postgres://',
    'secret-of-the-wrong-kind.yaml:3: database.password is a list; right would be a text of at least 8 characters',
    'secret-of-the-wrong-kind.yaml:5: database.pin is not acceptable; right would be a text',
    'secret-of-the-wrong-kind.yaml:4: database.pasword is not a setting; right would be password (did you mean that?)',
  ],
  'several-in-a-list': [
    'several-in-a-list.yaml:6: tenants[0].mailServers[0].port is 0; right would be a whole number of at least 1',
    'several-in-a-list.yaml:7: tenants[1].id is not acceptable; right would be a name of a-z and "-"',
    'several-in-a-list.yaml:8: tenants[1].mailServers is an empty list; right would be a list of at least 1',
  ],
  'text-for-a-group': [
    'text-for-a-group.yaml:1: database is not acceptable; right would be a group of settings (url, password, pin, maxConnections)',
  ],
  'text-for-a-number': [
    'text-for-a-number.yaml:3: database.maxConnections is "many"; right would be a whole number from 4 to 500',
  ],
  'too-many-aliases': [
    'too-many-aliases.yaml repeats itself by too many aliases ("*name"); right would be the settings written out',
  ],
  'twice-the-same-tenant': ['twice-the-same-tenant.yaml:2: tenants is refused: a tenant id stands twice'],
  'two-documents': ['two-documents.yaml:2 begins a second document ("---"); one is wanted'],
  'unknown-key': [
    'unknown-key.yaml:3: database.maxConections is not a setting; right would be maxConnections (did you mean that?)',
    'unknown-key.yaml:5: intake.htpt is not a setting; right would be http (did you mean that?)',
    'unknown-key.yaml:6: quarantine is not a setting; right would be one of database, eventLog, intake, tenants, proxies, logLevel, contact, labels, crypto',
  ],
  'unknown-kind': ['unknown-kind.yaml:3: eventLog.kind is "rabbit"; right would be "postgres" or "kafka"'],
  'word-not-among-the-choices': [
    'word-not-among-the-choices.yaml:2: logLevel is "chatty"; right would be one of "debug", "info"',
  ],
};

describe('a bad file is refused with its line, its fault and what would be right', () => {
  it.each(Object.entries(bad))('%s', (name, lines) => {
    const message = refusal(() => loadConfig({ schema, path: testdata(`bad/${name}.yaml`), env: {} }));
    expect(message.split('\n')).toEqual([
      'The configuration is refused:',
      ...lines.map((line) => `  ${line}`),
    ]);
    expect(message).not.toMatch(/s3cret|12345678/);
  });

  it('every file in testdata/bad has its row', () => {
    const names = readdirSync(testdata('bad')).map((file) => file.replace('.yaml', ''));
    expect(names.sort()).toEqual(Object.keys(bad));
  });

  it('a file that is not there', () => {
    const message = refusal(() => loadConfig({ schema, path: '/nowhere/securemail.yaml', env: {} }));
    expect(message).toContain('/nowhere/securemail.yaml cannot be read (ENOENT)');
  });
});

describe('a right configuration', () => {
  const home = process.cwd();
  beforeAll(() => {
    process.chdir(import.meta.dirname);
  });
  afterAll(() => {
    process.chdir(home);
  });

  it('is read with defaults filled in and texts taken from files', () => {
    const config = loadConfig({ schema, path: testdata('right.yaml'), env: {} });
    expect(config.database).toEqual({
      url: 'postgres://securemail@db/securemail',
      password: 'from a file',
      maxConnections: 20,
    });
    expect(config.tenants[0]?.mailServers).toEqual([{ host: 'mail.demo.example', port: 25 }]);
  });

  it('is overridden by the environment, whatever the case, down into lists', () => {
    const env = {
      SECUREMAIL_INTAKE__HTTP__PORT: '1',
      SECUREMAIL_INTAKE__MAX_RECIPIENTS: '5',
      SECUREMAIL_INTAKE__SECUREMARKS: '[a, b]',
      SECUREMAIL_DATABASE__PASSWORD: '12345678',
      SECUREMAIL_TENANTS__0__MAILSERVERS__0__PORT: '2525',
      SECUREMAIL_TENANTS__1__ID: 'two',
      SECUREMAIL_TENANTS__1__MAILSERVERS: '[{ host: b }]',
      SECUREMAIL_LOGLEVEL: 'debug',
      SECUREMAIL_LABELS__Team: 'mail',
      SECUREMAIL_CRYPTO__ANYTHING__AT: 'all',
    };
    expect(loadConfig({ schema, path: testdata('right.yaml'), env })).toMatchObject({
      intake: { http: { port: 1 }, maxRecipients: 5, secureMarks: ['a', 'b'] },
      database: { password: '12345678' },
      tenants: [{ mailServers: [{ port: 2525 }] }, { id: 'two', mailServers: [{ host: 'b' }] }],
      logLevel: 'debug',
      labels: { team: 'mail' },
    });
  });

  it('needs no file', () => {
    expect(loadConfig({ schema, env: MINIMAL }).database.url).toBe('postgres://db/x');
  });

  it('takes a secret from the file that a variable names', () => {
    const env = { ...MINIMAL, SECUREMAIL_DATABASE__PASSWORD__FILE: testdata('password') };
    expect(loadConfig({ schema, env }).database.password).toBe('from a file');
  });

  it('takes no secret from a file that others may use, and says what to do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'));
    const file = join(folder, 'pin');
    await writeFile(file, '1234\n');
    const env = { ...MINIMAL, SECUREMAIL_DATABASE__PIN__FILE: file };
    for (const mode of ['644', '640', '604']) {
      await chmod(file, Number.parseInt(mode, 8));
      expect(() => loadConfig({ schema, env })).toThrow(
        `SECUREMAIL_DATABASE__PIN__FILE: database.pin names the file ${file}, which has mode 0${mode}, others may use it; make it its owner's: chmod 600 ${file}`,
      );
    }
    await chmod(file, 0o400);
    expect(loadConfig({ schema, env }).database.pin).toBe('1234');
    await rm(folder, { recursive: true });
  });

  it('is not disturbed by variables that are not settings: those of Kubernetes and of ourselves', () => {
    const env = {
      ...MINIMAL,
      SECUREMAIL_INTAKE_PORT: 'tcp://10.0.0.1:80',
      SECUREMAIL_INTAKE_SERVICE_HOST: '10.0.0.1',
      SECUREMAIL_CONFIG: 'x',
    };
    expect(loadConfig({ schema, env }).intake).toEqual({ secureMarks: [] });
  });
});

describe('a bad variable is refused by its name', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'unknown setting',
      { SECUREMAIL_INTAKE__HTPP__PORT: '1' },
      'SECUREMAIL_INTAKE__HTPP__PORT: intake has no setting htpp; right would be http (did you mean that?)',
    ],
    [
      'bad value',
      { SECUREMAIL_INTAKE__HTTP__PORT: 'eighty' },
      'SECUREMAIL_INTAKE__HTTP__PORT: intake.http.port is "eighty"; right would be a whole number from 0 to 65535',
    ],
    [
      'bad secret',
      { SECUREMAIL_DATABASE__PASSWORD: 's3cret' },
      'SECUREMAIL_DATABASE__PASSWORD: database.password is not acceptable; right would be a text of at least 8 characters',
    ],
    [
      'bad secret in a file',
      { SECUREMAIL_EVENTLOG__KIND__FILE: testdata('password') },
      'SECUREMAIL_EVENTLOG__KIND__FILE: eventLog.kind holds no acceptable text; right would be "postgres" or "kafka"',
    ],
  ])('%s', (_, env, line) => {
    const message = refusal(() => loadConfig({ schema, env: { ...MINIMAL, ...env } }));
    expect(message).toBe(`The configuration is refused:\n  ${line}`);
  });
});

it('tells every problem at once, those of the file and those of the environment', () => {
  try {
    loadConfig({
      schema,
      path: testdata('bad/secret-file-missing.yaml'),
      env: { SECUREMAIL_NOPE__X: '1', SECUREMAIL_LOGLEVEL: 'loud' },
    });
    throw new Error('taken');
  } catch (error) {
    expect((error as ConfigError).problems.map(({ path }) => path)).toEqual([
      '',
      'database.password',
      'logLevel',
    ]);
  }
});
