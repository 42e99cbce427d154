import { describe, expect, it } from 'vitest';
import { splitLinks, type TextPart } from './links';

const shown = (parts: readonly TextPart[]) => parts.map((part) => typeof part === 'string' ? part : `<${part.text}>`).join('');
const hrefs = (text: string) => splitLinks(text).flatMap((part) => typeof part === 'string' ? [] : [part.href]);

describe('links in a text', () => {
  it.each([
    ['nothing here', 'nothing here'],
    ['https://example.org', '<https://example.org>'],
    ['see https://example.org/a?b=c&d=%20#e now', 'see <https://example.org/a?b=c&d=%20#e> now'],
    ['two: http://a.org/x, http://b.org/y.', 'two: <http://a.org/x>, <http://b.org/y>.'],
    ['Is it https://example.org/faq?', 'Is it <https://example.org/faq>?'],
    ['wow https://example.org!!!', 'wow <https://example.org>!!!'],
    ['*https://example.org/a*', '*<https://example.org/a>*'],
    ['(https://example.org/a)', '(<https://example.org/a>)'],
    ['(see https://example.org/a).', '(see <https://example.org/a>).'],
    ['https://en.wikipedia.org/wiki/Pool_(computing)', '<https://en.wikipedia.org/wiki/Pool_(computing)>'],
    ['(https://en.wikipedia.org/wiki/Pool_(computing))', '(<https://en.wikipedia.org/wiki/Pool_(computing)>)'],
    ['[https://example.org/a]', '[<https://example.org/a>]'],
    ['"https://example.org/a"', '"<https://example.org/a>"'],
    ['“https://example.org/a”', '“<https://example.org/a>”'],
    ['‘https://example.org/a’ and more', '‘<https://example.org/a>’ and more'],
    ['https://example.org/a… and so on', '<https://example.org/a>… and so on'],
    ['<https://example.org/a>', '<<https://example.org/a>>'],
    ['请看 https://example.org/a。谢谢', '请看 <https://example.org/a>。谢谢'],
    ['（https://example.org/a）', '（<https://example.org/a>）'],
    ['请看https://example.org/a，然后呢？', '请看<https://example.org/a>，然后呢？'],
    ['《https://example.org/a》', '《<https://example.org/a>》'],
    ['『https://example.org/a』', '『<https://example.org/a>』'],
    ['first https://example.org/a\nsecond', 'first <https://example.org/a>\nsecond'],
    ['HTTPS://EXAMPLE.ORG/A', '<HTTPS://EXAMPLE.ORG/A>'],
  ])('%s', (text, expected) => {
    expect(shown(splitLinks(text))).toBe(expected);
  });

  it('give an address that is well formed', () => {
    expect(hrefs('HTTPS://EXAMPLE.ORG/A and https://例子.测试/路径')).toEqual([
      'https://example.org/A', 'https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF%E5%BE%84',
    ]);
  });

  it.each([
    'javascript:alert(1)', 'JavaScript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,<script>1</script>', 'ftp://example.org/a',
    'file:///etc/passwd', 'www.example.org', 'https://', 'http://?', 'https://user:secret@example.org/', 'https://bank.com@example.org/',
    'vbscript:msgbox(1)', '//example.org/a',
  ])('are not made of %s', (text) => {
    expect(splitLinks(text)).toEqual([text]);
  });

  it('are only ever http and https', () => {
    const parts = hrefs('javascript:https://example.org/%0aalert(1) https://example.org/javascript:alert(1)');
    for (const href of parts) expect(href).toMatch(/^https?:\/\/example\.org\//);
    expect(parts).toHaveLength(2);
  });

  it('lose nothing of the text', () => {
    for (const text of ['', 'a https://b.org/(c)). d', 'https://a.org,https://b.org', 'x'.repeat(2000), `https://a.org/${')'.repeat(500)}`]) {
      expect(splitLinks(text).map((part) => typeof part === 'string' ? part : part.text).join('')).toBe(text);
    }
  });
});
