// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';
import { standsStill } from './stands-still.ts';

/** Of what is kept: the ledger, and what is shown of emails. */
export const RECORD_ALERTS: readonly Alert[] = [
  {
    name: 'LedgerBroken',
    severity: 'page',
    expr: `max by (${label('reason')}) (${scraped(METRIC.ledgerBroken)}) > 0`,
    for: '1m',
    summary: `The ledger is not what it was: {{ $labels.${label('reason')} }}`,
    means:
      'What was recorded was changed, in the ledger or in what receipts goes by. Mail goes on. Somebody with rights in the database did it, or a disk did. It is quiet once a whole pass has found nothing: that takes up to `receipts.ledger.verifyEveryMinutes`, and a second for each thousand events.',
    look: [
      'The log of receipts: `the ledger is not what it was`, with the organisation, the leaf and the event.',
      '`leaf`: an event; `tile`: hashes; `checkpoint`: leaves and hashes together, or what was signed; `history`: what the console and the API show.',
      '`securemail audit export` and `audit verify`, and `audit replay`: which emails it is about.',
      'Who was connected to the database, and backups from before.',
    ],
    act: [
      'Where the tree does not begin with what was signed (`the ledger was not signed`, LedgerTouchedError), nothing more is signed, receipts go without proofs, and an export is of what was signed last.',
      'Keep everything as it is until somebody who answers for it has looked: a copy of the database first.',
      'Tell the auditors. Checkpoints that they have say until when the ledger is whole.',
      '`history` alone: `securemail projections rebuild --from-ledger` makes it anew of what the ledger has, while everything goes on; nothing that was recorded is lost. Say `--dry-run` first: what is not in the ledger goes only where you say so. An event that is only on its way into the ledger is no fault.',
    ],
  },
  {
    name: 'EmailsUnreadable',
    severity: 'page',
    expr: `max(${scraped(METRIC.emailsUnreadable)}) > 0`,
    for: '1m',
    summary: 'What is kept of emails was changed: {{ $value }}',
    means:
      'Events that receipts keeps do not authenticate: a disk, a restore or somebody with rights changed them. These emails are shown without what can not be read, and found by their ids alone; no receipt is given of them. All others are shown and found as ever.',
    look: [
      'The log of receipts: `what is kept of an email was changed`, with its id.',
      '`GET /v1/emails/{emailId}`: `unreadable` names the events.',
      '`securemail audit replay` and `securemail.ledger.broken`: whether the ledger has them as they were.',
      'Who was connected to the database, and backups from before.',
    ],
    act: [
      'Keep a copy of the database as it is first, until somebody who answers for it has looked.',
      'Put these rows of `receipts.history` back as a backup has them. They are read again by themselves.',
    ],
  },
  {
    name: 'EmailsUnfindable',
    severity: 'ticket',
    expr: `max(${scraped(METRIC.emailsUnfindable)}) > 300`,
    for: '5m',
    summary: 'Emails are not found by address, Message-ID or trace, for {{ $value | humanizeDuration }}',
    means:
      'Mail goes on, and all of it stands in the lists; but who looks for an email by an address is told of older ones alone, or that there is none. An email is made findable a moment after it is heard of. Emails whose events were changed do not count here: EmailsUnreadable tells of those.',
    look: [
      'The log of receipts: `emails could not be made findable, trying again`, or `the indexer could not begin, trying again`, and its reason.',
      'Whether the database takes what receipts writes: its room, its rights, who holds a lock on `receipts.found_by` (`pg_locks`).',
      'Neither, and `unfindable_since` in `receipts.emails` moves on: very many are made findable at once, as after `projections rebuild --from-ledger`.',
    ],
    act: [
      'Mend its cause: all are made findable by themselves then, the oldest first.',
      'Until then, look for emails by state and time, or by their ids.',
    ],
  },
  {
    name: 'LedgerAhead',
    severity: 'ticket',
    expr: `max(${scraped(METRIC.ledgerAhead)}) > 60`,
    for: '5m',
    summary: 'The ledger is ahead of the clock, by {{ $value | humanizeDuration }}',
    means:
      'A clock was ahead when something was recorded. Times of a ledger never go back, so whatever is recorded has that time until it has come. Mail goes on, and all is recorded in its order and proven; but when cannot be told. A range of time that ends in between, and a replay to such a time over the API, are refused (`ledger-clock-ahead`), as they would lack what was recorded since; `audit replay --at` warns of that.',
    look: [
      'The clocks of the machines of receipts and of the database, and what sets them (`timedatectl`, `chronyc tracking`).',
      '`select tenant_id, recorded_at - now() from receipts.ledgers`: whose ledger, and how far.',
    ],
    act: [
      'Put the clock right at once: as long as it goes ahead, so does the ledger. What is more than an hour ahead of the database records nothing.',
      'What has been recorded stays as it is. Take exports without an end until the time has come; `time` of each event says when it happened.',
      'Tell the auditors from when to when the times of the ledger are wrong.',
    ],
  },
  {
    name: 'LedgerStandsStill',
    severity: 'ticket',
    expr: standsStill('ledger'),
    for: '5m',
    summary: 'Events are not recorded in the ledger',
    means: 'Mail goes on, and what happens to it is safe; but nobody can prove it yet.',
    look: [
      'The log of receipts: `event log interrupted`, and why.',
      'Whether the database has room.',
      'The clocks of receipts and of the database: by one that is more than an hour ahead of the other nothing is recorded, for its time would hold for all that follows.',
    ],
    act: ['Mend its cause. What waits is recorded by itself, each event once.'],
  },
];
