// SPDX-License-Identifier: Apache-2.0
import { KeyUnavailableError, PinLockedError, WrongPinError } from '../../errors.ts';
import { Connection, type Which } from './connection.ts';
import { codeOf } from './cryptoki.ts';
import { isLost, isUnreachable } from './lost.ts';
import { startModule, type Module } from './module.ts';
import type { Session } from './session.ts';
import { settlesWithin } from './settles-within.ts';
import { turnstile } from './turnstile.ts';

export interface TokenAt {
  /** Path of the shared library that comes with the token. */
  readonly module: string;
  readonly token: Which;
  /** A function is asked at each login, for a PIN that may change. */
  readonly pin: string | (() => string);
  /**
   * How many operations at a time; further ones wait. Each has a thread of Node for itself, of which there are four
   * (`UV_THREADPOOL_SIZE`): a token that does not answer must leave one to all else. @default 3
   */
  readonly sessions?: number;
  /**
   * Milliseconds between two starts anew of a module that does not find the token any more. A token that was away is asked
   * again no sooner, either: logging in blocks the process. @default 10 s
   */
  readonly restartEveryMs?: number;
  /** Milliseconds after which a token that does not answer is away. @default 20 s */
  readonly answersWithinMs?: number;
}

/** A token one is logged in at. Shows nothing of its PIN when printed. */
export interface Pkcs11Token {
  /**
   * Does something in a session of its own. Where the token has ended the session meanwhile, logs in anew and does it
   * once more, once. Where it can not be reached, its module is started anew, once nobody is in a session of it. Where it
   * does not answer, it is not asked again before it has.
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
export async function openPkcs11Token(at: TokenAt): Promise<Pkcs11Token> {
  const started = await startModule(at.module);
  try {
    return await started.use(() => Promise.resolve(new OpenToken(started, at)));
  } catch (error) {
    started.close();
    throw error;
  }
}

class OpenToken implements Pkcs11Token {
  readonly #module: Module;
  readonly #pin: () => string;
  readonly #connect: (pin: string) => Connection;
  readonly #turns;
  readonly #restartEveryMs: number;
  readonly #answersWithinMs: number;
  /** Of the generation of the module that it was made in. */
  #connection: { made: Connection; generation: number } | null;
  /** Why nothing is tried any more. */
  #over: KeyUnavailableError | null = null;
  #refused: { pin: string; because: KeyUnavailableError } | null = null;
  #away: { until: number; because: KeyUnavailableError } | null = null;
  /** Operations that nobody waits for any more. */
  #hanging = 0;
  /** To be closed once none of them hangs: closing might wait for the same lock, and the process with it. */
  readonly #left = new Map<Connection, number>();
  #isShut = false;

  constructor(
    module: Module,
    { token, pin, sessions = 3, restartEveryMs = 10_000, answersWithinMs = 20_000 }: TokenAt,
  ) {
    this.#module = module;
    this.#pin = typeof pin === 'string' ? () => pin : pin;
    this.#connect = (withPin) => new Connection(module.cryptoki, token, withPin);
    this.#turns = turnstile(sessions);
    this.#restartEveryMs = restartEveryMs;
    this.#answersWithinMs = answersWithinMs;
    this.#connection = { made: this.#connect(this.#pin()), generation: module.generation };
  }

  use<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    return this.#turns.pass(async () => {
      if (this.#hanging > 0) throw unanswered();
      if (this.#away !== null && performance.now() < this.#away.until) throw this.#away.because;
      return await this.#twice(operate);
    });
  }

  async #twice<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(operate);
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    try {
      return await this.#attempt(operate);
    } catch (error) {
      if (!isLost(error)) throw error;
      const code = codeOf(error) ?? 'no code';
      throw this.#gone(new KeyUnavailableError(`the token ends every session (${code})`));
    }
  }

  #gone(because: KeyUnavailableError): KeyUnavailableError {
    this.#away = { until: performance.now() + this.#restartEveryMs, because };
    return because;
  }

  async #attempt<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    const { generation } = this.#module;
    const inSession = () => this.#answered(this.#module.use(() => this.#inSession(operate)));
    try {
      return await inSession();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (!(await this.#module.restart(generation, this.#restartEveryMs))) throw this.#gone(error.why);
    }
    return await inSession().catch((error: unknown) => {
      throw error instanceof Unreachable ? this.#gone(error.why) : error;
    });
  }

  /**
   * What does not come back keeps its session, its module and its thread; who asked goes on without it.
   *
   * @throws KeyUnavailableError where it takes too long.
   */
  async #answered<T>(operation: Promise<T>): Promise<T> {
    if (await settlesWithin(operation, this.#answersWithinMs)) return await operation;
    this.#hanging += 1;
    if (this.#connection !== null) this.#left.set(this.#connection.made, this.#connection.generation);
    this.#connection = null;
    const answered = () => {
      this.#hanging -= 1;
      if (this.#hanging > 0) return;
      for (const [connection, generation] of this.#left)
        if (generation === this.#module.generation) connection.close();
      this.#left.clear();
      if (this.#isShut) this.#end();
    };
    void operation.then(answered, answered);
    throw unanswered();
  }

  async #inSession<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    const connection = this.#connected();
    try {
      return await connection.withSession(operate);
    } catch (error) {
      const isAway = isUnreachable(error);
      if (isAway || isLost(error)) this.#forget(connection);
      throw isAway ? new Unreachable(error) : error;
    }
  }

  /** A PIN that was refused is not tried again, only another: the third time, the token would lock itself. */
  #connected(): Connection {
    const { generation } = this.#module;
    if (this.#connection?.generation === generation) return this.#connection.made;
    if (this.#over !== null) throw this.#over;
    // What is left of an earlier generation is not closed: its numbers may be another's now.
    this.#connection = null;
    const pin = this.#currentPin();
    if (this.#refused?.pin === pin) throw this.#refused.because;
    try {
      const made = this.#connect(pin);
      this.#connection = { made, generation };
      this.#refused = null;
      return made;
    } catch (error) {
      if (error instanceof WrongPinError || error instanceof PinLockedError) {
        this.#refused = { pin, because: error };
        throw error;
      }
      throw new Unreachable(error);
    }
  }

  #currentPin(): string {
    try {
      return this.#pin();
    } catch {
      throw new KeyUnavailableError('the PIN is not to be had');
    }
  }

  #forget(connection: Connection): void {
    if (this.#hanging > 0) this.#left.set(connection, this.#module.generation);
    else connection.close();
    if (this.#connection?.made === connection) this.#connection = null;
  }

  async close(): Promise<void> {
    this.#over ??= new KeyUnavailableError('the token was closed');
    await this.#turns.shut(this.#over);
    this.#isShut = true;
    this.#end();
  }

  #end(): void {
    // Whatever hangs in the module would hang whoever ends it.
    if (this.#hanging > 0) return;
    if (this.#connection?.generation === this.#module.generation) this.#connection.made.close();
    this.#connection = null;
    this.#module.close();
  }
}

const unanswered = () => new KeyUnavailableError('the token does not answer');

/** A token at which nobody can log in, or that does not answer who has. */
class Unreachable extends Error {
  readonly why: KeyUnavailableError;
  constructor(cause: unknown) {
    super('the token cannot be reached', { cause });
    this.why =
      cause instanceof KeyUnavailableError
        ? cause
        : new KeyUnavailableError(`the token cannot be reached (${codeOf(cause) ?? 'no code'})`);
  }
}
