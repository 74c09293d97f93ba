// SPDX-License-Identifier: Apache-2.0
import {
  newEventId,
  readEvent,
  UnreadableEventError,
  type DomainEvent,
  type EmailId,
  type NewEvent,
  type SealedEvent,
  type ServiceName,
  type TenantId,
} from '@securemail/contracts';
import pg from 'pg';
import { checkBody } from './check-body.ts';
import type { PersonalCipher } from './personal-cipher.ts';
import type { Pool, Transaction } from './pool.ts';
import { SEALED_COLUMNS, sealedEvent, type SealedRow } from './sealed-row.ts';

/** Someone else appended to the stream meanwhile: roll back, read it again, decide again. */
export class ConcurrencyError extends Error {
  override name = 'ConcurrencyError';
}

export interface AppendOptions {
  traceparent?: string | null;
  /**
   * A statement that changes rows and returns them, with its values as `$1` and on. It and the append are one statement:
   * both happen, or neither; and nothing is appended where it returns no row.
   */
  when?: { name: string; text: string; values: readonly unknown[] };
}

export interface EventStoreOptions {
  /** Whose events these are; no others are taken. */
  service: ServiceName;
  cipher: PersonalCipher;
  clock?: () => Date;
}

/** A service's own streams, one for each email. */
export class EventStore {
  readonly service: ServiceName;
  readonly #cipher: PersonalCipher;
  readonly #clock: () => Date;

  constructor({ service, cipher, clock = () => new Date() }: EventStoreOptions) {
    this.service = service;
    this.#cipher = cipher;
    this.#clock = clock;
  }

  /**
   * Appends to a stream, in one statement: of its own where it is given a pool, or as part of a transaction, and then
   * the events exist, for this service and for its readers, once that commits. Let it be the transaction's first write:
   * readers go by transaction ids, and those are given at the first write.
   *
   * @param expectedSequence how many events the stream had when it was read; 0 begins it. `'any'`: what is appended is
   *   true whatever else was.
   * @throws ConcurrencyError where it has more or fewer, where another one appended at the same moment, or where the
   *   transaction began to write before the stream's last event was appended, so that readers would see the two in the
   *   wrong order. The transaction must be rolled back.
   * @returns what was appended; nothing where {@link AppendOptions.when} did not hold.
   * @throws Error for a body that does not fit the catalogue, and for an event type of another service.
   */
  async append(
    executor: Pool | Transaction,
    stream: { emailId: EmailId; tenantId: TenantId },
    expectedSequence: number | 'any',
    events: readonly NewEvent[],
    { traceparent = null, when }: AppendOptions = {},
  ): Promise<SealedEvent[]> {
    if (events.length === 0) return [];
    const time = this.#clock().toISOString();
    const sealed = await Promise.all(
      events.map(async (event): Promise<Omit<SealedEvent, 'sequence'>> => {
        const { name, version, data, personal } = checkBody(event, this.service);
        const attributes = { id: newEventId(), name, version };
        return {
          ...attributes,
          source: this.service,
          time,
          emailId: stream.emailId,
          tenantId: stream.tenantId,
          traceparent,
          data,
          personal:
            personal === null
              ? null
              : await this.#cipher.seal(stream, Buffer.from(JSON.stringify(personal)), boundTo(attributes)),
        };
      }),
    );
    const first = await insert(executor, stream, expectedSequence, sealed, when);
    if (first === null) return [];
    return sealed.map((event, index) => ({ ...event, sequence: first + index }));
  }

  /** The stream in order, every event in its current version; empty where there is none. */
  async readStream(executor: Pool | Transaction, emailId: EmailId): Promise<DomainEvent[]> {
    const { rows } = await executor.query<SealedRow>({
      name: 'event-store/read-stream',
      text: `select ${SEALED_COLUMNS} from events where email_id = $1 order by sequence`,
      values: [emailId],
    });
    return Promise.all(rows.map((row) => this.open(sealedEvent(row))));
  }

  /**
   * Decrypts an event, of whichever service, and reads it in its current version.
   *
   * @throws UnreadableEventError where it does not authenticate, or does not fit the catalogue.
   */
  async open(sealed: SealedEvent): Promise<DomainEvent> {
    if (sealed.personal === null) return readEvent(sealed, null);
    const plaintext = await this.#cipher.open(sealed, sealed.personal, boundTo(sealed));
    return readEvent(sealed, plaintext === null ? undefined : parsePersonal(sealed, plaintext));
  }
}

/** A personal part belongs to its event and cannot be moved to another. */
const boundTo = ({ id, name, version }: Pick<SealedEvent, 'id' | 'name' | 'version'>): string =>
  `securemail event ${id} ${name} v${version}`;

function parsePersonal(event: SealedEvent, plaintext: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(plaintext).toString('utf8'));
  } catch {
    // The parser's message would quote what it could not read.
    throw new UnreadableEventError(`the personal part of event ${event.id} is no JSON`);
  }
}

/** What must not be stands as null where none may be, so that it fails as a whole, and with it what it is part of. */
const insertWhere = (condition: string) => `
  last as (
    select sequence, tenant_id, txid from events where email_id = $1 order by sequence desc limit 1
  )
  insert into events (email_id, tenant_id, sequence, id, name, version, source, time, traceparent, data, personal)
  select $1::uuid,
         case when not exists (select from last where tenant_id <> $2) then $2::text end,
         case when ($3::int is null or $3 = coalesce((select sequence from last), 0))
               and not exists (select from last where txid > pg_current_xact_id())
              then coalesce((select sequence from last), 0) + e.ordinal end,
         e.id, e.name, e.version, $4::text, $5::timestamptz, $6::text, e.data::jsonb, e.personal
  from unnest($7::uuid[], $8::text[], $9::int[], $10::text[], $11::text[])
       with ordinality as e (id, name, version, data, personal, ordinal)
  where ${condition}
  order by e.ordinal
  returning sequence`;
const PARAMETERS = 11;

function statementFor(when: AppendOptions['when']): {
  name: string;
  text: string;
  values: readonly unknown[];
} {
  if (when === undefined)
    return { name: 'event-store/append', text: `with ${insertWhere('true')}`, values: [] };
  const shifted = when.text.replaceAll(/\$(\d+)/g, (_, place) => `$${Number(place) + PARAMETERS}`);
  return {
    name: `event-store/append when ${when.name}`,
    text: `with held as (${shifted}), ${insertWhere('exists (select from held)')}`,
    values: when.values,
  };
}

/** @returns the sequence of the first; null where `when` did not hold. */
async function insert(
  executor: Pool | Transaction,
  { emailId, tenantId }: { emailId: EmailId; tenantId: TenantId },
  expectedSequence: number | 'any',
  events: readonly Omit<SealedEvent, 'sequence'>[],
  when: AppendOptions['when'],
): Promise<number | null> {
  const { name, text, values } = statementFor(when);
  const own = [
    emailId,
    tenantId,
    expectedSequence === 'any' ? null : expectedSequence,
    events[0]?.source,
    events[0]?.time,
    events[0]?.traceparent,
    events.map((event) => event.id),
    events.map((event) => event.name),
    events.map((event) => event.version),
    events.map((event) => JSON.stringify(event.data)),
    events.map((event) => event.personal),
  ];
  try {
    const { rows } = await executor.query<{ sequence: number }>({ name, text, values: [...own, ...values] });
    return rows.length === 0 ? null : Math.min(...rows.map(({ sequence }) => sequence));
  } catch (error) {
    throw meaningOf(error, emailId) ?? error;
  }
}

function meaningOf(error: unknown, emailId: EmailId): Error | null {
  if (!(error instanceof pg.DatabaseError)) return null;
  if (error.code === UNIQUE_VIOLATION && error.constraint === 'events_email_id_sequence_key')
    return new ConcurrencyError(`someone appended to the stream of email ${emailId} at the same moment`);
  if (error.code !== NOT_NULL_VIOLATION || error.table !== 'events') return null;
  if (error.column === 'tenant_id')
    return new Error(`the stream of email ${emailId} belongs to another tenant`);
  return new ConcurrencyError(
    `the stream of email ${emailId} is not as long as was expected, or has grown since this transaction began to write`,
  );
}

const UNIQUE_VIOLATION = '23505';
const NOT_NULL_VIOLATION = '23502';
