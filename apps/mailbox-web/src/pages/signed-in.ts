// SPDX-License-Identifier: Apache-2.0
/** Pages that nobody sees first, and what only they need: fetched together, once. */
export { ConversationPage } from './conversation-page.tsx';
export { LetterPage } from './letter-page.tsx';
export { MessagePage } from './message-page.tsx';
export { MessagesPage } from './messages-page.tsx';
export { SessionsPage } from './sessions-page.tsx';
