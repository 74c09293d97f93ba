// SPDX-License-Identifier: Apache-2.0
export { forwardsOutside, isUnshown, unshownIn } from './forwards-outside.ts';
export { forwardingsInGraph, type GraphProgress } from './graph/forwardings-in-graph.ts';
export { graphClient, GraphError, type GraphAccess, type GraphClient } from './graph/graph-client.ts';
export {
  readMailboxList,
  type Called,
  type Forwarding,
  type ListFault,
  type MailboxList,
  type Unshown,
} from './mailbox-list.ts';
export { writeMailboxList } from './write-mailbox-list.ts';
