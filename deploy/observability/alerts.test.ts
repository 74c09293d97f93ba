// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRIC, scraped } from '@securemail/telemetry';
import { missing } from '@securemail/testing';
import { stringify } from 'yaml';
import { ALERTS, label, OBJECTIVES, renderRules, renderRunbooks } from './index.ts';

const RULES = join(import.meta.dirname, 'prometheus/rules.yml');

/** What is scraped each minute, in the notation of promtool: `0+1x60` rises by one each minute for an hour. */
type Series = readonly [metric: string, values: string][];

interface Proof {
  /** While this goes on the alert is told at `at`. */
  broken: Series;
  at: string;
  /** And while this goes on it is not. */
  well: Series;
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
const gauge = (metric: string, wrong: number, right: number, minutes: number): Proof => ({
  broken: forAWhile(metric, wrong, minutes),
  at: `${minutes}m`,
  well: [[metric, `${right}x200`]],
  quietAt: `${minutes + 40}m`,
});

const PROOFS: Record<string, Proof> = {
  PromiseBurnsFast: {
    broken: promises('whole', '0x60 0+5x60 300x400', '0+100x520'),
    at: '2h',
    well: promises('whole', '0x520', '0+100x520'),
    quietAt: '8h',
  },
  PromiseBurnsSlowly: {
    broken: promises('whole', '0x12 0+5x288 1440x1200', '0+1000x1500'),
    at: '24h',
    well: promises('whole', '0+0.5x1500', '0+1000x1500'),
    quietAt: '120h',
    every: '5m',
  },
  OwnTimeBurnsFast: {
    broken: promises('own', '0x60 0+1x60 60x400', '0+200x520'),
    at: '2h',
    well: promises('own', '0x520', '0+200x520'),
    quietAt: '8h',
  },
  OwnTimeBurnsSlowly: {
    broken: promises('own', '0x12 0+0.5x288 144x1200', '0+1000x1500'),
    at: '24h',
    well: promises('own', '0+0.05x1500', '0+1000x1500'),
    quietAt: '120h',
    every: '5m',
  },
  EmailStuck: gauge(of(METRIC.oldestAge, { stage: 'protection' }), 400, 200, 20),
  RetriesGrowOld: gauge(of(METRIC.oldestAge, { stage: 'retry' }), 8_000, 600, 20),
  DecisionsGrowOld: gauge(of(METRIC.oldestAge, { stage: 'decision' }), 200_000, 90_000, 60),
  MuchIsHeld: {
    broken: [
      ...rising(of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'held' }), 2, 30),
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+4x500'],
    ],
    at: '30m',
    well: [
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'held' }), '0+0.2x500'],
      [of(METRIC.emailsSettled, { direction: 'outbound', outcome: 'sent' }), '0+4x500'],
    ],
    quietAt: '90m',
  },
  EventsParked: gauge(of(METRIC.deadLetters, { service: 'crypto', deadLetterStatus: 'parked' }), 2, 0, 10),
  RelayStandsStill: gauge(of(METRIC.eventLogLag, { service: 'intake', eventLogPart: 'relay' }), 7, 0, 20),
  ConsumerStandsStill: {
    broken: [[of(METRIC.eventLogLag, { service: 'crypto', eventLogPart: 'consumer' }), '0x5 0+10x30 0x60']],
    at: '30m',
    // Much comes, and all of it is dealt with.
    well: [
      [
        of(METRIC.eventLogLag, { service: 'crypto', eventLogPart: 'consumer' }),
        '0 200 100 0 300 0 0 50 0x60',
      ],
    ],
    quietAt: '80m',
  },
  ServiceAway: {
    broken: [['up{job="securemail",instance="a:9464"}', '1x5 0x10 1x30']],
    at: '10m',
    well: [['up{job="securemail",instance="a:9464"}', '1x60']],
    quietAt: '30m',
  },
  MailRefusedByUs: {
    broken: rising(of(METRIC.emailsRefused, { problem: 'storage-unavailable' }), 1, 20),
    at: '20m',
    // Who sends what is not to be sent is no fault of ours.
    well: [[of(METRIC.emailsRefused, { problem: 'not-secure' }), '0+10x60']],
    quietAt: '60m',
  },
  OwnMailServersSilent: {
    broken: rising(of(METRIC.mailboxesAsked, { outcome: 'no-answer' }), 1, 30),
    at: '30m',
    well: [[of(METRIC.mailboxesAsked, { outcome: 'unknown' }), '0+10x60']],
    quietAt: '90m',
  },
  TlsNotProven: {
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
  CertificatesWantAttention: gauge(of(METRIC.certificates, { certificateState: 'conflicting' }), 1, 0, 100),
  OwnKeysEnd: gauge(of(METRIC.ownKeysEnding, { reason: 'expires within 7 days' }), 1, 0, 100),
  WebhookAway: gauge(of(METRIC.webhooksOldestAge), 4_000, 30, 20),
  FilesNotChecked: {
    broken: rising(of(METRIC.filesChecked, { outcome: 'not-checked' }), 1, 20),
    at: '20m',
    well: [[of(METRIC.filesChecked, { outcome: 'harmful' }), '0+10x60']],
    quietAt: '60m',
  },
  TooFewConnections: {
    broken: forAWhile(of(METRIC.poolWaiting, { poolName: 'securemail-intake/intake' }), 3, 20),
    at: '20m',
    well: [[of(METRIC.poolWaiting, { poolName: 'securemail-intake/intake' }), '0 3 0 5 0 1 0x60']],
    quietAt: '60m',
  },
  EventLoopSlow: {
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

it('every alert is seen in a running system, or its runbook says why not', () => {
  const seen = readFileSync(join(import.meta.dirname, '../../apps/cli/alerts.test.ts'), 'utf8');
  const unseen = ALERTS.filter(({ name }) => !seen.includes(`'${name}'`));
  expect(unseen.map(({ name }) => name)).toEqual(
    ALERTS.filter(({ onlySimulated }) => onlySimulated !== undefined).map(({ name }) => name),
  );
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
if (!hasPromtool) missing('promtool', 'apt-get install prometheus');
else {
  it.each(Object.entries(PROOFS))(
    '%s is told for its reason, and is quiet before and after',
    (alertname, proof) => {
      const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
      try {
        const file = join(folder, 'tests.yml');
        const { every = '1m' } = proof;
        const { severity } = ALERTS.find(({ name }) => name === alertname)!;
        const firing = (query: string, eval_time: string, isTold: boolean) => ({
          expr: query,
          eval_time,
          exp_samples: isTold ? [{ labels: '{}', value: 1 }] : [],
        });
        const told = `min(ALERTS{alertname="${alertname}",alertstate="firing",severity="${severity}"})`;
        const test = (series: Series, checks: ReturnType<typeof firing>[]) => ({
          interval: every,
          input_series: series.map(([name, values]) => ({ series: name, values })),
          promql_expr_test: checks,
        });
        const tests = [
          test(proof.broken, [
            firing(told, '1m', false),
            firing(told, proof.at, true),
            firing(told, proof.quietAt, false),
          ]),
          test(proof.well, [firing(told, proof.at, false)]),
        ];
        writeFileSync(file, stringify({ rule_files: [RULES], evaluation_interval: every, tests }));
        execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
}
