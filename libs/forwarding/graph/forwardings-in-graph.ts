// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Called, Forwarding } from '../mailbox-list.ts';
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
      actions: z.object({ forwardTo: People, forwardAsAttachmentTo: People, redirectTo: People }).nullish(),
    }),
  ),
});

/** How far it got. */
export interface GraphProgress {
  /** Mailboxes looked at. */
  mailboxes: number;
  /** People whom the directory lists and who have no mailbox there. */
  without: number;
  forwarding: number;
}

/**
 * Every mailbox of a directory whose inbox rules forward or redirect, as Microsoft Graph tells (`User.Read.All` and
 * `MailboxSettings.Read`, as rights of an application). What a mailbox forwards by its own setting and not by a rule,
 * Graph 1.0 does not tell: `Get-Mailbox` does.
 *
 * @throws GraphError where any of it can not be read: half a list would say of the others that they forward nothing.
 */
export async function forwardingsInGraph(
  client: GraphClient,
  progressed: (progress: GraphProgress) => void = () => undefined,
): Promise<Forwarding[]> {
  const found: Forwarding[] = [];
  const progress = { mailboxes: 0, without: 0, forwarding: 0 };
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
        const to = targetsIn(body);
        if (to.length > 0) found.push({ mailbox, to });
      }
    }
    progress.forwarding = found.length;
    progressed({ ...progress });
  }
  return found;
}

function targetsIn(body: unknown): (string | Called)[] {
  const rules = Rules.safeParse(body);
  if (!rules.success) throw new GraphError('the rules of a mailbox are not as expected');
  const to = rules.data.value
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
  let next: string | undefined = '/users?$select=id,mail&$top=999';
  while (next !== undefined) {
    const page = Users.safeParse(await client.get(next));
    if (!page.success) throw new GraphError('the list of people is not as expected');
    for (const { id, mail } of page.data.value) if (mail != null && mail !== '') yield { id, mail };
    next = page.data['@odata.nextLink'];
  }
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
