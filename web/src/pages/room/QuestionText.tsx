// What people wrote, as text: never as markup. Addresses become links that give nothing away.
import { splitLinks } from '../../state/links';

export function QuestionText({ text, plain }: { text: string; plain?: boolean }) {
  const parts = plain ? [text] : splitLinks(text);
  return (
    <p class="question-text" dir="auto">
      {parts.map((part, i) => typeof part === 'string' ? part : (
        <a key={i} href={part.href} target="_blank" rel="noopener noreferrer nofollow">{part.text}</a>
      ))}
    </p>
  );
}
