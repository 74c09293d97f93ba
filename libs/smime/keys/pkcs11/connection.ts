// SPDX-License-Identifier: Apache-2.0
import { PinLockedError, TokenNotFoundError, WrongPinError } from '../../errors.ts';
import { CK, codeOf, type Cryptoki, type Handle } from './cryptoki.ts';
import { isOfTheDevice, reaching } from './lost.ts';
import { findPrivateKey, keyName, type KeyAt, type Session } from './session.ts';

/** A token by its label, or by the number of its slot. */
export type Which = { readonly label: string } | { readonly slot: number };

/**
 * Logged in at a token, with sessions that are used again. The first of them does nothing but stay: with its last
 * session a token logs us out.
 */
export class Connection {
  readonly #cryptoki: Cryptoki;
  readonly #slot: Handle;
  readonly #first: Handle;
  readonly #idle: Handle[] = [];
  readonly #keys = new Map<string, Handle>();
  #closed = false;

  /** @throws TokenNotFoundError, WrongPinError, PinLockedError, KeyUnavailableError. */
  constructor(cryptoki: Cryptoki, which: Which, pin: string) {
    this.#cryptoki = cryptoki;
    this.#slot = reaching(() => findSlot(cryptoki, which));
    this.#first = reaching(() => this.#open());
    try {
      reaching(() => {
        logIn(cryptoki, this.#first, pin);
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Gives one operation a session for itself. */
  async withSession<T>(operate: (session: Session) => Promise<T>): Promise<T> {
    const session = reaching(() => this.#take());
    try {
      return await operate(session);
    } finally {
      this.#give(session);
    }
  }

  #take(): Session {
    const handle = this.#idle.pop() ?? this.#another();
    const key = (at: KeyAt) => {
      const found = this.#keys.get(keyName(at)) ?? this.#find(handle, at);
      this.#keys.set(keyName(at), found);
      return found;
    };
    const checkIsThere = (failed: unknown) => {
      reaching(() => {
        this.#cryptoki.C_GetTokenInfo(this.#slot);
        if (isOfTheDevice(failed)) throw failed;
      });
    };
    return { cryptoki: this.#cryptoki, handle, key, checkIsThere };
  }

  #find(session: Handle, at: KeyAt): Handle {
    return reaching(() => {
      try {
        return findPrivateKey(this.#cryptoki, session, at);
      } catch (error) {
        // A token that went away may seem to be empty; asked for itself, it is not there.
        this.#cryptoki.C_GetTokenInfo(this.#slot);
        throw error;
      }
    });
  }

  /** A failed operation is over (PKCS#11 §5.2), so its session is as good as any. */
  #give({ handle }: Session): void {
    if (this.#closed) this.#end(handle);
    else this.#idle.push(handle);
  }

  /** Ends what is idle now, and the others as they are given back. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const handle of [...this.#idle.splice(0), this.#first]) this.#end(handle);
  }

  /** Where the first was ended, we are logged out, and a new session would see no private key. */
  #another(): Handle {
    this.#cryptoki.C_GetSessionInfo(this.#first);
    return this.#open();
  }

  #open(): Handle {
    return this.#cryptoki.C_OpenSession(this.#slot, CK.CKF_SERIAL_SESSION);
  }

  #end(handle: Handle): void {
    try {
      this.#cryptoki.C_CloseSession(handle);
    } catch (error) {
      // It is no more, which is what was wanted.
      if (codeOf(error) === null) throw error;
    }
  }
}

function findSlot(cryptoki: Cryptoki, which: Which): Handle {
  const slots = cryptoki.C_GetSlotList(true);
  const found =
    'slot' in which
      ? slots.filter((slot) => slotNumber(slot) === which.slot)
      : slots.filter((slot) => cryptoki.C_GetTokenInfo(slot).label.trimEnd() === which.label);
  const [slot] = found;
  if (slot === undefined || found.length > 1) {
    const name = 'slot' in which ? `in slot ${which.slot}` : `with the label ${JSON.stringify(which.label)}`;
    throw new TokenNotFoundError(`there is ${slot === undefined ? 'no' : 'more than one'} token ${name}`);
  }
  return slot;
}

/** A CK_ULONG of 4 octets on Windows, of 8 elsewhere; every machine that Node runs on has the lowest first. */
const slotNumber = (slot: Handle) => slot.readUIntLE(0, Math.min(slot.length, 6));

function logIn(cryptoki: Cryptoki, session: Handle, pin: string): void {
  try {
    cryptoki.C_Login(session, CK.CKU_USER, pin);
  } catch (error) {
    switch (codeOf(error)) {
      case 'CKR_USER_ALREADY_LOGGED_IN':
        return;
      case 'CKR_PIN_INCORRECT':
      case 'CKR_PIN_INVALID':
      case 'CKR_PIN_LEN_RANGE':
        throw new WrongPinError('the token does not take this PIN');
      case 'CKR_PIN_LOCKED':
        throw new PinLockedError('the token has locked its PIN: its security officer must set a new one');
      case null:
      default:
        throw error;
    }
  }
}
