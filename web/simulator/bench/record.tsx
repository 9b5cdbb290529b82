import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";
import { lineName } from "./lines.ts";

const ROWS = 30;

/** The same edges to read, newest first. */
export function RecordTable({ board }: { board: Board }): JSX.Element {
  const { view } = useValue(board);
  const edges = (view?.edges ?? []).slice(-ROWS).toReversed();
  if (edges.length === 0) return <p class="hint">Nothing has moved yet.</p>;
  return (
    <div class="record" tabIndex={0} role="region" aria-label="Recorded edges">
      <table>
        <thead>
          <tr>
            <th scope="col">ms</th>
            <th scope="col">Line</th>
            <th scope="col">Level</th>
            <th scope="col">Cause</th>
          </tr>
        </thead>
        <tbody>
          {edges.map(({ n, at, line, level, cause }) => (
            <tr key={n}>
              <td>{Math.round(at)}</td>
              <td>{lineName(line)}</td>
              <td>{Number(level.toFixed(2))}</td>
              <td>{cause}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
