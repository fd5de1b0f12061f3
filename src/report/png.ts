/** SVG figures as PNG. The one file of this layer that needs Node: the renderer is native, the fonts lie on disk. */
import { createRequire } from 'node:module';
import { exitCodes, LabError } from '../errors/lab-error.ts';

/** The bundled fonts (SIL Open Font License 1.1). TTF on purpose: the renderer drops text set in WOFF, silently. */
const fontFiles = [
  '400Regular/SourceSans3_400Regular.ttf',
  '600SemiBold/SourceSans3_600SemiBold.ttf',
  '400Regular_Italic/SourceSans3_400Regular_Italic.ttf',
];

/**
 * The picture of an SVG, on white, at `zoom` times its size in px. The same SVG gives the same bytes: no font of the
 * machine is used.
 *
 * @throws LabError when the renderer for this platform is not installed
 */
export async function renderPng(svg: string, zoom = 2): Promise<Uint8Array> {
  const require = createRequire(import.meta.url);
  const fonts = fontFiles.map((file) => require.resolve(`@expo-google-fonts/source-sans-3/${file}`));
  const { Resvg } = await import('@resvg/resvg-js').catch((cause: unknown) => {
    const message =
      'PNG renderer, @resvg/resvg-js: expected its package for this platform, got none; run `npm ci` again on this machine';
    throw new LabError(message, exitCodes.crash, { cause });
  });
  const renderer = new Resvg(svg, {
    font: {
      fontFiles: fonts,
      loadSystemFonts: false,
      defaultFontFamily: 'Source Sans 3',
      sansSerifFamily: 'Source Sans 3',
    },
    fitTo: { mode: 'zoom', value: zoom },
    background: '#ffffff',
  });
  return new Uint8Array(renderer.render().asPng());
}
