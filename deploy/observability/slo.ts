// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert, Recording } from './alert.ts';
import { label } from './label.ts';

/** What is promised of all emails, over thirty days. */
export interface Objective {
  /** The value of `securemail.promise`. */
  promise: 'whole' | 'own';
  /** The share that may miss it. */
  budget: number;
  what: string;
}

/**
 * Kept is what was sent, to some recipient at least, and settled for all within ten minutes; missed, what was not settled by
 * then, however it ended. What a person has to decide about counts not at all, nor does what is returned to its sender in time
 * ("not-sent"): it is no mail that was sent. A time in which all is returned spends no budget: MuchIsReturned tells of that.
 */
export const OBJECTIVES: readonly Objective[] = [
  {
    promise: 'whole',
    budget: 0.001,
    what: 'of all emails that are neither held nor returned, 99.9 % are sent within ten minutes',
  },
  {
    promise: 'own',
    budget: 0.0001,
    what: 'for 99.99 % of all emails our own part of that takes less than ten minutes',
  },
];

/**
 * Pairs of windows over which the budget of thirty days is spent so many times too fast: the long one says that it
 * matters, the short one that it goes on (Google, The Site Reliability Workbook, chapter 5).
 */
const BURNS = [
  { severity: 'page', long: '1h', short: '5m', times: 14.4, spends: '2 % of the budget in an hour' },
  { severity: 'page', long: '6h', short: '30m', times: 6, spends: '5 % of the budget in six hours' },
  { severity: 'ticket', long: '1d', short: '2h', times: 3, spends: '10 % of the budget in a day' },
  {
    severity: 'ticket',
    long: '3d',
    short: '6h',
    times: 1,
    spends: 'the budget before its thirty days are over',
  },
] as const;

const WINDOWS = [...new Set(BURNS.flatMap(({ long, short }) => [short, long])), '30d'];
const missedShare = (window: string) => `securemail:promises_missed:ratio_rate${window}`;

/** The share of emails that missed each promise, over each window. Nothing where no email was due. */
export const SLO_RECORDINGS: readonly Recording[] = WINDOWS.map((window) => {
  const promises = scraped(METRIC.promises);
  const by = label('promise');
  return {
    record: missedShare(window),
    expr:
      `sum by (${by}) (rate(${promises}{${label('outcome')}="missed"}[${window}])) / ` +
      `(sum by (${by}) (rate(${promises}[${window}])) > 0)`,
  };
});

/** Nobody is woken for fewer: where little mail comes one that is late is a large share (chapter 5, "low-traffic services"). */
const FEWEST = 5;

const burning = ({ promise, budget }: Objective, severity: 'page' | 'ticket'): string =>
  BURNS.filter((burn) => burn.severity === severity)
    .map(({ long, short, times }) => {
      const over = (window: string) =>
        `${missedShare(window)}{${label('promise')}="${promise}"} > ${Number((times * budget).toPrecision(6))}`;
      const missed = `${scraped(METRIC.promises)}{${label('promise')}="${promise}",${label('outcome')}="missed"}`;
      // What rises is extrapolated: four and a half are five.
      const many = `sum by (${label('promise')}) (increase(${missed}[${long}])) > ${FEWEST - 0.5}`;
      return `(${[over(long), over(short), ...(severity === 'page' ? [many] : [])].join(' and ')})`;
    })
    .join(' or ');

const spends = (severity: 'page' | 'ticket'): string =>
  BURNS.filter((burn) => burn.severity === severity)
    .map((burn) => burn.spends)
    .join(', or ');

export const SLO_ALERTS: readonly Alert[] = OBJECTIVES.flatMap((objective): Alert[] => {
  const of = objective.promise === 'whole' ? 'Promise' : 'OwnTime';
  const look =
    objective.promise === 'whole'
      ? [
          '`securemail.email.oldest.age` by `securemail.stage`: `protection` and `delivery` are ours, `attempt` and `retry` wait for mail servers of others, or for your own.',
          '`securemail.delivery.attempts` with `securemail.outcome` `deferred`, by `securemail.reason` and `smtp.phase`: one mail server that is away, or the way out.',
          '`GET /v1/emails?state=unfinished&stage=…&order=oldest` with one of these stages: which emails, those that wait longest first, and of one of them `GET /v1/emails/{id}/events`.',
        ]
      : [
          '`securemail.event_log.lag` by service and part: what does not come back to 0 stands still.',
          '`nodejs.eventloop.delay.p99`, `db.client.connection.pending_requests` and `securemail.vault.operation.duration`: processes or the database are too slow for what comes.',
          '`securemail.event_log.dead_letters`: events that a service can not handle.',
        ];
  const act =
    objective.promise === 'whole'
      ? [
          'Where one mail server is away: nothing here. Its mail is tried again, and senders are told at eight and at ten minutes. Tell who runs it.',
          'Where it is your own mail servers, or all of the outside: the network between, its firewall and names.',
          'Where it is ours: as for OwnTimeBurnsFast.',
        ]
      : [
          'A service that stands still and lives: restart it; nothing is lost by it.',
          'Too slow for what comes: another replica of the service that lags, or more connections (`database.maxConnections`).',
          'The database or the broker is away: bring it back. All goes on by itself.',
        ];
  return [
    {
      name: `${of}BurnsFast`,
      severity: 'page',
      expr: burning(objective, 'page'),
      for: '1m',
      summary: `Too many emails are late, {{ $value | humanizePercentage }} of them: ${spends('page')}`,
      means: `The objective is that ${objective.what}, over 30 days. So many miss it, five at least, that it spends ${spends('page')}.`,
      look,
      act,
    },
    {
      name: `${of}BurnsSlowly`,
      severity: 'ticket',
      expr: burning(objective, 'ticket'),
      for: '15m',
      summary: `More emails are late than may be, {{ $value | humanizePercentage }} of them: ${spends('ticket')}`,
      means: `The objective is that ${objective.what}, over 30 days. A few miss it all the time: it spends ${spends('ticket')}.`,
      look,
      act,
    },
  ];
});
