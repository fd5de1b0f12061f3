import { expect, it } from 'vitest';
import { escapeHtml, html, trustedMarkup } from './html.ts';

it('escapes every value, in text and in attributes', () => {
  const evil = `"><script>alert('x')</script>&`;
  expect(html`<p title="${evil}">${evil}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
      '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
  );
});

it('nests markup and lists of it without escaping twice', () => {
  const items = ['a & b', 3].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}${undefined}</ul>`.markup).toBe('<ul><li>a &amp; b</li><li>3</li></ul>');
});

it('escapes strings inside lists', () => {
  expect(html`${['<', '>']}`.markup).toBe('&lt;&gt;');
});

it('takes markup of our own making as it is', () => {
  expect(html`${trustedMarkup('<svg/>')}`.markup).toBe('<svg/>');
});

it('shows control characters', () => {
  expect(escapeHtml('\u0000\u202e')).toBe('\\u{0}\\u{202e}');
});
