// SPDX-License-Identifier: Apache-2.0
import type { TraceBar } from '../api/shapes.ts';
import { duration } from './time.tsx';
import { barWords } from './words.ts';

const LEAST = 0.4;

/** Where the time of an email went: its trace, as its events tell it. */
export function Waterfall({ bars, now }: { bars: readonly TraceBar[]; now: number }) {
  const [first] = bars;
  if (first === undefined) return null;
  const start = Date.parse(first.from);
  const endOf = ({ until }: TraceBar) => (until === null ? now : Date.parse(until));
  const whole = Math.max(1, ...bars.map((bar) => endOf(bar) - start));
  return (
    <table className="waterfall">
      <caption>
        {duration(whole / 1_000)} from acceptance
        {bars.some(({ until }) => until === null) ? ' until now' : ''}.
      </caption>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">service</th>
          <th scope="col">for</th>
          <th scope="col">began after</th>
          <th scope="col">took</th>
          <th scope="col" aria-hidden="true" className="track" />
        </tr>
      </thead>
      <tbody>
        {bars.map((bar, index) => {
          const from = Date.parse(bar.from) - start;
          const took = endOf(bar) - start - from;
          return (
            <tr key={index}>
              <th scope="row">{barWords(bar.kind)}</th>
              <td>{bar.service}</td>
              <td>{bar.recipientIds.join(', ')}</td>
              <td>{duration(from / 1_000)}</td>
              <td>{bar.until === null ? `${duration(took / 1_000)} so far` : duration(took / 1_000)}</td>
              <td aria-hidden="true" className="track">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                  <rect
                    className={`bar ${bar.kind}`}
                    x={Math.min(100 - LEAST, (from / whole) * 100)}
                    width={Math.max(LEAST, (took / whole) * 100)}
                    y="1"
                    height="8"
                  />
                </svg>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
