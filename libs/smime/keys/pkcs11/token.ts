// SPDX-License-Identifier: Apache-2.0
import { KeyUnavailableError, PinLockedError, WrongPinError } from '../../errors.ts';
import { Connection, type Which } from './connection.ts';
import { codeOf } from './cryptoki.ts';
import { isLost } from './lost.ts';
import { startModule, type Module } from './module.ts';
import type { Session } from './session.ts';
import { turnstile } from './turnstile.ts';

export interface TokenAt {
  /** Path of the shared library that comes with the token. */
  readonly module: string;
  readonly token: Which;
  readonly pin: string;
  /** How many operations at a time; further ones wait. @default 4 */
  readonly sessions?: number;
}

/** A token one is logged in at. Shows nothing of its PIN when printed. */
export interface Pkcs11Token {
  /**
   * Does something in a session of its own. Where the token has ended the session meanwhile, logs in anew and does it
   * once more, once.
   *
   * @throws KeyUnavailableError where the token is away; else what `operate` throws.
   */
  use<T>(operate: (session: Session) => Promise<T>): Promise<T>;
  /** After what is under way; whoever asks later gets a KeyUnavailableError. */
  close(): Promise<void>;
}

/**
 * Logs in at a token.
 *
 * @throws KeyModuleError, TokenNotFoundError, WrongPinError, PinLockedError, or KeyUnavailableError with PKCS#11's code.
 */
export async function openPkcs11Token({ module, token, pin, sessions = 4 }: TokenAt): Promise<Pkcs11Token> {
  const started = await startModule(module);
  try {
    return new OpenToken(started, token, pin, sessions);
  } catch (error) {
    started.close();
    throw error;
  }
}

class OpenToken implements Pkcs11Token {
  readonly #module: Module;
  readonly #connect: () => Connection;
  readonly #turns;
  #connection: Connection | null;
  /** Why nothing is tried any more. */
  #over: KeyUnavailableError | null = null;

  constructor(module: Module, which: Which, pin: string, sessions: number) {
    this.#module = module;
    this.#connect = () => new Connection(module.cryptoki, which, pin);
    this.#turns = turnstile(sessions);
    this.#connection = this.#connect();
  }

  use<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    return this.#turns.pass(async () => {
      try {
        return await this.#attempt(operate);
      } catch (error) {
        if (!isLost(error)) throw error;
      }
      try {
        return await this.#attempt(operate);
      } catch (error) {
        if (!isLost(error)) throw error;
        throw new KeyUnavailableError(`the token ends every session (${codeOf(error) ?? 'no code'})`);
      }
    });
  }

  async #attempt<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    const connection = (this.#connection ??= this.#reconnect());
    try {
      return await connection.withSession(operate);
    } catch (error) {
      if (isLost(error)) this.#forget(connection);
      throw error;
    }
  }

  /** A PIN that was refused is not tried again: the third time, the token would lock itself. */
  #reconnect(): Connection {
    if (this.#over !== null) throw this.#over;
    try {
      return this.#connect();
    } catch (error) {
      if (error instanceof WrongPinError || error instanceof PinLockedError) this.#over = error;
      throw error;
    }
  }

  #forget(connection: Connection): void {
    connection.close();
    if (this.#connection === connection) this.#connection = null;
  }

  async close(): Promise<void> {
    this.#over ??= new KeyUnavailableError('the token was closed');
    await this.#turns.shut(this.#over);
    this.#connection?.close();
    this.#connection = null;
    this.#module.close();
  }
}
