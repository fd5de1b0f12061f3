/** The run behind a figure, as the last section of its page. */
import { formatCount } from '../../src/report/format.ts';
import { type Html, html } from '../../src/report/html.ts';
import { factsTable } from '../../src/report/page.ts';
import { factsOf } from './facts.ts';
import type { RunInfo } from './scale.ts';

export function runSection(info: RunInfo): Html {
  return html`<h2>The run</h2>
${factsTable([
  ['Run', info.id === undefined ? info.name : `${info.name}, id ${info.id}`],
  ...(info.standing === undefined ? [] : ([['State', info.standing]] as const)),
  ['Command', html`<code>${info.command}</code>`],
  [
    'Scale',
    `${info.scale === 'own' ? 'of its own' : info.scale}, ${formatCount(info.trainSequences)} sequences`,
  ],
  ['Run began', info.begun],
  ...factsOf('Engine: ', info.engine),
  ...factsOf('', info.machine),
  ...factsOf('Code: ', info.code),
])}
<details><summary>Configuration</summary>
<pre>${info.config}</pre>
</details>`;
}
