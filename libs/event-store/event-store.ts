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
   * Appends to a stream, as part of `tx`: the events exist, for this service and for its readers, once that commits.
   * Let it be the transaction's first write: readers go by transaction ids, and those are given at the first write.
   *
   * @param expectedSequence how many events the stream had when it was read; 0 begins it.
   * @throws ConcurrencyError where it has more or fewer, or where `tx` began to write before the stream's last event
   *   was appended, so that readers would see the two in the wrong order. `tx` must be rolled back.
   * @throws Error for a body that does not fit the catalogue, and for an event type of another service.
   */
  async append(
    tx: Transaction,
    stream: { emailId: EmailId; tenantId: TenantId },
    expectedSequence: number,
    events: readonly NewEvent[],
    context: { traceparent?: string | null } = {},
  ): Promise<SealedEvent[]> {
    if (events.length === 0) return [];
    const time = this.#clock().toISOString();
    const traceparent = context.traceparent ?? null;
    const sealed = await Promise.all(
      events.map(async (event, index): Promise<SealedEvent> => {
        const { name, version, data, personal } = checkBody(event, this.service);
        const attributes = { id: newEventId(), name, version };
        return {
          ...attributes,
          source: this.service,
          time,
          emailId: stream.emailId,
          tenantId: stream.tenantId,
          sequence: expectedSequence + index + 1,
          traceparent,
          data,
          personal:
            personal === null
              ? null
              : await this.#cipher.seal(stream, Buffer.from(JSON.stringify(personal)), boundTo(attributes)),
        };
      }),
    );
    await insert(tx, stream, expectedSequence, sealed);
    return sealed;
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

  /** How many events the stream has; what {@link append} expects of one who need not know what they say. */
  async lengthOf(executor: Pool | Transaction, emailId: EmailId): Promise<number> {
    const { rows } = await executor.query<{ length: number }>({
      name: 'event-store/length-of',
      text: 'select coalesce(max(sequence), 0) as length from events where email_id = $1',
      values: [emailId],
    });
    return rows[0]?.length ?? 0;
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

const INSERT = `
  insert into events (email_id, tenant_id, sequence, id, name, version, source, time, traceparent, data, personal)
  select $1::uuid, $2::text, $3::int + e.ordinal, e.id, e.name, e.version, $4::text, $5::timestamptz, $6::text,
         e.data::jsonb, e.personal
  from unnest($7::uuid[], $8::text[], $9::int[], $10::text[], $11::text[])
       with ordinality as e (id, name, version, data, personal, ordinal)
  where $3 = 0 or exists (
    select from events last
    where last.email_id = $1 and last.sequence = $3 and last.tenant_id = $2 and last.txid <= pg_current_xact_id())
  order by e.ordinal`;

async function insert(
  tx: Transaction,
  { emailId, tenantId }: { emailId: EmailId; tenantId: TenantId },
  expectedSequence: number,
  events: readonly SealedEvent[],
): Promise<void> {
  const values = [
    emailId,
    tenantId,
    expectedSequence,
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
    const { rowCount } = await tx.query({ name: 'event-store/append', text: INSERT, values });
    if (rowCount === events.length) return;
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new ConcurrencyError(
      `the stream of email ${emailId} has more than ${expectedSequence} events: someone appended meanwhile`,
    );
  }
  throw await whyNothingWasInserted(tx, emailId, tenantId, expectedSequence);
}

const isTaken = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  error.code === '23505' &&
  error.constraint === 'events_email_id_sequence_key';

async function whyNothingWasInserted(
  tx: Transaction,
  emailId: EmailId,
  tenantId: TenantId,
  expectedSequence: number,
): Promise<Error> {
  const { rows } = await tx.query<{ sequence: number; tenant_id: TenantId }>(
    'select sequence, tenant_id from events where email_id = $1 order by sequence desc limit 1',
    [emailId],
  );
  const last = rows[0];
  if (last !== undefined && last.tenant_id !== tenantId) {
    return new Error(`the stream of email ${emailId} belongs to another tenant`);
  }
  const length = last?.sequence ?? 0;
  return new ConcurrencyError(
    length === expectedSequence
      ? `the transaction began to write before the last event of email ${emailId} was appended`
      : `the stream of email ${emailId} has ${length} events, not ${expectedSequence}`,
  );
}
