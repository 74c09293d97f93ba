// SPDX-License-Identifier: Apache-2.0
/** An entity gave other bytes, when read again, than it had said: nothing made of it may leave. */
export class EntityChangedError extends Error {
  override name = 'EntityChangedError';

  constructor(message = 'the content changed its length between two readings') {
    super(message);
  }
}

/** The bytes are no certificate, or one that cannot be read to the end. */
export class UnreadableCertificateError extends Error {
  override name = 'UnreadableCertificateError';
}

/** The certificate is sound but its key cannot be used for this. */
export class UnsuitableCertificateError extends Error {
  override name = 'UnsuitableCertificateError';
}

/**
 * What was asked for lies under what is ever created here: AES-128, SHA-256, RSA-2048 and curves of 256 bits. A
 * weaker message is no message; find another certificate, or another way.
 */
export class BelowPolicyFloorError extends UnsuitableCertificateError {
  override name = 'BelowPolicyFloorError';
}

/** The bytes are no private key, or no PKCS#12 file, that can be read. Says nothing of what is in them. */
export class UnreadableKeyError extends Error {
  override name = 'UnreadableKeyError';
}

/** The password does not open the PKCS#12 file. */
export class WrongPasswordError extends Error {
  override name = 'WrongPasswordError';
}

/** The private key and the certificate are not a pair. */
export class KeyMismatchError extends Error {
  override name = 'KeyMismatchError';
}

/**
 * The key could not be asked: its token is away, its service does not answer. Says nothing of the message it was asked
 * about, and later it may go.
 */
export class KeyUnavailableError extends Error {
  override name = 'KeyUnavailableError';
}

/** PKCS#11 cannot be used here: its addon was not built, or the module of the token is not there or does not start. */
export class KeyModuleError extends KeyUnavailableError {
  override name = 'KeyModuleError';
}

/** No slot has such a token, or several have one. */
export class TokenNotFoundError extends KeyUnavailableError {
  override name = 'TokenNotFoundError';
}

/** The token does not take this PIN. An open token never tries it a second time, as tokens count and lock themselves. */
export class WrongPinError extends KeyUnavailableError {
  override name = 'WrongPinError';
}

/** The token has locked its PIN after too many wrong ones: its security officer must set a new one. */
export class PinLockedError extends KeyUnavailableError {
  override name = 'PinLockedError';
}

/** The token has no such private key, or several. */
export class KeyNotFoundError extends KeyUnavailableError {
  override name = 'KeyNotFoundError';
}

/** Making the signature or wrapping the content key failed; OpenSSL's code, never its data. */
export class CryptographicOperationError extends Error {
  override name = 'CryptographicOperationError';
}

/** Wraps what OpenSSL threw: its code helps an operator, its other fields might hold what they should not. */
export function cryptographicFailure(operation: string, thrown: unknown): CryptographicOperationError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no code';
  return new CryptographicOperationError(`${operation} failed (${code})`);
}
