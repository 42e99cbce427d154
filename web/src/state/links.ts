// Addresses in a text, to be shown as links: http and https only, and without the punctuation that follows them.
export type TextPart = string | { href: string; text: string };

const candidate = /https?:\/\/[^\s<>"'`、。，；：！？（）《》「」【】『』〈〉“”‘’…\u3000]+/gi;

function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0) {
    const last = text[end - 1]!;
    const opened = text.slice(0, end).split('(').length;
    const closed = text.slice(0, end).split(')').length;
    if (/[.,;:!?*_~]/.test(last) || (last === ')' && closed > opened) || last === ']') end--;
    else break;
  }
  return text.slice(0, end);
}

function hrefOf(text: string): string | null {
  try {
    const url = new URL(text);
    const plain = (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password;
    return plain && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of text.matchAll(candidate)) {
    const shown = withoutTail(match[0]);
    const href = hrefOf(shown);
    if (!href) continue;
    if (match.index > done) parts.push(text.slice(done, match.index));
    parts.push({ href, text: shown });
    done = match.index + shown.length;
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}
