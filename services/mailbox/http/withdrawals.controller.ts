// SPDX-License-Identifier: Apache-2.0
import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { EmailId, RecipientId } from '@securemail/contracts';
import {
  jsonBody,
  maySendAs,
  PLATFORM,
  Problem,
  requirePrincipal,
  type Platform,
  type Principal,
} from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { messagesOfEmail, type StoredMessage } from '../adapters/messages.ts';
import { withdraw } from '../withdrawing.ts';

export const WithdrawRequest = z.strictObject({
  recipientIds: z
    .array(RecipientId)
    .min(1)
    .max(1_000)
    .optional()
    .describe('From whom; default: from all for whom it lies in SecureMailBox'),
});

/** Takes back what lies in SecureMailBox. What was read was read: whether it was, is told. */
@Controller('v1/emails/:emailId/withdraw')
export class WithdrawalsController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  /** Once: asked for again, it says when that was. */
  @Post()
  @HttpCode(200)
  async withdraw(@Req() request: Request, @Param('emailId') id: string) {
    const { tenants, pool } = this.platform;
    const principal = requirePrincipal(request, tenants.values(), 'emails:send');
    const { recipientIds } = await jsonBody(request, WithdrawRequest);
    const emailId = EmailId.safeParse(id);
    const find = async () =>
      emailId.success ? await messagesOfEmail(pool, principal.tenantId, emailId.data) : [];
    const asked = (await find()).filter(
      (message) => recipientIds === undefined || recipientIds.includes(message.recipientId),
    );
    const [first, ...more] = asked;
    if (first === undefined || !(await this.#isOfSender(first, principal)))
      throw new Problem('not-in-mailbox', 'Nothing is there to be taken back.');
    const at = new Date();
    await withdraw([first, ...more], this.platform, { by: principal.keyId, at });
    const ids = new Set(asked.map(({ messageId }) => messageId));
    const now = (await find()).filter(({ messageId }) => ids.has(messageId));
    return {
      emailId: id,
      recipients: now.map(({ recipientId, openedAt, withdrawnAt }) => ({
        recipientId,
        openedAt: openedAt?.toISOString() ?? null,
        withdrawnAt: withdrawnAt?.toISOString() ?? null,
      })),
    };
  }

  /** Whoever may send as him may take back what he sent. */
  async #isOfSender(message: StoredMessage, principal: Principal): Promise<boolean> {
    const event = await this.platform.store.open(message.protected);
    const sender = event.name === 'EmailProtected' ? (event.personal?.mailFrom ?? null) : null;
    return sender !== null && maySendAs(principal, sender);
  }
}
