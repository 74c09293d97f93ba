// SPDX-License-Identifier: Apache-2.0
/** What is wrong with the header of a message; stable, for answers to a client. */
export type MalformedMessageCode =
  'no-header' | 'header-too-long' | 'header-cut-off' | 'bad-field' | 'bare-cr-or-lf' | 'nul';

const SENTENCES: Record<MalformedMessageCode, string> = {
  'no-header': 'the message has no header (RFC 5322 §3.5)',
  'header-too-long': 'the header is longer than allowed',
  'header-cut-off': 'the message ends within a header line',
  'bad-field': 'a header line is neither "name: value" nor a folded continuation (RFC 5322 §2.2)',
  'bare-cr-or-lf': 'the message contains a CR or LF that is not part of a CRLF (RFC 5322 §2.3)',
  nul: 'the header contains a NUL octet',
};

/** The bytes are no Internet message. The text never repeats them. */
export class MalformedMessageError extends Error {
  override name = 'MalformedMessageError';
  readonly code: MalformedMessageCode;
  /** The number of the offending header line, from 1, where one is to blame. */
  readonly line: number | undefined;

  constructor(code: MalformedMessageCode, line?: number) {
    super(line === undefined ? SENTENCES[code] : `${SENTENCES[code]}, line ${line}`);
    this.code = code;
    this.line = line;
  }
}

/** Why a message will not be written; stable, for answers to a client. */
export type RefusedFieldCode =
  'bad-name' | 'reserved-name' | 'bad-value' | 'bad-address' | 'bad-content-type' | 'bad-message-id';

/** A header field, address or attachment that must not be written. The text names the field, never its value. */
export class RefusedFieldError extends Error {
  override name = 'RefusedFieldError';
  readonly code: RefusedFieldCode;

  constructor(code: RefusedFieldCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A message has more parts, or longer headers, than can be looked through: nothing of it is known to be harmless. */
export class UnneutralisableError extends Error {
  override name = 'UnneutralisableError';
}
