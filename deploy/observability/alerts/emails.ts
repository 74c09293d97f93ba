// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';
import { oldest } from './oldest.ts';

const waiting = (reason: string): string =>
  `max(${scraped(METRIC.jobsWaiting)}{${label('reason')}="${reason}"})`;

/**
 * What waits longest waits behind others for a slow domain, and delivery begins all that it can. Where delivery is away nobody
 * says so.
 */
const waitsForOthers = `(${waiting('no-place')} > ${oldest('delivery')} - 300 and ${waiting('none')} < 300)`;

/**
 * The share first: an alert tells the value of what stands before `and`. Of each direction by itself: all that leaves may be
 * held, or returned, where much more stays inside. An email of which somebody is so counts, though a colleague had a copy.
 */
const muchIs = (outcomes: string, share: number, where = ''): string => {
  const settled = scraped(METRIC.emailsSettled);
  const each = `sum by (${label('direction')})`;
  const some = `${each} (increase(${settled}{${label('outcome')}=~"${outcomes}"${where && `,${where}`}}[30m]))`;
  const all = `${each} (increase(${settled}${where && `{${where}}`}[30m]))`;
  return `${some} / ${all} > ${share} and ${some} > 5`;
};

/** Of emails: those that wait, are held, or come back. */
export const EMAIL_ALERTS: readonly Alert[] = [
  {
    name: 'EmailStuck',
    severity: 'page',
    expr: `${oldest('protection')} > 300 or (${oldest('delivery')} > 300 unless ${waitsForOthers}) or ${oldest('attempt')} > 7200 or ${waiting('none')} > 300`,
    for: '1m',
    summary: 'An email waits for us for {{ $value | humanizeDuration }}',
    means:
      'An email was accepted, or let go by a person, and is neither protected nor tried; or its first attempt goes on for two hours, which is longer than servers are waited for; or the time of a further try has come, and nobody begins it. What is stuck is in no histogram, so this is the only sign of it. A mail server that is slow, or does not take a mail, is not told of here; and neither are mails that wait behind others for the same domain outside, which is brought `delivery.perDomainConcurrency` at a time.',
    look: [
      '`securemail.emails.unfinished` by `securemail.stage`: one email, or all of them.',
      '`securemail.delivery.waiting.age` with `securemail.reason` `none`: whether delivery begins what it could, first tries and further ones; `no-place`: one domain outside is slow, besides.',
      '`securemail.event_log.dead_letters` and `securemail.event_log.lag`: one event that can not be handled, or a service that stands still.',
      '`GET /v1/emails?state=unfinished&stage=protection&order=oldest`, and the same with `delivery` and `attempt` (in the console *Overview*, the table of what unfinished emails wait for): the first of them, and its events: what the last thing was that happened.',
    ],
    act: [
      'One: `securemail dead-letters list --all`, and why: what is `retrying` goes on by itself once its cause is gone, what is `parked` after `securemail dead-letters replay`.',
      'A reason such as `AwayError` names what is away: the token, its PIN or a key service. Bring that back and restart nothing: mail waits for it, and goes on. crypto does not start without its token, and each start tries the PIN once, after a few of which a token locks itself ([When things break](../operations.md#when-things-break)).',
      'All, and nothing of that: restart the service that should have acted next; nothing is lost by it.',
    ],
  },
  {
    name: 'RetriesGrowOld',
    severity: 'ticket',
    expr: `${oldest('retry')} > 7200`,
    for: '5m',
    summary: 'An email is tried again for {{ $value | humanizeDuration }}',
    means:
      'A mail server does not take an email, for hours. Its sender knows. It is tried until `delivery.giveUpAfterHours`, and then returned to him.',
    look: [
      '`securemail.delivery.attempts` with `securemail.outcome` `deferred`, by `securemail.reason`: `tls-…` is about a proof, `reply` is what the server says.',
      'The email’s events: the next hop, its answer, and when it is tried next.',
    ],
    act: [
      'Where it is one server: tell who runs it.',
      'Where a server has lost its proof (`tls-not-enforceable`, `tls-not-verified`) it is held back on purpose. The way to its domain is set anew by a certificate of the person or the organisation, or an agreed partner.',
    ],
  },
  {
    name: 'DecisionsGrowOld',
    severity: 'ticket',
    expr: `${oldest('decision')} > 172800`,
    for: '15m',
    summary: 'A held email waits for a person for {{ $value | humanizeDuration }}',
    means:
      'An email is held, and nobody has decided for two days. It is returned to its sender when `holding.endAfterDays` is over; where an organisation has set that to less than two days it is returned before this is told, and who decides has to look at what is held more often than that.',
    look: ['`GET /v1/held`: which, why, and until when.'],
    act: ['Release it, with another address perhaps, or reject it: by name and with a reason.'],
  },
  {
    name: 'MuchIsHeld',
    severity: 'page',
    expr: muchIs('held|partly-held', 0.2),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of {{ $labels.${label('direction')} }} emails are held, for some of their recipients at least`,
    means:
      'Of what was handed in during half an hour more than a fifth of what leaves, stays inside or comes in is held, for one of its recipients at least: who else got it does not count. Nothing left unprotected; but something that should protect it does not.',
    look: [
      '`securemail.recipients.held` by `securemail.reason`: `no-secure-method`, `protection-failed`, …',
      '`securemail.methods.passed_over` by method and reason: a directory that is away, an own certificate that has ended, a policy that was changed.',
      '`GET /v1/admin/settings/changes`: who changed what.',
    ],
    act: [
      'Mend its cause; then release what is held (`POST /v1/held/{emailId}/release`).',
      'A change of settings that was wrong is taken back by the next one.',
    ],
  },
  {
    name: 'MuchIsReturned',
    severity: 'page',
    expr: muchIs('not-sent|partly-sent', 0.5, `${label('direction')}!="inbound"`),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of {{ $labels.${label('direction')} }} emails are returned to their senders, for some of their recipients at least`,
    means:
      'Of what people of yours handed in during half an hour, more than half of what leaves, or stays inside, could not be sent to one of its recipients at least: who else got it does not count. Each sender knows. What is returned in time counts as neither kept nor missed, and what some got in time as kept, so no promise tells of it.',
    look: [
      '`securemail.delivery.attempts` with `securemail.outcome` `refused`, by `smtp.phase` and `securemail.reason`: one answer to all is about us, such as an address of ours on a blocklist, a missing name or SPF.',
      '`GET /v1/emails?state=not-sent`, the same with `partly-sent`, and the events of one of them: the answers of the servers.',
    ],
    act: [
      'On a blocklist: the answers name it; find what was sent from that address, and ask to be taken off.',
      'Own mail servers that refuse: what was changed there.',
      'Once it is mended senders have to send again: their receipts say so.',
    ],
  },
];
