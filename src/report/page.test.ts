import { expect, it } from 'vitest';
import { html } from './html.ts';
import { factsTable, reportPage } from './page.ts';

const page = reportPage('A <title>', html`<p>body</p>`);

it('is one file that asks for nothing', () => {
  expect(page).toContain(`default-src 'none'`);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:\/\//);
});

it('asks for no font a reader may not have', () => {
  expect(page).toContain('system-ui');
  expect(page).not.toContain('Source Sans');
});

it('is a page for a telephone and for a dark screen', () => {
  expect(page).toContain('<meta name="viewport"');
  expect(page).toContain('@media (prefers-color-scheme:dark)');
  expect(page).toContain('@media (max-width:');
});

it('escapes the title and keeps the body', () => {
  expect(page).toContain('<title>A &lt;title&gt;</title>');
  expect(page).toContain('<p>body</p>');
});

it('escapes facts', () => {
  expect(
    factsTable([
      ['<a>', '<b>'],
      ['c', html`<code>d</code>`],
    ]).markup,
  ).toContain(
    '<tr><th scope="row">&lt;a&gt;</th><td>&lt;b&gt;</td></tr>\n<tr><th scope="row">c</th><td><code>d</code></td></tr>',
  );
});
