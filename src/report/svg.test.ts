import * as Plot from '@observablehq/plot';
import { expect, it } from 'vitest';
import { newDocument, plotPanel, serializeSvg, svgElement } from './svg.ts';

it('escapes text and attributes, and shows control characters', () => {
  const document = newDocument();
  const evil = '</text><script>"&\u202e\u0000';
  const element = svgElement(document, 'text', { x: 1, 'data-name': evil, y: undefined }, evil);
  expect(serializeSvg(element)).toBe(
    '<text data-name="&lt;/text&gt;&lt;script&gt;&quot;&amp;\\u{202e}\\u{0}" x="1">' +
      '&lt;/text&gt;&lt;script&gt;&quot;&amp;\\u{202e}\\u{0}</text>',
  );
});

it('rounds coordinates to a hundredth, and nothing that is not one', () => {
  const document = newDocument();
  const attributes = { d: 'M-0.00001,49.99999999999999L1.23456e-7,3', 'stroke-width': '1.23456' };
  expect(serializeSvg(svgElement(document, 'path', attributes))).toBe(
    '<path d="M0,50L0,3" stroke-width="1.23456"/>',
  );
});

it('draws a plot the same way twice, without a style sheet or a class', () => {
  const draw = (): string => {
    const marks = [
      Plot.line(
        [
          [0, 1],
          [1, 2],
          [2, 0],
        ],
        { stroke: '#0072b2' },
      ),
    ];
    return serializeSvg(plotPanel(newDocument(), { x: 5, y: 6 }, { width: 200, height: 100, marks }));
  };
  expect(draw()).toBe(draw());
  expect(draw()).toContain('stroke="#0072b2"');
  expect(draw()).toMatch(/^<svg [^>]*x="5" y="6">/);
  expect(draw()).not.toMatch(/<style|class=|plot-/);
});
