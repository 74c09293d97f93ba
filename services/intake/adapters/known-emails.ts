// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** Which of these emails intake has an event of: what was stored for the others was never accepted. */
export async function knownEmails(pool: Pool, emailIds: readonly EmailId[]): Promise<Set<EmailId>> {
  const { rows } = await pool.query<{ emailId: EmailId }>({
    name: 'intake/known-emails',
    text: 'select distinct email_id as "emailId" from events where email_id = any($1)',
    values: [emailIds],
  });
  return new Set(rows.map(({ emailId }) => emailId));
}
