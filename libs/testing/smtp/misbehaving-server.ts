// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { replyOf, type Action, type Phase, type Rulebook } from './rules.ts';

export type Connection = SMTPServer['connections'] extends Set<infer Each> ? Each : never;

/** The phases that begin by a command of the client. */
const PHASES: Partial<Record<string, Phase>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  MAIL: 'mail-from',
  RCPT: 'rcpt-to',
  DATA: 'data',
  QUIT: 'quit',
};

/**
 * An `smtp-server` that asks the rules before it answers. That package has hooks for some phases only, so its
 * connections are met where commands arrive; `smtp-sink.test.ts` shows for each phase that this holds.
 */
export function misbehavingServer(
  options: SMTPServerOptions,
  rules: Rulebook,
  onQuit: () => void = () => undefined,
): SMTPServer {
  const server = new SMTPServer({
    ...options,
    onConnect(session, callback) {
      const rule = rules.take('greeting');
      const connection = connectionOf(server, session.id);
      if (rule === undefined || connection === undefined) callback();
      else
        act(rule.action, connection, callback, ({ code, text }) => {
          callback(Object.assign(new Error(text), { responseCode: code }));
        });
    },
  });
  const connect = server.connect.bind(server);
  server.connect = (socket, socketOptions) => {
    const proceed = () => {
      const before = new Set(server.connections);
      connect(socket, socketOptions);
      for (const connection of server.connections)
        if (!before.has(connection)) askFirst(connection, rules, onQuit);
    };
    const rule = rules.take('connect');
    if (rule === undefined) proceed();
    else atConnect(rule.action, socket, proceed);
  };
  return server;
}

export const connectionOf = (server: SMTPServer, id: string): Connection | undefined =>
  [...server.connections].find((each) => each.id === id);

function askFirst(connection: Connection, rules: Rulebook, onQuit: () => void): void {
  const answer = connection._onCommand.bind(connection);
  connection._onCommand = (command, callback) => {
    const line = command.toString();
    const phase = PHASES[line.split(' ', 1)[0]?.toUpperCase() ?? ''];
    if (phase === 'quit') onQuit();
    const rule = phase === undefined ? undefined : rules.take(phase, recipientsAt(phase, line, connection));
    if (rule === undefined) {
      answer(command, callback);
      return;
    }
    act(
      rule.action,
      connection,
      () => {
        answer(command, callback);
      },
      ({ code, text }) => {
        connection.send(code, text);
        callback?.();
      },
    );
  };
}

function recipientsAt(phase: Phase, line: string, connection: Connection): string[] {
  if (phase === 'rcpt-to') return [/^RCPT TO:\s*<([^>]*)>/i.exec(line)?.[1] ?? ''];
  return phase === 'data' ? connection.session.envelope.rcptTo.map(({ address }) => address) : [];
}

/** Does what a rule says. `goOn` is what would have happened without it. */
export function act(
  action: Action,
  connection: Connection,
  goOn: () => void,
  reply: (reply: { code: number; text: string }) => void,
): void {
  if (action === 'hang') return;
  if (action === 'drop') connection._socket.destroy();
  else if ('delay' in action) setTimeout(goOn, action.delay);
  else if ('drip' in action) drip(connection._socket, action.drip);
  else reply(replyOf(action.reply));
}

function drip(socket: Socket, ms: number): void {
  socket.resume();
  const timer = setInterval(() => {
    socket.write('250-wait\r\n');
  }, ms);
  socket.once('close', () => {
    clearInterval(timer);
  });
}

function atConnect(action: Action, socket: Socket, proceed: () => void): void {
  socket.on('error', () => undefined);
  if (action === 'hang') socket.resume();
  else if (action === 'drop') socket.destroy();
  else if ('delay' in action) setTimeout(proceed, action.delay);
  else if ('drip' in action) drip(socket, action.drip);
  else socket.end(`${action.reply}\r\n`);
}
