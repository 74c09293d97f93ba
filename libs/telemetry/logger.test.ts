// SPDX-License-Identifier: Apache-2.0
import { createLogger, startTelemetry, withSafeMessage, withSpan, type Logger } from './index.ts';

function logged(work: (logger: Logger) => void, level = 'debug'): Record<string, unknown>[] {
  const lines: string[] = [];
  work(createLogger('intake', { level, destination: { write: (line) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes level, time, service and message, and correlates a line with the active span', async () => {
  const telemetry = await startTelemetry({ serviceName: 'test' });
  try {
    await withSpan('t', 'x', {}, (span) => {
      const [line] = logged((logger) => {
        logger.info({ emails: 3, count: 3 }, 'accepted');
      });
      expect(line).toMatchObject({ level: 'info', service: 'intake', msg: 'accepted', count: 3 });
      expect(line).toMatchObject({
        trace_id: span.spanContext().traceId,
        span_id: span.spanContext().spanId,
      });
      expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      return Promise.resolve();
    });
  } finally {
    await telemetry.shutdown();
  }
});

it('takes its level from LOG_LEVEL, and falls back to info with a warning for one that does not exist', () => {
  process.env['LOG_LEVEL'] = 'loud';
  try {
    const lines: string[] = [];
    const logger = createLogger('intake', { destination: { write: (line) => lines.push(line) } });
    expect(logger.level).toBe('info');
    expect(lines.join()).toContain('LOG_LEVEL');
  } finally {
    delete process.env['LOG_LEVEL'];
  }
});

const BOB = '"bob \\" smith"@example.org';
class QuotingError extends Error {
  override name = 'QuotingError';
  code = 'EQUOTE';
}
const quoting = () =>
  new QuotingError(`cannot send "Merger plans" to bob@example.org\n    at bob (/s3cret:1:1)`);

describe.each<[string, (logger: Logger) => void]>([
  [
    'an error alone',
    (logger) => {
      logger.error(quoting());
    },
  ],
  [
    'an error in a field, with a message',
    (logger) => {
      logger.error({ err: quoting() }, 'failed');
    },
  ],
  [
    'an error in a field, without a message',
    (logger) => {
      logger.error({ err: quoting() });
    },
  ],
  [
    'an error under another name',
    (logger) => {
      logger.error({ failure: { deep: quoting() } }, 'failed');
    },
  ],
  [
    'an error as a cause',
    (logger) => {
      logger.error(new Error('outer bob', { cause: quoting() }));
    },
  ],
  [
    'an error among others',
    (logger) => {
      logger.error({ err: new AggregateError([quoting()], 'bob') }, 'x');
    },
  ],
  [
    'an error of a child logger',
    (logger) => {
      logger.child({ err: quoting() }).error('x');
    },
  ],
  [
    'an address in the message',
    (logger) => {
      logger.error(`sent to ${BOB} and bob@example.org`);
    },
  ],
  [
    'an address in a parameter',
    (logger) => {
      logger.error('sent to %s', 'bob@example.org');
    },
  ],
  [
    'an address in a parameter object',
    (logger) => {
      logger.error('sent to %o', { who: 'bob@example.org' });
    },
  ],
  [
    'an address in a list',
    (logger) => {
      logger.error({ list: [['<bob@example.org>']] }, 'x');
    },
  ],
  [
    'an address of a child logger',
    (logger) => {
      logger.child({ who: 'bob@example.org' }).error('x');
    },
  ],
  [
    'the password of a URL',
    (logger) => {
      logger.error({ url: 'postgres://x:s3cret@db/name' }, 'x');
    },
  ],
  [
    'forbidden keys',
    (logger) => {
      logger.error({ mail: { Subject: 'Merger plans', 'api-key': 's3cret' } }, 'x');
    },
  ],
  [
    'bytes',
    (logger) => {
      logger.error({ buffer: Buffer.from('Merger plans bob') }, 'x');
    },
  ],
])('a log line never tells what it must not: %s', (_, work) => {
  it('leaves out message, address, subject and secret', () => {
    const lines = logged(work);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toMatch(/bob|Merger|s3cret|"data"/);
  });
});

it('tells type, code and place of an error, so that it can be found', () => {
  const [line] = logged((logger) => {
    logger.error({ err: quoting() }, 'failed');
  });
  expect(line).toMatchObject({ msg: 'failed', err: { type: 'QuotingError', code: 'EQUOTE' } });
  expect(JSON.stringify(line)).toContain('logger.test.ts:');
});

it('tells the message of an error that was vouched for', () => {
  const [line] = logged((logger) => {
    logger.error({ err: withSafeMessage(new Error('the disk is full')) }, 'failed');
  });
  expect(line).toMatchObject({ err: { message: 'the disk is full' } });
});
