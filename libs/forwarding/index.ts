// SPDX-License-Identifier: Apache-2.0
export { forwardsOutside } from './forwards-outside.ts';
export { readMailboxList, type Forwarding, type ListFault, type MailboxList } from './mailbox-list.ts';
