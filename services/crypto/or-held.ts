// SPDX-License-Identifier: Apache-2.0
import type { EmailId, NewEvent } from '@securemail/contracts';
import { AwayError, reasonOf } from '@securemail/event-log';
import { MalformedMessageError } from '@securemail/mime';
import type { Platform } from '@securemail/service';
import {
  CryptographicOperationError,
  KeyUnavailableError,
  UnsuitableCertificateError,
} from '@securemail/smime';
import { ContentDamagedError, ContentMissingError } from '@securemail/vault';
import { PlanOutdatedError } from './adapters/protector.ts';
import { failed, type Planned } from './domain/plan.ts';

/**
 * What `make` says, or that the recipients are held: a fault of the message itself is decided here; a fault of ours
 * (database, vault, a key that is away) is thrown, and tried again.
 */
export async function orHeld(
  message: Planned,
  emailId: EmailId,
  logger: Platform['logger'],
  make: () => Promise<NewEvent[]>,
): Promise<NewEvent[]> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof ContentDamagedError || error instanceof ContentMissingError) {
      logger.error({ emailId, reason: reasonOf(error) }, 'content unreadable: held');
      return failed(message, 'content-unreadable');
    }
    if (FAULTS.some((fault) => error instanceof fault)) {
      logger.error({ emailId, reason: reasonOf(error) }, 'message could not be made: held');
      return failed(message, 'protection-failed');
    }
    if (error instanceof KeyUnavailableError) {
      throw new AwayError(`a key can not be asked (${error.name})`, { cause: error });
    }
    throw error;
  }
}

const FAULTS = [
  MalformedMessageError,
  CryptographicOperationError,
  UnsuitableCertificateError,
  PlanOutdatedError,
];
