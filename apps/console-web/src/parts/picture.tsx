// SPDX-License-Identifier: Apache-2.0
import { useId } from 'react';
import { WENT, type Bar, type Went } from '../api/shapes.ts';
import { Table } from './table.tsx';
import { shortTime } from './time.tsx';
import { WENT_WORDS } from './words.ts';

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 48;
const FOOT = 24;

interface PictureProps {
  title: string;
  /** What the picture shows, in a sentence. */
  summary: string;
  bars: readonly Bar[];
  hours: number;
  /** Each bar as high as all others, so that shares are seen; else as high as it has emails. */
  asShares: boolean;
}

/** The height of the scale: its half is a whole number, too. */
function evenly(most: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const top = [1, 2, 4, 6, 8, 10].map((step) => step * magnitude).find((each) => each >= most) ?? most;
  return Math.max(2, top);
}

/** Bars of how emails went, one for each time in which they were accepted, and the same as a table. */
export function Picture({ title, summary, bars, hours, asShares }: PictureProps) {
  const id = useId();
  const totals = bars.map((bar) => WENT.reduce((sum, went) => sum + bar[went], 0));
  const most = Math.max(1, ...totals);
  const top = asShares ? 100 : evenly(most);
  const step = (WIDTH - LEFT) / Math.max(1, bars.length);
  const yOf = (value: number) => HEIGHT - (value / top) * HEIGHT;
  return (
    <figure>
      <figcaption id={id}>
        <strong>{title}</strong> {summary}
      </figcaption>
      <svg viewBox={`0 -8 ${WIDTH} ${HEIGHT + FOOT + 8}`} role="img" aria-labelledby={id}>
        {[0, 0.5, 1].map((share) => (
          <g key={share} className="scale">
            <line x1={LEFT} x2={WIDTH} y1={yOf(top * share)} y2={yOf(top * share)} />
            <text x={LEFT - 6} y={yOf(top * share) + 4} textAnchor="end">
              {asShares ? `${share * 100} %` : Math.round(top * share).toLocaleString('en')}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          const total = totals[index] ?? 0;
          let below = 0;
          return (
            <g key={bar.at}>
              {WENT.map((went) => {
                const share = asShares ? (total === 0 ? 0 : (bar[went] / total) * 100) : bar[went];
                const y = yOf(below + share);
                const height = yOf(below) - y;
                below += share;
                if (height <= 0) return null;
                return (
                  <rect
                    key={went}
                    className={went}
                    x={LEFT + index * step}
                    width={Math.max(1, step - 1)}
                    y={y}
                    height={height}
                  />
                );
              })}
            </g>
          );
        })}
        {[0, 0.5].map((share) => {
          const bar = bars[Math.floor(bars.length * share)];
          return (
            bar !== undefined && (
              <text key={share} x={LEFT + (WIDTH - LEFT) * share} y={HEIGHT + 18}>
                {shortTime(bar.at, hours)}
              </text>
            )
          );
        })}
        <text x={WIDTH} y={HEIGHT + 18} textAnchor="end">
          now
        </text>
      </svg>
      <ul className="legend" aria-hidden="true">
        {WENT.filter((went) => bars.some((bar) => bar[went] > 0)).map((went) => (
          <li key={went}>
            <span className={`swatch ${went}`} /> {WENT_WORDS[went]}
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** The numbers of the pictures. */
export function Numbers({ bars }: { bars: readonly Bar[] }) {
  const shown = bars.filter((bar) => WENT.some((went) => bar[went] > 0));
  return (
    <details>
      <summary>The pictures as a table</summary>
      {shown.length === 0 ? (
        <p>Nothing was accepted in this time.</p>
      ) : (
        <Table
          label="The pictures as a table"
          heads={['accepted from', ...WENT.map((went) => WENT_WORDS[went])]}
        >
          {shown.map((bar) => (
            <tr key={bar.at}>
              <th scope="row">{shortTime(bar.at, 168)}</th>
              {WENT.map((went: Went) => (
                <td key={went}>{bar[went]}</td>
              ))}
            </tr>
          ))}
        </Table>
      )}
    </details>
  );
}
