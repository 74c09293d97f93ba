// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Called, Forwarding, Unshown } from '../mailbox-list.ts';
import { GraphError, type GraphClient } from './graph-client.ts';

const Users = z.object({
  value: z.array(z.object({ id: z.string(), mail: z.string().nullish() })),
  '@odata.nextLink': z.string().optional(),
});
const People = z
  .array(
    z.object({
      emailAddress: z.object({ address: z.string().nullish(), name: z.string().nullish() }).nullish(),
    }),
  )
  .nullish();
const Rules = z.object({
  value: z.array(
    z.object({
      isEnabled: z.boolean().nullish(),
      isReadOnly: z.boolean().nullish(),
      actions: z
        .looseObject({ forwardTo: People, forwardAsAttachmentTo: People, redirectTo: People })
        .nullish(),
    }),
  ),
  '@odata.nextLink': z.string().optional(),
});
type Rule = z.infer<typeof Rules>['value'][number];

/** Of one list; more than any directory or mailbox has, so that a list that leads round and round has an end. */
const MOST_PAGES = 10_000;

/** How far it got. */
export interface GraphProgress {
  /** Mailboxes looked at. */
  mailboxes: number;
  /** People whom the directory lists and who have no mailbox there. */
  without: number;
  forwarding: number;
  /** Mailboxes with a rule of which Graph does not show what it does, whatever else they forward. */
  unshown: number;
}

/**
 * Every mailbox of a directory whose inbox rules forward or redirect, as Microsoft Graph tells (`User.Read.All` and
 * `MailboxSettings.Read`, as rights of an application). What a mailbox forwards by its own setting and not by a rule,
 * Graph 1.0 does not tell: `Get-Mailbox` does. Of some rules it does not show what they do: their mailboxes are listed as
 * such ({@link Unshown}).
 *
 * @throws GraphError where any of it can not be read: half a list would say of the others that they forward nothing.
 */
export async function forwardingsInGraph(
  client: GraphClient,
  progressed: (progress: GraphProgress) => void = () => undefined,
): Promise<Forwarding[]> {
  const found: Forwarding[] = [];
  const progress = { mailboxes: 0, without: 0, forwarding: 0, unshown: 0 };
  for await (const people of inTwenties(usersWithMail(client))) {
    const answers = await client.batch(
      people.map(({ id }) => `/users/${encodeURIComponent(id)}/mailFolders/inbox/messageRules`),
    );
    for (const [index, { status, body }] of answers.entries()) {
      const mailbox = people[index]?.mail.toLowerCase() ?? '';
      // Who has left, or has a licence for anything but mail.
      if (status === 404) progress.without += 1;
      else if (status !== 200) throw new GraphError(`the rules of a mailbox can not be read (${status})`);
      else {
        progress.mailboxes += 1;
        const rules = await allRules(client, body);
        const to = targetsIn(rules);
        if (to.length > 0) progress.forwarding += 1;
        const unshown: Unshown[] = rules.some(isNotShown) ? [{ unshownAmong: rules.length }] : [];
        progress.unshown += unshown.length;
        if (to.length + unshown.length > 0) found.push({ mailbox, to: [...to, ...unshown] });
      }
    }
    progressed({ ...progress });
  }
  return found;
}

/** Those of the first page, and of the pages that it leads to: Graph decides how many are on one. */
async function allRules(client: GraphClient, first: unknown): Promise<Rule[]> {
  const rules: Rule[] = [];
  for await (const page of pages(client, first, Rules, 'the list of rules of a mailbox')) rules.push(...page);
  return rules;
}

/**
 * What a rule with the condition "received before" or "received after" does, or one that pins to the top, Graph leaves out
 * (microsoftgraph/microsoft-graph-docs-contrib#3336).
 */
function isNotShown({ isEnabled, isReadOnly, actions }: Rule): boolean {
  if (isEnabled === false) return false;
  if (actions == null) return true;
  return isReadOnly === true && Object.values(actions).every((each) => each == null);
}

function targetsIn(rules: readonly Rule[]): (string | Called)[] {
  const to = rules
    .filter(({ isEnabled }) => isEnabled !== false)
    .flatMap(({ actions }) => [
      ...(actions?.forwardTo ?? []),
      ...(actions?.forwardAsAttachmentTo ?? []),
      ...(actions?.redirectTo ?? []),
    ])
    .map(({ emailAddress }) => {
      const [address = '', name = ''] = [emailAddress?.address, emailAddress?.name].map((each) =>
        each?.trim().toLowerCase(),
      );
      // As Exchange calls who is in its address book, also contacts outside.
      return address.includes('@') && !address.startsWith('/o=')
        ? address
        : { called: [address, name].filter((each) => each !== '') };
    });
  return [...new Set(to)];
}

async function* usersWithMail(client: GraphClient): AsyncGenerator<{ id: string; mail: string }> {
  const first = await client.get('/users?$select=id,mail&$top=999');
  for await (const page of pages(client, first, Users, 'the list of people'))
    for (const { id, mail } of page) if (mail != null && mail !== '') yield { id, mail };
}

async function* pages<T>(
  client: GraphClient,
  first: unknown,
  schema: z.ZodType<{ value: T[]; '@odata.nextLink'?: string | undefined }>,
  what: string,
): AsyncGenerator<T[]> {
  let body = first;
  for (let count = 1; count <= MOST_PAGES; count += 1) {
    const page = schema.safeParse(body);
    if (!page.success) throw new GraphError(`${what} is not as expected`);
    yield page.data.value;
    const next = page.data['@odata.nextLink'];
    if (next === undefined) return;
    body = await client.get(next);
  }
  throw new GraphError(`${what} has no end`);
}

async function* inTwenties<T>(source: AsyncIterable<T>): AsyncGenerator<T[]> {
  let some: T[] = [];
  for await (const each of source) {
    some.push(each);
    if (some.length === 20) {
      yield some;
      some = [];
    }
  }
  if (some.length > 0) yield some;
}
