// SPDX-License-Identifier: Apache-2.0
import { Domain } from './domain.ts';
import { SecureMarks, Tenant, TenantShape } from './tenant.ts';

it.each(['Subject', 'References', 'in-reply-to', 'Thread-Index', 'Content-Type'])(
  'what asks for protection is no field that a mail needs, for it is taken off: %s',
  (header) => {
    expect(SecureMarks.safeParse({ header }).error?.issues[0]?.path).toEqual(['header']);
  },
);

it.each([
  'X-SecureMail-Verdict',
  'DKIM-Signature',
  'ARC-Seal',
  'List-Unsubscribe',
  'return-path',
  'Authentication-Results',
  'Received-SPF',
  'Auto-Submitted',
  'Sensitivity',
  'Importance',
  'X-Priority',
  'Thread-Topic',
  'X-MS-Has-Attach',
  'X-OriginatorOrg',
  'Disposition-Notification-To',
  'TLS-Required',
])('nor one that says something else, also in mail that asks for nothing: %s', (header) => {
  expect(SecureMarks.safeParse({ header }).error?.issues[0]?.path).toEqual(['header']);
});

it.each(['X-Send-Securely', 'Send-Securely', 'X-Sensitivity', 'X-Demo-Secure'])(
  'a field that only asks may: %s',
  (header) => {
    expect(SecureMarks.parse({ header }).header).toBe(header);
  },
);

it.each([1e-9, 0, -1, 91])('a hold does not end after %s days', (endAfterDays) => {
  const holding = TenantShape.shape.holding.safeParse({ remindAfterHours: [], endAfterDays });
  expect(holding.error?.issues[0]?.path).toEqual(['endAfterDays']);
});

it('a domain with letters outside ASCII is wanted in the form that mail has it in', () => {
  expect(Domain.safeParse('blåbær.example').error?.issues[0]?.message).toContain('xn--blbr-roah.example');
  expect(Domain.parse('xn--blbr-roah.example')).toBe('xn--blbr-roah.example');
});

it.each([
  [['smime-personal', 'smime-domain', 'tls'], undefined, false],
  [['smime-personal', 'smime-domain', 'tls'], 'https://post.demo.example', true],
  [['smime-personal', 'smime-domain', 'tls', 'mailbox'], 'https://post.demo.example', false],
  [['smime-personal', 'smime-domain', 'mailbox'], undefined, true],
])('forbidding %j, with SecureMailBox at %s, leaves a way out: %s', (forbiddenMethods, url, leaves) => {
  const tenant = {
    id: 'demo',
    name: 'Demo',
    domains: ['demo.example'],
    mailServers: [{ host: 'mail.demo.example' }],
    forbiddenMethods,
    ...(url === undefined ? {} : { mailbox: { url } }),
  };
  const read = Tenant.safeParse(tenant);
  expect(read.success).toBe(leaves);
  if (!leaves) expect(read.error?.issues[0]?.path).toEqual(['forbiddenMethods']);
});

it.each([
  [{ domain: 'else.example', selector: 'x', keyFile: 'x' }, 'dkim.0.domain', /own domain/],
  [{ domain: 'demo.example', selector: 'no such', keyFile: 'x' }, 'dkim.0.selector', /letters/],
])('the DKIM key %j is refused, with where and why', (key, path, message) => {
  const tenant = {
    id: 'demo',
    name: 'Demo',
    domains: ['post.demo.example'],
    mailServers: [{ host: 'mail.demo.example' }],
  };
  expect(
    Tenant.safeParse({ ...tenant, dkim: [{ ...key, domain: 'demo.example', selector: 'x' }] }).success,
  ).toBe(true);
  const { issues = [] } = Tenant.safeParse({ ...tenant, dkim: [key] }).error ?? {};
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  expect(issues[0]?.message).toMatch(message);
});

it.each([
  [{ everyMessage: 'openid-connect' }, 'everyMessage', 'openIdConnect'],
  [{ sensitivity: { private: 'openid-connect' } }, 'sensitivity.private', 'openIdConnect'],
  [{ sensitivity: { personal: 'second-channel' } }, 'sensitivity.personal', 'secondChannel'],
  [{ sensitiveContent: 'second-channel' }, 'sensitiveContent', 'secondChannel'],
])(
  '%j without what offers it is refused, with where and why: nobody could ever read it',
  (demands, path, by) => {
    const offers = {
      openIdConnect: {
        name: 'DemoID',
        issuer: 'https://id.demo.example',
        clientId: 'x',
        clientSecret: 'a-secret-of-the-client',
      },
      secondChannel: {
        numbersFile: 'numbers.csv',
        gateway: { url: 'https://sms.demo.example/', body: '{number} {text}' },
      },
    };
    const issuesOf = (mailbox: object) =>
      Tenant.safeParse({
        id: 'demo',
        name: 'Demo',
        domains: ['demo.example'],
        mailServers: [{ host: 'mail.demo.example' }],
        guards: { sensitiveContent: { rules: [{ name: 'CPR', kind: 'cpr' }] } },
        mailbox: { url: 'https://post.demo.example', demands, ...mailbox },
      }).error?.issues ?? [];
    expect(issuesOf(offers)).toEqual([]);
    const issues = issuesOf({ ...offers, [by]: undefined });
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([`mailbox.demands.${path}`]);
    expect(issues[0]?.message).toContain(`mailbox.${by}`);
  },
);

it.each([
  ['without {text}', { body: '{number}' }, 'body'],
  ['over http to elsewhere', { url: 'http://sms.demo.example/' }, 'url'],
  ['with a header of two lines in its name', { headers: { 'X-A\nB': 'x' } }, 'headers.X-A\nB'],
  ['that is asked without end', { tries: 100 }, 'tries'],
])('a gateway for text messages %s is refused', (_, wrong, path) => {
  const gateway = { url: 'https://sms.demo.example/', body: '{number} {text}', ...wrong };
  const { issues = [] } =
    Tenant.safeParse({
      id: 'demo',
      name: 'Demo',
      domains: ['demo.example'],
      mailServers: [{ host: 'mail.demo.example' }],
      mailbox: { url: 'https://post.demo.example', secondChannel: { numbersFile: 'n.csv', gateway } },
    }).error ?? {};
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([`mailbox.secondChannel.gateway.${path}`]);
});

const SMALL = {
  id: 'demo',
  name: 'Demo',
  domains: ['demo.example'],
  mailServers: [{ host: 'mail.demo.example' }],
};
const faultsIn = (wrong: object) =>
  Tenant.safeParse({ ...SMALL, ...wrong }).error?.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  ) ?? [];

it.each([
  ['Demo\nKommune', 'on one line'],
  ['Demo \u202eenummoK', 'turn others round'],
  ['  ', 'at least one letter'],
  ['x'.repeat(3_000), '120'],
])('an organisation that no mail could name is refused before any would have to: %j', (name, why) => {
  expect(faultsIn({ name })).toEqual([expect.stringMatching(new RegExp(`^name: .*${why}`))]);
});

it.each([
  ['contacts.general.name', (text: string) => ({ contacts: { general: contact({ name: text }) } })],
  ['contacts.general.group', (text: string) => ({ contacts: { general: contact({ group: text }) } })],
  [
    'contacts.general.description',
    (text: string) => ({ contacts: { general: contact({ description: text }) } }),
  ],
  ['mailbox.look.texts.en.help', (text: string) => look({ help: text })],
  [
    'mailbox.look.texts.en.links.0.label',
    (text: string) => look({ links: [{ label: text, url: 'https://demo.example' }] }),
  ],
  ['inbound.subjectTags.secure', (text: string) => ({ inbound: { subjectTags: tags(text) } })],
  [
    'guards.sensitiveContent.rules.0.name',
    (text: string) => ({ guards: { sensitiveContent: { rules: [{ name: text, kind: 'cpr' }] } } }),
  ],
])('what people are shown turns nothing round: %s', (path, withText) => {
  expect(faultsIn(withText('Plain'))).toEqual([]);
  expect(faultsIn(withText('Turned \u202e dnuor'))).toEqual([expect.stringContaining(`${path}: `)]);
});
const contact = (more: object) => ({ name: 'Reception', address: 'info@demo.example', ...more });
const look = (texts: object) => ({
  mailbox: { url: 'https://post.demo.example', look: { texts: { en: texts } } },
});
const tags = (secure: string) => ({ secure, insecure: null, invalid: null });

it('a proof demanded by what is in a message is refused where nothing is looked for: it would demand nothing', () => {
  const mailbox = {
    url: 'https://post.demo.example',
    demands: { sensitiveContent: 'second-channel' },
    secondChannel: {
      numbersFile: 'numbers.csv',
      gateway: { url: 'https://sms.demo.example/', body: '{number} {text}' },
    },
  };
  expect(faultsIn({ mailbox })).toEqual([
    expect.stringMatching(/^mailbox.demands.sensitiveContent: .*guards.sensitiveContent.rules/),
  ]);
  const rules = [{ name: 'CPR', kind: 'cpr' }];
  expect(faultsIn({ mailbox, guards: { sensitiveContent: { rules } } })).toEqual([]);
});
