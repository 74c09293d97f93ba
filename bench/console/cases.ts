// SPDX-License-Identifier: Apache-2.0
import { cursorOf } from '@securemail/service';
import { messageIdOf, traceIdOf, type Shown } from './histories.ts';
import { DAYS, OFFICE, recipientsOf } from './seed.ts';

/** What a page waits for: one answer, or several that are asked for at once. */
export interface Case {
  name: string;
  /** @param round the first is 0: what is kept for a while is asked for otherwise in the next. */
  paths: (round: number) => string[];
  /** It never ends: what counts is its first event. */
  streams?: true;
  /** How many emails are to be on it; without it, it shows none in a list. */
  shows?: number;
}

/** A condition that picks emails out of `receipts.emails`, newest first, for each page of a list. */
export interface List {
  name: string;
  query: Record<string, string>;
  /** SQL. */
  where: string;
  /** Only those that are found by this address or `@domain`. */
  found?: string;
}

export const PAGE = 50;
const DAY = 86_400_000;

/** What is listed: by state, time and place, and by what is found through keyed digests. */
export function lists(now: Date, emails: number): List[] {
  const ago = (days: number) => new Date(now.getTime() - days * DAY).toISOString();
  const deep = (days: number) => ({
    cursor: cursorOf([ago(days), '019abf5e-7c1e-7a30-9d5c-5a6f0b1c2d3e']),
  });
  const before = (days: number) => `accepted_at < '${ago(days)}'`;
  const [citizen = ''] = recipientsOf(Math.floor(emails / 2));
  const domain = (address: string) => address.slice(address.indexOf('@'));
  return [
    { name: 'newest', query: {}, where: 'true' },
    { name: 'state: common', query: { state: 'sent' }, where: `state = 'sent'` },
    { name: 'state: rare', query: { state: 'partly-sent' }, where: `state = 'partly-sent'` },
    {
      name: 'an hour, long ago',
      query: { since: ago(25 + 1 / 24), until: ago(25) },
      where: `${before(25)} and accepted_at >= '${ago(25 + 1 / 24)}'`,
    },
    {
      name: 'all since long ago, rare state',
      query: { since: ago(DAYS), state: 'held' },
      where: `state = 'held'`,
    },
    { name: 'deep in the list', query: deep(28), where: before(28) },
    {
      name: 'deep, rare state',
      query: { ...deep(20), state: 'partly-sent' },
      where: `${before(20)} and state = 'partly-sent'`,
    },
    { name: 'address of few', query: { address: citizen }, where: 'true', found: citizen },
    { name: 'address of many', query: { address: OFFICE }, where: 'true', found: OFFICE },
    {
      name: 'address of many, rare state',
      query: { address: OFFICE, state: 'held' },
      where: `state = 'held'`,
      found: OFFICE,
    },
    { name: 'domain of few', query: { address: domain(citizen) }, where: 'true', found: domain(citizen) },
    { name: 'domain of all', query: { address: '@demo.example' }, where: 'true', found: '@demo.example' },
    {
      name: 'domain of all, rare state',
      query: { address: '@demo.example', state: 'partly-sent' },
      where: `state = 'partly-sent'`,
      found: '@demo.example',
    },
    {
      name: 'domain of all, deep, rare state',
      query: { address: '@demo.example', state: 'held', ...deep(20) },
      where: `state = 'held' and ${before(20)}`,
      found: '@demo.example',
    },
    {
      name: 'domain of many, a state that it never has',
      query: { address: '@region.example', state: 'partly-sent' },
      where: 'false',
    },
  ];
}

export const listCase = ({ name, query }: List, shows: number): Case => ({
  name: `emails, ${name}`,
  paths: () => [`/v1/emails?${new URLSearchParams({ limit: String(PAGE), ...query }).toString()}`],
  shows: Math.min(PAGE, shows),
});

/** Everything that is no list of emails by a condition. @param shown so many different ones as there are rounds, or more */
export function otherCases(shown: readonly Shown[]): Case[] {
  const at = (round: number): Shown => {
    const found = shown[round % shown.length];
    if (found === undefined) throw new Error('there is no email');
    return found;
  };
  const by = (name: string, value: (email: Shown) => string) => (round: number) => [
    `/v1/emails?${new URLSearchParams({ limit: String(PAGE), [name]: value(at(round)) }).toString()}`,
  ];
  // What was looked up a moment ago is shown again, for a minute at most.
  const hours = (most: number) => (round: number) => [`/console/v1/overview?hours=${most - (round % 8)}`];
  return [
    { name: 'emails, a Message-ID', paths: by('messageId', ({ emailId }) => messageIdOf(emailId)), shows: 1 },
    { name: 'emails, a trace', paths: by('traceId', ({ emailId }) => traceIdOf(emailId)), shows: 1 },
    {
      name: 'an email, with its events and its trace',
      paths: (round) => ['', '/events', '/trace'].map((part) => `/v1/emails/${at(round).emailId}${part}`),
    },
    { name: 'overview, 1 hour', paths: () => ['/console/v1/overview?hours=1'] },
    { name: 'overview, 24 hours', paths: hours(24) },
    { name: 'overview, 168 hours', paths: hours(168) },
    {
      name: 'overview, first event of its stream',
      paths: (round) => [`/console/v1/live?hours=${2 + (round % 8)}`],
      streams: true,
    },
    {
      name: 'an email, first event of its stream',
      paths: (round) => [`/console/v1/live/emails/${at(round).emailId}`],
      streams: true,
    },
    { name: 'held', paths: () => ['/v1/held'] },
    { name: 'dead letters', paths: () => ['/v1/dead-letters/delivery'] },
  ];
}
