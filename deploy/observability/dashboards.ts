// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Dashboard, Panel } from './dashboard.ts';
import { label } from './label.ts';
import { OBJECTIVES } from './slo.ts';

type Named = Parameters<typeof scraped>[0];
type Label = Parameters<typeof label>[0];

const legend = (...by: Label[]): string => by.map((each) => `{{${label(each)}}}`).join(' ');

/** How many a second, told apart. */
const rates = (metric: Named, by: readonly Label[], where = ''): Panel['queries'] => [
  {
    expr: `sum by (${by.map(label).join(', ')}) (rate(${scraped(metric)}${where}[$__rate_interval]))`,
    legend: legend(...by),
  },
];

/** The highest among replicas: each tells the same, or 0. */
const highest = (metric: Named, by: readonly Label[]): Panel['queries'] => [
  { expr: `max by (${by.map(label).join(', ')}) (${scraped(metric)})`, legend: legend(...by) },
];

const quantiles = (metric: Named, by: readonly Label[] = []): Panel['queries'] =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (${['le', ...by.map(label)].join(', ')}) (rate(${scraped(metric)}_bucket[$__rate_interval])))`,
    legend: [`p${quantile * 100}`, legend(...by)].join(' ').trim(),
  }));

const LATENCY: Dashboard = {
  uid: 'securemail-latency',
  title: 'Secure@Mail: ten minutes',
  rows: [
    {
      title: 'The promise',
      panels: [
        ...OBJECTIVES.map(({ promise, budget, what }): Panel => ({
          title: promise === 'whole' ? 'Budget left, all of it' : 'Budget left, our own part',
          description: `What is left of thirty days: ${what}.`,
          unit: 'percentunit',
          kind: 'stat',
          queries: [
            {
              expr: `1 - securemail:promises_missed:ratio_rate30d{${label('promise')}="${promise}"} / ${budget}`,
              legend: promise,
            },
          ],
        })),
        {
          title: 'Emails that missed it',
          description: 'The share over an hour, for the whole promise and for our own part.',
          emails: 'any',
          unit: 'percentunit',
          queries: [{ expr: 'securemail:promises_missed:ratio_rate1h', legend: legend('promise') }],
        },
      ],
    },
    {
      title: 'Three clocks',
      panels: [
        {
          title: 'From acceptance until sent',
          description: 'What senders see, of emails sent to all recipients. Ten minutes are 600 s.',
          emails: 'sent',
          unit: 's',
          queries: quantiles(METRIC.promiseDuration),
        },
        {
          title: 'Our own part',
          description: 'Without the times in which a mail server or a person was waited for.',
          emails: 'any',
          unit: 's',
          queries: quantiles(METRIC.ownDuration),
        },
        {
          title: 'All of it, however it ended',
          description: 'Until nobody is under way or held any more, by direction.',
          emails: 'any',
          unit: 's',
          queries: quantiles(METRIC.rawDuration, ['direction']),
        },
      ],
    },
    {
      title: 'What waits',
      panels: [
        {
          title: 'The oldest',
          description: 'What is stuck is in no histogram, and shows here.',
          emails: 'unfinished',
          unit: 's',
          queries: highest(METRIC.oldestAge, ['stage']),
        },
        {
          title: 'How many',
          description: 'Emails that are not finished, by what they wait for.',
          emails: 'unfinished',
          unit: 'short',
          queries: highest(METRIC.unfinished, ['stage']),
        },
        {
          title: 'Accepted',
          description: 'Emails a second that became ours, by where they came in.',
          emails: 'any',
          unit: 'ops',
          queries: rates(METRIC.emailsAccepted, ['channel']),
        },
        {
          title: 'Settled',
          description: 'Emails a second of which nothing more happens by itself, by how they stand.',
          emails: 'any',
          unit: 'ops',
          queries: rates(METRIC.emailsSettled, ['direction', 'outcome']),
        },
      ],
    },
  ],
};

const MAIL: Dashboard = {
  uid: 'securemail-mail',
  title: 'Secure@Mail: mail',
  rows: [
    {
      title: 'Protection',
      panels: [
        {
          title: 'Methods',
          description: 'Recipients a second, by the method chosen for them.',
          unit: 'ops',
          queries: rates(METRIC.recipientsPlanned, ['protectionMethod']),
        },
        {
          title: 'Why no stronger one',
          description: 'Methods that were passed over, and why.',
          unit: 'ops',
          queries: rates(METRIC.methodsPassedOver, ['protectionMethod', 'reason']),
        },
        {
          title: 'Made',
          description: 'Protected messages a second: those of S/MIME are signed.',
          unit: 'ops',
          queries: rates(METRIC.messagesProtected, ['protectionMethod']),
        },
        {
          title: 'Opened',
          description: 'Mails from outside a second, by the verdict on their signature.',
          unit: 'ops',
          queries: rates(METRIC.messagesOpened, ['verdict']),
        },
      ],
    },
    {
      title: 'Stopped',
      panels: [
        {
          title: 'Guards',
          description: 'What guards found, and what was done.',
          unit: 'ops',
          queries: rates(METRIC.guardFindings, ['guard', 'guardAction']),
        },
        {
          title: 'Held',
          description: 'Recipients who came to be held, by why.',
          unit: 'ops',
          queries: rates(METRIC.recipientsHeld, ['reason']),
        },
        {
          title: 'Refused',
          description: 'Mails that were not taken, by what their sender was told.',
          unit: 'ops',
          queries: rates(METRIC.emailsRefused, ['problem']),
        },
        {
          title: 'Files of people outside',
          description: 'What the scanner said of them.',
          unit: 'ops',
          queries: rates(METRIC.filesChecked, ['outcome']),
        },
      ],
    },
    {
      title: 'Delivery',
      panels: [
        {
          title: 'Attempts',
          description: 'What came of them.',
          unit: 'ops',
          queries: rates(METRIC.attempts, ['outcome']),
        },
        {
          title: 'Retries, by why',
          description:
            'Attempts that are made again for all: `reply` is what the server says, `tls-…` about its proof.',
          unit: 'ops',
          queries: rates(METRIC.attempts, ['reason', 'smtpPhase'], `{${label('outcome')}="deferred"}`),
        },
        {
          title: 'Queue',
          description: 'Messages on their way: ready, or put off until their next try.',
          unit: 'short',
          queries: highest(METRIC.jobs, ['jobStatus']),
        },
        {
          title: 'Waits longest',
          description:
            'Age of the oldest message that nobody works on: for us, or for a place at a domain outside.',
          unit: 's',
          queries: highest(METRIC.jobsWaiting, ['reason']),
        },
        {
          title: 'Certificates of others',
          description: 'Entries of the directory, by state.',
          unit: 'short',
          queries: highest(METRIC.certificates, ['certificateState']),
        },
        {
          title: 'Own TLS certificates',
          description:
            'Until the end of the one that we prove ourselves with: at the ports of intake, and to own mail servers.',
          unit: 's',
          queries: [
            {
              expr: `min by (${label('tlsPlace')}) (${scraped(METRIC.ownCertificates)})`,
              legend: legend('tlsPlace'),
            },
          ],
        },
        {
          title: 'TLS not agreed on',
          description:
            'Connections a second to a port of intake that began TLS, and why it came to nothing: `certificate-refused` is about ours.',
          unit: 'ops',
          queries: rates(METRIC.tlsFailures, ['tlsPlace', 'reason']),
        },
        {
          title: 'Own keys',
          description: 'Addresses and domains of ours whose key wants a successor.',
          unit: 'short',
          queries: highest(METRIC.ownKeysEnding, ['reason']),
        },
      ],
    },
  ],
};

const MACHINERY: Dashboard = {
  uid: 'securemail-machinery',
  title: 'Secure@Mail: machinery',
  rows: [
    {
      title: 'Events',
      panels: [
        {
          title: 'Lag',
          description: 'Events that wait for a part of a service.',
          unit: 'short',
          queries: highest(METRIC.eventLogLag, ['service', 'eventLogPart']),
        },
        {
          title: 'Dead letters',
          description:
            'Events that a service could not handle: tried again, or parked until a person replays them.',
          unit: 'short',
          queries: highest(METRIC.deadLetters, ['service', 'deadLetterStatus']),
        },
        {
          title: 'Ledger',
          description:
            'Tiles, of 256 events or less, that were verified a second, and what is wrong with them.',
          unit: 'short',
          queries: [
            ...rates(METRIC.ledgerVerified, []),
            ...rates(METRIC.ledgerFaults, ['reason']),
            ...highest(METRIC.ledgerBroken, ['reason']),
            ...highest(METRIC.emailsUnreadable, []),
          ],
        },
        {
          title: 'What is not known',
          description: 'Gauges that could not be read, a second: what they tell of may stand still unseen.',
          unit: 'short',
          queries: rates(METRIC.gaugesUnread, ['metric']),
        },
        {
          title: 'Ledger ahead of the clock',
          description:
            'How far the time of what was recorded last is ahead of the clock: events have a later time than that at which they were recorded.',
          unit: 's',
          queries: highest(METRIC.ledgerAhead, []),
        },
        {
          title: 'Not findable yet',
          description:
            'Since when the email that waits longest is not found by address, Message-ID or trace yet.',
          unit: 's',
          queries: highest(METRIC.emailsUnfindable, []),
        },
        {
          title: 'Erased emails',
          description:
            'Emails whose keys were destroyed a second: by retention, or because a person wanted it.',
          unit: 'short',
          queries: rates(METRIC.emailsErased, ['reason']),
        },
        {
          title: 'Webhooks',
          description: 'Age of the oldest thing that some system is still to be told.',
          unit: 's',
          queries: highest(METRIC.webhooksOldestAge, []),
        },
      ],
    },
    {
      title: 'Storage',
      panels: [
        {
          title: 'Vault',
          description: 'How long a content takes, 95th percentile.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (le, ${label('vaultOperation')}) (rate(${scraped(METRIC.vaultDuration)}_bucket[$__rate_interval])))`,
              legend: legend('vaultOperation'),
            },
          ],
        },
        {
          title: 'Connections',
          description: 'Of each pool: those in use, as a share of all, in the process where that is most.',
          unit: 'percentunit',
          queries: [
            {
              expr: `max by (${label('poolName')}) (sum by (instance, ${label('poolName')}) (${scraped(METRIC.poolConnections)}{${label('poolState')}="used"}) / sum by (instance, ${label('poolName')}) (${scraped(METRIC.poolMost)}))`,
              legend: legend('poolName'),
            },
          ],
        },
        {
          title: 'Waiting for one',
          description: 'Work that waits for a connection.',
          unit: 'short',
          queries: highest(METRIC.poolWaiting, ['poolName']),
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'Event loop, delay',
          description: 'How long others wait at most for what a process is doing, 99th percentile.',
          unit: 's',
          queries: [{ expr: 'max by (instance) (nodejs_eventloop_delay_p99)', legend: '{{instance}}' }],
        },
        {
          title: 'Event loop, use',
          description: '1: there is no moment in which it does nothing.',
          unit: 'percentunit',
          queries: [{ expr: 'max by (instance) (nodejs_eventloop_utilization)', legend: '{{instance}}' }],
        },
        {
          title: 'Heap',
          description: 'Memory in use by objects.',
          unit: 'bytes',
          queries: [{ expr: 'sum by (instance) (v8js_memory_heap_used)', legend: '{{instance}}' }],
        },
        {
          title: 'Up',
          description: 'Processes that answer.',
          unit: 'short',
          queries: [{ expr: 'sum(up{job="securemail"})', legend: 'up' }],
        },
      ],
    },
  ],
};

export const DASHBOARDS: readonly Dashboard[] = [LATENCY, MAIL, MACHINERY];
