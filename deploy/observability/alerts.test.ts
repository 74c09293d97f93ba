// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRIC, scraped } from '@securemail/telemetry';
import { missing } from '@securemail/testing';
import { parse, stringify } from 'yaml';
import { ALERTS, label, OBJECTIVES, renderRules, renderRunbooks } from './index.ts';

const RULES = join(import.meta.dirname, 'prometheus/rules.yml');

/** What is scraped each minute, in the notation of promtool: `0+1x60` rises by one each minute for an hour. */
type Series = readonly [metric: string, values: string][];

interface Proof {
  /** What the alert says then, to whom it wakes. */
  says: string;
  /** While this goes on the alert is told at `at`. */
  broken: Series;
  at: string;
  /** And while this goes on it is not: at `at`, if not said. */
  well: Series;
  wellAt?: readonly string[];
  /** When it is over that follows in the same series, it is quiet again. */
  quietAt: string;
  /** How often it is scraped, and the rules are looked at; each minute if not said. */
  every?: string;
}

const of = (
  metric: Parameters<typeof scraped>[0],
  labels: Partial<Record<Parameters<typeof label>[0], string>> = {},
) =>
  `${scraped(metric)}{${Object.entries(labels)
    .map(([name, value]) => `${label(name as Parameters<typeof label>[0])}="${value}"`)
    .concat('instance="a:9464"', 'job="securemail"')
    .join(',')}}`;
const promises = (promise: string, missed: string, kept: string): Series => [
  [of(METRIC.promises, { promise, outcome: 'missed' }), missed],
  [of(METRIC.promises, { promise, outcome: 'kept' }), kept],
];
/** Of a gauge that is wrong for some minutes, and then right. */
const forAWhile = (metric: string, wrong: number, minutes: number): Series => [
  [metric, `0x5 ${wrong}x${minutes} 0x60`],
];
/** Of a counter that rises for some minutes, and then no more. */
const rising = (metric: string, by: number, minutes: number): Series => [
  [metric, `0x5 0+${by}x${minutes} ${by * minutes}x400`],
];
const gauge = (says: string, metric: string, wrong: number, right: number, minutes: number): Proof => ({
  says,
  broken: forAWhile(metric, wrong, minutes),
  at: `${minutes}m`,
  well: [[metric, `${right}x200`]],
  quietAt: `${minutes + 40}m`,
});

/** How many events a service has parked: each of them tells that, as long as it tells anything. */
const tellsOf = (service: string, values: string): [string, string][] => [
  [of(METRIC.deadLetters, { service, deadLetterStatus: 'parked' }), values],
];

const PROOFS: Record<string, Proof> = {
  PromiseBurnsFast: {
    says: 'Too many emails are late, 4.686% of them: 2 % of the budget in an hour, or 5 % of the budget in six hours',
    broken: promises('whole', '0x60 0+5x60 300x400', '0+100x520'),
    at: '2h',
    // One that is late, where little comes: not enough to wake somebody.
    well: promises('whole', '0x117 1x400', '0+1x520'),
    quietAt: '8h',
  },
  PromiseBurnsSlowly: {
    says: 'More emails are late than may be, 0.4752% of them: 10 % of the budget in a day, or the budget before its thirty days are over',
    broken: promises('whole', '0x12 0+5x288 1440x1200', '0+1000x1500'),
    at: '24h',
    well: promises('whole', '0+0.5x1500', '0+1000x1500'),
    quietAt: '120h',
    every: '5m',
  },
  OwnTimeBurnsFast: {
    says: 'Too many emails are late, 0.4893% of them: 2 % of the budget in an hour, or 5 % of the budget in six hours',
    broken: promises('own', '0x60 0+1x60 60x400', '0+200x520'),
    at: '2h',
    well: promises('own', '0x520', '0+200x520'),
    quietAt: '8h',
  },
  OwnTimeBurnsSlowly: {
    says: 'More emails are late than may be, 0.04772% of them: 10 % of the budget in a day, or the budget before its thirty days are over',
    broken: promises('own', '0x12 0+0.5x288 144x1200', '0+1000x1500'),
    at: '24h',
    well: promises('own', '0+0.05x1500', '0+1000x1500'),
    quietAt: '120h',
    every: '5m',
  },
  EmailStuck: {
    says: 'An email waits for us for 6m 40s',
    broken: [
      ...forAWhile(of(METRIC.oldestAge, { stage: 'protection' }), 400, 20),
      ...forAWhile(of(METRIC.oldestAge, { stage: 'attempt' }), 400, 20),
    ],
    at: '20m',
    // A mail server is slow, and many wait behind each other for it.
    well: [
      [of(METRIC.oldestAge, { stage: 'delivery' }), '0+60x100'],
      [of(METRIC.jobsWaiting, { reason: 'no-place' }), '0+60x100'],
      [of(METRIC.jobsWaiting, { reason: 'none' }), '1x100'],
      [of(METRIC.oldestAge, { stage: 'protection' }), '200x100'],
      [of(METRIC.oldestAge, { stage: 'attempt' }), '3000x100'],
      [of(METRIC.oldestAge, { stage: 'retry' }), '90000x100'],
    ],
    quietAt: '60m',
  },
  RetriesGrowOld: gauge(
    'An email is tried again for 2h 13m 20s',
    of(METRIC.oldestAge, { stage: 'retry' }),
    8_000,
    600,
    20,
  ),
  DecisionsGrowOld: gauge(
    'A held email waits for a person for 2d 7h 33m 20s',
    of(METRIC.oldestAge, { stage: 'decision' }),
    200_000,
    90_000,
    60,
  ),
  MuchIsHeld: {
    says: '28.57% of outbound emails are held, for some of their recipients at least',
    broken: [
      ...rising(of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'held' }), 1, 30),
      // A colleague had a copy.
      ...rising(of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'partly-held' }), 1, 30),
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+4x500'],
      // However much stays inside.
      [of(METRIC.emailsSettled, { direction: 'internal', outcome: 'sent' }), '0+50x500'],
    ],
    at: '30m',
    well: [
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'held' }), '0+0.2x500'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'partly-held' }), '0+0.2x500'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+4x500'],
    ],
    quietAt: '90m',
  },
  MuchIsReturned: {
    says: '76.19% of outbound emails are returned to their senders, for some of their recipients at least',
    broken: [
      ...rising(of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'not-sent' }), 1, 30),
      ...rising(of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'partly-sent' }), 1, 30),
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+0.5x500'],
      [of(METRIC.emailsSettled, { direction: 'inbound', outcome: 'sent' }), '0+50x500'],
      [of(METRIC.emailsSettled, { direction: 'internal', outcome: 'sent' }), '0+50x500'],
    ],
    at: '30m',
    // Own mail servers refuse what strangers write to nobody.
    well: [
      [of(METRIC.emailsSettled, { direction: 'inbound', outcome: 'not-sent' }), '0+5x500'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'not-sent' }), '0+1x500'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'partly-sent' }), '0+1x500'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+4x500'],
    ],
    quietAt: '90m',
  },
  ReceiptsStandStill: gauge(
    'A sender is not told how it went, for 3m 20s',
    of(METRIC.oldestAge, { stage: 'receipt' }),
    200,
    20,
    20,
  ),
  ReceiptsUndelivered: {
    says: 'Receipts do not reach their senders, one for 16m 40s',
    // After a whole day of three a minute none of them arrives any more; and, besides, a mailbox is full.
    broken: [
      [of(METRIC.oldestAge, { stage: 'receipt-mail' }), '0x1440 0+60x14 1000x30 0x200'],
      [of(METRIC.unfinished, { stage: 'receipt-mail' }), '6x1440 6+3x45 0x200'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+3x1700'],
    ],
    at: '1460m',
    // A mailbox is full, by day and in the night in which there is nothing else; another from the last mails of the day on.
    well: [
      [of(METRIC.oldestAge, { stage: 'receipt-mail' }), '0x60 0+60x1600'],
      [of(METRIC.unfinished, { stage: 'receipt-mail' }), '0x60 5x655 10x900'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+3x720 2160x900'],
    ],
    wellAt: ['75m', '300m', '721m', '745m', '760m', '770m', '800m', '1140m', '1500m'],
    quietAt: '1600m',
  },
  ReceiptsGrowOld: gauge(
    'A receipt is on its way to its sender for 4h 10m 0s',
    of(METRIC.oldestAge, { stage: 'receipt-mail' }),
    15_000,
    9_000,
    60,
  ),
  EventsParked: gauge(
    'crypto has given up events: 2',
    of(METRIC.deadLetters, { service: 'crypto', deadLetterStatus: 'parked' }),
    2,
    0,
    10,
  ),
  LedgerBroken: {
    says: 'The ledger is not what it was: leaf',
    // Three passes, four hours apart, then one that finds nothing: it is told also between two of them.
    broken: [
      [of(METRIC.ledgerBroken, { reason: 'leaf' }), '0x5 1x720 0x60'],
      [of(METRIC.ledgerFaults, { reason: 'leaf' }), '0x5 1x239 2x239 3x300'],
    ],
    at: '235m',
    well: [[of(METRIC.ledgerBroken, { reason: 'leaf' }), '0x300']],
    quietAt: '770m',
  },
  EmailsUnreadable: gauge('What is kept of emails was changed: 1', of(METRIC.emailsUnreadable), 1, 0, 20),
  EmailsUnfindable: gauge(
    'Emails are not found by address, Message-ID or trace, for 6m 40s',
    of(METRIC.emailsUnfindable),
    400,
    20,
    20,
  ),
  LedgerAhead: gauge('The ledger is ahead of the clock, by 1h 0m 0s', of(METRIC.ledgerAhead), 3_600, 20, 30),
  LedgerStandsStill: gauge(
    'Events are not recorded in the ledger',
    of(METRIC.eventLogLag, { service: 'receipts', eventLogPart: 'ledger' }),
    7,
    0,
    30,
  ),
  RelayStandsStill: gauge(
    'Events of intake do not reach the event log',
    of(METRIC.eventLogLag, { service: 'intake', eventLogPart: 'relay' }),
    7,
    0,
    20,
  ),
  ConsumerStandsStill: {
    says: 'crypto does not get on with what others said',
    broken: [[of(METRIC.eventLogLag, { service: 'crypto', eventLogPart: 'consumer' }), '0x5 0+10x30 0x60']],
    at: '30m',
    // Much comes, and is dealt with, but never all of it at a look.
    well: [
      [
        of(METRIC.eventLogLag, { service: 'crypto', eventLogPart: 'consumer' }),
        Array<string>(12).fill('3 60 7 44 12').join(' '),
      ],
    ],
    quietAt: '80m',
  },
  ServiceAway: {
    says: 'a:9464 does not answer',
    broken: [['up{job="securemail",instance="a:9464"}', '1x5 0x10 1x30']],
    at: '10m',
    well: [['up{job="securemail",instance="a:9464"}', '1x60']],
    quietAt: '30m',
  },
  ServiceUnseen: {
    says: 'Nothing is heard of delivery any more',
    broken: tellsOf('delivery', '0x10 _x30 0x60').concat(
      ['intake', 'crypto', 'receipts', 'mailbox'].flatMap((service) => tellsOf(service, '0x100')),
    ),
    at: '30m',
    // SecureMailBox need not be there. Where the database is away something else is told.
    well: ['intake', 'crypto', 'receipts', 'delivery']
      .flatMap((service) => tellsOf(service, '0x10 _x20 0x60'))
      .concat([[of(METRIC.gaugesUnread, { metric: METRIC.deadLetters.name }), '0x9 0+2x23 46x60']]),
    wellAt: ['25m', '60m'],
    quietAt: '60m',
  },
  WatchIsBlind: {
    says: 'What waits is not known at a:9464',
    // What it would have told of is not there meanwhile.
    broken: [
      ...rising(of(METRIC.gaugesUnread, { metric: METRIC.oldestAge.name }), 1, 30),
      [of(METRIC.oldestAge, { stage: 'protection' }), '10x5 _x30 10x60'],
    ],
    at: '20m',
    // A read fails now and then, as where a database gives way to its stand-in.
    well: [[of(METRIC.gaugesUnread, { metric: METRIC.oldestAge.name }), '0x15 2x10 3x60']],
    quietAt: '60m',
  },
  MailRefusedByUs: {
    says: 'Mail is not taken: storage-unavailable',
    broken: rising(of(METRIC.emailsRefused, { problem: 'storage-unavailable' }), 1, 20),
    at: '20m',
    // Who sends what is not to be sent is no fault of ours.
    well: [[of(METRIC.emailsRefused, { problem: 'not-secure' }), '0+10x60']],
    quietAt: '60m',
  },
  OwnMailServersSilent: {
    says: 'Own mail servers do not say which mailboxes there are',
    broken: rising(of(METRIC.mailboxesAsked, { outcome: 'no-answer' }), 1, 30),
    at: '30m',
    // Somebody writes to all of his colleagues, again and again.
    well: [
      [of(METRIC.mailboxesAsked, { outcome: 'unknown' }), '0+10x60'],
      [of(METRIC.mailboxesAsked, { outcome: 'not-asked' }), '0+40x60'],
      [of(METRIC.mailboxesAsked, { outcome: 'no-answer' }), '0x60'],
    ],
    quietAt: '90m',
  },
  TlsNotProven: {
    says: 'Mail servers do not prove who they are: tls-not-verified',
    broken: rising(
      of(METRIC.attempts, { outcome: 'deferred', smtpPhase: 'tls', reason: 'tls-not-verified' }),
      2,
      60,
    ),
    at: '60m',
    well: [[of(METRIC.attempts, { outcome: 'deferred', smtpPhase: 'rcpt-to', reason: 'reply' }), '0+10x60']],
    quietAt: '180m',
  },
  OutcomeUnknown: {
    says: 'Attempts of which nobody knows whether the mail arrived: 10',
    broken: rising(
      of(METRIC.attempts, { outcome: 'unknown', smtpPhase: 'final-dot', reason: 'no-answer' }),
      1,
      10,
    ),
    at: '20m',
    well: [
      [of(METRIC.attempts, { outcome: 'unknown', smtpPhase: 'final-dot', reason: 'no-answer' }), '3x60'],
    ],
    quietAt: '180m',
  },
  CertificatesWantAttention: gauge(
    'Certificates that are conflicting: 1',
    of(METRIC.certificates, { certificateState: 'conflicting' }),
    1,
    0,
    100,
  ),
  OwnKeysEnd: gauge(
    'Keys of our addresses or domains, expires within 7 days: 1',
    of(METRIC.ownKeysEnding, { reason: 'expires within 7 days' }),
    1,
    0,
    100,
  ),
  OwnCertificatesEnd: {
    says: 'Our TLS certificate (inbound) ends in 10d 0h 0m 0s',
    broken: [
      [of(METRIC.ownCertificates, { tlsPlace: 'inbound' }), '8000000x5 864000x100 8000000x60'],
      [of(METRIC.ownCertificates, { tlsPlace: 'submission' }), '8000000x200'],
    ],
    at: '100m',
    well: [
      [of(METRIC.ownCertificates, { tlsPlace: 'inbound' }), '1300000x200'],
      // It is told as what has ended.
      [of(METRIC.ownCertificates, { tlsPlace: 'mail-route' }), '-60x200'],
    ],
    quietAt: '140m',
  },
  OwnCertificatesEnded: {
    says: 'Our TLS certificate (submission) has ended',
    broken: [
      [of(METRIC.ownCertificates, { tlsPlace: 'submission' }), '300-60x30 8000000x60'],
      [of(METRIC.ownCertificates, { tlsPlace: 'inbound' }), '8000000x200'],
    ],
    at: '20m',
    well: [[of(METRIC.ownCertificates, { tlsPlace: 'submission' }), '60x200']],
    quietAt: '60m',
  },
  WebhookAway: gauge('A system was not told for 1h 6m 40s', of(METRIC.webhooksOldestAge), 4_000, 30, 20),
  FilesNotChecked: {
    says: 'Files from outside can not be looked into',
    broken: rising(of(METRIC.filesChecked, { outcome: 'not-checked' }), 1, 20),
    at: '20m',
    well: [[of(METRIC.filesChecked, { outcome: 'harmful' }), '0+10x60']],
    quietAt: '60m',
  },
  TooFewConnections: {
    says: 'Work of securemail-intake/intake waits for a connection to the database',
    broken: forAWhile(of(METRIC.poolWaiting, { poolName: 'securemail-intake/intake' }), 3, 20),
    at: '20m',
    well: [[of(METRIC.poolWaiting, { poolName: 'securemail-intake/intake' }), '0 3 0 5 0 1 0x60']],
    quietAt: '60m',
  },
  EventLoopSlow: {
    says: 'a:9464 answers late: 900ms',
    broken: [['nodejs_eventloop_delay_p99{instance="a:9464",job="securemail"}', '0x5 0.9x20 0.02x60']],
    at: '20m',
    well: [['nodejs_eventloop_delay_p99{instance="a:9464",job="securemail"}', '0.02x60']],
    quietAt: '60m',
  },
};

it('the rules and the runbooks are those of the code (npm run docs writes them)', () => {
  expect(readFileSync(RULES, 'utf8')).toBe(renderRules());
  const runbooks = readFileSync(join(import.meta.dirname, '../../docs/operations/alerts.md'), 'utf8');
  expect(runbooks).toBe(renderRunbooks());
});

it('every alert has a proof, and its runbook says what to look at and what to do', () => {
  expect(Object.keys(PROOFS).toSorted()).toEqual(ALERTS.map(({ name }) => name).toSorted());
  for (const { look, act } of ALERTS) expect(Math.min(look.length, act.length)).toBeGreaterThan(0);
});

it('every alert is seen in a running system', () => {
  const seen = ['alerts', 'alerts-apart']
    .map((name) => readFileSync(join(import.meta.dirname, `../../apps/cli/${name}.test.ts`), 'utf8'))
    .join('');
  expect(ALERTS.filter(({ name }) => !seen.includes(`'${name}'`))).toEqual([]);
});

it('names no metric in a runbook that there is not', () => {
  const known = new Set<string>(Object.values(METRIC).map(({ name }) => name));
  const named = [...renderRunbooks().matchAll(/`((?:securemail|db)\.[a-z_.]+)`/g)].map(
    ([, name]) => name ?? '',
  );
  const attributes = new Set<string>(Object.values(METRIC).flatMap((metric) => metric.attributes));
  expect(named.filter((name) => !known.has(name) && !attributes.has(name))).toEqual([]);
});

it('keeps the budgets that are promised', () => {
  expect(OBJECTIVES.map(({ promise, budget }) => [promise, budget])).toEqual([
    ['whole', 0.001],
    ['own', 0.0001],
  ]);
});

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
/** What else the oldest mail that delivery is to begin may be about: each is told. */
const STANDS_STILL: Record<string, Series> = {
  'where delivery is away': [],
  'where delivery begins nothing, while a domain is slow, too': [
    [of(METRIC.jobsWaiting, { reason: 'no-place' }), '0+60x100'],
    [of(METRIC.jobsWaiting, { reason: 'none' }), '0+60x100'],
  ],
  'where delivery begins no further try, and nothing is new': [
    [of(METRIC.oldestAge, { stage: 'retry' }), '0+60x100'],
    [of(METRIC.jobsWaiting, { reason: 'none' }), '0+60x100'],
  ],
  'where delivery has not heard of it, while a domain became slow since': [
    [of(METRIC.jobsWaiting, { reason: 'no-place' }), '0x15 0+60x85'],
    [of(METRIC.jobsWaiting, { reason: 'none' }), '0x100'],
  ],
};

if (!hasPromtool) missing('promtool', 'apt-get install prometheus');
else {
  const deployed = parse(readFileSync(RULES, 'utf8')) as {
    groups: { name: string; rules: { alert?: string; record?: string; expr: string }[] }[];
  };
  /** Of what is deployed the one alert, and what is recorded for it: with all others promtool takes minutes. */
  const rulesOf = (alertname: string): string => {
    const isOfIt = (expr: string) =>
      deployed.groups.some(({ rules }) =>
        rules.some(({ alert, expr: asked }) => alert === alertname && asked.includes(expr)),
      );
    return stringify({
      groups: deployed.groups.map((group) => ({
        ...group,
        rules: group.rules.filter(
          ({ alert, record = '' }) => alert === alertname || (record !== '' && isOfIt(record)),
        ),
      })),
    });
  };
  /** Runs `promtool test rules` on one alert. */
  const promtool = (alertname: string, tests: object[], every = '1m') => {
    const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
    try {
      const [rules, file] = [join(folder, 'rules.yml'), join(folder, 'tests.yml')];
      writeFileSync(rules, rulesOf(alertname));
      const content = {
        rule_files: [rules],
        // Without an order, it evaluates the groups in any: an alert may see what was recorded a minute before.
        group_eval_order: ['securemail-slo', 'securemail-alerts'],
        evaluation_interval: every,
        tests: tests.map((test) => ({ interval: every, ...test })),
      };
      writeFileSync(file, stringify(content));
      const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
      return { status, told: stdout + stderr };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const given = (series: Series) => series.map(([name, values]) => ({ series: name, values }));

  it.each(Object.entries(STANDS_STILL))('EmailStuck is told %s', (_, besides) => {
    const isNew = !besides.some(([name]) => name.includes('retry'));
    const first: Series = [[of(METRIC.oldestAge, { stage: 'delivery' }), isNew ? '0+60x100' : '0x100']];
    const series: Series = [...first, ...besides];
    const alert_rule_test = [{ eval_time: '20m', alertname: 'EmailStuck', exp_alerts: [] }];
    const { told } = promtool('EmailStuck', [{ input_series: given(series), alert_rule_test }]);
    expect(told).toContain('An email waits for us for 20m 0s');
  });

  it.each(Object.entries(PROOFS))('%s says what is so, in a unit that people read', (alertname, proof) => {
    const { every, broken, at, says } = proof;
    // Nothing is expected, so that it tells what it got, as people get it.
    const alert_rule_test = [{ eval_time: at, alertname, exp_alerts: [] }];
    const { told } = promtool(alertname, [{ input_series: given(broken), alert_rule_test }], every);
    const texts = [...told.slice(told.indexOf('got:')).matchAll(/summary="((?:[^"\\]|\\.)*)"/g)];
    expect(texts.map(([, text]) => text)).toEqual([says]);
  });

  it.each(Object.entries(PROOFS))(
    '%s is told for its reason, and is quiet before and after',
    (alertname, { every, broken, at, well, wellAt = [at], quietAt }) => {
      const { severity } = ALERTS.find(({ name }) => name === alertname)!;
      const expr = `min(ALERTS{alertname="${alertname}",alertstate="firing",severity="${severity}"})`;
      const firing = (eval_time: string, isTold: boolean) => ({
        expr,
        eval_time,
        exp_samples: isTold ? [{ labels: '{}', value: 1 }] : [],
      });
      const whileBroken = [firing('1m', false), firing(at, true), firing(quietAt, false)];
      const whileWell = wellAt.map((each) => firing(each, false));
      const tests = [
        { input_series: given(broken), promql_expr_test: whileBroken },
        { input_series: given(well), promql_expr_test: whileWell },
      ];
      expect(promtool(alertname, tests, every)).toMatchObject({ status: 0 });
    },
  );
}
