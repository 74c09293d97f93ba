// SPDX-License-Identifier: Apache-2.0
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { WrongKeyEncryptionKeyError, type KeyEncryptionKey } from './key-encryption-key.ts';

export interface Owner {
  emailId: EmailId;
  tenantId: TenantId;
}

export interface DataKey {
  key: KeyObject;
  tenantId: TenantId;
}

/** A data key as it is stored; `wrapped` is null where it was destroyed. */
export interface DataKeyRow {
  tenant_id: TenantId | null;
  kek_id: string | null;
  wrapped: Buffer | null;
}

/** How long a process goes on with a data key that another one destroyed, milliseconds: see README. */
export const CACHE_LIFE = 10_000;
const CACHE_SIZE = 4_096;

/** The data keys of emails in Postgres, wrapped; unwrapped ones are remembered for a short while. */
export class DataKeys {
  readonly #pool: Pool;
  readonly #kek: KeyEncryptionKey;
  readonly #clock: () => Date;
  #forgettings = 0;
  /** By last use, oldest first. A promise, so that one email is looked up once at a time. */
  readonly #cache = new Map<EmailId, { found: Promise<DataKey | 'erased' | null>; until: number }>();

  constructor(pool: Pool, kek: KeyEncryptionKey, clock: () => Date) {
    this.#pool = pool;
    this.#kek = kek;
    this.#clock = clock;
  }

  /** A new one, to be stored with what it encrypts. */
  async generate({ emailId, tenantId }: Owner): Promise<DataKey & { wrapped: Buffer; kekId: string }> {
    const key = randomBytes(32);
    const wrapped = await this.#kek.wrap(key, contextOf(emailId, tenantId));
    return { key: createSecretKey(key), tenantId, wrapped, kekId: this.#kek.id };
  }

  /** The email's data key, from memory where it was used in the last {@link CACHE_LIFE}. */
  async find(emailId: EmailId): Promise<DataKey | 'erased' | null> {
    const known = this.#recall(emailId);
    if (known !== undefined) return known;
    return this.#remember(emailId, this.#load(emailId));
  }

  /** The email's data key where it is in memory. */
  async recall(emailId: EmailId): Promise<DataKey | null> {
    const found = await this.#recall(emailId);
    return typeof found === 'object' ? found : null;
  }

  /** To be taken before a question to the database whose answer is to be remembered. */
  get moment(): number {
    return this.#forgettings;
  }

  /** Keeps a key in memory, unless something was forgotten since: it may have been this one. */
  remember(emailId: EmailId, { key, tenantId }: DataKey, asOf: number): void {
    // Nothing else of what was given: a small buffer keeps the large one alive that it was cut from.
    if (asOf === this.#forgettings) void this.#remember(emailId, Promise.resolve({ key, tenantId }));
  }

  forget(emailId: EmailId): void {
    this.#forgettings += 1;
    this.#cache.delete(emailId);
  }

  /** The email's data key, made where there is none yet. */
  async findOrCreate(owner: Owner): Promise<DataKey | 'erased'> {
    const found = await this.find(owner.emailId);
    if (found !== null) return checkTenant(found, owner);
    const made = await this.generate(owner);
    const asOf = this.moment;
    const { rowCount } = await this.#pool.query(
      'insert into data_keys (email_id, tenant_id, kek_id, wrapped) values ($1, $2, $3, $4) on conflict do nothing',
      [owner.emailId, owner.tenantId, made.kekId, made.wrapped],
    );
    if (rowCount === 1) {
      this.remember(owner.emailId, made, asOf);
      return made;
    }
    const theirs = await this.find(owner.emailId);
    if (theirs === null) throw new Error(`the data key of email ${owner.emailId} vanished`);
    return checkTenant(theirs, owner);
  }

  /**
   * The key in a row that was read since the moment `asOf`, from memory where it is there: as long as it is not
   * destroyed, an email's data key stays the same.
   */
  async open(emailId: EmailId, row: DataKeyRow, asOf: number): Promise<DataKey | 'erased'> {
    if (row.wrapped === null) return 'erased';
    const known = await this.recall(emailId);
    if (known !== null) return known;
    const key = await this.#unwrap(emailId, row);
    if (key !== 'erased') this.remember(emailId, key, asOf);
    return key;
  }

  async #unwrap(emailId: EmailId, row: DataKeyRow): Promise<DataKey | 'erased'> {
    const { wrapped, kek_id: kekId, tenant_id: tenantId } = row;
    if (wrapped === null || tenantId === null) return 'erased';
    if (kekId !== this.#kek.id) {
      throw new WrongKeyEncryptionKeyError(
        `the data key of email ${emailId} was wrapped by key-encryption key ${kekId ?? 'unknown'}, the one given is ${this.#kek.id}`,
      );
    }
    const key = await this.#kek.unwrap(wrapped, contextOf(emailId, tenantId));
    return { key: createSecretKey(key), tenantId };
  }

  async #load(emailId: EmailId): Promise<DataKey | 'erased' | null> {
    const { rows } = await this.#pool.query<DataKeyRow>({
      name: 'vault/data-key',
      text: 'select tenant_id, kek_id, wrapped from data_keys where email_id = $1',
      values: [emailId],
    });
    return rows[0] === undefined ? null : this.#unwrap(emailId, rows[0]);
  }

  #recall(emailId: EmailId): Promise<DataKey | 'erased' | null> | undefined {
    const entry = this.#cache.get(emailId);
    if (entry === undefined) return undefined;
    this.#cache.delete(emailId);
    if (entry.until <= this.#clock().getTime()) return undefined;
    this.#cache.set(emailId, entry);
    return entry.found;
  }

  async #remember(
    emailId: EmailId,
    found: Promise<DataKey | 'erased' | null>,
  ): Promise<DataKey | 'erased' | null> {
    // The life begins with the question, not the answer: what was erased in between is not kept any longer.
    const entry = { found, until: this.#clock().getTime() + CACHE_LIFE };
    this.#cache.delete(emailId);
    this.#cache.set(emailId, entry);
    for (const [oldest, { until }] of this.#cache) {
      if (this.#cache.size <= CACHE_SIZE && until > this.#clock().getTime()) break;
      this.#cache.delete(oldest);
    }
    let keep = false;
    try {
      const key = await found;
      keep = typeof key === 'object' && key !== null;
      return key;
    } finally {
      if (!keep && this.#cache.get(emailId) === entry) this.#cache.delete(emailId);
    }
  }
}

/** @throws Error where the email is another tenant's. */
export function checkTenant(found: DataKey | 'erased', owner: Owner): DataKey | 'erased' {
  if (found === 'erased' || found.tenantId === owner.tenantId) return found;
  throw new Error(`email ${owner.emailId} belongs to another tenant`);
}

const contextOf = (emailId: EmailId, tenantId: TenantId): string => `data key of ${tenantId} ${emailId}`;
