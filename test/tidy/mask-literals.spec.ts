import { describe, expect, it } from '@jest/globals';
import { maskLiterals } from './mask-literals.ts';

const codeOf = (text: string): string => maskLiterals(text).code.replaceAll(/\s+/g, ' ').trim();

describe('mask', () => {
  it('keeps length and lines, so that findings name the right place', () => {
    const text = "a(); // one\n/* two\n three */ b('x');\n`m\n${c}`;";
    const { code, uncommented } = maskLiterals(text);
    for (const masked of [code, uncommented]) {
      expect(masked).toHaveLength(text.length);
      expect(masked.split('\n')).toHaveLength(text.split('\n').length);
    }
  });

  it('blanks comments in both forms and literals in one of them', () => {
    const { code, uncommented } = maskLiterals("f('kept'); // gone");
    expect(code.trim()).toBe('f(      );');
    expect(uncommented.trim()).toBe("f('kept');");
  });

  it.each([
    ['a quote inside the other kind of quote', `f("it's", a)`, 'f( , a)'],
    ['an escaped quote', String.raw`f('\'', a)`, 'f( , a)'],
    ['a comment mark inside a text', "f('// no', a)", 'f( , a)'],
    ['a quote inside a comment', "// it's\na", 'a'],
    ['code inside a template', 'f(`x ${g(`y ${h}`)} z`, a)', 'f( g( h ) , a)'],
    ['an object inside a template', 'f(`${{ a: 1 }.a} b`)', 'f( { a: 1 }.a )'],
    ['a regular expression with quotes', `f(/['"]/, a)`, 'f( , a)'],
    ['a regular expression with a slash in a class', 'f(/[/]/.test(x), a)', 'f( .test(x), a)'],
    ['a regular expression after return', "return /'/.test(x)", 'return .test(x)'],
    ['two divisions', "a / b; c('x') / d", 'a / b; c( ) / d'],
    ['a division after an index', 'a[0] / 2 / 3', 'a[0] / 2 / 3'],
  ])('understands %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
