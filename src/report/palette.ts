/**
 * Colours of every figure. Hues: Okabe and Ito, "Color Universal Design" (2008), told apart with any common colour
 * vision; figures never rely on them alone (dashes and direct labels). Colours are written as they are here, so that
 * a page can give each its dark counterpart by an attribute selector.
 */

/** Line colours (Okabe-Ito, and in place of their yellow, which is lost on white, a grey). */
export const okabeIto = {
  black: '#000000',
  blue: '#0072b2',
  vermillion: '#d55e00',
  green: '#009e73',
  purple: '#cc79a7',
  orange: '#e69f00',
  sky: '#56b4e9',
  grey: '#7d8186',
} as const;

/** Text in the hue of a line: dark enough for a contrast of 4.5 on white. */
export const labelInk = {
  black: '#111111',
  blue: '#005f96',
  vermillion: '#a84900',
  green: '#00724f',
  purple: '#96476f',
  orange: '#805800',
  sky: '#1d6e9c',
  grey: '#5b5f64',
} as const;

/** Everything that is not data. */
export const ink = {
  paper: '#ffffff',
  text: '#1b1d1f',
  muted: '#56595d',
  rule: '#8b8f94',
  grid: '#e3e5e8',
} as const;

/** Fills of bands of time, told apart in grey too. */
export const bandFill = { light: '#ececee', middle: '#f3b78f', dark: '#0073b3' } as const;

/** The counterpart of each colour on a dark page. */
export const darkCounterpart: Readonly<Record<string, string>> = {
  [okabeIto.black]: '#f2f2f2',
  [okabeIto.blue]: '#56b4e9',
  [okabeIto.vermillion]: '#ff8a3d',
  [okabeIto.green]: '#2fc79b',
  [okabeIto.purple]: '#e7a6c9',
  [okabeIto.orange]: '#ffc24a',
  [okabeIto.sky]: '#a9dcfb',
  [okabeIto.grey]: '#9a9fa5',
  [labelInk.black]: '#f3f3f3',
  [labelInk.blue]: '#74c2f0',
  [labelInk.vermillion]: '#ff9d5c',
  [labelInk.green]: '#4ad3ab',
  [labelInk.purple]: '#ebb3d1',
  [labelInk.orange]: '#ffcb66',
  [labelInk.sky]: '#b5e1fc',
  [labelInk.grey]: '#b0b5ba',
  [ink.paper]: '#16181b',
  [ink.text]: '#ecedee',
  [ink.muted]: '#b3b7bc',
  [ink.rule]: '#83888e',
  [ink.grid]: '#2c3035',
  [bandFill.light]: '#2b2f34',
  [bandFill.middle]: '#8a4415',
  [bandFill.dark]: '#57b5ea',
};

/** CSS that gives an inline figure under `scope` its dark colours. */
export function darkFigureCss(scope: string): string {
  return Object.entries(darkCounterpart)
    .flatMap(([light, dark]) => [
      `${scope} [fill="${light}"]{fill:${dark}}`,
      `${scope} [stroke="${light}"]{stroke:${dark}}`,
    ])
    .join('\n');
}
