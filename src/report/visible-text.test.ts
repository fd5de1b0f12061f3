import { expect, it } from 'vitest';
import { visibleLine, visibleText } from './visible-text.ts';

it('shows what would hide or reorder text', () => {
  expect(visibleText('a\u202Egnp.exe')).toBe('a\\u{202e}gnp.exe');
  expect(visibleText('\u0000\u001b[31m\u007f\u0085\u200b\ufeff')).toBe(
    '\\u{0}\\u{1b}[31m\\u{7f}\\u{85}\\u{200b}\\u{feff}',
  );
  expect(visibleText('\ud800x')).toBe('\\u{d800}x');
});

it('leaves ordinary text alone, other scripts and pictures included', () => {
  const text = 'α = 2, σ = .7\n\tעברית 漢字 🧪';
  expect(visibleText(text)).toBe(text);
  expect(visibleText('a\r\nb')).toBe('a\nb');
});

it('puts text on one line', () => {
  expect(visibleLine('  a\r\n b\t c\u2028d ')).toBe('a b c d');
});
