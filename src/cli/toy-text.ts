/** What `iclab toy` prints: runs and maps as tables. Pure. */
import { countRegimes, type PhaseMap, transienceSpans } from '../../experiments/coopetition/toy/phase-map.ts';
import {
  type RaceSettings,
  settingsText,
  shortNumber,
} from '../../experiments/coopetition/toy/race-settings.ts';
import { type Regime, regimeOf, regimes } from '../toy/regime.ts';
import type { ToyRun } from '../toy/toy-run.ts';
import { fittedTable } from './fitted-table.ts';

/** A loss to three digits: `.0103`, `3.91e-12`. */
function lossText(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toPrecision(3).replace(/^0\./, '.');
}

const regimeWords: Readonly<Record<Regime, string>> = {
  noEscape: 'no escape',
  stays: 'M1 at the end',
  both: 'both at the end',
  transient: 'M1 transient',
  secondAtOnce: 'M2 at once',
  diverges: 'diverges',
};

const orDash = (step: number | null): string => (step === null ? '-' : String(step));

/** @param width characters of a line; undefined for as many as it takes */
export function runsText(settings: RaceSettings, runs: readonly ToyRun[], width?: number): string {
  const header = [
    'seed',
    'what happens',
    'stops at',
    'loss',
    'M1',
    'M2',
    'plateau ends',
    'M1 formed',
    'M1 lost',
    'divot of M2',
  ];
  const rows = runs.map((run) => {
    const { final, mechanisms, divots } = run;
    const divot = divots[0];
    return [
      String(run.seed),
      regimeWords[regimeOf(run)],
      run.stoppedAt === null ? 'never' : String(run.stoppedAt),
      lossText(final.loss),
      ...final.mechanisms.map(lossText),
      orDash(run.plateauEnd),
      orDash(mechanisms[0].formed),
      orDash(mechanisms[0].lost),
      divot ? `${divot.minimum.step} to ${divot.maximum.step}, +${lossText(divot.rise)}` : '-',
    ];
  });
  const { stop, steps } = settings.descent;
  return (
    `${settingsText(settings)}; stops below ${shortNumber(stop)}, at most ${steps} steps\n` +
    fittedTable(header, rows, width) +
    'formed: at 10% of the untrained loss or below; lost, or still on the plateau: at 90% or above\n'
  );
}

/** How many cells of each panel are in which regime, and where along the middle of its alphas transience begins and ends. */
export function phaseMapText(map: PhaseMap, width?: number): string {
  const present = regimes.filter((regime) => map.panels.some((panel) => countRegimes(panel)[regime] > 0));
  const header = ['dim d', 'seed', ...present.map((regime) => regimeWords[regime]), 'widest transience'];
  const rows = map.panels.map((panel) => {
    const counts = countRegimes(panel);
    const widest = transienceSpans(map, panel).toSorted(
      (x, y) => y.greatest / y.least - x.greatest / x.least,
    )[0];
    const three = (value: number) => shortNumber(Number(value.toPrecision(2)));
    const where =
      widest === undefined
        ? 'none'
        : `mu1 ${three(widest.least)} to ${three(widest.greatest)} at alpha ${three(widest.alpha)}`;
    return [String(panel.d), String(panel.seed), ...present.map((regime) => String(counts[regime])), where];
  });
  return `cells in each regime, of ${map.settings.cells ** 2}\n${fittedTable(header, rows, width)}`;
}

/** A run as one object of `--json`. */
export function runJson(run: ToyRun): object {
  const { seed, stoppedAt, steps, final, untrained, plateauEnd, mechanisms, divots } = run;
  const [first, second] = mechanisms;
  return {
    seed,
    regime: regimeOf(run),
    stoppedAt,
    steps,
    loss: final.loss,
    mechanism1: final.mechanisms[0],
    mechanism2: final.mechanisms[1],
    competition: final.competitions[0],
    untrained,
    events: {
      plateauEnd,
      mechanism1Formed: first.formed,
      mechanism1Minimum: first.minimum,
      mechanism1Lost: first.lost,
      mechanism2Formed: second.formed,
      divot: divots[0],
    },
  };
}
